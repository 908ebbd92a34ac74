package io.offshoot.gateway.receipt;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.gateway.key.HubKeys;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.proof.envelope.Envelope;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Takes in signatures of hubs under receipts. Nothing is kept that does not verify now with a key that is the hub's and
 * signs now. The same signature twice is there once.
 */
@Singleton
class CounterSigning {

    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int LENGTH = 64;

    private final Orchestrator orchestrator;
    private final HubKeys keys;

    CounterSigning(Orchestrator orchestrator, HubKeys keys) {
        this.orchestrator = orchestrator;
        this.keys = keys;
    }

    /** @param seq the receipt's; null for the newest @param by the name of the credential it came with */
    Uni<ReceiptView> add(String hub, UUID deployment, Long seq, ReceiptResource.Signature asked, String by) {
        var signature = new Envelope.Sig(keyid(asked.keyid()), sig(asked.sig()));
        return orchestrator
                .receipt(hub, deployment, seq)
                .flatMap(receipt -> receipt.signatures()
                                .contains(new ReceiptView.Signature(signature.keyid(), signature.sig()))
                        ? Uni.createFrom().item(receipt)
                        : keys.valid(hub, signature.keyid()).flatMap(found -> {
                            var key = found.orElseThrow(
                                    () -> refused("The key is not a registered key of the hub that signs now."));
                            var signed = new Envelope(receipt.payload(), receipt.payloadType(), List.of(signature));
                            if (signed.verifiedBy(List.of(key.key())).isEmpty()) {
                                throw refused("The key did not sign exactly this receipt: its payload and its type.");
                            }
                            return orchestrator.sign(
                                    hub,
                                    deployment,
                                    receipt.seq(),
                                    new CounterSignature(signature.keyid(), signature.sig(), by));
                        }));
    }

    static Envelope envelope(ReceiptView receipt) {
        return new Envelope(
                receipt.payload(),
                receipt.payloadType(),
                receipt.signatures().stream()
                        .map(signature -> new Envelope.Sig(signature.keyid(), signature.sig()))
                        .toList());
    }

    private static String keyid(String text) {
        if (text == null || !THUMBPRINT.matcher(text).matches()) {
            throw refused("The keyid is not the thumbprint of a key.");
        }
        return text;
    }

    /** Both alphabets are taken, and the usual one is kept. */
    private static String sig(String text) {
        try {
            var bytes = Base64.getDecoder()
                    .decode(text == null ? "" : text.strip().replace('-', '+').replace('_', '/'));
            if (bytes.length == LENGTH) {
                return Base64.getEncoder().encodeToString(bytes);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw refused("The signature is not 64 bytes in base64.");
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemType.SIGNATURE_REFUSED, detail);
    }
}
