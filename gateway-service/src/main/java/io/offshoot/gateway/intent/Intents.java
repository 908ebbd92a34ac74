package io.offshoot.gateway.intent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.key.HubKey;
import io.offshoot.gateway.key.HubKeys;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.intent.IntentFlaw;
import io.offshoot.proof.intent.IntentRefusedException;
import io.offshoot.proof.intent.Signer;
import io.offshoot.proof.intent.Signer.Standing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what hubs sign when they ask for a deployment, before anything else is done with the request. Which definition
 * is used, and whether an intent was used before, is decided where the deployment is made, in the same transaction.
 *
 * <p>Without the database nobody knows what a hub demands, so nothing is created then: <code>unavailable</code>.
 */
@Singleton
public class Intents {

    private static final String MEMBER = "intent";

    private final Database database;
    private final HubKeys keys;
    private final String audience;
    private final Clock clock;

    Intents(Database database, HubKeys keys, GatewayConfig config, Clock clock) {
        this.database = database;
        this.keys = keys;
        this.audience = config.url().toString();
        this.clock = clock;
    }

    /**
     * The intent that came with a request, verified; empty if none came and none need come.
     *
     * @param sent the body of <code>POST /deployments</code> as the client sent it, with its secrets
     * @return fails with the problem why the request is not to be carried out
     */
    public Uni<Optional<SignedIntent>> of(String hub, ObjectNode sent) {
        return database.ask(connection -> {
                    var policy = policy(connection, hub);
                    var comes = sent.hasNonNull(MEMBER);
                    if (!comes) {
                        refuse(policy == IntentPolicy.REQUIRED, ProblemType.INTENT_REQUIRED);
                        return Optional.<List<HubKey>>empty();
                    }
                    refuse(policy == IntentPolicy.OFF, ProblemType.INTENT_NOT_ACCEPTED);
                    return Optional.of(keys.all(connection, hub));
                })
                .map(known -> known.map(all -> verified(hub, sent, all)));
    }

    /** Fails if the hub demands that what its actions are given was signed: arguments of a trigger never are. */
    public Uni<Void> allowArguments(String hub) {
        return database.ask(connection -> {
            refuse(policy(connection, hub) == IntentPolicy.REQUIRED, ProblemType.ARGS_NOT_SIGNED);
            return null;
        });
    }

    private SignedIntent verified(String hub, ObjectNode sent, List<HubKey> all) {
        try {
            var envelope = envelope(sent);
            var signers = all.stream().map(Intents::signer).toList();
            var counting = Intent.signersOf(envelope, signers);
            var request = CanonicalRequest.of(sent);
            Intent.read(envelope).by(hub).at(audience).within(clock.instant()).of(request);
            return new SignedIntent(
                    request.text(),
                    (ObjectNode) sent.get(MEMBER),
                    counting.stream().map(signer -> jwk(signer)).toList());
        } catch (IntentRefusedException e) {
            throw refused(e.flaw());
        }
    }

    private static Envelope envelope(ObjectNode sent) {
        try {
            return Envelope.read(sent.get(MEMBER).toString().getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
    }

    private static Signer signer(HubKey key) {
        return new Signer(
                key.key(),
                key.revokedAt() != null
                        ? Standing.REVOKED
                        : key.retiredAt() != null ? Standing.RETIRED : Standing.VALID);
    }

    private static ObjectNode jwk(Signer signer) {
        var jwk = JsonNodeFactory.instance.objectNode();
        signer.key().toJwk().forEach(jwk::put);
        return jwk;
    }

    /** A hub that nobody has written down yet has decided nothing. */
    private static IntentPolicy policy(Connection connection, String hub) throws SQLException {
        try (var select = connection.prepareStatement("select intents from hub where id = ?")) {
            select.setString(1, hub);
            try (var row = select.executeQuery()) {
                return row.next() ? IntentPolicy.valueOf(row.getString(1)) : IntentPolicy.OFF;
            }
        }
    }

    private static void refuse(boolean really, ProblemType why) {
        if (really) {
            throw new ProblemException(why, why.cause());
        }
    }

    private static ProblemException refused(IntentFlaw flaw) {
        for (ProblemType type : ProblemType.values()) {
            if (type.code().equals(flaw.code())) {
                return new ProblemException(type, flaw.words());
            }
        }
        throw new IllegalStateException("Every flaw has its problem");
    }
}
