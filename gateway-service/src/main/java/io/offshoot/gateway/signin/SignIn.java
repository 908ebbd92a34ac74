package io.offshoot.gateway.signin;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.challenge.Attempt;
import io.offshoot.gateway.challenge.Challenge;
import io.offshoot.gateway.challenge.Challenges;
import io.offshoot.gateway.challenge.Purpose;
import io.offshoot.gateway.challenge.Signatures;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.credential.Tokens;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.hub.Members;
import io.offshoot.gateway.key.HubKeys;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Gives a token for some hours to whoever signs a challenge with a key of the hub, or with the wallet of a member. Every
 * refusal is the same to the caller: nobody learns here which hubs, keys or members there are.
 */
@Singleton
class SignIn {

    static final String KEY = "key:";

    private static final Set<Purpose> PURPOSE = Set.of(Purpose.SIGN_IN);
    private static final String ACTION = "sign-in";
    private static final String NOBODY = "nobody";

    /**
     * The answer to a challenge: one of both.
     *
     * @param signature a hub key's, in base64
     * @param wallet what a wallet answered
     */
    @Schema(
            name = "SignInAnswer",
            requiredProperties = {"nonce"})
    record Answer(String nonce, String signature, Wallet wallet) {}

    /** CIP-30's <code>DataSignature</code>. */
    @Schema(
            name = "WalletSignature",
            requiredProperties = {"signature", "key"})
    record Wallet(String signature, String key) {}

    /** Who asks, as the audit shall have it. Made on the request's own thread. */
    interface Asker {
        Audit.Entry entry(String who, String hub, String action, String target, Audit.Outcome outcome);
    }

    private final Database database;
    private final Challenges challenges;
    private final HubKeys keys;
    private final Members members;
    private final Tokens tokens;
    private final Credentials credentials;
    private final Audit audit;
    private final SignInConfig config;
    private final Clock clock;

    SignIn(
            Database database,
            Challenges challenges,
            HubKeys keys,
            Members members,
            Tokens tokens,
            Credentials credentials,
            Audit audit,
            SignInConfig config,
            Clock clock) {
        this.database = database;
        this.challenges = challenges;
        this.keys = keys;
        this.members = members;
        this.tokens = tokens;
        this.credentials = credentials;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** Asks for a signature, whether there is such a hub and such a key or not. */
    Uni<Challenge> ask(String hub, String subject) {
        return database.change(connection -> challenges.ask(connection, Purpose.SIGN_IN, hub, subject, null));
    }

    /** Fails as <code>sign-in-refused</code>; the challenge is used up then too. */
    Uni<Tokens.Issued> finish(Answer answer, Asker asker) {
        return database.change(connection -> attempt(connection, answer, asker)).map(Attempt::orThrow);
    }

    private Attempt<Tokens.Issued> attempt(Connection connection, Answer answer, Asker asker) throws SQLException {
        var taken = challenges.take(connection, answer.nonce(), PURPOSE);
        if (taken.isEmpty()) {
            audit.record(connection, asker.entry(NOBODY, null, ACTION, null, Audit.Outcome.REFUSED));
            return refused("there is no such challenge, or not any more");
        }
        var challenge = taken.get();
        var refusal = refusal(connection, challenge, answer);
        // Held, as the key is: whoever is removed meanwhile has no token afterwards.
        var member = refusal.isPresent()
                ? Optional.<Members.Member>empty()
                : members.hold(connection, challenge.hub(), challenge.subject());
        if (member.isEmpty()) {
            audit.record(
                    connection, asker.entry(challenge.subject(), challenge.hub(), ACTION, null, Audit.Outcome.REFUSED));
            return refused(refusal.orElse("is no member"));
        }
        var issued = tokens.issue(
                connection,
                new Tokens.Grant(
                        challenge.hub(),
                        Tokens.Kind.SIGN_IN,
                        member.get().name(),
                        member.get().role(),
                        null,
                        challenge.subject(),
                        clock.instant().plus(config.validFor())),
                challenge.subject());
        audit.record(
                connection,
                asker.entry(
                        challenge.subject(),
                        challenge.hub(),
                        ACTION,
                        issued.credential().id(),
                        Audit.Outcome.DONE));
        return Attempt.accepted(issued);
    }

    /** Why the signature is not that of whom the challenge was made for; empty if it is. */
    private Optional<String> refusal(Connection connection, Challenge challenge, Answer answer) throws SQLException {
        if (challenge.subject().startsWith(KEY)) {
            // Held until the token is there: a revocation comes before, and is seen, or after, and ends the token.
            var key = keys.holdValid(
                    connection, challenge.hub(), challenge.subject().substring(KEY.length()));
            return key.isPresent()
                            && answer.wallet() == null
                            && Signatures.isBy(key.get().key(), answer.signature(), challenge)
                    ? Optional.empty()
                    : Optional.of("not signed by a key of the hub");
        }
        if (answer.wallet() == null || answer.signature() != null) {
            return Optional.of("not signed by a wallet");
        }
        return wallet(challenge, answer.wallet());
    }

    private Optional<String> wallet(Challenge challenge, Wallet wallet) {
        try {
            var signed = WalletSignature.read(wallet.signature(), wallet.key());
            var address = CardanoAddress.of(signed.address(), config.cardanoNetwork());
            if (address.isEmpty() || !address.get().subject().equals(challenge.subject())) {
                return Optional.of("signed for another address");
            }
            if (!address.get().isOf(signed.key())) {
                return Optional.of("the address is not the key's");
            }
            return signed.isOver(challenge.bytes()) ? Optional.empty() : Optional.of("not signed as it is");
        } catch (RuntimeException e) {
            // Whatever a reader of strangers' bytes stumbles over, it is no signature.
            return Optional.of("no wallet's answer");
        }
    }

    private static <T> Attempt<T> refused(String reason) {
        Log.infof("A sign-in is refused: %s", reason);
        return Attempt.refused(new ProblemException(ProblemType.SIGN_IN_REFUSED, ProblemType.SIGN_IN_REFUSED.cause()));
    }

    /** Ends what a sign-in gave; fails as <code>forbidden</code> for every other credential. */
    Uni<Void> signOut(Credential credential, Audit.Entry entry) {
        return database.change(connection -> {
                    if (!tokens.revoke(
                            connection, credential.hub(), Tokens.Kind.SIGN_IN, credential.id(), credential.subject())) {
                        throw new ProblemException(
                                ProblemType.FORBIDDEN, "Only what a sign-in gave is ended by signing out.");
                    }
                    audit.record(connection, entry);
                    return credential.id();
                })
                .invoke(credentials::forget)
                .replaceWithVoid();
    }
}
