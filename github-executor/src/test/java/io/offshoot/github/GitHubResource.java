package io.offshoot.github;

import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.util.Map.entry;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Stands in for GitHub, and for the orchestrator, on one port. */
public final class GitHubResource implements QuarkusTestResourceLifecycleManager {

    public static final String TOKEN = "ghs_planted-secret";

    /** A connection that it closes for having been idle is one on which a call may be under way. */
    private static final long NEVER = 3_600_000;

    private final WireMockServer server =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort().jettyIdleTimeout(NEVER));

    @Override
    public Map<String, String> start() {
        server.start();
        // Told once, at the start, and not again among the calls that tests count.
        server.stubFor(post("/internal/connections").willReturn(noContent()));
        return Map.ofEntries(
                entry("offshoot.github.url", server.baseUrl()),
                entry("offshoot.executor.call-timeout", "10s"),
                // Whatever one test is told to wait for, the next begins at once.
                entry("offshoot.lanes.announce-every", "1h"),
                entry("offshoot.lanes.write-spacing", "0s"),
                entry("offshoot.lanes.longest-block", "0s"),
                entry("offshoot.lanes.windows.minute.writes", "100000"),
                entry("offshoot.lanes.windows.hour.writes", "100000"),
                entry("offshoot.github.connections.main.hub", "hub-a"),
                entry("offshoot.github.connections.main.organization", "hub-org"),
                entry("offshoot.github.connections.main.token", TOKEN),
                entry("offshoot.github.connections.app.hub", "hub-b"),
                entry("offshoot.github.connections.app.organization", "other-org"),
                entry("offshoot.github.connections.app.app.id", "Iv1.app"),
                entry("offshoot.github.connections.app.app.installation", "7"),
                entry(
                        "offshoot.github.connections.app.app.private-key",
                        AppKeys.generate().pkcs1()),
                entry("offshoot.orchestrator.url", server.baseUrl()),
                entry("offshoot.orchestrator.token", "service-token"));
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
