package io.offshoot.proof.chain;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.proof.canonical.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The hash chain over the events of one deployment, as far as it reaches. Whoever has the events computes the same:
 *
 * <pre>
 * head(0) = SHA-256( "offshoot.events.v1:" and the deployment's id, in lower case )
 * head(n) = SHA-256( head(n-1), 32 bytes, then the whole event n in canonical form (RFC 8785) )
 * </pre>
 *
 * <p>Immutable. An event that is changed, left out, put in or moved gives another head.
 */
public final class EventChain {

    /** Names the rule. */
    public static final String RULE = "offshoot.events.v1";

    private final UUID deploymentId;
    private final long seq;
    private final byte[] head;

    private EventChain(UUID deploymentId, long seq, byte[] head) {
        this.deploymentId = deploymentId;
        this.seq = seq;
        this.head = head;
    }

    /** Before the first event. */
    public static EventChain of(UUID deploymentId) {
        var start = (RULE + ":" + deploymentId).getBytes(StandardCharsets.UTF_8);
        return new EventChain(deploymentId, 0, sha256().digest(start));
    }

    /** As it was kept. @param head null before the first event */
    public static EventChain at(UUID deploymentId, long seq, byte[] head) {
        return seq == 0 ? of(deploymentId) : new EventChain(deploymentId, seq, head.clone());
    }

    /**
     * With the next event.
     *
     * @throws IllegalArgumentException if it is not the next one of this deployment, or cannot be written in canonical form
     */
    public EventChain then(JsonNode event) {
        var data = event.path("data");
        if (!deploymentId.toString().equals(data.path("deploymentId").asText())) {
            throw new IllegalArgumentException("An event is of another deployment");
        }
        if (data.path("seq").asLong() != seq + 1) {
            throw new IllegalArgumentException("Event %d is not there".formatted(seq + 1));
        }
        var digest = sha256();
        digest.update(head);
        return new EventChain(deploymentId, seq + 1, digest.digest(CanonicalJson.of(event)));
    }

    /** The last event's that it reaches; 0 before the first. */
    public long seq() {
        return seq;
    }

    public byte[] head() {
        return head.clone();
    }

    /** In lower-case hexadecimal. */
    public String headHex() {
        return HexFormat.of().formatHex(head);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventChain that
                && deploymentId.equals(that.deploymentId)
                && seq == that.seq
                && Arrays.equals(head, that.head);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(head);
    }

    @Override
    public String toString() {
        return "%d:%s".formatted(seq, headHex());
    }
}
