package io.offshoot.github.connection;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.github.AppKeys;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubConnectionsTest {

    @Inject
    GitHubConfig config;

    @Inject
    ExecutorConfig executor;

    @Inject
    Time time;

    @Inject
    Paces paces;

    WireMockServer server;
    private GitHubConnections connections;

    /** Those of the running executor may hold a token of another test. */
    @BeforeEach
    void connect() {
        connections = new GitHubConnections(config, executor, time, paces, Keyset.none());
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 404)));
    }

    @Test
    void eachHubWorksInItsOrganisationWithItsCredential() {
        server.stubFor(post("/app/installations/7/access_tokens")
                .willReturn(
                        jsonResponse("{\"token\":\"ghs_of-the-app\",\"expires_at\":\"2099-01-01T00:00:00Z\"}", 201)));

        connections.of(attempt("hub-a", "main")).repository("docs");
        connections.of(attempt("hub-b", "app")).repository("docs");

        server.verify(getRequestedFor(urlEqualTo("/repos/hub-org/docs"))
                .withHeader("Authorization", equalTo("Bearer " + GitHubResource.TOKEN)));
        server.verify(getRequestedFor(urlEqualTo("/repos/other-org/docs"))
                .withHeader("Authorization", equalTo("Bearer ghs_of-the-app")));
    }

    @ParameterizedTest
    @CsvSource({"hub-a, app", "hub-b, main", "hub-a, nobodys", "hub-a, "})
    void aConnectionThatIsNotTheHubsIsUnknownBeforeAnyCall(String hub, String connection) {
        assertThatThrownBy(() -> connections.of(attempt(hub, connection)))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
                    assertThat(e.code()).isEqualTo("unknown-connection");
                });
        assertThat(server.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                    | a token or a GitHub App",
                "token=planted,app.id=1,app.installation=7,app.private-key=planted     | a token or a GitHub App",
                "app.id=1,app.installation=7                                           | a private key or the file",
                "app.id=1,app.installation=7,app.private-key=planted                   | not the PEM",
                "app.id=1,app.installation=7,app.private-key-file=/planted/nowhere.pem | cannot be read",
            })
    void aConnectionThatCannotBeEndsTheStartAndNamesItself(String settings, String expected) {
        assertThatThrownBy(() -> connections(settings))
                .hasMessageContaining("broken")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("planted");
    }

    @Test
    void aKeyIsReadFromASettingOrAFile(@TempDir Path folder) throws Exception {
        var pem = AppKeys.generate().pkcs1();
        var file = Files.writeString(folder.resolve("app.pem"), pem);
        var app = "app.id=1,app.installation=7,";
        var oneLine = pem.replace("=", "").replace("\n", "\\n");

        assertThatCode(() -> connections(app + "app.private-key-file=" + file)).doesNotThrowAnyException();
        assertThatCode(() -> connections(app + "app.private-key=" + oneLine)).doesNotThrowAnyException();
    }

    @Test
    void aConnectionIsAnnouncedWithItsHubAccountAndLaneAndWithoutItsSecret() throws Exception {
        var announced = connections.announced();

        assertThat(announced)
                .extracting(known -> known.name() + " " + known.hub() + " " + known.account())
                .containsExactlyInAnyOrder("main hub-a hub-org", "app hub-b other-org");
        assertThat(announced).extracting(known -> known.lane().id()).contains("installation-7");
        assertThat(announced)
                .allSatisfy(known -> assertThat(known.lane().liveAtMost()).isEqualTo(1));
        assertThat(Messages.json().writeValueAsString(announced))
                .doesNotContain(GitHubResource.TOKEN)
                .doesNotContain("PRIVATE");
    }

    @Test
    void connectionsWithOneTokenHaveOneLaneAndOnlyTheirHubHasIt() {
        var one = connections("token=same");
        var other = connections("token=same");
        var third = connections("token=another");

        assertThat(lane(one)).isEqualTo(lane(other)).isNotEqualTo(lane(third));
        assertThat(one.pace("broken", "hub-a"))
                .containsSame(other.pace("broken", "hub-a").orElseThrow());
        assertThat(one.pace("broken", "hub-b")).isEmpty();
        assertThat(one.pace("nonesuch", "hub-a")).isEmpty();
        assertThat(one.pace(null, "hub-a")).isEmpty();
    }

    private static String lane(GitHubConnections connections) {
        return connections.announced().get(0).lane().id();
    }

    private GitHubConnections connections(String settings) {
        var properties = Arrays.stream(settings.split(","))
                .filter(setting -> !setting.isEmpty())
                .map(setting -> setting.split("="))
                .collect(Collectors.toMap(
                        setting -> "offshoot.github.connections.broken." + setting[0], setting -> setting[1]));
        properties.put("offshoot.github.connections.broken.hub", "hub-a");
        properties.put("offshoot.github.connections.broken.organization", "hub-org");
        var mapped = new SmallRyeConfigBuilder()
                .withMapping(GitHubConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(GitHubConfig.class);
        return new GitHubConnections(mapped, executor, time, paces, Keyset.none());
    }

    private static Attempt<GitHubActions.AwaitContents> attempt(String hub, String connection) {
        return Attempts.first()
                .over(connection)
                .forHub(
                        hub,
                        GitHubActions.AWAIT_CONTENTS,
                        new GitHubActions.AwaitContents("hub-org/docs", "main", "package.json"));
    }
}
