package io.offshoot.vercel;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.util.Map.entry;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;

/**
 * Stands in for Vercel and for a vault, on one port, and for the orchestrator, on another: what the executor tells that
 * by itself is no call to the provider.
 */
public final class VercelResource implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "vcp_planted-secret";

    public static final String VAULT_TOKEN = "hvs.planted-vault-token";

    /** The orchestrator. */
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Orchestrator {}

    private final WireMockServer server = local();
    private final WireMockServer orchestrator = local();

    private static WireMockServer local() {
        return new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    }

    @Override
    public Map<String, String> start() {
        server.start();
        orchestrator.start();
        return Map.ofEntries(
                entry("offshoot.vercel.url", server.baseUrl()),
                entry("offshoot.executor.call-timeout", "10s"),
                // Whatever one test is told to wait for, the next begins at once.
                entry("offshoot.lanes.longest-block", "0s"),
                entry("offshoot.vercel.connections.main.hub", "hub-a"),
                entry("offshoot.vercel.connections.main.team-id", "team_hub"),
                entry("offshoot.vercel.connections.main.token", TOKEN),
                entry("offshoot.vercel.connections.receiver.hub", "hub-a"),
                entry("offshoot.vercel.connections.receiver.team-id", "team_new"),
                entry("offshoot.vercel.connections.receiver.token", "vcp_planted-other-secret"),
                entry("offshoot.vercel.connections.foreign.hub", "hub-b"),
                entry("offshoot.vercel.connections.foreign.team-id", "team_foreign"),
                entry("offshoot.vercel.connections.foreign.token", "vcp_planted-foreign-secret"),
                entry("offshoot.vercel.site-url", server.baseUrl() + "/sites/{host}/"),
                entry("quarkus.vault.url", server.baseUrl()),
                entry("quarkus.vault.authentication.client-token", VAULT_TOKEN),
                entry("offshoot.orchestrator.url", orchestrator.baseUrl()),
                entry("offshoot.orchestrator.token", "service-token"));
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(
                server,
                field -> field.getType() == WireMockServer.class && !field.isAnnotationPresent(Orchestrator.class));
        injector.injectIntoFields(
                orchestrator, new TestInjector.AnnotatedAndMatchesType(Orchestrator.class, WireMockServer.class));
    }

    @Override
    public void stop() {
        server.stop();
        orchestrator.stop();
    }
}
