package io.offshoot.sandbox.outgoing;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One message that a provider sends out.
 *
 * @param number its own, also where the same message goes out twice
 * @param about what it is about, by which it can be withdrawn
 * @param url where it goes; null until somebody wants it
 * @param attempt how often it was sent before
 * @param judged whether faults have been asked about it
 * @param outcome what became of it; null while it waits
 * @param lastFailure why it could not be delivered the last time, or null
 */
public record Delivery(
        long number,
        String provider,
        String event,
        String about,
        String url,
        Map<String, String> headers,
        String body,
        Instant createdAt,
        Instant dueAt,
        int attempt,
        boolean judged,
        String outcome,
        Failure lastFailure) {

    /** An attempt that failed. */
    public record Failure(String message, Instant at) {}

    /** The header by which Telegram proves that an update is its own. */
    public static final String SECRET_TOKEN = "X-Telegram-Bot-Api-Secret-Token";

    static final String SENDING = "sending";

    public Delivery {
        headers = Map.copyOf(headers);
    }

    @JsonIgnore
    public boolean isWaiting() {
        return outcome == null;
    }

    /** Whether it has not arrived and may still. */
    @JsonIgnore
    public boolean isPending() {
        return isWaiting() || outcome.equals(SENDING);
    }

    boolean isDue(Instant now) {
        return isWaiting() && url != null && !now.isBefore(dueAt);
    }

    /** Without the secret that a bot's updates carry in the clear. */
    public Delivery shown() {
        var open = new LinkedHashMap<>(headers);
        open.replaceAll((name, value) -> name.equals(SECRET_TOKEN) ? "[redacted]" : value);
        return to(url, open);
    }

    Delivery to(String newUrl, Map<String, String> newHeaders) {
        return new Delivery(
                number,
                provider,
                event,
                about,
                newUrl,
                newHeaders,
                body,
                createdAt,
                dueAt,
                attempt,
                judged,
                outcome,
                lastFailure);
    }

    Delivery copy(long newNumber) {
        return new Delivery(
                newNumber, provider, event, about, url, headers, body, createdAt, dueAt, attempt, true, null, null);
    }

    Delivery late(Instant newDueAt) {
        return new Delivery(
                number, provider, event, about, url, headers, body, createdAt, newDueAt, attempt, true, null, null);
    }

    Delivery ended(String how, Failure failure) {
        return new Delivery(
                number, provider, event, about, url, headers, body, createdAt, dueAt, attempt, true, how, failure);
    }

    Delivery unsent() {
        return ended(null, lastFailure);
    }

    Delivery again(Instant newDueAt, Failure failure) {
        return new Delivery(
                number,
                provider,
                event,
                about,
                url,
                headers,
                body,
                createdAt,
                newDueAt,
                attempt + 1,
                true,
                null,
                failure);
    }
}
