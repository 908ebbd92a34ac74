package io.offshoot.gateway.oidc;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.OtherTokens;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;

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

    /** OpenID Connect Core, section 2: no more than 255 ASCII characters. */
    private static final Pattern SUB = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final OidcConfig config;
    private final TenantIdentityProvider issuer;
    private final Memberships memberships;

    /** @throws IllegalArgumentException if it is configured by half: a gateway does not start half open */
    IssuedTokens(OidcConfig config, TenantIdentityProvider issuer, Memberships memberships) {
        if (config.enabled() && (config.issuer().isEmpty() || config.audience().isEmpty())) {
            throw new IllegalArgumentException(
                    "offshoot.oidc.enabled needs offshoot.oidc.issuer and offshoot.oidc.audience");
        }
        this.config = config;
        this.issuer = issuer;
        this.memberships = memberships;
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
                .recoverWithUni(IssuedTokens::refused)
                .flatMap(verified -> verified.isEmpty()
                        ? Uni.createFrom().item(Optional.empty())
                        : member(verified.get(), hub).map(Optional::of));
    }

    @Override
    public Uni<Boolean> isStillGood(Credential credential) {
        return memberships
                .of(credential.subject())
                .map(all -> all.stream().anyMatch(member -> member.hub().equals(credential.hub())))
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
    private static Uni<Optional<JsonWebToken>> refused(Throwable failure) {
        if (isAway(failure)) {
            Log.warnf(
                    "The issuer of tokens cannot be asked: %s",
                    failure.getClass().getSimpleName());
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ProblemType.UNAVAILABLE, "The issuer of the token cannot be asked whether it is good."));
        }
        return Uni.createFrom().item(Optional.empty());
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
        return memberships
                .of(subject)
                .map(all -> chosen(all, hub))
                .map(one -> new Credential(subject, one.name(), one.hub(), one.role(), null, subject, expires));
    }

    private static Memberships.Membership chosen(List<Memberships.Membership> all, String hub) {
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
