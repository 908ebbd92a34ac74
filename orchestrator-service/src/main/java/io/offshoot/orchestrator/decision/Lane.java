package io.offshoot.orchestrator.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one credential has room for, and whose turn it is. Pure, immutable.
 *
 * @param liveAtMost how many attempts may be under way at once
 * @param shortestBlock how long it rests when the provider names no pause; doubles if it has to rest again
 * @param longestBlock the longest rest, whatever the provider names
 * @param blockedUntil until when nothing may begin; null if it never rested
 * @param trial whether it is not known yet that the provider takes calls again: then one attempt goes first
 * @param throttles how often it had to rest since the provider last took its calls
 * @param served in which turn each hub was last served; the largest is the latest
 */
public record Lane(
        int liveAtMost,
        Duration shortestBlock,
        Duration longestBlock,
        Instant blockedUntil,
        boolean trial,
        int throttles,
        Map<String, Long> served) {

    private static final int MOST_DOUBLINGS = 20;

    public Lane {
        served = Map.copyOf(served);
    }

    /** Whether one more may begin. @param live how many are under way */
    public boolean hasRoom(int live, Instant now) {
        return !isBlocked(now) && live < (trial ? 1 : Math.max(1, liveAtMost));
    }

    public boolean isBlocked(Instant now) {
        return blockedUntil != null && now.isBefore(blockedUntil);
    }

    /**
     * The hub whose turn it is: the one that was served longest ago, and of those that never were the one that waits
     * longest.
     *
     * @param waiting since when the first in line of each hub waits
     */
    public Optional<String> next(Map<String, Instant> waiting) {
        return waiting.keySet().stream()
                .min(Comparator.comparing((String hub) -> served.getOrDefault(hub, 0L))
                        .thenComparing(waiting::get)
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** It is a hub's turn. */
    public Lane served(String hub) {
        var turns = new HashMap<>(served);
        var latest = served.values().stream().mapToLong(turn -> turn).max().orElse(0);
        turns.put(hub, latest + 1);
        return with(blockedUntil, trial, throttles, turns);
    }

    /**
     * The provider asks an attempt for a pause. Those that were under way together rest once.
     *
     * @param asked the pause, in milliseconds; null, or nothing to wait for, if it named none
     * @param begun when that attempt began
     */
    public Lane throttled(Long asked, Instant begun, Instant now) {
        var again = throttles == 0 || blockedUntil == null || !begun.isBefore(blockedUntil);
        var times = again ? throttles + 1 : throttles;
        var pause = asked != null && asked > 0
                ? Duration.ofMillis(asked)
                : shortestBlock.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        var until = now.plus(pause.compareTo(longestBlock) > 0 ? longestBlock : pause);
        return with(
                blockedUntil != null && blockedUntil.isAfter(until) ? blockedUntil : until,
                true,
                Math.min(times, MOST_DOUBLINGS),
                served);
    }

    /** The provider took an attempt's calls. What had begun before the rest says nothing of what is after it. */
    public Lane accepted(Instant begun) {
        return trial && !begun.isBefore(blockedUntil) ? with(blockedUntil, false, 0, served) : this;
    }

    private Lane with(Instant nextBlockedUntil, boolean nextTrial, int nextThrottles, Map<String, Long> nextServed) {
        return new Lane(
                liveAtMost, shortestBlock, longestBlock, nextBlockedUntil, nextTrial, nextThrottles, nextServed);
    }
}
