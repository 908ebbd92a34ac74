package io.offshoot.executorkit.lane;

import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.message.Budget;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the calls of one credential within what the provider allows: writes a while apart and so many in a window, and
 * none at all once it is known that the provider wants none. It learns from every answer, and from what attempts on
 * other replicas had used. Thread-safe.
 */
public final class Pace {

    /** What is limited where neither the provider nor the caller names it. */
    public static final String ALL = "core";

    private record Made(long at, int count) {}

    private record Said(Long limit, long remaining, Long resetAt) {}

    private final Limits limits;
    private final Time time;
    private final Map<Limits.Window, List<Made>> made =
            new TreeMap<>(Comparator.comparing(Limits.Window::length).thenComparing(Limits.Window::writes));
    private final Map<String, Said> said = new TreeMap<>();
    private Long writesFrom;
    private Long wroteAt;
    private Long blockedUntil;
    private int unreported;

    public Pace(Limits limits, Time time) {
        this.limits = limits;
        this.time = time;
        limits.windows().forEach(window -> made.put(window, new ArrayList<>()));
    }

    /** One that holds nobody up unless the provider asks for it. */
    public static Pace free(Time time) {
        return new Pace(Limits.NONE, time);
    }

    /** What others have used so far. @param use null if the orchestrator does not count */
    public synchronized void take(LaneUse use) {
        if (use == null) {
            return;
        }
        var now = time.nanos();
        if (use.sinceWriteMs() != null) {
            notBefore(now
                    - millis(Math.max(0, use.sinceWriteMs()))
                    + limits.spacing().toNanos());
        }
        for (var entry : made.entrySet()) {
            var told = use.writes().stream()
                    .filter(writes ->
                            writes.lengthMs() == entry.getKey().length().toMillis())
                    .map(writes -> new Made(now - millis(writes.agoMs()), writes.count()))
                    .toList();
            // Whoever counts more knows more: what both have seen is in both counts.
            if (count(told) > used(entry.getKey(), now)) {
                entry.setValue(new ArrayList<>(told));
            }
        }
    }

    /**
     * To be called before each call. Returns when a write may begin.
     *
     * @param resource what is limited
     * @return whether time has passed
     * @throws ProviderException THROTTLED with the rest of the pause, if it is known that the call would be refused
     */
    public boolean begin(String resource, boolean write) {
        var pause = reserve(resource, write);
        if (pause.isZero()) {
            return false;
        }
        time.pause(pause);
        synchronized (this) {
            refuseIfResting(resource, time.nanos());
        }
        return true;
    }

    private synchronized Duration reserve(String resource, boolean write) {
        var now = time.nanos();
        refuseIfResting(resource, now);
        if (!write) {
            return Duration.ZERO;
        }
        for (Limits.Window window : limits.windows()) {
            refuseIfFull(window, now);
        }
        var at = writesFrom == null || writesFrom - now < 0 ? now : writesFrom;
        writesFrom = at + limits.spacing().toNanos();
        made.values().forEach(writes -> writes.add(new Made(at, 1)));
        unreported++;
        return up(at - now);
    }

    private void refuseIfResting(String resource, long now) {
        if (blockedUntil != null && blockedUntil - now > 0) {
            throw resting("rate-limited", blockedUntil - now);
        }
        var known = said.get(resource);
        if (known != null && known.remaining == 0 && known.resetAt != null && known.resetAt - now > 0) {
            throw resting(ALL.equals(resource) ? "rate-limited" : Failure.ENDPOINT_LIMITED, known.resetAt - now);
        }
    }

    private void refuseIfFull(Limits.Window window, long now) {
        if (used(window, now) >= window.writes()) {
            // The first of them that are too many must be out of the window.
            var excess = used(window, now) - window.writes() + 1;
            for (Made writes : made.get(window)) {
                excess -= writes.count;
                if (excess <= 0) {
                    throw resting("rate-limited", writes.at + window.length().toNanos() - now);
                }
            }
        }
    }

    /** How many writes count; forgets the others. */
    private int used(Limits.Window window, long now) {
        var writes = made.get(window);
        writes.removeIf(some -> now - some.at >= window.length().toNanos());
        return count(writes);
    }

    private static int count(List<Made> writes) {
        return writes.stream().mapToInt(Made::count).sum();
    }

    /** To be called after each write, answered or not: what it did counts from its end. */
    public synchronized void wrote() {
        wroteAt = time.nanos();
        notBefore(wroteAt + limits.spacing().toNanos());
    }

    /** Learns from an answer's headers. @param resource what is limited, unless the provider names it */
    public synchronized void learn(String resource, Answer answer) {
        var remaining = answer.number("X-RateLimit-Remaining");
        if (remaining.isEmpty()) {
            return;
        }
        var named = answer.header().apply("X-RateLimit-Resource");
        var now = time.nanos();
        said.put(
                named == null || named.isBlank() ? resource : Answer.shown(named),
                new Said(
                        answer.number("X-RateLimit-Limit").orElse(null),
                        remaining.get(),
                        answer.number("X-RateLimit-Reset")
                                .map(reset -> now + bounded(answer.until(reset, time.now())))
                                .orElse(null)));
    }

    /**
     * The provider asks for a pause: of one resource that it limits by itself, or of all calls.
     *
     * @param milliseconds null, or nothing to wait for, if it names none
     */
    public synchronized void throttled(String resource, Long milliseconds) {
        var pause = milliseconds != null && milliseconds > 0 ? Duration.ofMillis(milliseconds) : limits.shortestBlock();
        var until = time.nanos() + bounded(pause);
        if (!ALL.equals(resource)) {
            var known = said.get(resource);
            said.put(resource, new Said(known == null ? null : known.limit, 0, until));
        } else if (blockedUntil == null || until - blockedUntil > 0) {
            blockedUntil = until;
        }
    }

    /** What was used since this was last asked, and what the provider says is left. */
    public synchronized Budget report() {
        var now = time.nanos();
        var writes = unreported;
        unreported = 0;
        return new Budget(
                writes,
                wroteAt == null ? null : Duration.ofNanos(now - wroteAt).toMillis(),
                said.entrySet().stream()
                        .map(entry -> new Budget.Allowance(
                                entry.getKey(),
                                entry.getValue().limit,
                                entry.getValue().remaining,
                                entry.getValue().resetAt == null
                                        ? null
                                        : Math.max(
                                                0,
                                                up(entry.getValue().resetAt - now)
                                                        .toMillis())))
                        .toList());
    }

    private void notBefore(long at) {
        writesFrom = writesFrom == null || at - writesFrom > 0 ? at : writesFrom;
    }

    private static ProviderException resting(String code, long nanos) {
        return new ProviderException(
                FailureClass.THROTTLED,
                code,
                "The connection's credential rests: its rate limit is used up.",
                up(nanos));
    }

    /** A whole number of milliseconds, never too short. */
    private static Duration up(long nanos) {
        return Duration.ofMillis(Math.max(0, (nanos + 999_999) / 1_000_000));
    }

    private static long millis(long milliseconds) {
        return Duration.ofMillis(milliseconds).toNanos();
    }

    private long bounded(Duration pause) {
        var longest = limits.longestBlock();
        return pause.compareTo(longest) > 0 ? longest.toNanos() : Math.max(0, pause.toNanos());
    }
}
