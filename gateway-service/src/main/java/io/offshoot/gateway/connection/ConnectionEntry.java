package io.offshoot.gateway.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.orchestrator.Orchestrator;
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

/** Seals tokens for the executors that will use them, and has them kept. */
@Singleton
class ConnectionEntry {

    /** Somebody else may have entered the same connection in between. */
    private static final int TRIES_MORE = 2;

    /** @param replayed whether an earlier request with the same key made it */
    record Entered(ConnectionView connection, boolean replayed) {}

    /** @param key the request's Idempotency-Key; null for none */
    record Asked(String hub, String provider, String name, String account, Secret token, String by, String key) {

        /**
         * Equal for equal requests. The token is not in it: whoever sees this could otherwise try whether a token is the
         * one.
         */
        String digest() {
            try {
                var text = Messages.json().writeValueAsString(List.of(provider, name, account));
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (JsonProcessingException | NoSuchAlgorithmException e) {
                throw new IllegalStateException("A list of texts is always writable", e);
            }
        }
    }

    private final Orchestrator orchestrator;
    private final Audit audit;

    ConnectionEntry(Orchestrator orchestrator, Audit audit) {
        this.orchestrator = orchestrator;
        this.audit = audit;
    }

    /**
     * Fails with the problem it is refused with, or with <code>unavailable</code> as long as no executor of the provider
     * has said what to seal with.
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
                    if (!asked.digest().equals(next.digest())) {
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
                        new EnterConnection(
                                asked.account(),
                                version,
                                closed,
                                asked.by(),
                                asked.key(),
                                asked.key() == null ? null : asked.digest())))
                .map(view -> new Entered(view, false));
    }

    private Uni<Recipient> recipient(String provider) {
        return orchestrator.keysets().map(keysets -> keysets.stream()
                .filter(keyset -> keyset.provider().equals(provider))
                .findFirst()
                .map(Recipient::of)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAVAILABLE,
                        "No executor of this provider has said yet what to seal with. Nothing was kept.")));
    }
}
