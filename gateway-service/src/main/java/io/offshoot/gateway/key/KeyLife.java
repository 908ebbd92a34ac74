package io.offshoot.gateway.key;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.challenge.Attempt;
import io.offshoot.gateway.challenge.Challenge;
import io.offshoot.gateway.challenge.Challenges;
import io.offshoot.gateway.challenge.Purpose;
import io.offshoot.gateway.challenge.Signatures;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.credential.Tokens;
import io.offshoot.gateway.database.Database;
import io.offshoot.proof.key.VerifyingKey;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * How keys come to a hub, follow one another, and go. A repeat changes nothing: what is registered, rotated or revoked
 * already is answered as it stands.
 */
@Singleton
class KeyLife {

    private static final Set<Purpose> PURPOSES = Set.of(Purpose.REGISTER_KEY, Purpose.ROTATE_KEY);

    /**
     * The answer to a challenge.
     *
     * @param signature the new key's, in base64
     * @param predecessorSignature that of the key it follows; null if it follows none
     */
    record Answer(String nonce, VerifyingKey key, String name, String signature, String predecessorSignature) {}

    private record Revoked(HubKey key, List<String> tokens) {}

    private final Database database;
    private final HubKeys keys;
    private final KeyMembers members;
    private final Challenges challenges;
    private final Tokens tokens;
    private final Credentials credentials;
    private final Audit audit;

    KeyLife(
            Database database,
            HubKeys keys,
            KeyMembers members,
            Challenges challenges,
            Tokens tokens,
            Credentials credentials,
            Audit audit) {
        this.database = database;
        this.keys = keys;
        this.members = members;
        this.challenges = challenges;
        this.tokens = tokens;
        this.credentials = credentials;
        this.audit = audit;
    }

    /** Asks for the proof that somebody has a new key. @param predecessor the id of the key it is to follow, or null */
    Uni<Challenge> ask(String hub, VerifyingKey key, String predecessor) {
        return database.change(connection -> {
            mustBeThere(connection, hub);
            if (predecessor != null && keys.find(connection, hub, predecessor).isEmpty()) {
                throw unknown();
            }
            return challenges.ask(
                    connection,
                    predecessor == null ? Purpose.REGISTER_KEY : Purpose.ROTATE_KEY,
                    hub,
                    HubKey.subject(key.id()),
                    predecessor);
        });
    }

    /**
     * Takes a key in whose holder has answered the challenge, and retires the one it follows.
     *
     * @param entry what the audit says of it
     */
    Uni<HubKey> add(String hub, Answer answer, Audit.Entry entry) {
        return database.change(connection -> {
                    mustBeThere(connection, hub);
                    var attempt = tryToAdd(connection, hub, answer, entry);
                    audit.record(connection, attempt.refusal() == null ? entry : entry.refused());
                    return attempt;
                })
                .map(Attempt::orThrow);
    }

    private Attempt<HubKey> tryToAdd(Connection connection, String hub, Answer answer, Audit.Entry entry)
            throws SQLException {
        var challenge = challenges
                .take(connection, answer.nonce(), PURPOSES)
                .filter(asked -> asked.hub().equals(hub))
                .filter(asked ->
                        asked.subject().equals(HubKey.subject(answer.key().id())));
        if (challenge.isEmpty() || !Signatures.isBy(answer.key(), answer.signature(), challenge.get())) {
            return Attempt.refused(notProved());
        }
        return challenge.get().predecessor() == null
                ? register(connection, hub, answer, entry.credential())
                : rotate(connection, hub, answer, challenge.get(), entry.credential());
    }

    private Attempt<HubKey> register(Connection connection, String hub, Answer answer, String by) throws SQLException {
        if (answer.predecessorSignature() != null) {
            return Attempt.refused(notProved());
        }
        keys.add(connection, hub, answer.key(), answer.name(), null, by);
        return inUse(connection, hub, answer.key(), key -> members.addOwner(connection, key));
    }

    private Attempt<HubKey> rotate(Connection connection, String hub, Answer answer, Challenge challenge, String by)
            throws SQLException {
        var predecessor = keys.hold(connection, hub, challenge.predecessor());
        if (predecessor.isEmpty()
                || predecessor.get().key().equals(answer.key())
                || !Signatures.isBy(predecessor.get().key(), answer.predecessorSignature(), challenge)) {
            return Attempt.refused(notProved());
        }
        var old = predecessor.get();
        var known = keys.find(connection, hub, answer.key().id());
        if (known.isPresent() && old.kid().equals(known.get().predecessor())) {
            return known.get().isValid() ? Attempt.accepted(known.get()) : Attempt.refused(notInUse());
        }
        if (known.isPresent() || !old.isValid()) {
            return Attempt.refused(notInUse());
        }
        keys.add(connection, hub, answer.key(), answer.name(), old.kid(), by);
        return inUse(connection, hub, answer.key(), key -> {
            members.addAfter(connection, key, old);
            members.remove(connection, old);
            keys.retire(connection, hub, old.kid());
        });
    }

    private interface Then {
        void with(HubKey key) throws SQLException;
    }

    private Attempt<HubKey> inUse(Connection connection, String hub, VerifyingKey key, Then then) throws SQLException {
        var added = keys.hold(connection, hub, key.id()).orElseThrow();
        if (!added.isValid()) {
            return Attempt.refused(notInUse());
        }
        then.with(added);
        return Attempt.accepted(added);
    }

    /** Revokes a key, and with it what its holder got by signing in. */
    Uni<HubKey> revoke(String hub, String kid, Audit.Entry entry) {
        return database.change(connection -> {
                    var key = keys.hold(connection, hub, kid).orElseThrow(KeyLife::unknown);
                    if (key.revokedAt() != null) {
                        return new Revoked(key, List.of());
                    }
                    keys.revoke(connection, hub, kid);
                    members.remove(connection, key);
                    var ended = tokens.revokeAllOf(connection, hub, key.subject(), entry.credential());
                    audit.record(connection, entry);
                    return new Revoked(keys.hold(connection, hub, kid).orElseThrow(KeyLife::unknown), ended);
                })
                .invoke(revoked -> revoked.tokens().forEach(credentials::forget))
                .map(Revoked::key);
    }

    private void mustBeThere(Connection connection, String hub) throws SQLException {
        if (!members.thereIs(connection, hub)) {
            throw new ProblemException(ProblemType.UNKNOWN_HUB, ProblemType.UNKNOWN_HUB.cause());
        }
    }

    static ProblemException unknown() {
        return new ProblemException(ProblemType.UNKNOWN_KEY, ProblemType.UNKNOWN_KEY.cause());
    }

    private static ProblemException notProved() {
        return new ProblemException(ProblemType.PROOF_REFUSED, ProblemType.PROOF_REFUSED.cause());
    }

    private static ProblemException notInUse() {
        return new ProblemException(ProblemType.KEY_NOT_IN_USE, ProblemType.KEY_NOT_IN_USE.cause());
    }
}
