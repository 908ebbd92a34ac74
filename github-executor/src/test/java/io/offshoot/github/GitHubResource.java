package io.offshoot.github;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Stands in for GitHub, and for the orchestrator, on one port. */
public final class GitHubResource implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "ghs_planted-secret";

    private final WireMockServer server =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

    @Override
    public Map<String, String> start() {
        server.start();
        return Map.of(
                "offshoot.github.url", server.baseUrl(),
                "offshoot.executor.call-timeout", "2s",
                "offshoot.github.connections.main.hub", "hub-a",
                "offshoot.github.connections.main.organization", "hub-org",
                "offshoot.github.connections.main.token", TOKEN,
                "offshoot.orchestrator.url", server.baseUrl(),
                "offshoot.orchestrator.token", "service-token");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(server, new TestInjector.MatchesType(WireMockServer.class));
    }

    @Override
    public void stop() {
        server.stop();
    }
}
