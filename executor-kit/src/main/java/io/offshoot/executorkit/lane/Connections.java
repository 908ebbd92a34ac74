package io.offshoot.executorkit.lane;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.executorkit.connection.EnteredConnections;
import java.util.List;
import java.util.Optional;

/** The accounts that an executor can use. */
public interface Connections {

    /** As the orchestrator is told of them; no secret is in it. */
    List<Announcement.Connection> announced();

    /** The pace of a connection's credential; empty if that hub has no such connection. */
    Optional<Pace> pace(String connection, String hub);

    /** What hubs have entered themselves; empty if they can enter nothing at this provider. */
    default Optional<EnteredConnections<?>> entered() {
        return Optional.empty();
    }

    /** Of an executor whose credentials nobody counts. */
    static Connections none() {
        return new Connections() {

            @Override
            public List<Announcement.Connection> announced() {
                return List.of();
            }

            @Override
            public Optional<Pace> pace(String connection, String hub) {
                return Optional.empty();
            }
        };
    }
}
