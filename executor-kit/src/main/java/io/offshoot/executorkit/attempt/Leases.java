package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.Heartbeat;
import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The leases this executor holds, prolonged together by one timer, until each is released. Thread-safe. */
final class Leases {

    private final String executor;
    private final Claims claims;
    private final Time time;
    private final Optional<Duration> fixedInterval;
    private final Duration retryPause;
    private final Map<Heartbeat.Lease, Lease> held = new ConcurrentHashMap<>();
    private boolean beating;

    Leases(Settings settings, Claims claims, Time time) {
        this.executor = settings.executor();
        this.claims = claims;
        this.time = time;
        this.fixedInterval = settings.heartbeat();
        this.retryPause = settings.firstPause();
    }

    /** @param sentAt when the claim was sent, on the monotonic clock */
    Lease hold(Heartbeat.Lease id, long sentAt, Duration length) {
        var lease = new Lease(id, time, sentAt, length);
        held.put(id, lease);
        beginBeating(interval(length));
        return lease;
    }

    void release(Lease lease) {
        held.remove(lease.id(), lease);
    }

    private synchronized void beginBeating(Duration interval) {
        if (!beating) {
            beating = true;
            time.after(interval, () -> beat(interval));
        }
    }

    /** Decided under the lock, so that no lease is held without a timer. */
    private synchronized boolean stopIfNoneIsHeld() {
        if (held.isEmpty()) {
            beating = false;
        }
        return !beating;
    }

    private void beat(Duration interval) {
        if (stopIfNoneIsHeld()) {
            return;
        }
        var leases = held.values().stream().filter(lease -> !lease.isLost()).toList();
        if (leases.isEmpty()) {
            time.after(interval, () -> beat(interval));
            return;
        }
        var sentAt = time.nanos();
        send(new Heartbeat(executor, leases.stream().map(Lease::id).toList())).whenComplete((answer, failure) -> {
            if (failure != null) {
                Log.warnf("Heartbeat for %d leases failed: %s", leases.size(), failure);
                var pause = retryPause.compareTo(interval) < 0 ? retryPause : interval;
                time.after(pause, () -> beat(interval));
                return;
            }
            var length = Duration.ofMillis(answer.leaseMs());
            var lost = answer.lost() == null ? Set.of() : Set.copyOf(answer.lost());
            for (Lease lease : leases) {
                if (lost.contains(lease.id())) {
                    lease.lose();
                } else {
                    lease.prolong(sentAt, length);
                }
            }
            var next = interval(length);
            time.after(next, () -> beat(next));
        });
    }

    private CompletionStage<Heartbeat.Answer> send(Heartbeat heartbeat) {
        try {
            return claims.beat(heartbeat);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Duration interval(Duration length) {
        return fixedInterval.orElse(length.dividedBy(3));
    }
}
