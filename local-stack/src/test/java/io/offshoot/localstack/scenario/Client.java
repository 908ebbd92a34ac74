package io.offshoot.localstack.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.stack.LocalStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A client of the system, as the scenarios need it. */
final class Client {

    private final HttpClient http = HttpClient.newHttpClient();
    private final LocalStack stack;
    private final DeploymentApi api;

    Client(LocalStack stack) {
        this.stack = stack;
        this.api = new DeploymentApi(stack.gateway(), stack.token());
    }

    /** The example under a name of its own, so that scenarios do not meet at the providers. */
    static ObjectNode example(String slug) throws IOException {
        var body = (ObjectNode) Messages.json().readTree(Files.readString(Path.of("../examples/docs-site.json")));
        ((ObjectNode) body.get("config")).put("slug", slug);
        return body;
    }

    DeploymentView create(String slug) throws IOException {
        return create(example(slug));
    }

    /** As any client of the API does, it repeats what is not confirmed, with the same key. */
    DeploymentView create(ObjectNode body) {
        var key = UUID.randomUUID().toString();
        return patience().until(() -> api.create(body, key), Objects::nonNull);
    }

    /** As {@link #create(ObjectNode)}. */
    void run(UUID deployment) {
        var key = UUID.randomUUID().toString();
        patience().until(() -> api.run(deployment, key), Objects::nonNull);
    }

    /** As {@link #create(ObjectNode)}. */
    void resume(UUID deployment) {
        var key = UUID.randomUUID().toString();
        patience().until(() -> api.resume(deployment, key), Objects::nonNull);
    }

    DeploymentView deployment(UUID id) throws IOException, InterruptedException, StackException {
        return api.deployment(id);
    }

    DeploymentView awaitStatus(UUID id, PublicStatus status) {
        return patience().until(() -> deployment(id), view -> view.status() == status);
    }

    static ConditionFactory patience() {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class);
    }

    /** One call of the first system's endpoint. */
    JsonNode deploy(ObjectNode body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve("api/deploy"))
                .timeout(Duration.ofSeconds(15))
                .header("Authorization", "Bearer " + stack.token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("The gateway answered %d: %s".formatted(answer.statusCode(), answer.body()));
        }
        return Messages.json().readTree(answer.body());
    }

    /** A request without a body, whatever the answer. */
    HttpResponse<String> post(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path))
                .timeout(Duration.ofSeconds(15))
                .header("Authorization", "Bearer " + stack.token())
                .POST(BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** The same with an Idempotency-Key. */
    HttpResponse<String> post(String path, String key) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path))
                .timeout(Duration.ofSeconds(15))
                .header("Authorization", "Bearer " + stack.token())
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Asks for a plan or an observation, and waits until everything has been looked at. */
    SurveyView survey(UUID deployment, String what, String body) {
        var key = UUID.randomUUID().toString();
        var begun = patience()
                .until(() -> send("POST", path(deployment, what), body, key), answer -> answer.statusCode() == 202);
        var location = begun.headers().firstValue("Location").orElseThrow().substring(1);
        return patience()
                .until(
                        () -> Messages.json()
                                .readValue(
                                        send("GET", location + "?wait=20", null, key)
                                                .body(),
                                        SurveyView.class),
                        SurveyView::done);
    }

    /** Asks something of a deployment until it is answered with that status. @return the answer's body */
    String ask(UUID deployment, String what, String body, int status) {
        var key = UUID.randomUUID().toString();
        return patience()
                .until(() -> send("POST", path(deployment, what), body, key), answer -> answer.statusCode() == status)
                .body();
    }

    /** @param all also what is not owned any more, or never was */
    List<ResourceView> resources(UUID deployment, boolean all) throws IOException, InterruptedException {
        var answer = send("GET", path(deployment, "resources?all=" + all), null, null);
        return List.of(Messages.json().readValue(answer.body(), ResourceView[].class));
    }

    /** What a call without a credential is answered. */
    String open(String path) throws IOException, InterruptedException {
        return page(stack.gateway().resolve(path));
    }

    String receipt(UUID deployment) throws IOException, InterruptedException {
        var answer = send("GET", path(deployment, "receipt"), null, null);
        if (answer.statusCode() != 200) {
            throw new IOException("%d: %s".formatted(answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    /** The stream of events as it comes, up to that one. */
    String eventsUpTo(UUID deployment, long seq) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path(deployment, "events")))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + stack.token())
                .build();
        var stream = new StringBuilder();
        try (var lines = new BufferedReader(new InputStreamReader(
                http.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                stream.append(line).append('\n');
                if (line.startsWith("data:") && line.contains("\"seq\":%d,".formatted(seq))) {
                    return stream.toString();
                }
            }
        }
        throw new IOException("The stream ended before event %d".formatted(seq));
    }

    private static String path(UUID deployment, String what) {
        return "api/v1/deployments/%s/%s".formatted(deployment, what);
    }

    private HttpResponse<String> send(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + stack.token())
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Idempotency-Key", key).header("Content-Type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static ObjectNode call(String mode, String workflowId, String appId, String actionId) {
        return Messages.json()
                .createObjectNode()
                .put("mode", mode)
                .put("workflowId", workflowId)
                .put("appId", appId)
                .put("actionId", actionId);
    }

    String page(URI address) throws IOException, InterruptedException {
        var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError("%s answered %d".formatted(address, answer.statusCode()));
        }
        return answer.body();
    }

    static URI site(DeploymentView deployment, String app) {
        return URI.create(outputs(deployment, app, "domain").get("url").asText());
    }

    static JsonNode outputs(DeploymentView deployment, String app, String action) {
        return action(deployment, app, action).outputs();
    }

    static ActionView action(DeploymentView deployment, String app, String action) {
        return deployment.apps().stream()
                .filter(one -> one.appId().equals(app))
                .flatMap(one -> one.actions().stream())
                .filter(one -> one.actionId().equals(action))
                .findFirst()
                .orElseThrow();
    }

    static PublicStatus app(DeploymentView deployment, String app) {
        return deployment.apps().stream()
                .filter(one -> one.appId().equals(app))
                .findFirst()
                .orElseThrow()
                .status();
    }
}
