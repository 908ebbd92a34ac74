package io.offshoot.executorkit.lane;

import java.time.Duration;
import java.util.List;

/**
 * What a credential may be used for, and how fast.
 *
 * @param liveAtMost how many attempts may be under way at once, over all replicas
 * @param spacing how long after the end of a write the next may begin
 * @param windows how many writes may be made in which time
 * @param shortestBlock how long it rests when the provider asks for a pause and names none
 * @param longestBlock the longest rest, whatever the provider names
 */
public record Limits(
        int liveAtMost, Duration spacing, List<Window> windows, Duration shortestBlock, Duration longestBlock) {

    /** None. */
    public static final Limits NONE =
            new Limits(Integer.MAX_VALUE, Duration.ZERO, List.of(), Duration.ofSeconds(1), Duration.ofHours(24));

    /** So many writes in so long, counted back from any moment. */
    public record Window(int writes, Duration length) {}

    public Limits {
        windows = List.copyOf(windows);
        if (liveAtMost < 1 || spacing.isNegative() || shortestBlock.isNegative() || longestBlock.isNegative()) {
            throw new IllegalArgumentException("A lane has room for at least one attempt, and no time is negative");
        }
    }

    static Limits of(LaneConfig config) {
        var scale = config.timeScale();
        return new Limits(
                config.liveAtMost(),
                times(config.writeSpacing(), scale),
                config.windows().values().stream()
                        .map(window -> new Window(window.writes(), times(window.length(), scale)))
                        .toList(),
                times(config.shortestBlock(), scale),
                times(config.longestBlock(), scale));
    }

    private static Duration times(Duration time, double scale) {
        return Duration.ofMillis(Math.round(time.toMillis() * scale));
    }
}
