package io.offshoot.gateway.secret;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.sealing.Recipient;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.unchecked.Unchecked;
import io.smallrye.mutiny.unchecked.UncheckedSupplier;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A hub's secrets: closed when they come in, for every executor that there is, and never read again here. */
@Singleton
public class Secrets {

    private final HubSecrets stored;
    private final Recipients recipients;

    Secrets(HubSecrets stored, Recipients recipients) {
        this.stored = stored;
        this.recipients = recipients;
    }

    Uni<List<StoredSecret>> all(String hub) {
        return inDatabase(() -> stored.all(hub));
    }

    Uni<StoredSecret> one(String hub, String name) {
        return inDatabase(() -> stored.one(hub, name).orElseThrow(Secrets::unknown));
    }

    /** By name; what the hub does not have is not there. */
    public Uni<Map<String, StoredSecret>> named(String hub, Collection<String> names) {
        return inDatabase(() -> stored.named(hub, names));
    }

    /** @param done what is written down when it is set */
    Uni<StoredSecret> set(String hub, String name, Secret value, String by, Audit.Entry done) {
        return recipients.all().chain(all -> {
            if (all.isEmpty()) {
                throw new ProblemException(
                        ProblemType.SEALING_UNAVAILABLE, "No executor has said with what to seal for it.");
            }
            return inDatabase(() -> stored.set(
                    hub,
                    name,
                    by,
                    done,
                    version -> seal(value, SecretContext.ofHub(hub, name, version), all.values())));
        });
    }

    Uni<Void> delete(String hub, String name, Audit.Entry done) {
        return inDatabase(() -> {
            if (!stored.delete(hub, name, done)) {
                throw unknown();
            }
            return null;
        });
    }

    static List<Sealed> seal(Secret value, SecretContext context, Collection<Recipient> recipients) {
        return recipients.stream()
                .map(recipient -> recipient.seal(value, context))
                .toList();
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.UNKNOWN_SECRET, "The hub has no secret of that name.");
    }

    private static <T> Uni<T> inDatabase(UncheckedSupplier<T> work) {
        return Uni.createFrom()
                .item(Unchecked.supplier(work))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> {
                    var cause = failure.getCause() == null ? failure : failure.getCause();
                    Log.warnf(
                            "The secrets cannot be reached: %s",
                            cause.getClass().getSimpleName());
                    return new ProblemException(ProblemType.UNAVAILABLE, "A part of the system cannot be reached.");
                });
    }
}
