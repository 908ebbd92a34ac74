package io.offshoot.vercel;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Stands in for Vercel, and for the orchestrator, on one port. */
public final class VercelResource implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "vcp_planted-secret";

    private final WireMockServer server =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

    @Override
    public Map<String, String> start() {
        server.start();
        return Map.of(
                "offshoot.vercel.url", server.baseUrl(),
                "offshoot.executor.call-timeout", "2s",
                // Whatever one test is told to wait for, the next begins at once.
                "offshoot.lanes.longest-block", "0s",
                "offshoot.vercel.connections.main.hub", "hub-a",
                "offshoot.vercel.connections.main.team-id", "team_hub",
                "offshoot.vercel.connections.main.token", TOKEN,
                "offshoot.vercel.site-url", "http://127.0.0.1:9999/sites/{host}/",
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
