package io.offshoot.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Everything there is in one history. */
final class World {

    private static final long TICK_MS = 200;

    private final Clockwork clock = new Clockwork();
    private final Dice dice;
    private final Flaw flaw;
    private final List<String> trace;
    private final Broker broker = new Broker(this);
    private final Database database = new Database(this);
    private final Provider provider = new Provider(this);
    private final List<Machine> machines = new ArrayList<>();
    private final Orchestrator[] orchestrators = new Orchestrator[2];
    private long ids;
    private long wakeAt = Long.MAX_VALUE;
    private int lateWrites;

    /**
     * @param flaw the rule broken on purpose; null for none
     * @param trace takes what happens, in order; null if nobody reads it
     */
    World(long seed, Flaw flaw, List<String> trace) {
        this.dice = new Dice(seed);
        this.flaw = flaw;
        this.trace = trace;
        for (int i = 0; i < orchestrators.length; i++) {
            var place = i;
            machines.add(new Machine(
                    this,
                    "orchestrator-" + (i + 1),
                    Fault.ORCHESTRATOR_CRASHES,
                    Fault.ORCHESTRATOR_PAUSES,
                    life -> orchestrators[place] = new Orchestrator(this, life)));
        }
        for (int i = 0; i < 2; i++) {
            machines.add(new Machine(
                    this,
                    "executor-" + (i + 1),
                    Fault.EXECUTOR_CRASHES,
                    Fault.EXECUTOR_PAUSES,
                    life -> new ExecutorProcess(this, life)));
        }
        machines.forEach(Machine::start);
    }

    Clockwork clock() {
        return clock;
    }

    Dice dice() {
        return dice;
    }

    Flaw flaw() {
        return flaw;
    }

    Broker broker() {
        return broker;
    }

    Database database() {
        return database;
    }

    Provider provider() {
        return provider;
    }

    List<Machine> machines() {
        return machines;
    }

    UUID newId() {
        return new UUID(0x0190f1e000017000L, 0x8000000000000000L + ++ids);
    }

    /** Whichever the load balancer names; it may be gone. */
    Orchestrator anOrchestrator() {
        return orchestrators[dice.upTo(orchestrators.length)];
    }

    void lateWrite() {
        lateWrites++;
    }

    int lateWrites() {
        return lateWrites;
    }

    /** Ticks that would find nothing are left out: the next is when the first row is due, or little later. */
    void rowsChanged() {
        var due = database.nextDue();
        if (due == Long.MAX_VALUE) {
            return;
        }
        var tick = dice.millis(0, (int) TICK_MS);
        var next = due > clock.nanos() ? due + tick : clock.nanos() + TICK_MS * 1_000_000;
        if (next < wakeAt) {
            wake(next);
        }
    }

    private void wake(long at) {
        var when = Math.max(at, clock.nanos() + 1_000_000);
        wakeAt = when;
        clock.at(when, () -> {
            if (wakeAt != when) {
                return;
            }
            wakeAt = Long.MAX_VALUE;
            var orchestrator = anOrchestrator();
            if (orchestrator.isServing() && database.nextDue() <= clock.nanos()) {
                orchestrator.life().after(0, orchestrator::tick);
                // Should it crash before it is through.
                clock.after(TICK_MS * 1_000_000, this::rowsChanged);
            } else if (database.nextDue() != Long.MAX_VALUE) {
                wake(Math.max(database.nextDue(), clock.nanos() + TICK_MS * 1_000_000));
            }
        });
    }

    /** Sends what is still in the outbox. */
    void sweep(List<Database.Outgoing> queued) {
        if (queued.stream().noneMatch(message -> database.outbox().containsKey(message.id()))) {
            return;
        }
        var orchestrator = anOrchestrator();
        if (orchestrator.isServing()) {
            orchestrator.life().after(0, () -> {
                for (Database.Outgoing message : queued) {
                    if (database.outbox().containsKey(message.id())) {
                        orchestrator.send(message);
                    }
                }
            });
        }
        clock.after(1_000_000_000L, () -> sweep(queued));
    }

    void trace(String what, Object... args) {
        if (trace != null) {
            trace.add("%10.3f  %s".formatted(clock.nanos() / 1e9, what.formatted(args)));
        }
    }
}
