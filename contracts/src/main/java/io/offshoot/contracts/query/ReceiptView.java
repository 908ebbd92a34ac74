package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What was signed of a deployment: the parts of a DSSE envelope, and where it belongs.
 *
 * @param seq the event after which it was made
 * @param previous the seq of the receipt before; null if it is the first
 * @param payload the signed bytes, in base64
 * @param payloadType what they are; signed with them
 * @param signatures the platform's first, then those of the hub
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReceiptView(
        UUID deploymentId,
        long seq,
        Long previous,
        Instant madeAt,
        String payload,
        String payloadType,
        List<Signature> signatures) {

    /**
     * @param keyid the thumbprint of the key (RFC 7638)
     * @param sig in base64
     */
    public record Signature(String keyid, String sig) {}
}
