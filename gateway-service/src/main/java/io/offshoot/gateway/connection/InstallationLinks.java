package io.offshoot.gateway.connection;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Makes links with which an owner of an organisation can let the platform's GitHub App in. */
@Singleton
class InstallationLinks {

    private static final int STATE_BYTES = 32;
    private static final int SECONDS = 3600;

    /**
     * @param url for an owner of the organisation, to be opened in a browser
     * @param seconds how long it works, and it works once
     */
    @Schema(
            name = "InstallationLink",
            requiredProperties = {"url", "seconds"})
    record Link(URI url, int seconds) {}

    private final Orchestrator orchestrator;
    private final Audit audit;
    private final GatewayConfig.GitHubApp app;
    private final SecureRandom random = new SecureRandom();

    InstallationLinks(Orchestrator orchestrator, Audit audit, GatewayConfig config) {
        this.orchestrator = orchestrator;
        this.audit = audit;
        this.app = config.githubApp();
    }

    /** @param by the credential that asks */
    Uni<Link> make(String hub, String name, String organization, String by, Audit.Entry done) {
        var slug = app.slug()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_SUPPORTED, "This installation has no GitHub App. Enter a token."));
        var bytes = new byte[STATE_BYTES];
        random.nextBytes(bytes);
        var state = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return audit.record(done)
                .chain(() ->
                        orchestrator.askInstallation(hub, name, new InstallationLink(sha256(state), organization, by)))
                .map(nothing -> new Link(
                        URI.create("%s/apps/%s/installations/new?state=%s".formatted(app.site(), slug, state)),
                        SECONDS));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
