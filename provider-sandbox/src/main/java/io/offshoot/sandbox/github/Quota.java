package io.offshoot.sandbox.github;

import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.RateLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * GitHub's rate limits: the primary one and those it calls secondary. Who exceeds one is refused with every call until
 * the told time is over. All windows shrink with the time scale.
 */
final class Quota {

    /** A limit that was exceeded, and until when to wait. */
    private record Exceeded(String limit, Instant until) {}

    private static final int HOUR = 3600;
    private static final Set<String> CONTENT = Set.of("POST", "PUT", "PATCH");

    private final Supplier<Settings> settings;
    private final Clock clock;
    private final RateLimits limits;
    private final Map<String, Instant> lastWrites = new HashMap<>();

    Quota(Supplier<Settings> settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.limits = new RateLimits(clock);
    }

    /** The refusal of a call that goes over a limit; every other call is counted. */
    Optional<Answer> refusal(Call call, String credential, int limit, String user) {
        if (call.path().equals("/rate_limit")) {
            return Optional.empty();
        }
        Optional<RateLimits.Pause> pausing = limits.pausing(credential);
        Optional<Exceeded> exceeded = pausing.isPresent() ? Optional.empty() : exceeded(call, credential, limit);
        exceeded.ifPresent(one -> limits.pause(credential, one.limit(), one.until()));
        return limits.pausing(credential).map(pause -> refusal(pause, user).limited(pause, pausing.isPresent()));
    }

    void clear() {
        limits.clear();
        lastWrites.clear();
    }

    /** The standing in the primary limit. */
    RateLimits.Standing standing(String credential, int limit) {
        return limits.look(credential, limit, hour());
    }

    /** What every answer tells. */
    Map<String, String> headers(String credential, int limit) {
        RateLimits.Standing standing = standing(credential, limit);
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-ratelimit-limit", String.valueOf(standing.limit()));
        headers.put("x-ratelimit-remaining", String.valueOf(standing.remaining()));
        headers.put("x-ratelimit-used", String.valueOf(standing.used()));
        headers.put("x-ratelimit-reset", String.valueOf(RateLimits.epochSeconds(standing.reset())));
        headers.put("x-ratelimit-resource", "core");
        return headers;
    }

    private Optional<Exceeded> exceeded(Call call, String credential, int limit) {
        Settings now = settings.get();
        if (call.fate() == Call.Fate.LIMIT_PRIMARY) {
            limits.exhaust(credential, limit, clock.instant().plus(pause()));
        }
        RateLimits.Standing standing = limits.count(credential, limit, hour());
        if (standing.exceeded()) {
            return Optional.of(new Exceeded("primary", standing.reset()));
        }
        boolean read = call.method().equals("GET");
        if (call.fate() == Call.Fate.LIMIT_SECONDARY || !read && comesTooSoon(credential)) {
            return Optional.of(new Exceeded("secondary", clock.instant().plus(pause())));
        }
        Optional<Exceeded> points =
                counted(credential, "points a minute", now.githubPointsPerMinute(), now.scaled(60), read ? 1 : 5);
        if (points.isPresent() || !CONTENT.contains(call.method())) {
            return points;
        }
        return counted(credential, "content a minute", now.githubContentPerMinute(), now.scaled(60), 1)
                .or(() -> counted(credential, "content an hour", now.githubContentPerHour(), hour(), 1));
    }

    private Optional<Exceeded> counted(String credential, String name, int limit, Duration window, int weight) {
        if (limit == 0) {
            return Optional.empty();
        }
        RateLimits.Standing standing = limits.count(credential + ", " + name, limit, window, weight);
        Instant pause = clock.instant().plus(pause());
        Instant until = pause.isAfter(standing.reset()) ? pause : standing.reset();
        return standing.exceeded() ? Optional.of(new Exceeded("secondary: " + name, until)) : Optional.empty();
    }

    /** Whether this write follows the last one too soon. */
    private boolean comesTooSoon(String credential) {
        Instant now = clock.instant();
        Instant last = lastWrites.put(credential, now);
        Duration spacing = settings.get().scaled(settings.get().githubWriteSpacingMillis() / 1000.0);
        return last != null && now.isBefore(last.plus(spacing));
    }

    private Answer refusal(RateLimits.Pause pause, String user) {
        if (pause.limit().equals("primary")) {
            return Errors.error(403, "API rate limit exceeded for user ID " + user + ".");
        }
        return Errors.error(
                        403,
                        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
                .header("Retry-After", String.valueOf(RateLimits.secondsUntil(clock.instant(), pause.until())));
    }

    private Duration hour() {
        return settings.get().scaled(HOUR);
    }

    /** Told in whole seconds, so never less than one. */
    private Duration pause() {
        Duration asked = settings.get().scaled(settings.get().githubSecondarySeconds());
        return asked.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : asked;
    }
}
