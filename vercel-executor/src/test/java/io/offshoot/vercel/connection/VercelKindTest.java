package io.offshoot.vercel.connection;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.claim.Verdict.State;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Teams that hubs have entered. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class VercelKindTest {

    private static final Opener KEYS = Opener.generate("vercel");

    @Inject
    VercelConfig config;

    @Inject
    ExecutorConfig executor;

    @Inject
    Time time;

    @Inject
    Paces paces;

    WireMockServer server;
    private VercelConnections connections;

    @BeforeEach
    void connect() {
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 404)));
        connections = new VercelConnections(config, executor, time, paces, Keyset.of(KEYS));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "200, -,      200, MEMBER, READY,    -",
                "401, -,      200, MEMBER, REFUSED,  bad-credential",
                "200, UNPAID, 200, MEMBER, REFUSED,  missing-rights",
                "200, -,      404, MEMBER, REFUSED,  wrong-account",
                "200, -,      403, MEMBER, REFUSED,  wrong-account",
                "200, -,      200, VIEWER, REFUSED,  missing-rights",
                "502, -,      200, MEMBER, CHECKING, unreachable",
            })
    void aTeamIsOfUseOrItIsSaidWhyNot(int user, String block, int team, String role, State state, String code) {
        var blocked = block == null ? "null" : "{\"reason\":\"%s\"}".formatted(block);
        server.stubFor(get("/v2/user")
                .willReturn(jsonResponse(
                        "{\"user\":{\"username\":\"somebody\",\"softBlock\":%s}}".formatted(blocked), user)));
        server.stubFor(get("/v2/teams/team_entered")
                .willReturn(jsonResponse(
                        "{\"id\":\"team_entered\",\"membership\":{\"role\":\"%s\"}}".formatted(role), team)));

        var verdict = look();

        assertThat(verdict.state()).isEqualTo(state);
        assertThat(verdict.code()).isEqualTo(code);
        assertThat(verdict.toString()).doesNotContain("planted");
        assertThat(server.getAllServeEvents())
                .allMatch(call -> call.getRequest().getMethod().getName().equals("GET"));
        server.verify(getRequestedFor(urlPathEqualTo("/v2/user"))
                .withHeader("Authorization", equalTo("Bearer vcp_planted-entered")));
    }

    @Test
    void anInstallationIsNothingAtVercel() {
        connections
                .entered()
                .orElseThrow()
                .learn(List.of(new EnteredConnection("hub-a", "app", "team_entered", 1, null, 7L, null, false, false)));

        assertThat(connections.entered().orElseThrow().due().stream().map(Supplier::get))
                .extracting(Verdict::code)
                .containsExactly("not-installed");
        assertThat(server.getAllServeEvents()).isEmpty();
    }

    private Verdict look() {
        var sealed = KEYS.recipient()
                .seal(
                        Secret.of("vcp_planted-entered"),
                        new SecretContext("hub-a", EnteredConnection.SCOPE, "vercel/entered", 1));
        connections
                .entered()
                .orElseThrow()
                .learn(List.of(new EnteredConnection(
                        "hub-a", "entered", "team_entered", 1, sealed, null, null, false, false)));
        return connections.entered().orElseThrow().due().get(0).get();
    }
}
