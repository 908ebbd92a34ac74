package io.offshoot.simulator;

import java.util.function.BooleanSupplier;

/**
 * One run of a process, from its start to its crash. All that the process does goes through here: after the crash
 * nothing of it happens any more, and during a pause it waits.
 */
final class Life {

    private final Machine machine;
    private final String name;
    private boolean over;
    private long pausedUntil;
    private int spared;
    private Runnable stop = () -> {};
    private boolean stopping;

    Life(Machine machine, String name) {
        this.machine = machine;
        this.name = name;
    }

    /** Unique in a history. */
    String name() {
        return name;
    }

    /** @param stop what the process does when it is told to stop; it then ends */
    void onStop(Runnable whenTold) {
        stop = whenTold;
    }

    void stop() {
        if (!over && !stopping) {
            stopping = true;
            machine.trace("%s is told to stop", name);
            run(stop);
        }
    }

    /** Ends a process that was told to stop, as soon as it is ready to. */
    void endWhen(BooleanSupplier ready) {
        if (ready.getAsBoolean()) {
            crash("having stopped");
        }
        after(20_000_000, () -> endWhen(ready));
    }

    boolean isOver() {
        return over;
    }

    boolean isPaused() {
        return pausedUntil > clock().nanos();
    }

    long pausedUntil() {
        return pausedUntil;
    }

    /** Runs a task of this process later, unless it has crashed by then. */
    void after(long nanos, Runnable task) {
        if (!over) {
            clock().after(nanos, () -> run(task));
        }
    }

    private void run(Runnable task) {
        if (over) {
            return;
        }
        if (isPaused()) {
            clock().at(pausedUntil, () -> run(task));
            return;
        }
        try {
            task.run();
        } catch (Crash crash) {
            // It ends there.
        }
    }

    /** Lets time pass in the midst of what the process does. */
    void pass(long nanos) {
        if (over) {
            throw new Crash();
        }
        clock().passUntil(clock().nanos() + nanos);
        while (!over && isPaused()) {
            clock().passUntil(pausedUntil);
        }
        if (over) {
            throw new Crash();
        }
    }

    /** A place where the process may crash or stand still. @return whether it stood still */
    boolean mayFail(String where) {
        if (over) {
            throw new Crash();
        }
        if (spared > 0) {
            return false;
        }
        if (machine.dice().strikes(machine.crashes())) {
            crash(where);
            throw new Crash();
        }
        if (machine.dice().strikes(machine.pauses())) {
            pause(machine.dice().millis(100, 60_000), where);
            pass(0);
            return true;
        }
        return false;
    }

    void crash(String where) {
        if (over || spared > 0) {
            return;
        }
        machine.trace("%s crashes %s", name, where);
        over = true;
        machine.ended(this);
    }

    void pause(long nanos, String where) {
        if (over || spared > 0) {
            return;
        }
        machine.trace("%s stands still for %d ms %s", name, nanos / 1_000_000, where);
        pausedUntil = Math.max(pausedUntil, clock().nanos() + nanos);
        machine.paused(this);
    }

    /** Until given back, this process neither crashes nor stands still. */
    void spare(boolean yes) {
        spared += yes ? 1 : -1;
    }

    private Clockwork clock() {
        return machine.clock();
    }
}
