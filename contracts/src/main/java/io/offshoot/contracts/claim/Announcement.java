package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * What an executor can use at its provider: said when it starts and every few seconds. Saying it again changes nothing
 * but when it was last heard.
 *
 * @param executor the process that says it
 * @param connections all that it has
 * @param keyset the public keyset that secrets are sealed with for this provider's executors, as Tink writes it in JSON;
 *     null if they can open none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Announcement(String executor, List<Connection> connections, String keyset) {

    /** One of an executor that can open no secrets. */
    public Announcement(String executor, List<Connection> connections) {
        this(executor, connections, null);
    }

    /**
     * An account of a hub.
     *
     * @param name what deployments call it
     * @param hub the only one that may use it
     * @param account the organisation or team at the provider
     * @param lane what its credential allows; connections with one credential have one lane
     */
    public record Connection(String name, String hub, String account, Lane lane) {

        public Connection {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(hub, "hub");
            Objects.requireNonNull(account, "account");
            Objects.requireNonNull(lane, "lane");
        }
    }

    /**
     * @param id tells one credential from another and nothing of it: never a secret
     * @param liveAtMost how many attempts may be under way with it at once
     * @param windows how many writes it may make in which time
     * @param shortestBlockMs how long it rests when the provider asks for a pause and names none; doubles if it asks again
     * @param longestBlockMs the longest rest, whatever the provider names
     */
    public record Lane(String id, int liveAtMost, List<Window> windows, long shortestBlockMs, long longestBlockMs) {

        public Lane {
            Objects.requireNonNull(id, "id");
            windows = windows == null ? List.of() : List.copyOf(windows);
        }
    }

    /** So many writes in so long, counted back from any moment. */
    public record Window(int writes, long lengthMs) {}

    public Announcement {
        Objects.requireNonNull(executor, "executor");
        connections = List.copyOf(connections);
    }
}
