package io.offshoot.localstack.chaos;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.stack.LocalStack;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Does to the processes what the plan says, and starts again what is down, as whatever supervises services would. A
 * blow for a process that is down already waits until it is back, and the next one goes before it; while two are down or
 * held none is dealt, and what falls behind is caught up with. An executor is hit while it is at work, if it is within a
 * few seconds.
 */
final class Disturber implements AutoCloseable {

    private static final Pattern REPLICA = Pattern.compile("-\\d+$");
    private static final int MOST_STARTS = 12;
    private static final Duration BETWEEN_STARTS = Duration.ofMillis(500);
    private static final Duration HOLD_PATIENCE = Duration.ofSeconds(3);
    private static final int AHEAD = 20;
    private static final int MOST_AT_ONCE = 2;
    private static final Duration HALT_PATIENCE = Duration.ofSeconds(30);
    private static final Duration HALT_LOOK = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final LocalStack stack;
    private final Takeovers takeovers;
    private final Consumer<String> told;
    /** Those a blow is meant for: no other one is, meanwhile. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** Those of them that are down or held. */
    private final Set<String> away = ConcurrentHashMap.newKeySet();

    private final Map<Blow.Kind, AtomicInteger> counts = new EnumMap<>(Blow.Kind.class);
    private final Queue<Blow> again = new ConcurrentLinkedQueue<>();
    private final Queue<Failpoint> halted = new ConcurrentLinkedQueue<>();
    private final Set<String> struck = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, Samples> recoveries = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final List<Blow> waiting = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "disturber");
        thread.setDaemon(true);
        return thread;
    });

    /** @param told hears of each thing that is done, in a few words */
    Disturber(LocalStack stack, Takeovers takeovers, Consumer<String> told) {
        this.stack = stack;
        this.takeovers = takeovers;
        this.told = told;
        for (var kind : Blow.Kind.values()) {
            counts.put(kind, new AtomicInteger());
        }
    }

    /** Deals one blow after another, at that distance, for that time. */
    void run(Plan plan, Duration distance, Duration time) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        for (var next = System.nanoTime(); System.nanoTime() < end; ) {
            lookAfterAll();
            if (System.nanoTime() >= next && deal(plan)) {
                next += distance.toNanos();
            } else {
                pause(LOOK);
            }
        }
    }

    /** Returns when everything runs again. */
    void settle(Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!busy.isEmpty() && System.nanoTime() < deadline) {
            pause(LOOK);
        }
        if (!busy.isEmpty()) {
            surprises.add("not running again in time: " + String.join(", ", new TreeSet<>(busy)));
        }
        lookAfterAll();
    }

    /** Processes killed, or halted at a failpoint. */
    int kills() {
        return count(Blow.Kind.KILL) + halted.size();
    }

    /** Where processes have halted. */
    Collection<Failpoint> halted() {
        return List.copyOf(halted);
    }

    int count(Blow.Kind kind) {
        return counts.get(kind).get();
    }

    /** The processes that were killed or have halted. */
    Set<String> struck() {
        return new TreeSet<>(struck);
    }

    /** By component, whichever replica: from a process's start to its being ready. */
    Map<String, Samples> recoveries() {
        return new TreeMap<>(recoveries);
    }

    /** What nobody did: processes that ended by themselves, or could not be started again. */
    Collection<String> surprises() {
        return List.copyOf(surprises);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (var name : stack.names()) {
            try {
                stack.thaw(name);
            } catch (IOException | IllegalArgumentException e) {
                // It was never started.
            }
        }
    }

    /** @return whether one was dealt */
    private boolean deal(Plan plan) {
        for (var blow = again.poll(); blow != null; blow = again.poll()) {
            waiting.add(0, blow);
        }
        while (waiting.size() < AHEAD) {
            waiting.add(plan.next());
        }
        if (away.size() >= MOST_AT_ONCE) {
            // Else a slow machine would be down most of the time, and little would be hit.
            return false;
        }
        for (var blow : waiting) {
            if (isItsTime(blow) && busy.add(blow.target())) {
                waiting.remove(blow);
                counts.get(blow.kind()).incrementAndGet();
                told.accept(blow.toString());
                if (blow.kind() != Blow.Kind.HALT) {
                    away.add(blow.target());
                }
                threads.execute(() -> deal(blow));
                return true;
            }
        }
        return false;
    }

    /** Where the only replica that is left may be made to halt at once, its service would be away most of the time. */
    private boolean isItsTime(Blow blow) {
        return blow.kind() == Blow.Kind.KILL
                || away.stream().noneMatch(name -> component(name).equals(component(blow.target())));
    }

    private static String component(String process) {
        return REPLICA.matcher(process).replaceFirst("");
    }

    private void deal(Blow blow) {
        try {
            switch (blow.kind()) {
                case KILL -> {
                    var isExecutor = blow.target().contains("executor");
                    if (isExecutor) {
                        takeovers.awaitHold(blow.target(), HOLD_PATIENCE);
                    }
                    var since = System.nanoTime();
                    stack.kill9(blow.target());
                    struck.add(blow.target());
                    if (isExecutor) {
                        takeovers.killed(blow.target(), since);
                    }
                    pause(blow.lasting());
                    startAgain(blow.target());
                }
                case RESTART -> {
                    stack.stop(blow.target());
                    pause(blow.lasting());
                    startAgain(blow.target());
                }
                case FREEZE -> {
                    stack.freeze(blow.target());
                    pause(blow.lasting());
                    stack.thaw(blow.target());
                }
                case HALT -> halt(blow);
                case SESSIONS -> terminateSessions();
            }
        } catch (IOException | RuntimeException e) {
            surprises.add("%s: %s".formatted(blow, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            away.remove(blow.target());
            busy.remove(blow.target());
        }
    }

    private void halt(Blow blow) throws IOException, InterruptedException {
        var target = blow.target();
        stack.haltAt(target, blow.point());
        var deadline = System.nanoTime() + HALT_PATIENCE.toNanos();
        while (stack.isAlive(target) && System.nanoTime() < deadline) {
            pause(HALT_LOOK);
        }
        stack.haltNowhere(target);
        if (stack.isAlive(target)) {
            told.accept("%s did not come by %s; it comes again".formatted(target, blow.point()));
            again.add(blow);
            return;
        }
        away.add(target);
        if (stack.process(target).exitCode() == Failpoint.EXIT_CODE) {
            halted.add(blow.point());
            struck.add(target);
        } else {
            surprises.add("%s ended by itself".formatted(target));
        }
        if (target.contains("executor")) {
            takeovers.killed(target, System.nanoTime());
        }
        startAgain(target);
    }

    private void startAgain(String name) throws InterruptedException {
        var began = System.nanoTime();
        for (int start = 1; start <= MOST_STARTS; start++) {
            try {
                if (!stack.isAlive(name)) {
                    stack.start(name);
                }
                recoveries
                        .computeIfAbsent(component(name), first -> new Samples())
                        .add(Duration.ofNanos(System.nanoTime() - began));
                return;
            } catch (StackException | IOException | RuntimeException e) {
                // It may need something else that is down now.
                told.accept("%s could not start: %s".formatted(name, e.getMessage()));
                pause(BETWEEN_STARTS);
            }
        }
        surprises.add("%s could not be started again".formatted(name));
    }

    private void lookAfterAll() {
        for (var name : stack.names()) {
            try {
                if (!stack.isAlive(name) && busy.add(name)) {
                    if (stack.isAlive(name)) {
                        busy.remove(name);
                        continue;
                    }
                    surprises.add("%s ended by itself".formatted(name));
                    told.accept("%s ended by itself".formatted(name));
                    threads.execute(() -> {
                        try {
                            startAgain(name);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } finally {
                            busy.remove(name);
                        }
                    });
                }
            } catch (IOException e) {
                // Looked at again soon.
            }
        }
    }

    private void terminateSessions() {
        try (var connection = DriverManager.getConnection(stack.jdbc());
                var statement = connection.createStatement()) {
            statement.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'orchestrator'""");
        } catch (SQLException e) {
            told.accept("the sessions could not be terminated: " + e.getMessage());
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        var end = System.nanoTime() + time.toNanos();
        for (var left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
