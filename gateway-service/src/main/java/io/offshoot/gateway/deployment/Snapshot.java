package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.message.Messages;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a poll answers with, at one moment.
 *
 * @param etag weak, for the answer may go out compressed; equal for equal bodies
 * @param settled whether it changes only when somebody asks for something
 * @param undecided whether a request named by the poll still waits for the orchestrator's word
 */
record Snapshot(byte[] body, String etag, boolean settled, boolean undecided) {

    static Snapshot of(Object view, boolean settled, boolean undecided) {
        try {
            var body = Messages.json().writeValueAsBytes(view);
            var hash = MessageDigest.getInstance("SHA-256").digest(body);
            return new Snapshot(body, "W/\"%s\"".formatted(HexFormat.of().formatHex(hash, 0, 12)), settled, undecided);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("A view is always writable", e);
        }
    }

    /** @param ifNoneMatch the header; null if there is none */
    boolean isKnownTo(String ifNoneMatch) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String candidate : ifNoneMatch.split(",")) {
            var tag = candidate.strip();
            if (tag.equals("*") || opaque(tag).equals(opaque(etag))) {
                return true;
            }
        }
        return false;
    }

    /** The whole, or 304 if the caller has it already. */
    Response answer(String ifNoneMatch) {
        var answer = isKnownTo(ifNoneMatch)
                ? Response.notModified()
                : Response.ok(body).type(MediaType.APPLICATION_JSON_TYPE);
        return answer.header(HttpHeaders.ETAG, etag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build();
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
