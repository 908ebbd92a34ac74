package io.offshoot.localstack.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What happens to the processes, and in which order. The seed alone determines it. It begins with each process killed
 * once, one held, one restarted and the database's sessions terminated, in some order, and goes on at random.
 */
final class Plan {

    private final Random random;
    private final List<String> targets;
    private final List<String> held;
    private final String database;
    private final Duration lease;
    private final List<Blow> first = new ArrayList<>();

    /**
     * @param targets all processes that may be killed
     * @param held those that may be held, too
     * @param database whose sessions are terminated
     */
    Plan(long seed, List<String> targets, List<String> held, String database, Duration lease) {
        this.random = new Random(seed);
        this.targets = List.copyOf(targets);
        this.held = List.copyOf(held);
        this.database = database;
        this.lease = lease;
        targets.forEach(target -> first.add(kill(target)));
        first.add(freeze());
        first.add(restart());
        first.add(new Blow(Blow.Kind.SESSIONS, database, Duration.ZERO));
        Collections.shuffle(first, random);
    }

    /** The next blow. It goes on for ever. */
    Blow next() {
        if (!first.isEmpty()) {
            return first.remove(0);
        }
        var drawn = random.nextInt(100);
        if (drawn < 72) {
            return kill(one(targets));
        }
        if (drawn < 84) {
            return freeze();
        }
        return drawn < 94 ? restart() : new Blow(Blow.Kind.SESSIONS, database, Duration.ZERO);
    }

    private Blow kill(String target) {
        return new Blow(Blow.Kind.KILL, target, Duration.ofMillis(random.nextInt(1_500)));
    }

    private Blow restart() {
        return new Blow(Blow.Kind.RESTART, one(targets), Duration.ofMillis(random.nextInt(500)));
    }

    private Blow freeze() {
        return new Blow(Blow.Kind.FREEZE, one(held), lease.plusMillis(1_000 + random.nextInt(3_000)));
    }

    private String one(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }
}
