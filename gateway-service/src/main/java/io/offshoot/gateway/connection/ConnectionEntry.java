package io.offshoot.gateway.connection;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.secret.Recipients;
import io.offshoot.gateway.secret.RepeatDigest;
import io.offshoot.sealing.Recipient;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Seals tokens for the executors that will use them, and has them kept. */
@Singleton
class ConnectionEntry {

    /** Somebody else may have entered the same connection in between. */
    private static final int TRIES_MORE = 2;

    /** @param replayed whether an earlier request with the same key made it */
    record Entered(ConnectionView connection, boolean replayed) {}

    /** @param key the request's Idempotency-Key; null for none */
    record Asked(String hub, String provider, String name, String account, Secret token, String by, String key) {}

    private final Orchestrator orchestrator;
    private final Recipients recipients;
    private final RepeatDigest digest;
    private final Audit audit;

    ConnectionEntry(Orchestrator orchestrator, Recipients recipients, RepeatDigest digest, Audit audit) {
        this.orchestrator = orchestrator;
        this.recipients = recipients;
        this.digest = digest;
        this.audit = audit;
    }

    /**
     * Fails with the problem it is refused with, or with <code>sealing-unavailable</code> as long as no executor of
     * the provider has said what to seal with.
     */
    Uni<Entered> enter(Asked asked, Audit.Entry done) {
        return Uni.createFrom()
                .deferred(() -> once(asked, done))
                .onFailure(failure -> failure instanceof ProblemException problem
                        && ProblemType.CONNECTION_CHANGED
                                .code()
                                .equals(problem.problem().code()))
                .retry()
                .atMost(TRIES_MORE);
    }

    private Uni<Entered> once(Asked asked, Audit.Entry done) {
        return orchestrator
                .nextConnection(asked.hub(), asked.provider(), asked.name(), asked.key())
                .chain(next -> {
                    if (next.made() == null) {
                        return seal(asked, next.version(), done);
                    }
                    if (!digest(asked).equals(next.digest())) {
                        throw new ProblemException(
                                ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_REUSED.cause());
                    }
                    return orchestrator
                            .connection(asked.hub(), asked.provider(), asked.name())
                            .map(view -> new Entered(view, true));
                });
    }

    private Uni<Entered> seal(Asked asked, long version, Audit.Entry done) {
        return recipient(asked.provider())
                .map(recipient -> recipient.seal(
                        asked.token(),
                        new SecretContext(
                                asked.hub(), EnteredConnection.SCOPE, asked.provider() + "/" + asked.name(), version)))
                // Before it is done: nobody enters a token unseen.
                .call(() -> audit.record(done))
                .chain(closed -> orchestrator.enterConnection(
                        asked.hub(),
                        asked.provider(),
                        asked.name(),
                        new EnterConnection(asked.account(), version, closed, asked.by(), asked.key(), digest(asked))))
                .map(view -> new Entered(view, false));
    }

    private Uni<Recipient> recipient(String provider) {
        return recipients.of(List.of(provider)).map(found -> found.get(provider));
    }

    /**
     * Equal for equal requests with that key; null without one. Of the token it tells nothing to whoever has not the
     * gateways' own key; if they have none, the token is not in it.
     */
    private String digest(Asked asked) {
        if (asked.key() == null) {
            return null;
        }
        var nodes = JsonNodeFactory.instance;
        var keyed = digest.of(
                asked.hub(),
                asked.key(),
                Map.of("token", nodes.textNode(asked.token().text())));
        var what = String.join("\n", asked.provider(), asked.name(), asked.account());
        try {
            var plain = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(plain) + (keyed == null ? "" : ":" + keyed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
