package io.offshoot.localstack.chaos;

import io.offshoot.contracts.failpoint.Failpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What happens to the processes, and in which order. The seed alone determines it. It begins with each process killed
 * once, one halted at each failpoint, one held, one restarted and the database's sessions terminated, in some order, and
 * goes on at random.
 */
final class Plan {

    private final Random random;
    private final List<String> targets;
    private final List<Failpoint> points;
    private final String database;
    private final Duration lease;
    private final List<Blow> first = new ArrayList<>();

    /**
     * @param targets all processes that may be killed
     * @param points where processes are made to halt
     * @param database whose sessions are terminated
     */
    Plan(long seed, List<String> targets, List<Failpoint> points, String database, Duration lease) {
        this.random = new Random(seed);
        this.targets = List.copyOf(targets);
        this.points = List.copyOf(points);
        this.database = database;
        this.lease = lease;
        targets.forEach(target -> first.add(kill(target)));
        points.forEach(point -> first.add(halt(point)));
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
        if (drawn < 60 || drawn < 84 && points.isEmpty()) {
            return kill(one(targets));
        }
        if (drawn < 84) {
            return halt(points.get(random.nextInt(points.size())));
        }
        if (drawn < 91) {
            return freeze();
        }
        return drawn < 97 ? restart() : new Blow(Blow.Kind.SESSIONS, database, Duration.ZERO);
    }

    private Blow kill(String target) {
        return new Blow(Blow.Kind.KILL, target, Duration.ofMillis(random.nextInt(1_500)));
    }

    private Blow restart() {
        return new Blow(Blow.Kind.RESTART, one(targets), Duration.ofMillis(random.nextInt(500)));
    }

    private Blow freeze() {
        return new Blow(Blow.Kind.FREEZE, one(targets), lease.plusMillis(1_000 + random.nextInt(3_000)));
    }

    private Blow halt(Failpoint point) {
        return new Blow(Blow.Kind.HALT, one(processesOf(point, targets)), Duration.ZERO, point);
    }

    /** Those of these processes that come by the point. */
    static List<String> processesOf(Failpoint point, List<String> processes) {
        var service = point.name().substring(0, point.name().indexOf('_')).toLowerCase(Locale.ROOT);
        return processes.stream().filter(name -> name.contains(service)).toList();
    }

    private String one(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }
}
