package io.offshoot.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Takes the figures of a system that has just started. One that runs fails, or a call that is refused, ends it: a figure
 * of something that did not happen is none.
 */
final class Measurement {

    private static final List<String> STEPS = List.of("one", "two", "three", "four");
    private static final String LAST = "four";
    private static final int RUNS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Gateway gateway;
    private final Processes processes;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Samples latency = new Samples();
    private final Samples gaps = new Samples();
    private final Samples polls = new Samples();
    private final Samples delays = new Samples();

    Measurement(Gateway gateway, Processes processes, Plan plan, Consumer<String> progress) {
        this.gateway = gateway;
        this.processes = processes;
        this.plan = plan;
        this.progress = progress;
    }

    /** One run, from beginning to end. */
    void first() throws IOException {
        runOnce(null, null);
    }

    Figures take(double coldStart) throws MeasurementException {
        warmUp();
        for (int run = 0; run < plan.single(); run++) {
            attempt(() -> runOnce(latency, gaps));
        }
        progress.accept("latency %s ms, gap %s ms".formatted(Figures.Spread.of(latency), Figures.Spread.of(gaps)));
        var before = processes.cpu();
        var burst = burst();
        progress.accept("burst %.0f runs/s".formatted(burst));
        var closed = closed(plan.closed());
        progress.accept("closed %.0f runs/s".formatted(closed));
        var cpu = cpuSince(before, plan.burst() + plan.closed());
        var pollsPerSecond = polls();
        progress.accept("polls %.0f/s, %s ms".formatted(pollsPerSecond, Figures.Spread.of(polls)));
        streams();
        progress.accept("streams %s ms".formatted(Figures.Spread.of(delays)));
        progress.accept("calls turned away and repeated: %d".formatted(gateway.turnedAway()));
        return new Figures(
                Figures.Spread.of(latency),
                Figures.rounded(burst),
                Figures.rounded(closed),
                Figures.rounded(burst * STEPS.size()),
                Figures.Spread.of(gaps),
                Figures.rounded(cpu),
                Figures.rounded(processes.peakMegabytes()),
                Figures.rounded(coldStart),
                Figures.rounded(pollsPerSecond),
                Figures.Spread.of(polls),
                plan.streams(),
                Figures.Spread.of(delays));
    }

    /** More and more at once: a cold system is soon too busy for 64. */
    private void warmUp() throws MeasurementException {
        var quarter = plan.warmUp() / 4;
        for (int clients : new int[] {1, 8, plan.clients(), plan.clients()}) {
            var began = System.nanoTime();
            inParallel(clients, quarter, () -> runOnce(null, null));
            progress.accept("warm-up with %d in flight: %.0f runs/s".formatted(clients, quarter / seconds(began)));
        }
    }

    /** Accepted, then seen to be done, on a stream that was opened before. */
    private Void runOnce(Samples took, Samples between) throws IOException {
        var deployment = gateway.create();
        try (var events = gateway.events(deployment)) {
            gateway.run(deployment);
            var accepted = System.nanoTime();
            var ended = 0L;
            while (true) {
                var event = events.next().path("data");
                if (!isSucceeded(event)) {
                    continue;
                }
                var seen = System.nanoTime();
                var outputs = event.path("outputs");
                if (between != null && ended != 0) {
                    between.add(outputs.path("begun").asLong() - ended);
                }
                ended = outputs.path("ended").asLong();
                if (event.path("stepId").asText().equals(LAST)) {
                    if (took != null) {
                        took.add(seen - accepted);
                    }
                    return null;
                }
            }
        }
    }

    /** All at once, until the last is done. @return runs a second */
    private double burst() throws MeasurementException {
        var done = new CountDownLatch(plan.burst());
        var over = new AtomicBoolean();
        var watch = Executors.newSingleThreadExecutor();
        try (var events = attempt(() -> gateway.events(null))) {
            var watched = watch.submit(() -> {
                Set<String> ended = new HashSet<>();
                while (!over.get() && done.getCount() > 0) {
                    var event = events.next().path("data");
                    if (isSucceeded(event)
                            && event.path("stepId").asText().equals(LAST)
                            && ended.add(event.path("deploymentId").asText())) {
                        done.countDown();
                    }
                }
                return null;
            });
            var began = System.nanoTime();
            inParallel(plan.clients(), plan.burst(), () -> {
                gateway.run(gateway.create());
                return null;
            });
            watched.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return plan.burst() / seconds(began);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw failed(e);
        } finally {
            over.set(true);
            watch.shutdownNow();
        }
    }

    /** Each client begins its next run when it has seen the end of the one before. @return runs a second */
    private double closed(int runs) throws MeasurementException {
        var began = System.nanoTime();
        inParallel(plan.clients(), runs, () -> runOnce(null, null));
        return runs / seconds(began);
    }

    /** As many polls as there come answers, while runs go on. @return polls a second */
    private double polls() throws MeasurementException {
        var recent = ConcurrentHashMap.<String>newKeySet();
        var known = new ArrayList<String>();
        for (int run = 0; run < RUNS_PER_SECOND; run++) {
            known.add(attempt(gateway::create));
        }
        var over = new AtomicBoolean();
        var threads = Executors.newCachedThreadPool();
        try {
            var began = System.nanoTime();
            var end = began + TimeUnit.SECONDS.toNanos(plan.seconds());
            var runs = threads.submit(() -> paced(plan.seconds() * RUNS_PER_SECOND, run -> {
                var deployment = run < known.size() ? known.get(run) : gateway.create();
                recent.add(deployment);
                gateway.run(deployment);
                return deployment;
            }));
            inParallel(
                    plan.clients(),
                    Integer.MAX_VALUE,
                    () -> {
                        if (System.nanoTime() >= end) {
                            over.set(true);
                            return null;
                        }
                        var chance = ThreadLocalRandom.current();
                        var called = System.nanoTime();
                        gateway.poll(known.get(chance.nextInt(known.size())), STEPS.get(chance.nextInt(STEPS.size())));
                        polls.add(System.nanoTime() - called);
                        return null;
                    },
                    over);
            var took = seconds(began);
            for (String deployment : runs.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                attempt(() -> awaitDone(deployment));
            }
            return polls.count() / took;
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw failed(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Each client follows a deployment of its own, while these are run one after another. */
    private void streams() throws MeasurementException {
        var deployments = new ArrayList<String>();
        var made = ConcurrentHashMap.<String>newKeySet();
        inParallel(plan.clients(), plan.streams(), () -> made.add(gateway.create()));
        deployments.addAll(made);
        var open = new CountDownLatch(deployments.size());
        var threads = Executors.newCachedThreadPool();
        try {
            var followed = new ArrayList<Future<Void>>();
            for (String deployment : deployments) {
                followed.add(threads.submit(() -> follow(deployment, open)));
            }
            while (!open.await(100, TimeUnit.MILLISECONDS)) {
                for (var one : followed) {
                    if (one.isDone()) {
                        one.get();
                    }
                }
            }
            paced(deployments.size(), run -> {
                gateway.run(deployments.get(run));
                return null;
            });
            for (var one : followed) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException | TimeoutException | IOException e) {
            throw failed(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Void follow(String deployment, CountDownLatch open) throws IOException {
        try (var events = gateway.events(deployment)) {
            open.countDown();
            while (true) {
                var message = events.next();
                var now = Instant.now();
                // The transaction's own time: from a little before its commit.
                delays.add(Duration.between(Instant.parse(message.path("time").asText()), now)
                        .toNanos());
                var event = message.path("data");
                if (isSucceeded(event) && event.path("stepId").asText().equals(LAST)) {
                    return null;
                }
            }
        }
    }

    private Void awaitDone(String deployment) throws IOException {
        try (var events = gateway.events(deployment)) {
            while (true) {
                var event = events.next().path("data");
                if (isSucceeded(event) && event.path("stepId").asText().equals(LAST)) {
                    return null;
                }
            }
        }
    }

    /** @throws IOException if the step will not succeed */
    private static boolean isSucceeded(JsonNode event) throws IOException {
        if (event.path("status").asText().equals("error")) {
            throw new IOException("A run failed: %s".formatted(event.path("error")));
        }
        return event.path("state").asText().equals("SUCCEEDED");
    }

    private interface Paced<T> {
        T run(int number) throws IOException;
    }

    /** So many a second, each at its time whether or not the one before has been accepted. */
    private <T> List<T> paced(int runs, Paced<T> work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            var begun = new ArrayList<Future<T>>();
            var began = System.nanoTime();
            for (int run = 0; run < runs; run++) {
                var at = began + run * TimeUnit.SECONDS.toNanos(1) / RUNS_PER_SECOND;
                for (var left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                var number = run;
                begun.add(threads.submit(() -> work.run(number)));
            }
            var results = new ArrayList<T>();
            for (var one : begun) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void inParallel(int clients, int times, Callable<?> work) throws MeasurementException {
        inParallel(clients, times, work, new AtomicBoolean());
    }

    private static void inParallel(int clients, int times, Callable<?> work, AtomicBoolean over)
            throws MeasurementException {
        var threads = Executors.newFixedThreadPool(clients);
        var next = new AtomicInteger();
        try {
            var running = new ArrayList<Future<Void>>();
            for (int client = 0; client < clients; client++) {
                running.add(threads.submit(() -> {
                    while (!over.get() && next.getAndIncrement() < times) {
                        work.call();
                    }
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            over.set(true);
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw failed(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> T attempt(Callable<T> work) throws MeasurementException {
        try {
            return work.call();
        } catch (Exception e) {
            throw failed(e);
        }
    }

    private static MeasurementException failed(Throwable cause) {
        if (cause instanceof MeasurementException known) {
            return known;
        }
        var said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new MeasurementException("The measurement failed: " + said.replaceAll("\\s+", " "), cause);
    }

    private double cpuSince(Map<String, Double> before, int runs) {
        var sum = 0.0;
        var each = new ArrayList<String>();
        for (var now : processes.cpu().entrySet()) {
            var used = now.getValue() - before.getOrDefault(now.getKey(), 0.0);
            sum += used;
            each.add("%s %.2f".formatted(now.getKey(), used * 1000 / runs));
        }
        progress.accept("CPU seconds of 1000 runs: " + String.join(", ", each));
        return sum * 1000 / runs;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
