package io.offshoot.executorkit.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
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
    private static final long LATEST_SECOND = 1L << 40;

    /** A header that should be a number; empty if it is absent, negative or none. */
    public Optional<Long> number(String name) {
        var value = header.apply(name);
        if (value == null || !value.strip().matches("\\d{1,15}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(value.strip()));
    }

    /**
     * The pause of <code>Retry-After</code>: in seconds, or until a time, counted from the provider's own
     * <code>Date</code>. Never negative; empty if it is absent or cannot be read.
     */
    public Optional<Duration> retryAfter() {
        return number("Retry-After").map(Duration::ofSeconds).or(() -> time("Retry-After")
                .flatMap(until -> time("Date").map(now -> Duration.between(now, until)))
                .map(pause -> pause.isNegative() ? Duration.ZERO : pause));
    }

    /**
     * How long it is until that second of the provider's clock: its own <code>Date</code> is what it is counted from.
     *
     * @param ours counted from where the provider does not say what time it is
     */
    public Duration until(long epochSecond, Instant ours) {
        return Duration.between(time("Date").orElse(ours), Instant.ofEpochSecond(Math.min(epochSecond, LATEST_SECOND)));
    }

    private Optional<Instant> time(String name) {
        var value = header.apply(name);
        try {
            return value == null
                    ? Optional.empty()
                    : Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip(), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
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
