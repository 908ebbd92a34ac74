package io.offshoot.gateway.request;

import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.UUID;

/**
 * Which request a key stands for, so that repeating it is the same message and not a second one. Remembers the last
 * ten thousand, in this process only; without it a repeated trigger still joins what runs.
 */
@Singleton
class KeyedRequests {

    private static final int LIMIT = 10_000;

    /** @param confirmed whether Kafka has it: then a repeat has nothing left to do */
    record Known(UUID id, DeploymentRequest request, boolean confirmed) {}

    private record Key(String hub, String key) {}

    private final Bounded<Key, Known> known = new Bounded<>(LIMIT);

    /** The id this request has under its key: a new one the first time, the same from then on. */
    synchronized Known of(String hub, String key, DeploymentRequest request) {
        if (key == null) {
            return new Known(Messages.newId(), request, false);
        }
        var found = known.computeIfAbsent(new Key(hub, key), first -> new Known(Messages.newId(), request, false));
        if (!found.request().equals(request)) {
            throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_REUSED.cause());
        }
        return found;
    }

    synchronized void confirm(String hub, String key, Known request) {
        if (key != null) {
            known.replace(new Key(hub, key), new Known(request.id(), request.request(), true));
        }
    }
}
