package io.offshoot.gateway.challenge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.proof.canonical.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What somebody is asked to sign to show that a key or a wallet is theirs. It says what for, to whom, and until when, so
 * that whoever signs can read it, and so that the signature is good for nothing else.
 *
 * @param nonce names it; it is signed once
 * @param audience the gateway that asks, by its address
 * @param hub the hub it is about, whether there is such a hub or not
 * @param subject whose key it is, such as <code>key:{thumbprint}</code> or <code>did:cardano:{address}</code>
 * @param predecessor the id of the key that signs for its successor too; null for everything but a rotation
 * @param expires to the second
 */
public record Challenge(
        String nonce,
        String audience,
        Purpose purpose,
        String hub,
        String subject,
        String predecessor,
        Instant expires) {

    /**
     * The very text that is signed: a JSON object in canonical form (RFC 8785). It begins with a brace, which nothing else
     * that a hub signs does: an envelope's signature is over <code>DSSEv1 …</code>.
     */
    public String text() {
        var members = JsonNodeFactory.instance.objectNode();
        members.put("audience", audience)
                .put("expires", expires.toString())
                .put("hub", hub)
                .put("nonce", nonce)
                .put("purpose", purpose.text())
                .put("subject", subject);
        if (predecessor != null) {
            members.put("predecessor", predecessor);
        }
        return new String(CanonicalJson.of(members), StandardCharsets.UTF_8);
    }

    /** The bytes of the text. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }
}
