package io.offshoot.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.Topics;
import io.offshoot.orchestrator.decision.StepProgress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/**
 * One history, all of it from its seed: a deployment of two apps while things go wrong; then nothing goes wrong any
 * more, and when all is quiet the promises must hold. At last what has failed is resumed, and must succeed.
 */
final class History {

    private static final long SECOND = 1_000_000_000L;

    /** What happened, to be added up. */
    record Summary(int happened, int lapses, int handedBack, int lateWrites, int removals, int resumed, int[] struck) {}

    private final World world;
    private final List<UUID> requests = new ArrayList<>();
    private int resumed;

    private History(World world) {
        this.world = world;
    }

    /**
     * Lets a history happen.
     *
     * @throws Violation if a promise is broken
     */
    static Summary of(long seed, Flaw flaw, List<String> trace) {
        var world = new World(seed, flaw, trace);
        var history = new History(world);
        history.happen();
        var struck = new int[Fault.values().length];
        for (Fault fault : Fault.values()) {
            struck[fault.ordinal()] = world.dice().struck(fault);
        }
        return new Summary(
                world.clock().happened(),
                world.database().lapses(),
                world.database().handedBack(),
                world.lateWrites(),
                world.provider().removals(),
                history.resumed,
                struck);
    }

    private void happen() {
        var dice = world.dice();
        var calm = world.clock().nanos() + dice.millis(20_000, 120_000);
        if (dice.oneIn(3)) {
            SampleWorkflow.APPS.forEach(app -> coordinate(app, calm));
        } else {
            ask(Kind.RUN, null, null);
        }
        for (int extra = dice.upTo(3); extra > 0; extra--) {
            world.clock().after(dice.millis(100, 60_000), this::meddle);
        }
        for (int kills = dice.upTo(3); kills > 0; kills--) {
            var machine = world.machines().get(dice.upTo(4));
            world.clock().after(dice.millis(1, 60_000), () -> machine.life().crash("when it is killed"));
        }
        for (int stops = dice.upTo(3); stops > 0; stops--) {
            var machine = world.machines().get(dice.upTo(4));
            var length = dice.millis(1_000, 60_000);
            world.clock().after(dice.millis(1, 60_000), () -> machine.life().pause(length, "when it is stopped"));
        }
        for (int ends = dice.upTo(3); ends > 0; ends--) {
            var machine = world.machines().get(dice.upTo(4));
            world.clock().after(dice.millis(1, 60_000), () -> machine.life().stop());
        }
        world.clock().passUntil(calm);
        world.trace("from now on nothing goes wrong");
        dice.calm();
        world.clock().passUntilRest();
        world.trace("all is quiet");
        check();
        finish();
        if (dice.oneIn(3)) {
            takeDown(SampleWorkflow.APPS.get(0));
        }
    }

    /** What is asked for last succeeds: nothing is stuck for good. */
    private void finish() {
        for (int round = 0; round < 4 && !allSucceeded(); round++) {
            resumed++;
            var hasEnded = steps(StepState.FAILED) + steps(StepState.CANCELLED) > 0;
            ask(hasEnded ? Kind.RESUME : Kind.RUN, null, null);
            world.clock().passUntilRest();
            check();
        }
        Promise.EVERYTHING_ENDS.holds(allSucceeded(), "nothing goes wrong, and yet not all succeeds: %s", states());
    }

    /** While things go wrong again an app is taken down: nothing of it is left, and the other is as it was. */
    private void takeDown(String app) {
        var dice = world.dice();
        var before = world.database().steps();
        dice.uproar();
        askToTakeDown(app);
        if (dice.oneIn(3)) {
            world.clock().after(dice.millis(100, 30_000), () -> ask(Kind.CANCEL, null, null));
        }
        world.clock().passUntil(world.clock().nanos() + dice.millis(20_000, 60_000));
        dice.calm();
        world.clock().passUntilRest();
        for (int round = 0; round < 4 && !isIdle(app); round++) {
            resumed++;
            ask(Kind.RESUME, null, null);
            world.clock().passUntilRest();
        }
        check();
        Promise.EVERYTHING_ENDS.holds(
                isIdle(app), "nothing goes wrong, and yet %s is not taken down: %s", app, states());
        for (StepProgress made : before) {
            var action = SampleWorkflow.WORKFLOW.step(made.stepId()).action();
            var left = action.equals(SampleWorkflow.AWAIT)
                    ? List.<Provider.Thing>of()
                    : world.provider().marked(key(made, action.effectClass(), made.generation()));
            Promise.NOTHING_IS_LEFT.holds(
                    action.equals(SampleWorkflow.AWAIT)
                            || left.isEmpty() == made.appId().equals(app),
                    "%s/%s has left %s",
                    made.appId(),
                    made.stepId(),
                    left.stream().map(Provider.Thing::id).toList());
        }
    }

    private boolean isIdle(String app) {
        return world.database().steps().stream()
                .allMatch(step -> !step.appId().equals(app) || step.shown() == StepState.IDLE && !step.isUndoing());
    }

    private boolean allSucceeded() {
        return steps(StepState.SUCCEEDED) == world.database().steps().size();
    }

    private long steps(StepState state) {
        return world.database().steps().stream()
                .filter(step -> step.shown() == state)
                .count();
    }

    private List<String> states() {
        return world.database().steps().stream()
                .map(step -> "%s/%s %s".formatted(step.appId(), step.stepId(), step.shown()))
                .toList();
    }

    // The client.

    /** Any request at any time, fitting or not. */
    private void meddle() {
        var dice = world.dice();
        switch (dice.upTo(4)) {
            case 0 -> ask(Kind.RUN, null, null);
            case 2 -> ask(Kind.CANCEL, null, null);
            case 1 -> ask(Kind.RESUME, null, null);
            default -> {
                var steps = SampleWorkflow.WORKFLOW.steps();
                var app = SampleWorkflow.APPS.get(dice.upTo(SampleWorkflow.APPS.size()));
                ask(Kind.TRIGGER, app, steps.get(dice.upTo(steps.size())).id());
            }
        }
    }

    /** A client that triggers one action after the other, and looks every two seconds. */
    private void coordinate(String app, long until) {
        if (world.clock().nanos() >= until) {
            return;
        }
        SampleWorkflow.WORKFLOW.steps().stream()
                .filter(step -> world.database().shown(app, step.id()) != StepState.SUCCEEDED)
                .findFirst()
                .ifPresent(step -> {
                    var state = world.database().shown(app, step.id());
                    if (state == StepState.IDLE || state.isTerminal()) {
                        ask(Kind.TRIGGER, app, step.id());
                    }
                    world.clock().after(2 * SECOND, () -> coordinate(app, until));
                });
    }

    private void askToTakeDown(String app) {
        send(new DeploymentRequest(
                Kind.TEARDOWN, Database.DEPLOYMENT, app, null, null, "client", false, "plan", Removal.DELETE));
    }

    private void ask(Kind kind, String app, String step) {
        send(new DeploymentRequest(kind, Database.DEPLOYMENT, app, step, (ObjectNode) null, "client"));
    }

    private void send(DeploymentRequest request) {
        var id = world.newId();
        requests.add(id);
        var message = CloudEvent.first(
                id, "/gateway", Database.DEPLOYMENT.toString(), world.clock().instant(), Database.HUB, null, request);
        var entry = new Broker.Entry(Database.DEPLOYMENT.toString(), message);
        world.clock().after(world.dice().millis(1, 50), () -> world.broker().append(Topics.TRIGGERS, entry));
        if (world.dice().strikes(Fault.REQUEST_IS_SENT_AGAIN)) {
            var again = new Broker.Entry(entry.key(), message);
            world.clock()
                    .after(world.dice().millis(1, 20_000), () -> world.broker().append(Topics.TRIGGERS, again));
        }
    }

    // The promises.

    private void check() {
        everythingEnded();
        allIsTold();
        allIsAccountedFor();
        theLogIsInOrder();
        for (StepProgress step : world.database().steps()) {
            effectsAreRight(step);
        }
        Promise.ONE_EFFECT.holds(
                world.provider().removals() <= world.lateWrites(),
                "%d second effects were removed, and only %d writers stood still",
                world.provider().removals(),
                world.lateWrites());
    }

    private void everythingEnded() {
        for (DeploymentEvent event : world.database().events()) {
            // Hours are enough for anything that goes on by itself.
            Promise.EVERYTHING_ENDS.holds(
                    event.error() == null
                            || !"deadline-exceeded".equals(event.error().code()),
                    "nothing but its deadline ended %s/%s",
                    event.appId(),
                    event.stepId());
        }
        for (UUID request : requests) {
            Promise.EVERYTHING_ENDS.holds(
                    world.database().requests().get(request) != null, "the request %s is undecided", request);
        }
        for (StepProgress step : world.database().steps()) {
            Promise.EVERYTHING_ENDS.holds(
                    step.shown() == StepState.IDLE || step.shown().isTerminal(),
                    "all is quiet and %s/%s is %s",
                    step.appId(),
                    step.stepId(),
                    step.state());
        }
    }

    private void allIsTold() {
        Promise.ALL_IS_TOLD.holds(
                world.database().outbox().isEmpty(),
                "%d are left",
                world.database().outbox().size());
        var told = new HashSet<Long>();
        for (Broker.Entry entry : world.broker().all(Topics.EVENTS)) {
            told.add(((DeploymentEvent) entry.data()).seq());
        }
        for (DeploymentEvent event : world.database().events()) {
            Promise.ALL_IS_TOLD.holds(told.remove(event.seq()), "seq %d is not in the topic", event.seq());
        }
        Promise.ALL_IS_TOLD.holds(told.isEmpty(), "the topic has what the log has not: %s", told);
    }

    private void allIsAccountedFor() {
        Promise.ALL_IS_ACCOUNTED_FOR.holds(
                world.broker().uncommitted() == 0,
                "%d records are not consumed",
                world.broker().uncommitted());
        for (String topic : List.of(Topics.TRIGGERS, Topics.results(SampleWorkflow.PROVIDER))) {
            for (Broker.Entry entry : world.broker().all(topic)) {
                Promise.ALL_IS_ACCOUNTED_FOR.holds(entry.isTaken(), "a record of %s was passed over", topic);
            }
        }
    }

    private void theLogIsInOrder() {
        var seq = 0L;
        var last = new HashMap<Database.Place, DeploymentEvent>();
        var generations = new HashSet<String>();
        for (DeploymentEvent event : world.database().events()) {
            Promise.SEQ_IS_GAPLESS.holds(event.seq() == ++seq, "%d stands where %d should", event.seq(), seq);
            var place = new Database.Place(event.appId(), event.stepId());
            var before = last.put(place, event);
            if (before != null && before.state().isTerminal()) {
                Promise.TERMINAL_STAYS.holds(
                        event.generation() == before.generation() + 1
                                && !event.requestId().equals(before.requestId()),
                        "%s went from %s to %s",
                        place,
                        before.state(),
                        event.state());
            }
            if (before == null || before.generation() != event.generation()) {
                Promise.ONE_REQUEST_ONE_RUN.holds(
                        generations.add(place + " " + event.requestId()),
                        "the request %s began %s twice",
                        event.requestId(),
                        place);
            }
            if (event.state() == StepState.DISPATCHED && event.undoing() == null) {
                for (String need : SampleWorkflow.WORKFLOW.step(event.stepId()).needs()) {
                    var needed = last.get(new Database.Place(event.appId(), need));
                    Promise.NEEDS_FIRST.holds(
                            needed != null && needed.state() == StepState.SUCCEEDED, "%s before %s", place, need);
                }
            }
        }
    }

    private void effectsAreRight(StepProgress step) {
        var action = SampleWorkflow.WORKFLOW.step(step.stepId()).action();
        if (action.equals(SampleWorkflow.AWAIT)) {
            return;
        }
        for (int generation = 1; generation <= step.generation(); generation++) {
            var key = key(step, action.effectClass(), generation);
            var things = world.provider().marked(key);
            Promise.ONE_EFFECT.holds(
                    things.size() <= 1, "%s/%s has %d effects", step.appId(), step.stepId(), things.size());
            if (step.shown() == StepState.SUCCEEDED && generation == step.generation()) {
                Promise.ONE_EFFECT.holds(
                        things.size() == 1
                                && things.get(0)
                                        .id()
                                        .equals(step.outputs().path("id").textValue()),
                        "%s/%s has succeeded with %s, and the provider has %s",
                        step.appId(),
                        step.stepId(),
                        step.outputs(),
                        things.stream().map(Provider.Thing::id).toList());
            }
        }
    }

    private static String key(StepProgress step, EffectClass effects, int generation) {
        return switch (effects) {
            case NATURAL -> EffectKey.named(Database.DEPLOYMENT, step.appId(), step.stepId(), "thing");
            case UPSERT -> EffectKey.named(Database.DEPLOYMENT, step.appId(), step.stepId(), "files");
            case MARKED -> EffectKey.of(Database.DEPLOYMENT, step.appId(), step.stepId(), generation, "build");
            case BLIND -> throw new AssertionError("There is no such step");
        };
    }
}
