package io.offshoot.localstack.chaos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.DeploymentApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients of the API that deploy docs sites one after another and give up on none: what is not confirmed is repeated
 * with the same key, and what ended in error is resumed.
 */
final class Load implements AutoCloseable {

    private static final int MOST_AT_ONCE = 30;
    private static final int MOST_RESUMES = 20;
    private static final Duration POLL = Duration.ofMillis(700);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A request that the gateway has answered with 202. */
    record Accepted(UUID deployment, UUID request) {}

    private final DeploymentApi api;
    private final ObjectNode example;
    private final String slug;
    private final Random random;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, Integer> repeats = new TreeMap<>();
    private final AtomicInteger resumes = new AtomicInteger();
    private final Queue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Map<UUID, DeploymentView> started = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Load::thread);
    private final ExecutorService clients = Executors.newCachedThreadPool(Load::thread);
    private volatile boolean closed;

    /** @param slug begins the names of everything that is deployed */
    Load(DeploymentApi api, ObjectNode example, String slug, long seed) {
        this.api = api;
        this.example = example;
        this.slug = slug;
        this.random = new Random(seed);
    }

    /** Begins one deployment after another, at that distance, as long as there is room. */
    void begin(Duration distance) {
        clock.scheduleAtFixedRate(this::add, 0, distance.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds one deployment, if there is room. */
    void add() {
        if (room.tryAcquire()) {
            var body = body(number.incrementAndGet());
            clients.execute(() -> {
                try {
                    deploy(body);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    room.release();
                }
            });
        }
    }

    /** Begins nothing more. */
    void end() {
        clock.shutdownNow();
    }

    /** Whether everything that was begun is done by then. */
    boolean awaitAll(Duration patience) throws InterruptedException {
        return room.tryAcquire(MOST_AT_ONCE, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    Collection<Accepted> accepted() {
        return List.copyOf(accepted);
    }

    /** How each deployment whose run was accepted was seen last. */
    Map<UUID, DeploymentView> deployments() {
        return Map.copyOf(started);
    }

    int repeats() {
        return unconfirmed().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Why requests were repeated, and how often. */
    Map<String, Integer> unconfirmed() {
        synchronized (repeats) {
            return new TreeMap<>(repeats);
        }
    }

    int resumes() {
        return resumes.get();
    }

    /** Why steps failed for good before they were resumed, and how often. */
    Map<String, Integer> failures() {
        synchronized (failures) {
            return new TreeMap<>(failures);
        }
    }

    /** What the API refused; nothing it was asked for should be. */
    Collection<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
        clients.shutdownNow();
    }

    private ObjectNode body(int deployment) {
        var body = example.deepCopy();
        ((ObjectNode) body.get("config")).put("slug", "%s-%d".formatted(slug, deployment));
        if (random.nextBoolean()) {
            ((ArrayNode) body.get("apps")).remove(1);
        }
        return body;
    }

    private void deploy(ObjectNode body) throws InterruptedException {
        var key = UUID.randomUUID().toString();
        var created = confirmed(() -> api.create(body, "create-" + key));
        if (created == null) {
            return;
        }
        var id = created.id();
        var run = confirmed(() -> api.run(id, "run-" + key));
        if (run == null) {
            return;
        }
        accepted.add(new Accepted(id, run));
        started.put(id, created);
        for (int resumed = 0; !closed; ) {
            var view = confirmed(() -> api.deployment(id));
            if (view == null) {
                return;
            }
            started.put(id, view);
            if (view.status() == PublicStatus.DONE) {
                return;
            }
            if (view.status() == PublicStatus.ERROR) {
                if (resumed == MOST_RESUMES) {
                    return;
                }
                resumed++;
                remember(view);
                resume(id, "resume-%d-%s".formatted(resumed, key));
            }
            pause(POLL);
        }
    }

    private void resume(UUID id, String key) throws InterruptedException {
        resumes.incrementAndGet();
        var request = confirmed(() -> api.resume(id, key));
        if (request != null) {
            accepted.add(new Accepted(id, request));
        }
    }

    private void remember(DeploymentView view) {
        synchronized (failures) {
            view.apps().stream()
                    .flatMap(app -> app.actions().stream())
                    .filter(action -> action.state().equals("FAILED"))
                    .map(action -> action.error())
                    .filter(Objects::nonNull)
                    .map((Failure failure) -> "%s %s".formatted(failure.kind(), failure.code()))
                    .forEach(failure -> failures.merge(failure, 1, Integer::sum));
        }
    }

    private interface Question<T> {
        T ask() throws IOException, InterruptedException, StackException;
    }

    /** @return null if it was refused, or we stop */
    private <T> T confirmed(Question<T> question) throws InterruptedException {
        while (!closed) {
            try {
                return question.ask();
            } catch (IOException e) {
                synchronized (repeats) {
                    repeats.merge(reason(e), 1, Integer::sum);
                }
                pause(PAUSE);
            } catch (StackException e) {
                refusals.add(e.getMessage());
                return null;
            }
        }
        return null;
    }

    private static String reason(IOException failure) {
        return failure instanceof DeploymentApi.NotNow notNow
                ? notNow.getMessage()
                : failure.getClass().getSimpleName();
    }

    private static void pause(Duration time) throws InterruptedException {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "load");
        thread.setDaemon(true);
        return thread;
    }
}
