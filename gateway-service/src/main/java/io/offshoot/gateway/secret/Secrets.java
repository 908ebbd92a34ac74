package io.offshoot.gateway.secret;

import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.VaultReference;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.database.Database;
import io.offshoot.sealing.Recipient;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A hub's secrets: closed when they come in, for every executor that there is, and never read again here. */
@Singleton
public class Secrets {

    private final Database database;
    private final Audit audit;
    private final Recipients recipients;

    Secrets(Database database, Audit audit, Recipients recipients) {
        this.database = database;
        this.audit = audit;
        this.recipients = recipients;
    }

    Uni<List<StoredSecret>> all(String hub) {
        return database.ask(connection -> HubSecrets.all(connection, hub));
    }

    Uni<StoredSecret> one(String hub, String name) {
        return named(hub, List.of(name))
                .map(found -> Optional.ofNullable(found.get(name)).orElseThrow(Secrets::unknown));
    }

    /** By name; what the hub does not have is not there. */
    public Uni<Map<String, StoredSecret>> named(String hub, Collection<String> names) {
        return database.ask(connection -> HubSecrets.named(connection, hub, names));
    }

    /** @param done what is written down when it is set */
    Uni<StoredSecret> set(String hub, String name, Secret value, String by, Audit.Entry done) {
        return set(hub, name, SecretContext.HUB, value, by, done);
    }

    /**
     * Sets it to what will be at that place whenever it is used.
     *
     * @param done what is written down when it is set
     */
    Uni<StoredSecret> refer(String hub, String name, VaultReference place, String by, Audit.Entry done) {
        return set(
                hub,
                name,
                SecretContext.VAULT,
                Secret.of(Messages.json().valueToTree(place).toString()),
                by,
                done);
    }

    private Uni<StoredSecret> set(String hub, String name, String scope, Secret value, String by, Audit.Entry done) {
        return recipients.all().chain(all -> {
            if (all.isEmpty()) {
                throw new ProblemException(
                        ProblemType.SEALING_UNAVAILABLE, "No executor has said with what to seal for it.");
            }
            return database.change(connection -> {
                var set = HubSecrets.set(
                        connection,
                        hub,
                        name,
                        by,
                        scope,
                        version -> seal(value, new SecretContext(hub, scope, name, version), all.values()));
                audit.record(connection, done);
                return set;
            });
        });
    }

    /** @param done what is written down when it was there */
    Uni<Void> delete(String hub, String name, Audit.Entry done) {
        return database.change(connection -> {
            if (!HubSecrets.delete(connection, hub, name)) {
                throw unknown();
            }
            audit.record(connection, done);
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
}
