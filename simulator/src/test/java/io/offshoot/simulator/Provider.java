package io.offshoot.simulator;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A provider with things whose names are unique, files that are overwritten, and builds that carry a mark. */
final class Provider {

    /** After so long a call is given up; what it was to do is done by then, or never. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /** Something in the account, in the order it was made. */
    static final class Thing {
        private final String id;
        private final String mark;
        private final long readyAt;
        private final boolean fails;
        private boolean isRemoved;

        private Thing(String id, String mark, long readyAt, boolean fails) {
            this.id = id;
            this.mark = mark;
            this.readyAt = readyAt;
            this.fails = fails;
        }

        String id() {
            return id;
        }

        String mark() {
            return mark;
        }

        boolean fails() {
            return fails;
        }
    }

    private final World world;
    private final Map<String, Thing> named = new HashMap<>();
    private final Map<String, Thing> files = new HashMap<>();
    private final List<Thing> builds = new ArrayList<>();
    private int ids;
    private int removals;

    Provider(World world) {
        this.world = world;
    }

    Optional<Thing> find(String name) {
        return Optional.ofNullable(named.get(name));
    }

    Thing create(String name, String mark) {
        if (named.containsKey(name)) {
            throw new ProviderException(FailureClass.REFUSED, "exists", "There is one of that name.");
        }
        var made = made("thing", mark, false);
        named.put(name, made);
        return made;
    }

    boolean isReady(String id) {
        return all().filter(thing -> thing.id.equals(id)).anyMatch(this::isReady);
    }

    boolean isReady(Thing thing) {
        return thing.readyAt <= world.clock().nanos();
    }

    Thing write(String id, String mark) {
        return files.computeIfAbsent(id, place -> made("files", mark, false));
    }

    /** Nothing keeps a second one of the same mark from being made. */
    Thing build(String mark) {
        var made = made("build", mark, world.dice().strikes(Fault.BUILD_FAILS));
        builds.add(made);
        return made;
    }

    List<Thing> builds(String mark) {
        return builds.stream()
                .filter(build -> !build.isRemoved && build.mark.equals(mark))
                .toList();
    }

    Optional<Thing> build(String mark, String id) {
        return builds(mark).stream().filter(build -> build.id.equals(id)).findFirst();
    }

    void remove(Thing build) {
        if (!build.isRemoved) {
            world.trace("provider: %s is removed", build.id);
            build.isRemoved = true;
            removals++;
        }
    }

    Optional<Thing> thing(String id) {
        return all().filter(thing -> thing.id.equals(id)).findFirst();
    }

    /** Takes a thing away; what is gone stays gone. */
    Thing takeBack(Thing thing) {
        world.trace("provider: %s is taken back", thing.id);
        thing.isRemoved = true;
        named.values().remove(thing);
        files.values().remove(thing);
        return thing;
    }

    /** How many second effects were found and removed. */
    int removals() {
        return removals;
    }

    /** What carries a mark now. */
    List<Thing> marked(String mark) {
        return all().filter(thing -> thing.mark.equals(mark)).toList();
    }

    private Stream<Thing> all() {
        return Stream.of(named.values(), files.values(), builds)
                .flatMap(Collection::stream)
                .filter(thing -> !thing.isRemoved);
    }

    private Thing made(String kind, String mark, boolean fails) {
        var id = kind + "-" + ++ids;
        world.trace("provider: %s is made", id);
        return new Thing(id, mark, world.clock().nanos() + world.dice().millis(10, 12_000), fails);
    }
}
