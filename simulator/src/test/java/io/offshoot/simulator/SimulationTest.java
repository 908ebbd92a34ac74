package io.offshoot.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promises in many histories. <code>-Dhistories=</code> says how many, <code>-Dfrom=</code> from which seed,
 * <code>-Dseconds=</code> when to stop in any case; <code>-Dseed=</code> replays one and prints what happened.
 */
class SimulationTest {

    private static final Logger ROOT = Logger.getLogger("");
    private static final long HISTORIES = Long.getLong("histories", 100_000);
    private static final long FIRST = Long.getLong("from", 1);
    private static final long SECONDS = Long.getLong("seconds", 60);
    private static final Long ONLY = Long.getLong("seed");
    private static final int ENOUGH_TO_FIND_A_FLAW = 20_000;

    /** A seed whose history breaks a promise. */
    private record Failure(long seed, Throwable violation) {}

    @BeforeAll
    static void executorsSayNothing() {
        ROOT.setLevel(Level.OFF);
    }

    @Test
    void noHistoryBreaksAPromise() throws InterruptedException {
        if (ONLY != null) {
            replay(ONLY);
            return;
        }
        var began = System.nanoTime();

        var totals = new Totals();
        var failure = failure(null, FIRST, FIRST + HISTORIES, totals);

        totals.print((System.nanoTime() - began) / 1e9);
        if (failure != null) {
            replay(failure.seed());
        }
    }

    @Test
    void aSeedIsAlwaysTheSameHistory() {
        for (long seed = 1; seed <= 20; seed++) {
            var first = new ArrayList<String>();
            History.of(seed, null, first);
            var second = new ArrayList<String>();

            History.of(seed, null, second);

            assertThat(second).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource(Flaw.class)
    void aBrokenRuleIsNoticed(Flaw flaw) throws InterruptedException {
        var failure = failure(flaw, 1, ENOUGH_TO_FIND_A_FLAW, new Totals());

        assertThat(failure).as("a history that notices " + flaw).isNotNull();
        System.out.printf(
                "%s is noticed by seed %d: %s%n",
                flaw, failure.seed(), failure.violation().getMessage());
    }

    /** Two threads, each with one history at a time. @return the failure with the lowest seed found; null if none */
    private static Failure failure(Flaw flaw, long from, long to, Totals totals) throws InterruptedException {
        var next = new AtomicLong(from);
        var found = new AtomicReference<Failure>();
        var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        Runnable work = () -> {
            for (long seed = next.getAndIncrement(); seed < to && found.get() == null; seed = next.getAndIncrement()) {
                if (System.nanoTime() - until > 0) {
                    break;
                }
                try {
                    totals.add(History.of(seed, flaw, null));
                } catch (Throwable violation) {
                    var failure = new Failure(seed, violation);
                    found.accumulateAndGet(failure, (a, b) -> a == null || b.seed() < a.seed() ? b : a);
                }
            }
            totals.addWork(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
        };
        var threads = List.of(new Thread(work, "histories-1"), new Thread(work, "histories-2"));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return found.get();
    }

    private static void replay(long seed) {
        var trace = new ArrayList<String>();
        try {
            History.of(seed, null, trace);
            trace.forEach(System.out::println);
        } catch (Throwable violation) {
            trace.forEach(System.out::println);
            violation.printStackTrace(System.out);
            fail("The history of seed %d breaks a promise; -Dseed=%d replays it: %s"
                    .formatted(seed, seed, violation.getMessage()));
        }
    }

    private static final class Totals {

        private final long[] struck = new long[Fault.values().length];
        private long histories;
        private long happened;
        private long lapses;
        private long handedBack;
        private long lateWrites;
        private long removals;
        private long resumed;
        private long work;

        private synchronized void add(History.Summary summary) {
            histories++;
            happened += summary.happened();
            lapses += summary.lapses();
            handedBack += summary.handedBack();
            lateWrites += summary.lateWrites();
            removals += summary.removals();
            resumed += summary.resumed();
            for (int i = 0; i < struck.length; i++) {
                struck[i] += summary.struck()[i];
            }
        }

        private synchronized void addWork(long nanos) {
            work += nanos;
        }

        /** A machine that others use too gives less than its processors could: so the work of the processors is told. */
        private void print(double seconds) {
            System.out.printf(
                    "%d histories in %.1f s, %.0f a second, %.0f a second of a processor; %.0f happenings each%n",
                    histories, seconds, histories / seconds, histories / (work / 1e9), happened / (double) histories);
            System.out.printf(
                    "leases lapsed %d, attempts handed back %d, writes after standing still %d, second effects removed %d, resumed at the end %d%n",
                    lapses, handedBack, lateWrites, removals, resumed);
            for (Fault fault : Fault.values()) {
                System.out.printf("%s %d%n", fault, struck[fault.ordinal()]);
            }
        }
    }
}
