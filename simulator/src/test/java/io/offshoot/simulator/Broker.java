package io.offshoot.simulator;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.UnreadableMessageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A broker as its clients see it: ordered within a partition, delivered at least once, to one member of a group at a
 * time; a member that crashes or stays silent loses its partitions, and what it had not committed comes again.
 */
final class Broker {

    private static final long SESSION = 10_000_000_000L;
    private static final int PARTITIONS = 2;

    /** A record. */
    static final class Entry {
        private final String key;
        private final Object data;
        private CloudEvent<StepResult> result;
        private boolean isTaken;

        /** @param data bytes where the reader takes bytes, else the message itself */
        Entry(String key, Object data) {
            this.key = key;
            this.data = data;
        }

        String key() {
            return key;
        }

        Object data() {
            return data;
        }

        /** Read once, however often it is delivered. */
        CloudEvent<StepResult> result() {
            if (result == null) {
                try {
                    result = Messages.read((byte[]) data, StepResult.class);
                } catch (UnreadableMessageException e) {
                    throw new AssertionError("An executor wrote what nobody can read", e);
                }
            }
            return result;
        }

        boolean isTaken() {
            return isTaken;
        }

        /** A committed transaction has dealt with it. */
        void taken() {
            isTaken = true;
        }
    }

    /** Takes a batch, and runs commit when it need not come again. */
    interface Consumer {
        void take(List<Entry> batch, Runnable commit);
    }

    private record Member(Life life, Consumer consumer) {}

    private static final class Topic {
        private final String name;
        private final List<Partition> partitions = new ArrayList<>();
        private final List<Member> members = new ArrayList<>();
        private boolean isConsumed;

        private Topic(String name) {
            this.name = name;
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new Partition(this));
            }
        }
    }

    private static final class Partition {
        private final Topic topic;
        private final List<Entry> log = new ArrayList<>();
        private Member owner;
        private int position;
        private int committed;
        private int epoch;
        private boolean isFetching;
        private boolean isInFlight;

        private Partition(Topic topic) {
            this.topic = topic;
        }
    }

    private final World world;
    private final Map<String, Topic> topics = new LinkedHashMap<>();

    Broker(World world) {
        this.world = world;
    }

    void append(String topic, Entry entry) {
        var partitions = topic(topic).partitions;
        var partition = partitions.get(Math.floorMod(entry.key().hashCode(), PARTITIONS));
        partition.log.add(entry);
        pump(partition);
    }

    void join(String topic, Life life, Consumer consumer) {
        topic(topic).members.add(new Member(life, consumer));
        topic(topic).isConsumed = true;
    }

    List<Entry> all(String topic) {
        var all = new ArrayList<Entry>();
        topic(topic).partitions.forEach(partition -> all.addAll(partition.log));
        return all;
    }

    /** How many records of consumed topics no group has committed. */
    int uncommitted() {
        return topics.values().stream()
                .filter(topic -> topic.isConsumed)
                .flatMap(topic -> topic.partitions.stream())
                .mapToInt(partition -> partition.log.size() - partition.committed)
                .sum();
    }

    void membersChanged() {
        for (Topic topic : topics.values()) {
            topic.partitions.forEach(this::pump);
        }
    }

    void memberLost(Life life) {
        world.clock().after(world.dice().millis(50, 10_000), () -> revoke(life));
    }

    void memberSilent(Life life) {
        world.clock().after(SESSION, () -> {
            if (life.isPaused()) {
                revoke(life);
            }
        });
    }

    /** It leaves its groups: what it had not committed goes to the others at once. */
    void leave(Life life) {
        for (Topic topic : topics.values()) {
            topic.members.removeIf(member -> member.life() == life);
        }
        revoke(life);
    }

    private void revoke(Life life) {
        for (Topic topic : topics.values()) {
            if (life.isOver()) {
                topic.members.removeIf(member -> member.life() == life);
            }
            for (Partition partition : topic.partitions) {
                if (partition.owner != null && partition.owner.life() == life) {
                    partition.owner = null;
                    partition.epoch++;
                    partition.isInFlight = false;
                    partition.position = partition.committed;
                    pump(partition);
                }
            }
        }
    }

    private void pump(Partition partition) {
        if (partition.topic.isConsumed
                && !partition.isFetching
                && !partition.isInFlight
                && partition.position < partition.log.size()) {
            partition.isFetching = true;
            var late = world.dice().oneIn(20)
                    ? world.dice().millis(100, 5_000)
                    : world.dice().millis(1, 20);
            world.clock().after(late, () -> fetch(partition));
        }
    }

    private void fetch(Partition partition) {
        partition.isFetching = false;
        if (partition.isInFlight || partition.position >= partition.log.size()) {
            return;
        }
        if (partition.owner == null) {
            var able = partition.topic.members.stream()
                    .filter(member -> !member.life().isOver() && !member.life().isPaused())
                    .toList();
            if (able.isEmpty()) {
                partition.isFetching = true;
                world.clock().after(1_000_000_000L, () -> fetch(partition));
                return;
            }
            partition.owner = able.get(world.dice().upTo(able.size()));
        }
        if (partition.position > 0 && world.dice().strikes(Fault.RECORDS_COME_AGAIN)) {
            partition.position =
                    Math.max(0, partition.position - 1 - world.dice().upTo(4));
        }
        var from = partition.position;
        var to = Math.min(partition.log.size(), from + 1 + world.dice().upTo(3));
        var batch = List.copyOf(partition.log.subList(from, to));
        var epoch = ++partition.epoch;
        var owner = partition.owner;
        partition.isInFlight = true;
        owner.life().after(1_000_000, () -> {
            world.trace("%s takes %s[%d..%d]", owner.life().name(), partition.topic.name, from, to - 1);
            owner.consumer().take(batch, () -> commit(partition, epoch, to));
        });
    }

    /** A commit of a member that has lost the partition meanwhile is refused. */
    private void commit(Partition partition, int epoch, int to) {
        if (partition.epoch == epoch) {
            partition.position = to;
            partition.committed = to;
            partition.isInFlight = false;
            pump(partition);
        }
    }

    private Topic topic(String name) {
        return topics.computeIfAbsent(name, Topic::new);
    }
}
