package io.offshoot.gateway.trace;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A request's place in a trace, by <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>.
 *
 * @param traceId 32 hexadecimal digits; never all zero
 * @param spanId 16 hexadecimal digits: this gateway's part of the trace
 * @param flags two hexadecimal digits, as the caller sent them
 */
public record Trace(String traceId, String spanId, String flags) {

    private static final Pattern HEADER =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    /** Goes on with the caller's trace; begins one if there is none, or none that can be read. */
    public static Trace from(String traceparent) {
        var spanId = digits(1);
        var matcher = traceparent == null ? null : HEADER.matcher(traceparent.strip());
        return matcher != null && matcher.matches()
                ? new Trace(matcher.group(1), spanId, matcher.group(2))
                : new Trace(digits(2), spanId, "01");
    }

    /** What is sent on with messages and calls. */
    public String traceparent() {
        return "00-%s-%s-%s".formatted(traceId, spanId, flags);
    }

    private static String digits(int longs) {
        var digits = new StringBuilder();
        for (int i = 0; i < longs; i++) {
            // Never zero: an id of zeros only is invalid.
            digits.append("%016x".formatted(ThreadLocalRandom.current().nextLong() | 1));
        }
        return digits.toString();
    }
}
