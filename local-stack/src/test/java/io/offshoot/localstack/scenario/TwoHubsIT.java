package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two hubs on one system: each deploys into its own organisation and team, with its own tokens, and sees its own. */
class TwoHubsIT {

    private static final String FIRST = "example";
    private static final String SECOND = "second";
    private static final String SECOND_ORGANIZATION = "second-hub";
    private static final String SECOND_TEAM = "team_second";
    private static final Account ACCOUNT = Account.of(SECOND, SECOND, SECOND_ORGANIZATION, SECOND_TEAM);
    private static final String SECOND_OWNER = "off_" + UUID.randomUUID();

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static DeploymentApi first;
    private static DeploymentApi second;
    private static Providers providers;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String slug =
            "hubs-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(Map.of(
                        "gateway-service",
                        Map.of(
                                "offshoot.limits.head-within",
                                "2s",
                                "offshoot.credentials.second.hub",
                                SECOND,
                                "offshoot.credentials.second.role",
                                "OWNER",
                                "offshoot.credentials.second.token-sha256",
                                sha256(SECOND_OWNER)),
                        "github-executor",
                        ACCOUNT.gitHubSettings(),
                        "vercel-executor",
                        ACCOUNT.vercelSettings()));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        ACCOUNT.openAt(stack.sandbox());
        first = new DeploymentApi(stack.gateway(), stack.token());
        second = new DeploymentApi(stack.gateway(), SECOND_OWNER);
        providers = new Providers(stack.sandbox());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void whatIsForOperatorsAndDevelopersIsNotOnThePortThatAServiceIsCalledOn() throws Exception {
        for (var service : List.of("gateway-service", "orchestrator-service", "github-executor", "vercel-executor")) {
            for (var path :
                    List.of("q/health", "q/health/ready", "q/metrics", "q/dev", "q/dev-ui", "q/arc", "q/swagger-ui")) {
                assertThat(status(stack.address(service).resolve(path)))
                        .as(service + " " + path)
                        .isIn(401, 404);
            }
            assertThat(status(stack.health(service).resolve("live"))).isEqualTo(200);
        }
        assertThat(status(stack.gateway().resolve("/q/openapi"))).isEqualTo(200);
    }

    @Test
    void aHeadThatDoesNotComeIsNotWaitedForHoweverManyBytesOfItDo() throws Exception {
        try (var socket = new Socket(stack.gateway().getHost(), stack.gateway().getPort())) {
            socket.setSoTimeout(250);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nX-A: ".getBytes(StandardCharsets.US_ASCII));
            var closed = false;
            for (int i = 0; i < 80 && !closed; i++) {
                try {
                    closed = socket.getInputStream().read() < 0;
                } catch (SocketTimeoutException e) {
                    socket.getOutputStream().write('a');
                } catch (SocketException e) {
                    closed = true;
                }
            }

            assertThat(closed).isTrue();
        }
    }

    private int status(URI address) throws Exception {
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void eachHubDeploysIntoItsOwnOrganisationAndTeam() throws Exception {
        var ofFirst = create(first, FIRST, FIRST).id();
        var ofSecond = create(second, SECOND, SECOND).id();

        run(first, ofFirst);
        run(second, ofSecond);

        await(first, ofFirst, PublicStatus.DONE);
        await(second, ofSecond, PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug))
                .containsExactly(
                        "example-hub/" + slug + "-docs",
                        "example-hub/" + slug + "-handbook",
                        SECOND_ORGANIZATION + "/" + slug + "-docs",
                        SECOND_ORGANIZATION + "/" + slug + "-handbook");
        assertThat(resources(stack.token(), ofFirst))
                .extracting(ResourceView::account)
                .containsOnly("example-hub", "team_example");
        assertThat(resources(SECOND_OWNER, ofSecond))
                .extracting(ResourceView::account)
                .containsOnly(SECOND_ORGANIZATION, SECOND_TEAM);
    }

    @Test
    void theLedgerHasEveryThingThatWasMadeWithItsMarkAndForItsHubOnly() throws Exception {
        var deployment = create(second, SECOND, SECOND).id();
        run(second, deployment);
        await(second, deployment, PublicStatus.DONE);

        var resources = resources(SECOND_OWNER, deployment);

        assertThat(resources)
                .filteredOn(one -> one.appId().equals("docs"))
                .allMatch(one -> one.owned() && one.verb() == Effect.Verb.CREATED && one.settings() != null)
                .extracting(ResourceView::kind)
                .containsExactly("repository", "commit", "project", "environment", "deployment");
        assertThat(resources)
                .filteredOn(one ->
                        List.of("repository", "project", "deployment", "commit").contains(one.kind()))
                .allSatisfy(one ->
                        assertThat(one.mark()).contains(one.history().get(0).key()));
        assertThat(ledger(stack.token(), deployment).statusCode()).isEqualTo(404);
    }

    /** One is the other hub's, one is nobody's; a hub cannot tell which. */
    @ParameterizedTest
    @CsvSource({
        "example, second,  github",
        "nowhere, second,  github",
        "second,  example, vercel",
        "second,  nowhere, vercel",
    })
    void aDeploymentWithAConnectionThatIsNotTheHubsIsNotRegistered(String github, String vercel, String provider)
            throws Exception {
        var answer = http.send(
                HttpRequest.newBuilder(stack.gateway().resolve("api/v1/deployments"))
                        .header("Authorization", "Bearer " + SECOND_OWNER)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body(github, vercel).toString()))
                        .build(),
                BodyHandlers.ofString());

        var problem = Messages.json().readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(problem.path("code").asText()).isEqualTo("unknown-connection");
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/connections/" + provider);
        assertThat(stack.sandbox().journal().toString()).doesNotContain(slug);
    }

    private DeploymentView create(DeploymentApi hub, String github, String vercel) throws Exception {
        var body = body(github, vercel);
        var key = UUID.randomUUID().toString();
        return Client.patience().until(() -> hub.create(body, key), Objects::nonNull);
    }

    private ObjectNode body(String github, String vercel) throws IOException {
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", github).put("vercel", vercel);
        return body;
    }

    private static void run(DeploymentApi hub, UUID deployment) {
        var key = UUID.randomUUID().toString();
        Client.patience().until(() -> hub.run(deployment, key), Objects::nonNull);
    }

    private static DeploymentView await(DeploymentApi hub, UUID deployment, PublicStatus status) {
        return Client.patience().until(() -> hub.deployment(deployment), view -> view.status() == status);
    }

    private List<ResourceView> resources(String token, UUID deployment) throws IOException, InterruptedException {
        return List.of(Messages.json().readValue(ledger(token, deployment).body(), ResourceView[].class));
    }

    private HttpResponse<String> ledger(String token, UUID deployment) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        stack.gateway().resolve("api/v1/deployments/%s/resources".formatted(deployment)))
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
