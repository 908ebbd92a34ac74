package io.offshoot.orchestrator.intake;

import static java.util.stream.Collectors.joining;

import io.offshoot.orchestrator.deployment.Fate;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many records of each topic this process has taken in, and what became of them: consumed = applied + duplicate +
 * dead-lettered. Told in the log when it stops. Thread-safe.
 */
@ApplicationScoped
public class Tally {

    /** What became of the records of one topic. */
    public record Count(long consumed, Map<Fate, Long> fates) {

        /** Whether every record is accounted for. */
        public boolean addsUp() {
            return consumed
                    == fates.values().stream().mapToLong(Long::longValue).sum();
        }

        private Count plus(int more) {
            return new Count(consumed + more, fates);
        }

        private Count plus(Collection<Fate> more) {
            var sum = new EnumMap<>(fates);
            more.forEach(fate -> sum.merge(fate, 1L, Long::sum));
            return new Count(consumed, Collections.unmodifiableMap(sum));
        }

        private static Count none() {
            var none = new EnumMap<Fate, Long>(Fate.class);
            Arrays.stream(Fate.values()).forEach(fate -> none.put(fate, 0L));
            return new Count(0, Collections.unmodifiableMap(none));
        }
    }

    private final Map<String, Count> counts = new TreeMap<>();

    synchronized void consumed(String topic, int records) {
        counts.merge(topic, Count.none().plus(records), (known, more) -> known.plus(records));
    }

    synchronized void became(String topic, List<Fate> fates) {
        counts.computeIfPresent(topic, (name, known) -> known.plus(fates));
    }

    /** Since the process started. */
    public synchronized Count of(String topic) {
        return counts.getOrDefault(topic, Count.none());
    }

    /** After the intake has stopped. */
    synchronized void tell(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        counts.forEach((topic, count) -> Log.infof(
                "Taken in from %s: %d%s = %s",
                topic,
                count.consumed(),
                count.addsUp() ? "" : ", not all of them to their end,",
                count.fates().entrySet().stream()
                        .map(fate -> "%d %s".formatted(fate.getValue(), fate.getKey()))
                        .collect(joining(" + "))));
    }
}
