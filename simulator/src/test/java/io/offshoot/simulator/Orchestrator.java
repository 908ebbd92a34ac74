package io.offshoot.simulator;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One orchestrator process: what stands between the topics and the database. Mirrors <code>Intake</code>,
 * <code>Deployments.inOneTransaction</code>, <code>Relay</code> and <code>Timers</code>.
 */
final class Orchestrator {

    private static final long SWEPT_AFTER = 5_000_000_000L;

    private final World world;
    private final Life life;
    private final long servingSince;

    Orchestrator(World world, Life life) {
        this.world = world;
        this.life = life;
        this.servingSince = world.clock().nanos();
        world.broker().join(Topics.TRIGGERS, life, this::takeRequests);
        world.broker().join(Topics.results(SampleWorkflow.PROVIDER), life, this::takeResults);
        life.onStop(() -> {
            world.broker().leave(life);
            life.endWhen(() -> true);
        });
    }

    Life life() {
        return life;
    }

    boolean isServing() {
        return !life.isOver() && !life.isPaused();
    }

    private void takeRequests(List<Broker.Entry> batch, Runnable commit) {
        var messages = new ArrayList<CloudEvent<DeploymentRequest>>();
        for (Broker.Entry entry : batch) {
            @SuppressWarnings("unchecked") // Only requests are written there.
            var message = (CloudEvent<DeploymentRequest>) entry.data();
            messages.add(message);
        }
        take(batch, () -> world.database().takeRequests(messages), commit);
    }

    private void takeResults(List<Broker.Entry> batch, Runnable commit) {
        var messages = batch.stream().map(Broker.Entry::result).toList();
        take(batch, () -> world.database().takeResults(messages), commit);
    }

    private void take(List<Broker.Entry> batch, Supplier<List<Database.Outgoing>> work, Runnable commit) {
        inOneTransaction(() -> {
            batch.forEach(Broker.Entry::taken);
            return work.get();
        });
        life.mayFail("before the offset is committed");
        commit.run();
    }

    ClaimAnswer claim(ClaimRequest request) {
        life.mayFail("before a claim is committed");
        var answer = world.database().claim(request);
        world.rowsChanged();
        life.mayFail("after a claim is committed");
        return answer;
    }

    Heartbeat.Answer prolong(Heartbeat heartbeat) {
        life.mayFail("before a heartbeat is committed");
        return world.database().prolong(heartbeat);
    }

    void tick() {
        var leasesToo = world.clock().nanos() - Math.max(servingSince, life.pausedUntil()) > Database.LEASE.toNanos();
        inOneTransaction(() -> world.database().takeTimers(leasesToo));
    }

    private void inOneTransaction(Supplier<List<Database.Outgoing>> work) {
        life.mayFail("before the commit");
        var queued = work.get();
        world.rowsChanged();
        if (!queued.isEmpty() && world.flaw() != Flaw.OUTBOX_IS_NOT_SWEPT) {
            world.clock().after(SWEPT_AFTER + world.dice().millis(0, 1_000), () -> world.sweep(queued));
        }
        life.mayFail("after the commit, before the sending");
        queued.forEach(this::send);
    }

    /** Also what the sweeper does with one row. */
    void send(Database.Outgoing message) {
        if (world.dice().strikes(Fault.SEND_IS_LOST)) {
            world.trace("the send of %s to %s is lost", message.id(), message.topic());
            return;
        }
        var entry = new Broker.Entry(message.key(), message.data());
        world.broker().append(message.topic(), entry);
        life.mayFail("after a send, before its acknowledgement");
        if (!world.dice().strikes(Fault.SEND_IS_NOT_ACKNOWLEDGED)) {
            life.after(50_000_000, () -> world.database().sent(message.id()));
        }
    }
}
