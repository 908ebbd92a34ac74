package io.offshoot.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;

/**
 * A token bucket for each of many: so many requests at once, and so many a second after that. Bounded: the bucket of one
 * that nobody has seen for long is forgotten, and is full when it comes again.
 */
final class Buckets {

    private static final int MOST = 50_000;

    /** @param drops what was left at that time */
    private record Bucket(double drops, long atMillis) {}

    private final String name;
    private final double perSecond;
    private final int burst;
    private final Clock clock;
    private final Cache<String, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST).build();

    Buckets(String name, double perSecond, int burst, Clock clock) {
        if (perSecond <= 0 || burst < 1) {
            throw new IllegalArgumentException("The limit of a %s must let something through".formatted(name));
        }
        this.name = name;
        this.perSecond = perSecond;
        this.burst = burst;
        this.clock = clock;
    }

    /** Takes one. @throws TooManyRequests if there is none */
    void take(String whose) {
        var now = clock.millis();
        var left = buckets.asMap().compute(whose, (key, bucket) -> {
            var drops = bucket == null ? burst : filled(bucket, now);
            return new Bucket(drops - 1, now);
        });
        if (left.drops() < 0) {
            // It was not let through, so it took nothing.
            buckets.asMap().computeIfPresent(whose, (key, bucket) -> new Bucket(bucket.drops() + 1, bucket.atMillis()));
            throw new TooManyRequests(name, burst, Math.round(burst / perSecond), 0, wait(left.drops()));
        }
    }

    private double filled(Bucket bucket, long now) {
        // A clock that was set back fills nothing, and takes nothing away.
        var passed = Math.max(0, now - bucket.atMillis());
        return Math.min(burst, bucket.drops() + passed * perSecond / 1_000);
    }

    private long wait(double drops) {
        return (long) Math.max(1, Math.ceil(-drops / perSecond));
    }
}
