package io.offshoot.contracts.claim;

import java.util.List;
import java.util.Objects;

/**
 * What an executor says every second of what hubs have entered, and asks whether there is more.
 *
 * @param executor the process that says it
 * @param after where the last answer ended; null at first
 * @param verdicts what came of the latest looks
 */
public record ConnectionReport(String executor, Long after, List<Verdict> verdicts) {

    /**
     * What is new. At first: what no executor has looked at yet.
     *
     * @param upTo where to ask on
     */
    public record News(long upTo, List<EnteredConnection> connections) {

        public News {
            connections = connections == null ? List.of() : List.copyOf(connections);
        }
    }

    public ConnectionReport {
        Objects.requireNonNull(executor, "executor");
        verdicts = verdicts == null ? List.of() : List.copyOf(verdicts);
    }
}
