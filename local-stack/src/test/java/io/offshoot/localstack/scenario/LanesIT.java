package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twelve apps of two hubs, where GitHub keeps to its limits: two executors together stay within them. */
class LanesIT {

    private static final double SCALE = 0.1;
    private static final Duration SPACING = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(3);
    private static final String SECOND = "second";
    private static final String SECOND_ORGANIZATION = "second-hub";
    private static final Account ACCOUNT = Account.of(SECOND, SECOND, SECOND_ORGANIZATION, "team_second");
    private static final String SECOND_OWNER = "off_" + UUID.randomUUID();

    @TempDir
    private static Path data;

    private static LocalStack stack;

    private final String slug =
            "lanes-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(SCALE)
                .withReplicas(Map.of("github-executor", 2))
                .withSettings(Map.of(
                        "gateway-service",
                        Map.of(
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
        // Closer writes of a token are answered as GitHub does, with its secondary rate limit.
        stack.sandbox()
                .put(
                        "/settings",
                        Messages.json()
                                .createObjectNode()
                                .put(
                                        "githubWriteSpacingMillis",
                                        SPACING.minusMillis(10).toMillis()));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void twelveAppsOfTwoHubsAreDoneWithinTheLimitsAndAPauseOfOneIsNotTheOthers() throws Exception {
        var first = new DeploymentApi(stack.gateway(), stack.token());
        var second = new DeploymentApi(stack.gateway(), SECOND_OWNER);
        var ofFirst = create(first, "example");
        var ofSecond = create(second, SECOND);
        throttleOnce("/repos/example-hub/");

        run(first, ofFirst);
        run(second, ofSecond);

        await(first, ofFirst);
        await(second, ofSecond);
        var calls = gitHubCalls();
        var throttled = calls.stream()
                .filter(call -> call.path("status").asInt() == 429)
                .findFirst()
                .orElseThrow();
        var pausedAt = Instant.parse(throttled.path("at").asText());
        assertThat(calls).noneMatch(call -> call.path("status").asInt() == 403);
        assertThat(calls)
                .filteredOn(call -> call.path("path").asText().contains("/example-hub/"))
                .filteredOn(call ->
                        call.path("number").asLong() > throttled.path("number").asLong())
                .noneMatch(call -> Instant.parse(call.path("at").asText()).isBefore(pausedAt.plus(PAUSE)));
        assertThat(calls)
                .filteredOn(call -> call.path("path").asText().contains("/" + SECOND_ORGANIZATION + "/"))
                .anyMatch(call -> {
                    var at = Instant.parse(call.path("at").asText());
                    return at.isAfter(pausedAt) && at.isBefore(pausedAt.plus(PAUSE));
                });
        assertThat(providers(SECOND_OWNER))
                .flatExtracting(ProviderView::connections)
                .extracting(ProviderView.Connection::name)
                .containsOnly(SECOND);
    }

    private void throttleOnce(String path) throws Exception {
        var fault = Messages.json().createObjectNode().put("times", 1);
        fault.putObject("match").put("provider", "github").put("path", path).put("nth", 5);
        fault.putObject("then")
                .put("status", 429)
                .putObject("headers")
                .put("Retry-After", Long.toString(PAUSE.toSeconds()));
        stack.sandbox().post("/faults", fault);
    }

    private static List<JsonNode> gitHubCalls() throws Exception {
        return StreamSupport.stream(stack.sandbox().journal().spliterator(), false)
                .filter(call -> call.path("provider").asText().equals("github"))
                .toList();
    }

    private UUID create(DeploymentApi hub, String connection) throws Exception {
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", connection).put("vercel", connection);
        var apps = (ArrayNode) body.get("apps");
        var example = (ObjectNode) apps.get(0);
        apps.removeAll();
        for (int i = 1; i <= 6; i++) {
            apps.add(example.deepCopy().put("appId", "app-" + i));
        }
        var key = UUID.randomUUID().toString();
        return Client.patience()
                .until(() -> hub.create(body, key), Objects::nonNull)
                .id();
    }

    private static void run(DeploymentApi hub, UUID deployment) {
        var key = UUID.randomUUID().toString();
        Client.patience().until(() -> hub.run(deployment, key), Objects::nonNull);
    }

    private static void await(DeploymentApi hub, UUID deployment) {
        Client.patience().until(() -> hub.deployment(deployment), view -> view.status() == PublicStatus.DONE);
    }

    private static List<ProviderView> providers(String token) throws Exception {
        var request = HttpRequest.newBuilder(stack.gateway().resolve("api/v1/providers"))
                .header("Authorization", "Bearer " + token)
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        return List.of(Messages.json().readValue(answer.body(), ProviderView[].class));
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
