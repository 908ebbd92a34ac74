package io.offshoot.gateway.oidc;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.OtherTokens;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.hub.Members;
import io.quarkus.logging.Log;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.TenantIdentityProvider;
import io.quarkus.runtime.Startup;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Tokens of the OpenID Connect issuer that is configured: bearer tokens, which somebody else's sign-in gave. Who holds one
 * is <code>oidc:{issuer}#{sub}</code>, and may do what that member of a hub may; what the token itself says of roles is
 * nothing to us.
 */
@ApplicationScoped
@Startup
class IssuedTokens implements OtherTokens {

    /** As long as a caller waits for anything that is away. */
    private static final Duration PATIENCE = Duration.ofMillis(1_800);

    /** A token of another form is not worth a look, let alone a call to the issuer. */
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]{4,}\\.[A-Za-z0-9_-]{4,}");

    private static final int MOST = 8 * 1024;

    /** As long as its keys are not fetched again: quarkus.oidc.token.forced-jwk-refresh-interval. */
    private static final Duration NOT_ASKED_AGAIN = Duration.ofSeconds(10);

    /** OpenID Connect Core, section 2: no more than 255 ASCII characters. */
    private static final Pattern SUB = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final OidcConfig config;
    private final TenantIdentityProvider issuer;
    private final Database database;
    private final Members members;
    private final Clock clock;

    /** When it could not be asked last. */
    private volatile Instant away = Instant.MIN;

    /** @throws IllegalArgumentException if it is configured by half: a gateway does not start half open */
    IssuedTokens(OidcConfig config, TenantIdentityProvider issuer, Database database, Members members, Clock clock) {
        if (config.enabled() && (config.issuer().isEmpty() || config.audience().isEmpty())) {
            throw new IllegalArgumentException(
                    "offshoot.oidc.enabled needs offshoot.oidc.issuer and offshoot.oidc.audience");
        }
        this.config = config;
        this.issuer = issuer;
        this.database = database;
        this.members = members;
        this.clock = clock;
    }

    @Override
    public Uni<Optional<Credential>> of(String token, String hub) {
        if (!config.enabled() || token.length() > MOST || !JWT.matcher(token).matches()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return Uni.createFrom()
                .deferred(() -> issuer.authenticate(new AccessTokenCredential(token)))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .map(IssuedTokens::verified)
                .onFailure()
                .recoverWithUni(this::refused)
                .flatMap(verified -> verified.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : member(verified.get(), hub).map(Optional::of));
    }

    @Override
    public Uni<Boolean> isStillGood(Credential credential) {
        return database.ask(connection -> members.find(connection, credential.hub(), credential.subject()))
                .map(member ->
                        member.filter(now -> now.role() == credential.role()).isPresent())
                .onFailure()
                .recoverWithItem(true);
    }

    private static Optional<JsonWebToken> verified(SecurityIdentity identity) {
        return identity.getPrincipal() instanceof JsonWebToken token
                        && token.getSubject() != null
                        && SUB.matcher(token.getSubject()).matches()
                ? Optional.of(token)
                : Optional.empty();
    }

    /** A token that is wrong is nobody's. An issuer that cannot be asked says nothing about the token. */
    private Uni<Optional<JsonWebToken>> refused(Throwable failure) {
        var isAway = isAway(failure);
        if (isAway) {
            Log.warnf(
                    "The issuer of tokens cannot be asked: %s",
                    failure.getClass().getSimpleName());
            away = clock.instant();
        }
        if (isAway || hasAKeyThatIsNotKnown(failure) && clock.instant().isBefore(away.plus(NOT_ASKED_AGAIN))) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ProblemType.UNAVAILABLE, "The issuer of the token cannot be asked whether it is good."));
        }
        return Uni.createFrom().item(Optional.empty());
    }

    /** Its keys are not fetched for each such token, so it may have been another one that found it away. */
    private static boolean hasAKeyThatIsNotKnown(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvableKeyException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAway(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OIDCException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof java.util.concurrent.TimeoutException) {
                return true;
            }
        }
        return !(failure instanceof AuthenticationFailedException);
    }

    private Uni<Credential> member(JsonWebToken token, String hub) {
        var subject = MARK + token.getIssuer() + "#" + token.getSubject();
        var expires = Instant.ofEpochSecond(token.getExpirationTime());
        return database.ask(connection -> members.of(connection, subject))
                .map(all -> chosen(all, hub))
                .map(one -> new Credential(subject, one.name(), one.hub(), one.role(), null, subject, expires));
    }

    private static Members.Member chosen(List<Members.Member> all, String hub) {
        if (all.isEmpty()) {
            throw new ProblemException(ProblemType.FORBIDDEN, "You are a member of no hub yet. Ask an owner of yours.");
        }
        if (hub == null && all.size() > 1) {
            throw new ProblemException(ProblemType.HUB_NOT_NAMED, ProblemType.HUB_NOT_NAMED.cause());
        }
        return all.stream()
                .filter(member -> hub == null || member.hub().equals(hub))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemType.UNKNOWN_HUB, ProblemType.UNKNOWN_HUB.cause()));
    }
}
