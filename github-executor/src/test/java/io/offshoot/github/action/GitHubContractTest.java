package io.offshoot.github.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.offshoot.github.SandboxProcess;
import io.offshoot.github.Sweeper;
import io.offshoot.github.connection.ConnectionTo;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the actions take for granted of GitHub: of the sandbox always, and with <code>-Dlive=true</code> of GitHub itself,
 * in the organisation of the environment. There it makes a repository, <code>offshoot-sweep-…</code>, and deletes it.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubContractTest {

    enum Where {
        SANDBOX,
        LIVE
    }

    /** @param upstream a template with a file site.json */
    private record Place(URI api, String organization, String token, String upstream) {

        @Override
        public String toString() {
            return organization;
        }
    }

    @FunctionalInterface
    private interface Life {

        void in(Place place) throws Exception;
    }

    private static final Map<String, String> SECRETS = Map.of("SWEEP_SECRET", "planted-secret");

    @Inject
    ExecutorConfig executor;

    @Inject
    Time time;

    @ParameterizedTest
    @CsvSource({"SANDBOX, TEMPLATE", "SANDBOX, FORK", "LIVE, TEMPLATE", "LIVE, FORK"})
    void aRepositoryIsMadeFurnishedObservedAndTakenBack(Where where, Source source) throws Exception {
        in(where, place -> live(place, source));
    }

    private void live(Place place, Source source) {
        var connection = ConnectionTo.place(place.api(), place.organization(), place.token(), executor, time);
        var connections = connection.connections();
        var create = new CreateRepository(connections);
        var name = Sweeper.PREFIX + UUID.randomUUID();
        var made = new GitHubActions.CreateRepository(source, place.upstream(), name);

        assertThat(planned(create, made).kind()).isEqualTo(Finding.Kind.CREATE);
        var created = done(create, made);
        var repository = created.output().orElseThrow();
        try {
            assertThat(verbs(created)).containsExactly(Effect.Verb.CREATED);
            assertThat(planned(create, made).kind()).isEqualTo(Finding.Kind.ADOPT);
            assertThat(verbs(done(create, made))).containsExactly(Effect.Verb.ADOPTED);

            var fullName = repository.fullName();
            var branch = repository.defaultBranch();
            done(
                    new AwaitContents(connections, connection.config()),
                    new GitHubActions.AwaitContents(fullName, branch, "site.json"));
            furnish(
                    new CommitFiles(connections),
                    new GitHubActions.CommitFiles(
                            fullName, branch, "Customise", Map.of("sweep.txt", "made by a test\n")),
                    Effect.Verb.LEFT);
            furnish(
                    new SetVariables(connections),
                    new GitHubActions.SetVariables(fullName, repository.id(), Map.of("SWEEP_VARIABLE", "1")),
                    Effect.Verb.REMOVED);
            furnish(
                    new SetSecrets(connections),
                    new GitHubActions.SetSecrets(fullName, repository.id(), List.copyOf(SECRETS.keySet())),
                    Effect.Verb.REMOVED);
            furnish(
                    new MarkRepository(connections),
                    new GitHubActions.MarkRepository(fullName, repository.id(), "Made by a test", List.of("sweep")),
                    Effect.Verb.LEFT);
            if (source == Source.FORK) {
                var update =
                        new GitHubActions.ProposeUpdate(fullName, repository.id(), branch, place.upstream(), branch);
                assertThat(planned(new ProposeUpdate(connections), update).kind())
                        .isEqualTo(Finding.Kind.LEAVE);
                assertThat(done(new ProposeUpdate(connections), update)
                                .output()
                                .orElseThrow()
                                .update())
                        .isEqualTo(GitHubActions.UpdateIs.NOT_NEEDED);
            }

            var resource = created.effects().get(0);
            assertThat(observed(create, made, resource).kind()).isEqualTo(Finding.Kind.SAME);
            assertThat(undone(create, made, resource, Removal.ARCHIVE)).isEqualTo(Undone.retired());
            assertThat(undone(create, made, resource, Removal.ARCHIVE)).isEqualTo(Undone.retired());
            assertThat(verbs(done(create, made))).containsExactly(Effect.Verb.ADOPTED);
            assertThat(observed(create, made, resource).kind()).isEqualTo(Finding.Kind.SAME);
            assertThat(undone(create, made, resource, Removal.DELETE)).isEqualTo(Undone.removed());
            assertThat(undone(create, made, resource, Removal.DELETE)).isEqualTo(Undone.removed());
            assertThat(observed(create, made, resource).kind()).isEqualTo(Finding.Kind.MISSING);
        } finally {
            undone(create, made, created.effects().get(0), Removal.DELETE);
        }
    }

    /** What a step puts into the repository is there, is not put there twice, and is taken back, twice. */
    private <I extends Record, O extends Record> void furnish(ActionHandler<I, O> action, I input, Effect.Verb end) {
        assertThat(planned(action, input).kind()).isIn(Finding.Kind.CREATE, Finding.Kind.CHANGE);
        var resource = done(action, input).effects().get(0);

        assertThat(resource.verb()).isEqualTo(Effect.Verb.CREATED);
        assertThat(done(action, input).output()).isPresent();
        assertThat(observed(action, input, resource).kind()).isEqualTo(Finding.Kind.SAME);
        assertThat(undone(action, input, resource, Removal.DELETE).verb()).isEqualTo(end);
        assertThat(undone(action, input, resource, Removal.DELETE).verb()).isEqualTo(end);
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void whatARunLeftIsSweptAndNothingElse(Where where) throws Exception {
        in(where, place -> {
            var create = new CreateRepository(
                    ConnectionTo.place(place.api(), place.organization(), place.token(), executor, time)
                            .connections());
            var sweeper = new Sweeper(place.api(), place.organization(), place.token());
            if (where == Where.LIVE) {
                // Of others only what no run can still be using.
                sweeper.sweep(Duration.ofHours(1));
                return;
            }
            done(create, new GitHubActions.CreateRepository(Source.TEMPLATE, place.upstream(), "somebodys"));
            done(create, new GitHubActions.CreateRepository(Source.TEMPLATE, place.upstream(), Sweeper.PREFIX + "1"));

            assertThat(sweeper.sweep(Duration.ofHours(1))).isEmpty();
            assertThat(sweeper.sweep(Duration.ZERO)).containsExactly(place.organization() + "/" + Sweeper.PREFIX + "1");
            assertThat(sweeper.sweep(Duration.ZERO)).isEmpty();
        });
    }

    @Test
    void noPlaceTellsItsToken() {
        var api = URI.create("https://api.github.com");

        assertThat(new Place(api, "org", "planted", "a/b") + "" + new Sweeper(api, "org", "planted"))
                .doesNotContain("planted");
    }

    private static void in(Where where, Life life) throws Exception {
        if (where == Where.LIVE) {
            assumeTrue(Boolean.getBoolean("live"), "Only with -Dlive=true, and an organisation in the environment");
            life.in(new Place(
                    URI.create("https://api.github.com"),
                    environment("OFFSHOOT_GITHUB_ORG"),
                    environment("GITHUB_TOKEN"),
                    environment("OFFSHOOT_UPSTREAM")));
            return;
        }
        try (var sandbox = SandboxProcess.start("example-hub", "sandbox-token")) {
            life.in(new Place(sandbox.github(), "example-hub", "sandbox-token", "offshoot-upstream/docs-site"));
        }
    }

    private static String environment(String name) {
        var value = System.getenv(name);
        assertThat(value).as("-Dlive=true needs %s", name).isNotBlank();
        return value;
    }

    /** With as many looks as it asks for, when it asks for them. */
    private <I extends Record, O extends Record> Outcome<O> done(ActionHandler<I, O> action, I input) {
        var outcome = action.run(Attempts.first().with(SECRETS).of(action.action(), input));
        for (int looks = 0; outcome instanceof Outcome.Waiting<O> waiting && looks < 60; looks++) {
            time.pause(waiting.lookAfter());
            outcome = action.run(
                    Attempts.looking(waiting.checkpoint()).with(SECRETS).of(action.action(), input));
        }
        assertThat(outcome.output()).as("%s", outcome).isPresent();
        return outcome;
    }

    private static <I extends Record> Finding planned(ActionHandler<I, ?> action, I input) {
        return action.plan(Attempts.planning().with(SECRETS).of(action.action(), input));
    }

    private static <I extends Record> Finding observed(ActionHandler<I, ?> action, I input, Effect resource) {
        return action.observe(Attempts.observing().of(action.action(), input), resource);
    }

    private static <I extends Record> Undone undone(ActionHandler<I, ?> action, I input, Effect resource, Removal how) {
        return action.undo(Attempts.undoing().of(action.action(), input), resource, how);
    }

    private static List<Effect.Verb> verbs(Outcome<?> outcome) {
        return outcome.effects().stream().map(Effect::verb).toList();
    }
}
