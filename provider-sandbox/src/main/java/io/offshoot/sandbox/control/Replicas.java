package io.offshoot.sandbox.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which state a read sees. Each provider answers reads from two replicas in turn, of which one learns of a write only
 * later: after a write the first read sees the old state, the second the new one, the third the old one again.
 */
final class Replicas {

    /** What reaches the second replica late. Tokens, keys, settings and the journal are the same everywhere at once. */
    static final Map<String, Set<String>> TABLES = Map.of(
            "github",
            Set.of(
                    "repositories",
                    "refs",
                    "objects",
                    "former-names",
                    "pulls",
                    "repository-secrets",
                    "repository-variables"),
            "vercel",
            Set.of("projects", "variables", "domains", "deployments"),
            "aura",
            Set.of("aura-instances"));

    private record Write(Instant at, long versionBefore) {}

    private final Map<String, Deque<Write>> writes = new HashMap<>();
    private final Map<String, Integer> reads = new HashMap<>();

    void wrote(String provider, Instant at, long versionBefore) {
        writes.computeIfAbsent(provider, name -> new ArrayDeque<>()).addLast(new Write(at, versionBefore));
        reads.remove(provider);
    }

    /** The version that a read sees, unless it sees everything. */
    Optional<Long> behind(String provider, Instant now, Duration lag) {
        Deque<Write> recent = writes.getOrDefault(provider, new ArrayDeque<>());
        while (!recent.isEmpty() && !now.isBefore(recent.getFirst().at().plus(lag))) {
            recent.removeFirst();
        }
        if (recent.isEmpty()) {
            return Optional.empty();
        }
        boolean late = reads.merge(provider, 1, Integer::sum) % 2 == 1;
        return late ? Optional.of(recent.getFirst().versionBefore()) : Optional.empty();
    }

    void clear() {
        writes.clear();
        reads.clear();
    }
}
