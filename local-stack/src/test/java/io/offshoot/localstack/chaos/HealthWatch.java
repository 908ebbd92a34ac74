package io.offshoot.localstack.chaos;

import io.offshoot.localstack.stack.LocalStack;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks every service twice a second whether it lives and whether it is ready, and remembers the answers. */
final class HealthWatch implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int NO_ANSWER = 0;

    private final LocalStack stack;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> notLive = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> ready = new ConcurrentHashMap<>();
    private final Map<String, Set<Integer>> readiness = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread;

    HealthWatch(LocalStack stack) {
        this.stack = stack;
        var services = stack.services();
        thread = Executors.newScheduledThreadPool(services.size(), work -> {
            var looking = new Thread(work, "health");
            looking.setDaemon(true);
            return looking;
        });
        services.forEach(service ->
                thread.scheduleWithFixedDelay(() -> look(service), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Every time a service did not say that it lives. */
    Collection<String> notLive() {
        return List.copyOf(notLive);
    }

    /** What it last said about being ready: an HTTP status, 0 for no answer. */
    int ready(String service) {
        return ready.getOrDefault(service, NO_ANSWER);
    }

    /** All that a service said about being ready since this was asked last. */
    Set<Integer> readinessOf(String service) {
        var said = readiness.remove(service);
        return said == null ? Set.of() : new TreeSet<>(said);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void look(String service) {
        try {
            var live = ask(service, "live");
            if (live != 200) {
                notLive.add("%s answered %d".formatted(service, live));
            }
            var said = ask(service, "ready");
            ready.put(service, said);
            readiness
                    .computeIfAbsent(service, first -> ConcurrentHashMap.newKeySet())
                    .add(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int ask(String service, String question) throws InterruptedException {
        var request = HttpRequest.newBuilder(stack.health(service).resolve(question))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return NO_ANSWER;
        }
    }
}
