package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixty apps with the limits that GitHub publishes, all times scaled: what the plan foretold is what happens, and nobody
 * calls while the provider has asked for a pause.
 */
@Tag("chaos")
class SixtyAppsIT {

    private static final int APPS = 60;
    private static final double SCALE = 0.02;
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @TempDir
    private Path data;

    @Test
    void sixtyAppsStayWithinGitHubsLimitsAndThePlanForetoldTheirCalls() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(SCALE)
                .withReplicas(Map.of("github-executor", 2));
        try (var stack = new LocalStack(options, new Terminal(System.out, false))) {
            stack.start();
            stack.sandbox().post("/settings/published-limits", Messages.json().createObjectNode());
            var client = new Client(stack);
            var id = client.create(sixty()).id();
            var plan = client.survey(id, "plan", "{}");
            var before = calls(stack).size();
            var began = System.nanoTime();

            client.ask(id, "run", "{\"plan\": \"%s\"}".formatted(plan.hash()), 202);

            Client.patience().atMost(PATIENCE).until(() -> client.deployment(id), SixtyAppsIT::hasEnded);
            var seconds = (System.nanoTime() - began) / 1e9;
            var made = calls(stack);
            made = made.subList(before, made.size());
            tell(plan, made, seconds);
            assertThat(client.deployment(id).status()).isEqualTo(PublicStatus.DONE);
            assertThat(plan.complete()).isTrue();
            assertThat(made).noneMatch(call -> call.at("/limited/again").asBoolean());
        }
    }

    private static boolean hasEnded(DeploymentView deployment) {
        return deployment.status() == PublicStatus.DONE || deployment.status() == PublicStatus.ERROR;
    }

    private static void tell(SurveyView plan, List<JsonNode> made, double seconds) {
        for (SurveyView.Cost cost : plan.costs()) {
            var calls = made.stream()
                    .filter(call -> call.path("provider").asText().equals(cost.provider()))
                    .toList();
            var writes = calls.stream()
                    .filter(call -> !call.path("method").asText().equals("GET"))
                    .toList();
            var first = Instant.parse(writes.get(0).path("at").asText());
            var last = Instant.parse(writes.get(writes.size() - 1).path("at").asText());
            System.out.printf(
                    "%s: foretold %d reads, %d writes, at least %.1f s (scaled); made %d reads, %d writes in %.1f s;"
                            + " %d refused by a limit. %s%n",
                    cost.provider(),
                    cost.reads(),
                    cost.writes(),
                    (double) cost.seconds(),
                    calls.size() - writes.size(),
                    writes.size(),
                    Duration.between(first, last).toMillis() / 1e3,
                    calls.stream().filter(call -> call.hasNonNull("limited")).count(),
                    cost.message());
        }
        System.out.printf("%d apps done in %.1f s at time scale %s%n", APPS, seconds, SCALE);
    }

    private static ObjectNode sixty() throws Exception {
        var body = Client.example("sixty");
        var apps = body.withArray("apps");
        var app = (ObjectNode) apps.get(0);
        apps.removeAll();
        for (int i = 1; i <= APPS; i++) {
            apps.add(app.deepCopy().put("appId", "app-" + i));
        }
        return body;
    }

    private static List<JsonNode> calls(LocalStack stack) throws Exception {
        return StreamSupport.stream(stack.sandbox().journal().spliterator(), false)
                .toList();
    }
}
