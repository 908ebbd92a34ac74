package io.offshoot.localstack.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.localstack.stack.LocalStack;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks again and again that one deployment be run, with a new key each time, and writes down every answer: what a
 * gateway says that cannot pass the request on. Nothing is repeated.
 */
final class Runs implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * One answer.
     *
     * @param status 0 for none
     */
    record Answered(int status, boolean saysWhen, Duration took) {}

    private final LocalStack stack;
    private final UUID deployment;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Load.Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "runs");
        thread.setDaemon(true);
        return thread;
    });

    Runs(LocalStack stack, UUID deployment) {
        this.stack = stack;
        this.deployment = deployment;
    }

    /** Asks at that distance, whether or not the earlier ones are answered. */
    void begin(Duration distance) {
        clock.scheduleAtFixedRate(this::ask, 0, distance.toNanos(), TimeUnit.NANOSECONDS);
    }

    Collection<Answered> answers() {
        return List.copyOf(answers);
    }

    Collection<Load.Accepted> accepted() {
        return List.copyOf(accepted);
    }

    /** How many answers of each status there were. */
    Map<Integer, Integer> statuses() {
        var statuses = new TreeMap<Integer, Integer>();
        answers.forEach(answer -> statuses.merge(answer.status(), 1, Integer::sum));
        return statuses;
    }

    /** Asks once, and waits for the answer. */
    Answered askNow() throws InterruptedException {
        var asked = System.nanoTime();
        try {
            return take(http.send(request(), BodyHandlers.ofString()), asked);
        } catch (IOException e) {
            return nothing(asked);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void ask() {
        var asked = System.nanoTime();
        http.sendAsync(request(), BodyHandlers.ofString())
                .thenAccept(answer -> take(answer, asked))
                .exceptionally(failure -> {
                    nothing(asked);
                    return null;
                });
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(stack.gateway().resolve("api/v1/deployments/%s/run".formatted(deployment)))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + stack.token())
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.noBody())
                .build();
    }

    private Answered take(HttpResponse<String> answer, long asked) {
        var taken = new Answered(
                answer.statusCode(), answer.headers().firstValue("Retry-After").isPresent(), since(asked));
        answers.add(taken);
        if (answer.statusCode() == 202) {
            accepted.add(new Load.Accepted(
                    deployment,
                    UUID.fromString(read(answer.body()).path("requestId").asText())));
        }
        return taken;
    }

    private Answered nothing(long asked) {
        var taken = new Answered(0, false, since(asked));
        answers.add(taken);
        return taken;
    }

    private static Duration since(long asked) {
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    private static JsonNode read(String body) {
        try {
            return Messages.json().readTree(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
