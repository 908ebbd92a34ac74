package io.offshoot.localstack.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.localstack.StackException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;

/** The few calls of the API that show the demo, made as any client would. */
public final class DeploymentApi {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** An answer after which the same request may be sent again. */
    public static final class NotNow extends IOException {

        private static final long serialVersionUID = 1;

        private NotNow(HttpResponse<String> answer) {
            super("The gateway answered %d%s"
                    .formatted(
                            answer.statusCode(),
                            answer.headers().firstValue("Retry-After").isPresent() ? "" : " without Retry-After"));
        }
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final URI gateway;
    private final String token;

    /** @param gateway its address, ending in a slash */
    public DeploymentApi(URI gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /** Creates the deployment, or finds the one that was created with the same key. */
    public DeploymentView create(JsonNode body, String key) throws IOException, InterruptedException, StackException {
        return view(post("api/v1/deployments", BodyPublishers.ofString(body.toString()), key));
    }

    public DeploymentView deployment(UUID id) throws IOException, InterruptedException, StackException {
        return view(
                send(request("api/v1/deployments/" + id).timeout(PATIENCE).GET().build()));
    }

    /** Asks that the whole deployment be run; with the same key it is the same request. */
    public UUID run(UUID id, String key) throws IOException, InterruptedException, StackException {
        return ask(id, "run", key);
    }

    /** Asks to go on from what failed; with the same key it is the same request. */
    public UUID resume(UUID id, String key) throws IOException, InterruptedException, StackException {
        return ask(id, "resume", key);
    }

    /** What became of a request. */
    public RequestView outcome(UUID id, UUID request) throws IOException, InterruptedException, StackException {
        var answer = send(request("api/v1/deployments/%s?request=%s".formatted(id, request))
                .GET()
                .build());
        return Messages.json()
                .treeToValue(Messages.json().readTree(answer.body()).path("request"), RequestView.class);
    }

    private UUID ask(UUID id, String what, String key) throws IOException, InterruptedException, StackException {
        var answer = post("api/v1/deployments/" + id + "/" + what, BodyPublishers.noBody(), key);
        return UUID.fromString(
                Messages.json().readTree(answer.body()).path("requestId").asText());
    }

    /** The lines of the deployment's event stream, from after that seq. Ends when the gateway closes it. */
    public Stream<String> events(UUID id, long after) throws IOException, InterruptedException {
        var request = request("api/v1/deployments/" + id + "/events")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(after))
                .GET()
                .build();
        var answer = http.send(request, BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("The event stream answered " + answer.statusCode());
        }
        return answer.body();
    }

    private HttpResponse<String> post(String path, BodyPublisher body, String key)
            throws IOException, InterruptedException, StackException {
        var request = request(path)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(body);
        return send(request.build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException, StackException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        if (answer.statusCode() >= 500 || isRetryable(answer.body())) {
            throw new NotNow(answer);
        }
        throw new StackException("The gateway refuses %s %s with %d: %s"
                .formatted(request.method(), request.uri().getPath(), answer.statusCode(), problem(answer.body())));
    }

    /** Whether the problem says itself that the same request can succeed later. */
    private static boolean isRetryable(String body) throws IOException {
        try {
            return Messages.json().readTree(body).path("retryable").asBoolean();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static DeploymentView view(HttpResponse<String> answer) throws IOException {
        return Messages.json().readValue(answer.body(), DeploymentView.class);
    }

    private static String problem(String body) {
        try {
            var problem = Messages.json().readTree(body);
            var text = new StringBuilder(problem.path("title").asText(body));
            if (problem.hasNonNull("detail")) {
                text.append(": ").append(problem.get("detail").asText());
            }
            for (var error : problem.path("errors")) {
                text.append(" [")
                        .append(error.path("pointer").asText())
                        .append(' ')
                        .append(error.path("detail").asText())
                        .append(']');
            }
            return text.toString();
        } catch (JsonProcessingException e) {
            return body;
        }
    }
}
