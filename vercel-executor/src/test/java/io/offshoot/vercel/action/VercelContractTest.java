package io.offshoot.vercel.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.SandboxProcess;
import io.offshoot.vercel.Sweeper;
import io.offshoot.vercel.VercelResource;
import io.offshoot.vercel.connection.ConnectionTo;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the actions take for granted of Vercel: of the sandbox always, and with <code>-Dlive=true</code> of Vercel itself,
 * in the team of the environment. There it makes a project, <code>offshoot-sweep-…</code>, and deletes it.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class VercelContractTest {

    enum Where {
        SANDBOX,
        LIVE
    }

    private record Place(URI api, String team, String token, Duration lookAfter) {

        @Override
        public String toString() {
            return team;
        }
    }

    @FunctionalInterface
    private interface Life {

        void in(Place place) throws Exception;
    }

    private static final Map<String, String> ENVIRONMENT = Map.of("SWEEP_VARIABLE", "planted-value");

    @Inject
    ExecutorConfig executor;

    @Inject
    Time time;

    @ParameterizedTest
    @EnumSource(Where.class)
    void aProjectIsMadeFurnishedServedObservedAndTakenBack(Where where) throws Exception {
        in(where, this::live);
    }

    private void live(Place place) {
        var connection = connection(place);
        var connections = connection.connections();
        var create = new CreateProject(connections, connection.config());
        var name = Sweeper.PREFIX + UUID.randomUUID();
        var made = new VercelActions.CreateProject(name, null, null);

        assertThat(done(new Preflight(connections), new VercelActions.Preflight(name, "step", null, null))
                        .output())
                .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(VercelActions.NameIs.FREE));
        assertThat(planned(create, made).kind()).isEqualTo(Finding.Kind.CREATE);
        var created = done(create, made);
        var project = created.output().orElseThrow();
        var resource = created.effects().get(0);
        try {
            assertThat(verbs(created)).containsExactly(Effect.Verb.CREATED);
            assertThat(planned(create, made).kind()).isEqualTo(Finding.Kind.ADOPT);
            assertThat(verbs(done(create, made))).containsExactly(Effect.Verb.ADOPTED);
            assertThat(observed(create, made, resource).kind()).isEqualTo(Finding.Kind.SAME);

            furnish(new SetEnvironment(connections), new VercelActions.SetEnvironment(project.id()));
            furnish(
                    new DeployFiles(new ProductionBuild(connections, connection.config(), connection.sites())),
                    new VercelActions.DeployFiles(
                            project.id(), project.name(), Map.of("index.html", "<h1>Made by a test</h1>")));
            addAndTakeADomain(connection, project, name + ".com");
            var offer = new VercelActions.OfferProject(project.id(), resource.mark());
            assertThat(done(new OfferProject(connections), offer).output()).isPresent();

            assertThat(undone(create, made, resource)).isEqualTo(Undone.removed());
            assertThat(undone(create, made, resource)).isEqualTo(Undone.removed());
            assertThat(observed(create, made, resource).kind()).isEqualTo(Finding.Kind.MISSING);
        } finally {
            undone(create, made, resource);
        }
    }

    /** What a step puts into the project is there, is not put there twice, and is taken back, twice. */
    private <I extends Record, O extends Record> void furnish(ActionHandler<I, O> action, I input) {
        assertThat(planned(action, input).kind()).isEqualTo(Finding.Kind.CREATE);
        var resource = action.run(Attempts.first().with(ENVIRONMENT).of(action.action(), input))
                .effects()
                .get(0);

        assertThat(resource.verb()).isEqualTo(Effect.Verb.CREATED);
        assertThat(done(action, input).output()).isPresent();
        assertThat(planned(action, input).kind()).isIn(Finding.Kind.ADOPT, Finding.Kind.LEAVE);
        assertThat(observed(action, input, resource).kind()).isEqualTo(Finding.Kind.SAME);
        assertThat(undone(action, input, resource)).isEqualTo(Undone.removed());
        assertThat(undone(action, input, resource)).isEqualTo(Undone.removed());
        assertThat(observed(action, input, resource).kind()).isEqualTo(Finding.Kind.MISSING);
    }

    /** One that nobody has registered: the project has it, and waits for its records. */
    private static void addAndTakeADomain(ConnectionTo connection, VercelActions.Project project, String domain) {
        var action = new ConnectDomain(connection.connections(), connection.config(), connection.sites());
        var input = new VercelActions.ConnectDomain(
                project.id(), domain, "a.vercel.app", URI.create("https://a.vercel.app"));
        assertThat(planned(action, input).kind()).isEqualTo(Finding.Kind.CREATE);

        var waiting = action.run(Attempts.first().of(action.action(), input));

        assertThat(waiting).isInstanceOf(Outcome.Waiting.class);
        var resource = waiting.effects().get(0);
        assertThat(planned(action, input).kind()).isEqualTo(Finding.Kind.ADOPT);
        assertThat(observed(action, input, resource).kind()).isEqualTo(Finding.Kind.CHANGED);
        assertThat(undone(action, input, resource)).isEqualTo(Undone.removed());
        assertThat(undone(action, input, resource)).isEqualTo(Undone.removed());
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void whatARunLeftIsSweptAndNothingElse(Where where) throws Exception {
        in(where, place -> {
            var sweeper = new Sweeper(place.api(), place.team(), place.token());
            if (where == Where.LIVE) {
                // Of others only what no run can still be using.
                sweeper.sweep(Duration.ofHours(1));
                return;
            }
            var connection = connection(place);
            var create = new CreateProject(connection.connections(), connection.config());
            done(create, new VercelActions.CreateProject("not-" + Sweeper.PREFIX + "1", null, null));
            done(create, new VercelActions.CreateProject(Sweeper.PREFIX + "1", null, null));

            assertThat(sweeper.sweep(Duration.ofHours(1))).isEmpty();
            assertThat(sweeper.sweep(Duration.ZERO)).containsExactly(Sweeper.PREFIX + "1");
            assertThat(sweeper.sweep(Duration.ZERO)).isEmpty();
        });
    }

    @Test
    void noPlaceTellsItsToken() {
        var api = URI.create("https://api.vercel.com");

        assertThat(new Place(api, "team", "planted", Duration.ZERO) + "" + new Sweeper(api, "team", "planted"))
                .doesNotContain("planted");
    }

    private ConnectionTo connection(Place place) {
        return ConnectionTo.place(place.api(), place.team(), place.token(), place.lookAfter(), executor, time);
    }

    private static void in(Where where, Life life) throws Exception {
        if (where == Where.LIVE) {
            assumeTrue(Boolean.getBoolean("live"), "Only with -Dlive=true, and a team in the environment");
            life.in(new Place(
                    URI.create("https://api.vercel.com"),
                    environment("OFFSHOOT_VERCEL_TEAM"),
                    environment("VERCEL_TOKEN"),
                    Duration.ofSeconds(5)));
            return;
        }
        try (var sandbox = SandboxProcess.start()) {
            life.in(new Place(sandbox.vercel(), SandboxProcess.TEAM, SandboxProcess.TOKEN, Duration.ofMillis(200)));
        }
    }

    private static String environment(String name) {
        var value = System.getenv(name);
        assertThat(value).as("-Dlive=true needs %s", name).isNotBlank();
        return value;
    }

    /** With as many looks as it asks for, when it asks for them. */
    private <I extends Record, O extends Record> Outcome<O> done(ActionHandler<I, O> action, I input) {
        var outcome = action.run(Attempts.first().with(ENVIRONMENT).of(action.action(), input));
        for (int looks = 0; outcome instanceof Outcome.Waiting<O> waiting && looks < 60; looks++) {
            time.pause(waiting.lookAfter());
            outcome = action.run(
                    Attempts.looking(waiting.checkpoint()).with(ENVIRONMENT).of(action.action(), input));
        }
        assertThat(outcome.output()).as("%s", outcome).isPresent();
        return outcome;
    }

    private static <I extends Record> Finding planned(ActionHandler<I, ?> action, I input) {
        return action.plan(Attempts.planning().with(ENVIRONMENT).of(action.action(), input));
    }

    private static <I extends Record> Finding observed(ActionHandler<I, ?> action, I input, Effect resource) {
        return action.observe(Attempts.observing().with(ENVIRONMENT).of(action.action(), input), resource);
    }

    private static <I extends Record> Undone undone(ActionHandler<I, ?> action, I input, Effect resource) {
        return action.undo(Attempts.undoing().with(ENVIRONMENT).of(action.action(), input), resource, Removal.DELETE);
    }

    private static List<Effect.Verb> verbs(Outcome<?> outcome) {
        return outcome.effects().stream().map(Effect::verb).toList();
    }
}
