package io.offshoot.simulator;

import java.util.function.Consumer;

/** Where a process runs, crashes, and is started again after a while. */
final class Machine {

    private final World world;
    private final String name;
    private final Fault crashes;
    private final Fault pauses;
    private final Consumer<Life> program;
    private Life life;
    private int lives;

    Machine(World world, String name, Fault crashes, Fault pauses, Consumer<Life> program) {
        this.world = world;
        this.name = name;
        this.crashes = crashes;
        this.pauses = pauses;
        this.program = program;
    }

    void start() {
        life = new Life(this, name + "#" + ++lives);
        program.accept(life);
        world.broker().membersChanged();
    }

    Life life() {
        return life;
    }

    boolean isUp() {
        return !life.isOver();
    }

    Fault crashes() {
        return crashes;
    }

    Fault pauses() {
        return pauses;
    }

    Dice dice() {
        return world.dice();
    }

    Clockwork clock() {
        return world.clock();
    }

    void trace(String what, Object... args) {
        world.trace(what, args);
    }

    void ended(Life ended) {
        world.clock().after(world.dice().millis(200, 20_000), () -> {
            world.trace("%s starts again", name);
            start();
        });
        world.broker().memberLost(ended);
    }

    void paused(Life paused) {
        world.broker().memberSilent(paused);
    }
}
