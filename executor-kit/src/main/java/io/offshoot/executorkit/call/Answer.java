package io.offshoot.executorkit.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a provider said instead of yes.
 *
 * @param header a header's value by its name; null if absent
 * @param body the body as JSON; a missing node if it is none
 */
public record Answer(int status, Function<String, String> header, JsonNode body) {

    private static final int LONGEST_TEXT = 300;

    /** A header that should be a number; empty if it is absent, negative or none. */
    public Optional<Long> number(String name) {
        var value = header.apply(name);
        if (value == null || !value.strip().matches("\\d{1,15}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(value.strip()));
    }

    /** The pause of <code>Retry-After</code>, where it is one in seconds. */
    public Optional<Duration> retryAfter() {
        return number("Retry-After").map(Duration::ofSeconds);
    }

    /** A text the provider wrote, fit to be shown: one line, bounded. */
    public static String shown(String text) {
        if (text == null || text.isBlank()) {
            return "no reason given";
        }
        var line = text.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
    }
}
