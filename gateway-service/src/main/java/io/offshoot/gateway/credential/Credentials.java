package io.offshoot.gateway.credential;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.offshoot.gateway.database.Database;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds whose token it is: a configured credential, or one we gave out. Of the latter the database is asked, once in a
 * few seconds for each: so long it may take until another gateway's revocation is seen here. Proxied, for the door is
 * built before there is any configuration.
 */
@ApplicationScoped
@Startup
public class Credentials {

    /** What a configured credential's id begins with. No id that we make has a colon. */
    public static final String CONFIGURED = "config:";

    private static final Pattern HUB = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Duration REMEMBERED = Duration.ofSeconds(2);
    private static final int MOST_REMEMBERED = 20_000;

    private record Configured(Credential credential, byte[] hash) {}

    private final List<Configured> configured;
    private final Database database;
    private final Tokens tokens;
    private final OtherTokens others;
    private final Clock clock;
    private final AsyncCache<String, Optional<Tokens.Known>> known;

    /** @throws IllegalArgumentException if a credential is configured wrongly: a gateway does not start half open */
    Credentials(CredentialsConfig config, Database database, Tokens tokens, OtherTokens others, Clock clock) {
        this.database = database;
        this.tokens = tokens;
        this.others = others;
        this.clock = clock;
        known = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(REMEMBERED)
                .buildAsync();
        var all = new ArrayList<Configured>();
        config.byName().forEach((name, entry) -> {
            if (!HUB.matcher(entry.hub()).matches()) {
                throw new IllegalArgumentException("The hub of the credential %s is not a hub's id".formatted(name));
            }
            if (!SHA_256.matcher(entry.tokenSha256()).matches()) {
                throw new IllegalArgumentException("token-sha256 of %s is not 64 hexadecimal digits".formatted(name));
            }
            all.add(new Configured(
                    new Credential(CONFIGURED + name, name, entry.hub(), entry.role(), null, null, null),
                    HexFormat.of().parseHex(entry.tokenSha256())));
        });
        configured = List.copyOf(all);
    }

    /** The hubs of the configured credentials, each with a credential of it. */
    public Map<String, Credential> configuredHubs() {
        return configured.stream()
                .map(Configured::credential)
                .collect(Collectors.toMap(Credential::hub, Function.identity(), (one, other) -> one));
    }

    /** What a token turned out to be. */
    enum Verdict {
        GOOD,
        /** Nothing that we know. */
        UNKNOWN,
        /** Names a token that there is, and is another. */
        WRONG,
        /** Was good, and is revoked or expired. */
        ENDED
    }

    /**
     * @param credential null unless it is good
     * @param id of the token that it names; null if it names none
     */
    record Finding(Verdict verdict, Credential credential, String id) {}

    private static final Finding UNKNOWN = new Finding(Verdict.UNKNOWN, null, null);

    /** Whose token it is. Fails as <code>unavailable</code> if only the database can know it and is away. */
    Uni<Finding> of(String token, byte[] hash) {
        var found = configured(hash);
        if (found.isPresent()) {
            return Uni.createFrom().item(new Finding(Verdict.GOOD, found.get(), null));
        }
        return Token.parse(token)
                .map(parsed -> find(parsed.id())
                        .map(row -> row.map(kept -> judge(kept, hash)).orElse(UNKNOWN)))
                .orElseGet(() -> Uni.createFrom().item(UNKNOWN));
    }

    private Finding judge(Tokens.Known kept, byte[] hash) {
        var id = kept.credential().id();
        if (!MessageDigest.isEqual(kept.hash(), hash)) {
            return new Finding(Verdict.WRONG, null, id);
        }
        return holds(kept) ? new Finding(Verdict.GOOD, kept.credential(), id) : new Finding(Verdict.ENDED, null, id);
    }

    /** Whether a credential that was good still is. While that cannot be found out, it is. */
    public Uni<Boolean> isStillGood(Credential credential) {
        if (credential.id().startsWith(CONFIGURED)) {
            return Uni.createFrom().item(true);
        }
        if (credential.isExpired(clock.instant())) {
            return Uni.createFrom().item(false);
        }
        if (credential.id().startsWith(OtherTokens.MARK)) {
            return others.isStillGood(credential);
        }
        return find(credential.id())
                .map(row -> row.filter(this::holds).isPresent())
                .onFailure()
                .recoverWithItem(true);
    }

    /** Forgets what is remembered of a token, for it was changed. */
    public void forget(String id) {
        known.synchronous().invalidate(id);
    }

    private boolean holds(Tokens.Known kept) {
        return !kept.revoked() && !kept.credential().isExpired(clock.instant());
    }

    /** Callers that ask for the same at once wait for one answer; a failure is not remembered. */
    private Uni<Optional<Tokens.Known>> find(String id) {
        return Uni.createFrom().completionStage(() -> known.get(id, (key, executor) -> lookUp(key)));
    }

    private CompletableFuture<Optional<Tokens.Known>> lookUp(String id) {
        return database.ask(connection -> tokens.find(connection, id)).subscribeAsCompletionStage();
    }

    /** Takes the same time whichever credential it is, and if it is none. */
    private Optional<Credential> configured(byte[] hash) {
        Credential found = null;
        for (Configured entry : configured) {
            if (MessageDigest.isEqual(entry.hash(), hash)) {
                found = entry.credential();
            }
        }
        return Optional.ofNullable(found);
    }
}
