package io.offshoot.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.simulator.SampleWorkflow.Named;
import io.offshoot.simulator.SampleWorkflow.Of;
import io.offshoot.simulator.SampleWorkflow.Thing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The sample's actions, written as the contract of {@link ActionHandler} asks. */
final class SampleHandlers {

    private static final Duration LOOK_AFTER = Duration.ofSeconds(4);

    private SampleHandlers() {}

    static List<ActionHandler<?, ?>> of(World world, Life life) {
        return List.of(
                handler(SampleWorkflow.CREATE, world, life, SampleHandlers::create),
                handler(SampleWorkflow.AWAIT, world, life, SampleHandlers::await),
                handler(SampleWorkflow.WRITE, world, life, SampleHandlers::write),
                handler(SampleWorkflow.BUILD, world, life, SampleHandlers::build));
    }

    private interface Work<I extends Record> {
        Outcome<Thing> run(Attempt<I> attempt, World world, Visit visit);
    }

    private static <I extends Record> ActionHandler<I, Thing> handler(
            Action<I, Thing> action, World world, Life life, Work<I> work) {
        return new ActionHandler<>() {

            @Override
            public Action<I, Thing> action() {
                return action;
            }

            @Override
            public Outcome<Thing> run(Attempt<I> attempt) {
                try (var visit = new Visit(world, life, attempt)) {
                    return work.run(attempt, world, visit);
                }
            }

            @Override
            public Finding plan(Attempt<I> attempt) {
                throw new AssertionError("Nobody plans here");
            }

            @Override
            public Finding observe(Attempt<I> attempt, Effect resource) {
                throw new AssertionError("Nobody observes here");
            }

            @Override
            public Undone undo(Attempt<I> attempt, Effect resource, Removal how) {
                try (var visit = new Visit(world, life, attempt)) {
                    return SampleHandlers.undo(resource, world, visit);
                }
            }
        };
    }

    /** NATURAL: the name is unique; what is there and carries our mark is ours. */
    private static Outcome<Thing> create(Attempt<Named> attempt, World world, Visit visit) {
        var name = attempt.input().name();
        var key = attempt.effectKey("thing");
        var provider = world.provider();
        var there = world.flaw() == Flaw.NO_PROBE
                ? Optional.<Provider.Thing>empty()
                : attempt.lookTwice(() -> visit.read(() -> provider.find(name)));
        if (there.isEmpty()) {
            try {
                return done(visit.write("create " + name, () -> provider.create(name, key)), key, Effect.Verb.CREATED);
            } catch (ProviderException e) {
                if (!e.is("exists")) {
                    throw e;
                }
                there = visit.read(() -> provider.find(name));
            }
        }
        return there.filter(thing -> thing.mark().equals(key)).isPresent()
                ? done(there.get(), key, Effect.Verb.ADOPTED)
                : failed(FailureClass.REFUSED, "name-taken");
    }

    /** Only reads, until what it waits for has come. */
    private static Outcome<Thing> await(Attempt<Of> attempt, World world, Visit visit) {
        var id = attempt.input().id();
        return visit.read(() -> world.provider().isReady(id))
                ? new Outcome.Done<>(new Thing(id), List.of())
                : new Outcome.Waiting<>(LOOK_AFTER, null, null, List.of());
    }

    /** UPSERT: as often as you like, in whatever generation. */
    private static Outcome<Thing> write(Attempt<Of> attempt, World world, Visit visit) {
        var key = EffectKey.named(attempt.deploymentId(), attempt.appId(), attempt.stepId(), "files");
        var id = attempt.input().id();
        return done(visit.write("write " + id, () -> world.provider().write(id, key)), key, Effect.Verb.CREATED);
    }

    /** MARKED: looked for by its mark before it is made, and counted afterwards. */
    private static Outcome<Thing> build(Attempt<Of> attempt, World world, Visit visit) {
        var key = attempt.effectKey("build");
        var provider = world.provider();
        var begun = Optional.ofNullable(attempt.checkpoint().path("build").textValue());
        if (begun.isPresent()) {
            var build = visit.read(() -> provider.build(key, begun.get()));
            if (build.isPresent()) {
                return look(build.get(), key, provider, List.of());
            }
        }
        var there = world.flaw() == Flaw.NO_PROBE
                ? Optional.<Provider.Thing>empty()
                : attempt.lookTwice(() -> theOne(key, world, visit));
        if (there.isPresent()) {
            return look(there.get(), key, provider, List.of(effect(there.get(), key, Effect.Verb.ADOPTED)));
        }
        var made = visit.write("build", () -> provider.build(key));
        var one = world.flaw() == Flaw.NO_SECOND_LIST
                ? made
                : theOne(key, world, visit).orElse(made);
        return look(one, key, provider, List.of(effect(one, key, Effect.Verb.CREATED)));
    }

    /** The first that carries our mark; any other is a late write of an attempt before, and is removed. */
    private static Optional<Provider.Thing> theOne(String key, World world, Visit visit) {
        var builds = visit.read(() -> world.provider().builds(key));
        if (world.flaw() != Flaw.NO_SECOND_LIST) {
            builds.stream()
                    .skip(1)
                    .forEach(second -> visit.tidy(
                            "removing " + second.id(), () -> world.provider().remove(second)));
        }
        return builds.stream().findFirst();
    }

    private static Outcome<Thing> look(Provider.Thing build, String key, Provider provider, List<Effect> effects) {
        if (!provider.isReady(build)) {
            var checkpoint = JsonNodeFactory.instance.objectNode().put("build", build.id());
            return new Outcome.Waiting<>(LOOK_AFTER, checkpoint, null, effects);
        }
        return build.fails()
                ? failed(FailureClass.REFUSED, "build-failed")
                : new Outcome.Done<>(new Thing(build.id()), effects);
    }

    /** What is gone is done, and what carries another mark is left. */
    private static Undone undo(Effect resource, World world, Visit visit) {
        var provider = world.provider();
        var there = visit.read(() -> provider.thing(resource.id()));
        if (there.isEmpty()) {
            return Undone.removed();
        }
        if (!there.get().mark().equals(resource.key())) {
            return Undone.left("Its mark is another's.");
        }
        visit.write("take back " + resource.id(), () -> provider.takeBack(there.get()));
        return Undone.removed();
    }

    private static Outcome<Thing> done(Provider.Thing thing, String key, Effect.Verb verb) {
        return new Outcome.Done<>(new Thing(thing.id()), List.of(effect(thing, key, verb)));
    }

    private static Effect effect(Provider.Thing thing, String key, Effect.Verb verb) {
        return new Effect(key, "thing", thing.id(), null, "acme", verb);
    }

    private static Outcome<Thing> failed(FailureClass kind, String code) {
        return new Outcome.Failed<>(new Failure(kind, code, "It failed."), List.of());
    }
}
