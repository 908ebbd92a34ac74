package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.Hint;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.WaitingStep;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.SealedSecret;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class OrchestratorTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";

    @Inject
    DataSource database;

    @Inject
    EntityManagerFactory entityManagers;

    private KafkaClient kafka;
    private Executor github;
    private Executor vercel;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
        vercel = new Executor("vercel", ServiceTokens.VERCEL, kafka);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void aRunGoesThroughEveryStepAndHandsOutputsOn() {
        var id = create("docs");

        request("hub-a", id, Kind.RUN, null, null);
        var repository = github.complete(id, "docs", "repository", REPOSITORY);
        github.complete(id, "docs", "contents", "{\"headSha\": \"c0ffee\"}");
        var customise = github.complete(id, "docs", "customise", "{\"sha\": \"beef\", \"branch\": \"main\"}");
        vercel.complete(id, "docs", "project", "{\"id\": \"prj_1\", \"name\": \"gathering-docs\"}");
        vercel.complete(id, "docs", "environment", "{\"variables\": [\"NOTICE\"]}");
        var deployment = vercel.complete(
                id,
                "docs",
                "deployment",
                "{\"deploymentId\": \"dpl_1\", \"alias\": \"a.vercel.app\", \"url\": \"https://a.vercel.app\"}");
        vercel.complete(id, "docs", "domain", "{\"host\": \"a.vercel.app\", \"url\": \"https://a.vercel.app\"}");

        eventually(() -> assertThat(deployment("hub-a", id).status()).isEqualTo(PublicStatus.DONE));
        assertThat(repository.context().input().path("name").asText()).isEqualTo("gathering-docs");
        assertThat(repository.context().connection()).isEqualTo("hub-a");
        assertThat(customise.context().input().path("files").path("site.json").asText())
                .contains("Our docs");
        assertThat(deployment.context().input().path("commitSha").asText()).isEqualTo("beef");
        assertThat(deployment.context().env()).containsEntry("NOTICE", "hello");
    }

    /** From its command to the next one's: the claim, and the result with what follows from it. */
    @Test
    void aStepAsksTheDatabaseForNoMoreThanItNeeds() {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        github.complete(id, "docs", "repository", REPOSITORY);
        var command = github.command(id, "docs", "contents");
        var statistics = entityManagers.unwrap(SessionFactory.class).getStatistics();
        statistics.setStatisticsEnabled(true);
        statistics.clear();

        github.report(command, Executor.done(github.claim(command.data()), "{\"headSha\": \"c0ffee\"}"));
        github.command(id, "docs", "customise");

        var statements = statistics.getPrepareStatementCount();
        statistics.setStatisticsEnabled(false);
        assertThat(statements).isLessThanOrEqualTo(14);
    }

    @Test
    void everyTransitionIsAnEventAndTheLogHasNoGap() {
        var id = create("docs", "handbook");

        request("hub-a", id, Kind.RUN, null, null);
        github.complete(id, "docs", "repository", REPOSITORY);
        github.complete(id, "handbook", "repository", REPOSITORY);
        github.command(id, "docs", "contents");
        github.command(id, "handbook", "contents");

        var seq = deployment("hub-a", id).seq();
        eventually(() -> assertThat(events(id).stream()
                        .map(event -> event.data().seq())
                        .sorted()
                        .distinct())
                .isEqualTo(LongStream.rangeClosed(1, seq).boxed().toList()));
        gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/events?after=2", id)
                .then()
                .statusCode(200)
                .body("events.size()", equalTo((int) seq - 2))
                .body("events[0].data.seq", equalTo(3));
    }

    @Test
    void secondDeliveryOfARequestChangesNothing() {
        var id = create("docs");
        var message = requestMessage("hub-a", id, Kind.TRIGGER, "repository", null);
        send(message);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.failed(github.claim(command.data()), failure(FailureClass.REFUSED)));
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.ERROR));
        var seq = deployment("hub-a", id).seq();

        send(message);
        var next = trigger(id, "deployment");

        assertThat(next.outcome()).isEqualTo(RequestView.Outcome.REFUSED);
        assertThat(deployment("hub-a", id).seq()).isEqualTo(seq);
        assertThat(action(id, "repository").generation()).isEqualTo(1);
    }

    @Test
    void secondDeliveryOfAResultChangesNothing() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());

        github.report(command, Executor.done(claimed, REPOSITORY));
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
        github.report(command, Executor.failed(claimed, failure(FailureClass.REFUSED)));
        github.report(command, Executor.done(claimed, REPOSITORY));
        trigger(id, "contents");
        github.complete(id, "docs", "contents", "{\"headSha\": \"c0ffee\"}");

        eventually(() -> assertThat(action(id, "contents").status()).isEqualTo(PublicStatus.DONE));
        assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE);
        assertThat(action(id, "repository").seq()).isEqualTo(2);
    }

    @Test
    void aClaimGoesToOneExecutorAndIsRepeatedByItsId() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository").data();
        var claimId = Messages.newId();

        var foreign = vercel.claim(command);
        var first = github.claim(claimId, command);
        var repeated = github.claim(claimId, command);
        var another = github.claim(command);

        assertThat(first.yours()).isTrue();
        assertThat(repeated).isEqualTo(first);
        assertThat(another.yours()).isFalse();
        assertThat(foreign.yours()).isFalse();
        assertThat(action(id, "repository").state()).isEqualTo("RUNNING");
    }

    @Test
    void whatIsHandedBackIsOthersToClaimAtOnceAndTheOldFenceCountsNoMore() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        var stopping = github.claim(command.data());

        var handedBackAt = System.nanoTime();
        github.report(command, Executor.handedBack(stopping));
        var second = github.command(id, "docs", "repository");
        var taken = github.claim(second.data());
        var took = Duration.ofNanos(System.nanoTime() - handedBackAt);
        github.report(command, Executor.handedBack(stopping));
        github.report(command, Executor.failed(stopping, failure(FailureClass.REFUSED)));
        github.report(second, Executor.done(taken, REPOSITORY));

        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
        assertThat(taken.yours()).isTrue();
        assertThat(taken.fence()).isEqualTo(stopping.fence() + 1);
        assertThat(second.data().attempt()).isEqualTo(command.data().attempt());
        assertThat(second.data().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
        // Well before the lease (1.5 s) would have lapsed.
        assertThat(took).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aLapsedLeaseIsTakenOverByAProbeAndTheOldFenceCountsNoMore() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        var lost = github.claim(command.data());

        var second = github.command(id, "docs", "repository");
        var taken = github.claim(second.data());
        github.report(command, Executor.failed(lost, failure(FailureClass.REFUSED)));
        github.report(second, Executor.done(taken, REPOSITORY));

        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
        assertThat(second.data().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
        assertThat(second.data().attempt()).isEqualTo(2);
        assertThat(taken.fence()).isGreaterThan(lost.fence());
        assertThat(github.heartbeat(lost).lost()).hasSize(1);
    }

    @Test
    void aResultOfAnOldFenceOfTheSameAttemptChangesNothing() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        var first = github.claim(command.data());
        github.report(command, Executor.waiting(first, new StepResult.Waiting(0, null, null)));
        var look = github.command(id, "docs", "repository");
        var looking = github.claim(look.data());

        github.report(command, Executor.failed(first, failure(FailureClass.REFUSED)));
        github.report(look, Executor.done(looking, REPOSITORY));

        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
        assertThat(looking.attempt()).isEqualTo(first.attempt());
        assertThat(looking.fence()).isGreaterThan(first.fence());
    }

    @Test
    void whatACrashLeftInTheOutboxIsSentAndCleared() throws SQLException {
        var letter = new DeadLetter("left", "By a crash", Topics.TRIGGERS, 0, 0, "left", null);
        var message = CloudEvent.first(Messages.newId(), "/test", "left", Instant.EPOCH, "hub-a", null, letter);
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "insert into outbox (id, topic, key, body, created_at) values (?, ?, 'left', ?, now() - interval '1 minute')")) {
            statement.setObject(1, message.id());
            statement.setString(2, Topics.DEAD_LETTERS);
            statement.setBytes(3, Messages.write(message));
            statement.executeUpdate();
        }

        kafka.await(Topics.DEAD_LETTERS, DeadLetter.class, found -> found.id().equals(message.id()));

        eventually(() -> assertThat(count("select count(*) from outbox where id = '%s'".formatted(message.id())))
                .isZero());
    }

    @Test
    void aRequestThatCannotBeTakenInIsRefusedAndKeptAsADeadLetter() {
        var id = create("docs");
        var unstorable = Executor.json("{\"upstream\": \"a\\u0000b\"}");

        var decided = request("hub-a", id, Kind.TRIGGER, "repository", unstorable);

        assertThat(decided.outcome()).isEqualTo(RequestView.Outcome.REFUSED);
        var letter = kafka.await(
                Topics.DEAD_LETTERS,
                DeadLetter.class,
                found -> found.data().reason().equals("failed")
                        && id.toString().equals(found.data().key()));
        assertThat(letter.data().value()).isNotEmpty();
        assertThat(trigger(id, "repository").outcome()).isEqualTo(RequestView.Outcome.STARTED);
    }

    @Test
    void textThatCannotBeStoredIsRefusedWithItsPointer() {
        gateway()
                .body(body("docs").replace("Our docs", "Our\\u0000docs"))
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/apps/0/input/content/title"));
    }

    @Test
    void aHeartbeatKeepsTheLease() {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        var until = System.nanoTime() + Duration.ofSeconds(3).toNanos();

        eventually(() -> {
            assertThat(github.heartbeat(claimed).lost()).isEmpty();
            assertThat(System.nanoTime()).isGreaterThan(until);
        });

        assertThat(action(id, "repository").attempt()).isEqualTo(1);
        github.report(command, Executor.done(claimed, REPOSITORY));
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
    }

    @Test
    void anUnclaimedCommandIsSentAgain() {
        var id = create("docs");
        trigger(id, "repository");

        var first = github.command(id, "docs", "repository");

        eventually(() -> assertThat(kafka.all(Topics.commands("github"), StepCommand.class))
                .filteredOn(message -> message.id().equals(first.id()))
                .hasSizeGreaterThan(1));
    }

    @Test
    void aCommandThatIsStillInTheOutboxIsNotPutThereAgain() throws SQLException {
        var id = create("docs");
        trigger(id, "repository");
        var command = github.command(id, "docs", "repository");
        eventually(() -> assertThat(inTheOutbox(command)).isZero());

        leaveInTheOutbox(command);

        eventually(() -> assertThat(number("select sends from attempt where command_id = ?", command.id()))
                .isGreaterThan(1));
        assertThat(inTheOutbox(command)).isEqualTo(1);
    }

    @Test
    void aWaitingStepIsLookedAtAgainAndALookThatChangesNothingIsNoEvent() {
        var id = create("docs");
        trigger(id, "repository");
        var instructions = new Instructions("Install the app", URI.create("https://github.com/apps"), null);
        var waiting = new StepResult.Waiting(100, Executor.json("{\"seen\": 1}"), instructions);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.waiting(github.claim(command.data()), waiting));
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("WAITING"));
        var seq = action(id, "repository").seq();

        var look = github.command(id, "docs", "repository");
        var looking = github.claim(look.data());
        github.report(look, Executor.waiting(looking, waiting));
        var last = github.command(id, "docs", "repository");

        assertThat(look.data().mode()).isEqualTo(AttemptMode.LOOK);
        assertThat(look.data().attempt()).isEqualTo(1);
        assertThat(looking.context().checkpoint().path("seen").asInt()).isEqualTo(1);
        assertThat(action(id, "repository").seq()).isEqualTo(seq);
        assertThat(action(id, "repository").instructions().what()).isEqualTo("Install the app");
        github.report(last, Executor.done(github.claim(last.data()), REPOSITORY));
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
    }

    @Test
    void aRetryableFailureIsTriedAgainAndAnUncertainOneIsProbed() {
        var id = create("docs");
        trigger(id, "repository");
        var first = github.command(id, "docs", "repository");
        github.report(first, Executor.failed(github.claim(first.data()), failure(FailureClass.RETRYABLE)));
        var second = github.command(id, "docs", "repository");
        github.report(second, Executor.failed(github.claim(second.data()), failure(FailureClass.UNCERTAIN)));
        var third = github.command(id, "docs", "repository");

        assertThat(second.data().mode()).isEqualTo(AttemptMode.EXECUTE);
        assertThat(third.data().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
        assertThat(third.data().attempt()).isEqualTo(3);
    }

    @Test
    void aFailedStepSkipsWhatNeedsItAndResumeBeginsANewGeneration() {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.failed(github.claim(command.data()), failure(FailureClass.REFUSED)));
        eventually(() -> assertThat(deployment("hub-a", id).status()).isEqualTo(PublicStatus.ERROR));
        assertThat(action(id, "domain").state()).isEqualTo("SKIPPED");
        assertThat(action(id, "repository").error().message()).isEqualTo("No.");

        var resumed = request("hub-a", id, Kind.RESUME, null, null);
        var again = github.complete(id, "docs", "repository", REPOSITORY);

        assertThat(resumed.outcome()).isEqualTo(RequestView.Outcome.STARTED);
        assertThat(again.context().generation()).isEqualTo(2);
        assertThat(action(id, "domain").state()).isEqualTo("BLOCKED");
        github.command(id, "docs", "contents");
    }

    @Test
    void aTriggerOfWhatRunsJoinsAndOfWhatIsDoneSaysSo() {
        var id = create("docs");
        var started = trigger(id, "repository");
        var joined = trigger(id, "repository");
        github.complete(id, "docs", "repository", REPOSITORY);
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));
        var done = trigger(id, "repository");
        var early = trigger(id, "deployment");

        assertThat(started.outcome()).isEqualTo(RequestView.Outcome.STARTED);
        assertThat(joined.outcome()).isEqualTo(RequestView.Outcome.JOINED);
        assertThat(done.outcome()).isEqualTo(RequestView.Outcome.ALREADY_DONE);
        assertThat(early.outcome()).isEqualTo(RequestView.Outcome.REFUSED);
        assertThat(early.code()).isEqualTo("needs-not-done");
    }

    @Test
    void argumentsOverrideTheInputAndOthersConflictWhileItRuns() {
        var id = create("docs");
        var args = Executor.json("{\"upstream\": \"other/site\"}");
        send(requestMessage("hub-a", id, Kind.TRIGGER, "repository", args));
        var claimed = github.claim(github.command(id, "docs", "repository").data());

        assertThat(claimed.context().input().path("upstream").asText()).isEqualTo("other/site");
        gateway()
                .contentType("application/json")
                .body(requestMessage("hub-a", id, Kind.TRIGGER, "repository", Executor.json("{\"upstream\": \"a/b\"}"))
                        .data())
                .post("/internal/hubs/hub-a/deployments/{id}/check", id)
                .then()
                .statusCode(409)
                .body("code", equalTo("conflicting-arguments"));
        gateway()
                .contentType("application/json")
                .body(requestMessage("hub-a", id, Kind.TRIGGER, "repository", Executor.json("{\"upstream\": 3}"))
                        .data())
                .post("/internal/hubs/hub-a/deployments/{id}/check", id)
                .then()
                .statusCode(409);
    }

    @Test
    void argumentsOfATriggerAfterAFailureReplaceThoseBefore() {
        var id = create("docs");
        send(requestMessage("hub-a", id, Kind.TRIGGER, "repository", Executor.json("{\"upstream\": \"a/b\"}")));
        failOnce(id);

        send(requestMessage("hub-a", id, Kind.TRIGGER, "repository", null));
        var kept = failOnce(id);
        send(requestMessage("hub-a", id, Kind.TRIGGER, "repository", Executor.json("{\"upstream\": \"c/d\"}")));
        var replaced = github.complete(id, "docs", "repository", REPOSITORY);

        assertThat(kept.context().input().path("upstream").asText()).isEqualTo("a/b");
        assertThat(replaced.context().input().path("upstream").asText()).isEqualTo("c/d");
        assertThat(replaced.context().generation()).isEqualTo(3);
        assertThat(replaced.context().previousGeneration()).isNull();
    }

    private ClaimAnswer.Claimed failOnce(UUID id) {
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        github.report(command, Executor.failed(claimed, failure(FailureClass.REFUSED)));
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.ERROR));
        return claimed;
    }

    @Test
    void aStepThatWaitsForAThingIsFoundByItAndAHintHasItLookedAtSoon() {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        var thing = "repository-" + id;
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        github.report(
                command,
                Executor.waiting(
                        claimed,
                        new StepResult.Waiting(600_000, null, null),
                        new Effect("key", "repository", thing, "org/" + thing, "org", Effect.Verb.CREATED)));
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("WAITING"));
        var seq = action(id, "repository").seq();
        var expected = List.of(new WaitingStep("hub-a", id, "docs", "repository"));
        assertThat(concerned(thing)).isEqualTo(expected);
        assertThat(concerned("org/" + thing)).isEqualTo(expected);
        assertThat(concerned("another")).isEmpty();

        request("hub-a", id, Kind.HINT, "repository", null);

        assertThat(concerned(thing)).isEmpty();
        assertThat(action(id, "repository").seq()).isEqualTo(seq);
        var look = github.command(id, "docs", "repository");
        assertThat(look.data().mode()).isEqualTo(AttemptMode.LOOK);
        assertThat(look.data().attempt()).isEqualTo(1);
    }

    private static List<WaitingStep> concerned(String thing) {
        return List.of(gateway()
                .body(new Hint("github", List.of(thing), null))
                .post("/internal/hints")
                .then()
                .statusCode(200)
                .extract()
                .as(WaitingStep[].class));
    }

    @Test
    void aHintThatComesWhileAStepIsLookedAtHasItLookedAtOnceMoreSoon() {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        request("hub-a", id, Kind.HINT, "repository", null);

        github.report(command, Executor.waiting(claimed, new StepResult.Waiting(600_000, null, null)));

        assertThat(github.command(id, "docs", "repository").data().mode()).isEqualTo(AttemptMode.LOOK);
    }

    @Test
    void anExecutorCannotAskWhoWaits() {
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .contentType("application/json")
                .body("{\"provider\": \"github\", \"things\": [\"x\"]}")
                .post("/internal/hints")
                .then()
                .statusCode(403);
    }

    @Test
    void aCancelStopsAWaitByAnAttemptOfItsOwnAndSkipsWhatNeedsIt() {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        var waiting = new StepResult.Waiting(60_000, Executor.json("{\"seen\": 1}"), null);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.waiting(github.claim(command.data()), waiting));
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("WAITING"));

        var cancelled = request("hub-a", id, Kind.CANCEL, "repository", null);
        var stop = github.command(id, "docs", "repository");
        assertThat(action(id, "repository").state()).isEqualTo("CANCELLING");
        var stopping = github.claim(stop.data());
        github.report(
                stop, Executor.failed(stopping, new Failure(FailureClass.REFUSED, "cancelled", "Stopped on request.")));

        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("CANCELLED"));
        assertThat(cancelled.outcome()).isEqualTo(RequestView.Outcome.STARTED);
        assertThat(stop.data().mode()).isEqualTo(AttemptMode.CANCEL);
        assertThat(stopping.context().checkpoint().path("seen").asInt()).isEqualTo(1);
        assertThat(action(id, "domain").state()).isEqualTo("SKIPPED");
    }

    @Test
    void aResultBeatsACancelAndALapsedLeaseWhileStoppingIsTakenOver() {
        var id = create("docs", "handbook");
        request("hub-a", id, Kind.RUN, null, null);
        var docs = github.command(id, "docs", "repository");
        var running = github.claim(docs.data());
        github.claim(github.command(id, "handbook", "repository").data());

        request("hub-a", id, Kind.CANCEL, null, null);
        assertThat(github.heartbeat(running).lost()).isEmpty();
        github.report(docs, Executor.done(running, REPOSITORY));
        var stop = github.command(id, "handbook", "repository");

        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("SUCCEEDED"));
        assertThat(action(id, "contents").state()).isEqualTo("CANCELLED");
        assertThat(stop.data().mode()).isEqualTo(AttemptMode.CANCEL);
        assertThat(stop.data().attempt()).isEqualTo(2);
    }

    @Test
    void aDeadlineEndsAStepAndTheNextGenerationProbesForWhatItDidUnseen() throws Exception {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        github.claim(github.command(id, "docs", "repository").data());

        deadlinePasses(id, "repository");
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("FAILED"));
        var error = action(id, "repository").error();
        request("hub-a", id, Kind.RESUME, null, null);
        var again = github.command(id, "docs", "repository");
        var claimed = github.claim(again.data());

        assertThat(error.code()).isEqualTo("deadline-exceeded");
        assertThat(error.message()).contains("executor");
        assertThat(again.data().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
        assertThat(claimed.context().generation()).isEqualTo(2);
        assertThat(claimed.context().previousGeneration()).isEqualTo(1);
    }

    @Test
    void everyRunningStepHasADeadlineAndNoOtherHas() throws Exception {
        var id = create("docs");
        request("hub-a", id, Kind.RUN, null, null);
        github.complete(id, "docs", "repository", REPOSITORY);
        github.command(id, "docs", "contents");

        try (var connection = database.getConnection();
                var query = connection.prepareStatement("select step_id, deadline - now() between interval '1 hour' and"
                        + " interval '2 hours', run_deadline - now() between interval '7 days' and interval '8 days'"
                        + " from step where deployment_id = ? and deadline is not null")) {
            query.setObject(1, id);
            var rows = query.executeQuery();
            var timed = new ArrayList<String>();
            while (rows.next()) {
                timed.add(rows.getString(1));
                assertThat(rows.getBoolean(2)).isEqualTo(rows.getString(1).equals("contents"));
                assertThat(rows.getBoolean(3)).isTrue();
            }
            assertThat(timed)
                    .containsExactlyInAnyOrder(
                            "contents", "customise", "project", "environment", "deployment", "domain");
        }
    }

    private void deadlinePasses(UUID id, String step) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement(
                        "update step set deadline = now() where deployment_id = ? and step_id = ?")) {
            update.setObject(1, id);
            update.setString(2, step);
            update.executeUpdate();
        }
    }

    @Test
    void aRerunBeginsWhatIsDoneAnew() {
        var id = create("docs");
        trigger(id, "repository");
        github.complete(id, "docs", "repository", REPOSITORY);
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));

        send(CloudEvent.first(
                Messages.newId(),
                "/test",
                id.toString(),
                Instant.EPOCH,
                "hub-a",
                null,
                new DeploymentRequest(Kind.TRIGGER, id, "docs", "repository", null, "test", true)));
        var again = github.complete(id, "docs", "repository", REPOSITORY);

        assertThat(again.context().generation()).isEqualTo(2);
        assertThat(again.context().mode()).isEqualTo(AttemptMode.EXECUTE);
    }

    @Test
    void everyAttemptIsToldWithHowItEnded() {
        var id = create("docs");
        trigger(id, "repository");
        var first = github.command(id, "docs", "repository");
        github.report(first, Executor.failed(github.claim(first.data()), failure(FailureClass.RETRYABLE)));
        github.claim(github.command(id, "docs", "repository").data());
        github.complete(id, "docs", "repository", REPOSITORY);
        eventually(() -> assertThat(action(id, "repository").status()).isEqualTo(PublicStatus.DONE));

        var attempts = gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/repository/attempts", id)
                .then()
                .statusCode(200)
                .extract()
                .as(AttemptView[].class);

        assertThat(attempts).extracting(AttemptView::number).containsExactly(1, 2, 3);
        assertThat(attempts)
                .extracting(AttemptView::mode)
                .containsExactly(AttemptMode.EXECUTE, AttemptMode.EXECUTE, AttemptMode.PROBE_FIRST);
        assertThat(attempts)
                .extracting(AttemptView::outcome)
                .containsExactly(StepResult.Outcome.FAILED, null, StepResult.Outcome.DONE);
        assertThat(attempts[0].failure().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.generation()).isEqualTo(1);
            assertThat(attempt.executor()).isEqualTo("test-github");
            assertThat(attempt.claimed()).isAfterOrEqualTo(attempt.created());
            assertThat(attempt.ended()).isAfterOrEqualTo(attempt.claimed());
        });
        gateway()
                .get("/internal/hubs/hub-b/deployments/{id}/apps/docs/actions/repository/attempts", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("unknown-deployment"));
    }

    @Test
    void anotherHubsDeploymentDoesNotExist() {
        var id = create("docs");

        for (String path : List.of("", "/events", "/apps/docs/actions/repository", "/requests/" + UUID.randomUUID())) {
            gateway()
                    .get("/internal/hubs/hub-b/deployments/{id}" + path, id)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("code", equalTo("unknown-deployment"));
        }
        send(requestMessage("hub-b", id, Kind.RUN, null, null));
        kafka.await(
                Topics.DEAD_LETTERS,
                DeadLetter.class,
                letter -> letter.data().reason().equals("unknown-deployment")
                        && letter.data().key().equals(id.toString()));
        assertThat(deployment("hub-a", id).seq()).isZero();
    }

    @Test
    void aRecordThatIsNoMessageBecomesADeadLetterAndTheNextIsTaken() {
        var id = create("docs");

        kafka.send(Topics.TRIGGERS, "poison", "{not json".getBytes(StandardCharsets.UTF_8));
        var requested = request("hub-a", id, Kind.RUN, null, null);

        var letter = kafka.await(Topics.DEAD_LETTERS, DeadLetter.class, candidate -> "poison"
                .equals(candidate.data().key()));
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo(Topics.TRIGGERS);
        assertThat(requested.outcome()).isEqualTo(RequestView.Outcome.STARTED);
    }

    @Test
    void creatingWithTheSameKeyMakesOneDeployment() {
        var key = UUID.randomUUID().toString();
        var body = body("docs");

        var first = gateway().header("Idempotency-Key", key).body(body).post("/internal/hubs/hub-a/deployments");
        var second = gateway().header("Idempotency-Key", key).body(body).post("/internal/hubs/hub-a/deployments");
        var other = gateway()
                .header("Idempotency-Key", key)
                .body(body("handbook"))
                .post("/internal/hubs/hub-a/deployments");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(second.path("id").toString()).isEqualTo(first.path("id").toString());
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.path("code").toString()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void everythingWrongWithARequestIsNamedAtOnce() {
        gateway()
                .body("""
                        {"workflow": "docs-site", "connections": {"aura": "x"}, "config": {"slug": "No Good", "more": 1},
                         "envVars": {"1X": "a", "N": 3, "OFFSHOOT_EFFECT": "mine"},
                         "apps": [{"appId": "docs", "input": {"repository": {"source": "COPY"}}},
                                  {"appId": "docs", "input": {}}]}""")
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid-request"))
                .body(
                        "errors.pointer",
                        containsInAnyOrder(
                                "/connections/aura",
                                "/config/slug",
                                "/config/more",
                                "/envVars/1X",
                                "/envVars/N",
                                "/envVars/OFFSHOOT_EFFECT",
                                "/apps/0/input/content",
                                "/apps/0/input/repository/source",
                                "/apps/0/input/repository/upstream",
                                "/apps/1/appId",
                                "/apps/1/input/repository",
                                "/apps/1/input/content"));
    }

    @Test
    void aValueMarkedSecretIsRefusedAndNotEchoed() {
        var answer = gateway()
                .body(body("docs").replace("\"hello\"", "{\"secret\": true, \"value\": \"s3cr3t-sentinel\"}"))
                .post("/internal/hubs/hub-a/deployments");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.path("code").toString()).isEqualTo("secret-not-accepted");
        assertThat(answer.path("errors[0].pointer").toString()).isEqualTo("/envVars/NOTICE");
        assertThat(answer.asString()).doesNotContain("s3cr3t-sentinel");
    }

    @Test
    void aSecretGoesSealedToTheStepsThatAreGivenItAndToNoOther() {
        var id = Messages.newId();
        createSealed(id, "key-" + id, "v1:one", "digest").then().statusCode(201);

        request("hub-a", id, Kind.RUN, null, null);
        var repository = github.complete(id, "docs", "repository", REPOSITORY);
        github.complete(id, "docs", "contents", "{\"headSha\": \"c0ffee\"}");
        github.complete(id, "docs", "customise", "{\"sha\": \"beef\", \"branch\": \"main\"}");
        var project = vercel.complete(id, "docs", "project", "{\"id\": \"prj_1\", \"name\": \"gathering-docs\"}");
        var environment = vercel.complete(id, "docs", "environment", "{\"variables\": [\"NOTICE\"]}");

        assertThat(repository.context().secretEnv()).isNull();
        assertThat(project.context().secretEnv()).isNull();
        assertThat(environment.context().env()).doesNotContainKey("NOTICE");
        assertThat(environment.context().secretEnv())
                .isEqualTo(Map.of(
                        "NOTICE",
                        new SealedSecret("BOT", "deployment/" + id, 1, List.of(new Sealed("vercel", "v1", "b25l")))));
    }

    @Test
    void aRepeatWithOtherCiphertextsMakesNothingNewAndOneWithOtherSecretsIsRefused() {
        var id = Messages.newId();
        var key = "key-" + id;
        createSealed(id, key, "v1:one", "digest").then().statusCode(201);

        var repeat = createSealed(Messages.newId(), key, "v1:two", "digest");
        var other = createSealed(Messages.newId(), key, "v1:two", "another-digest");

        repeat.then().statusCode(200).body("id", equalTo(id.toString()));
        other.then().statusCode(422).body("code", equalTo("idempotency-key-reused"));
    }

    @Test
    void aReferenceToASecretThatDidNotComeAlongIsRefused() {
        var answer = gateway()
                .body(body("docs").replace("\"hello\"", "{\"secret\": \"BOT\"}"))
                .post("/internal/hubs/hub-a/deployments");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.path("errors[0].pointer").toString()).isEqualTo("/envVars/NOTICE");
    }

    @Test
    void aKeysetIsItsProvidersAndTheLastOneAnnouncedStands() throws SQLException {
        announceKeyset(ServiceTokens.VERCEL, "{\"key\": \"first\"}");
        announceKeyset(ServiceTokens.VERCEL, "{\"key\": \"second\"}");
        announceKeyset(ServiceTokens.VERCEL, null);

        gateway()
                .get("/internal/keysets")
                .then()
                .statusCode(200)
                .body("find { it.provider == 'vercel' }.keyset", equalTo("{\"key\": \"second\"}"));
        given().header("Authorization", "Bearer " + ServiceTokens.VERCEL)
                .get("/internal/keysets")
                .then()
                .statusCode(403);

        // The other tests are about executors that announce nothing.
        try (var connection = database.getConnection();
                var delete = connection.createStatement()) {
            delete.execute("delete from keyset");
            delete.execute("delete from provider");
        }
    }

    private static void announceKeyset(String token, String keyset) {
        given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body(new Announcement("test", List.of(), keyset))
                .put("/internal/connections")
                .then()
                .statusCode(204);
    }

    /** @param copy the key and the text of the copy for vercel */
    private static Response createSealed(UUID id, String key, String copy, String digest) {
        var text = java.util.Base64.getEncoder().encodeToString(copy.split(":")[1].getBytes());
        return gateway()
                .header("Idempotency-Key", key)
                .body(body("docs").replace("\"hello\"", "{\"secret\": \"BOT\"}").replaceFirst("\\{", """
                        {"id": "%s", "secretsDigest": "%s", "secrets": [{"name": "BOT", "scope": "deployment/%s",
                          "version": 1, "copies": [{"recipient": "github", "key": "g1", "ciphertext": "Z2g="},
                            {"recipient": "vercel", "key": "v1", "ciphertext": "%s"}]}],""".formatted(
                                id, digest, id, text)))
                .post("/internal/hubs/hub-a/deployments");
    }

    @Test
    void servicesReachOnlyWhatIsTheirs() {
        given().get("/internal/workflows").then().statusCode(401).body("code", equalTo("unauthenticated"));
        given().header("Authorization", "Bearer wrong")
                .get("/internal/workflows")
                .then()
                .statusCode(401);
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .get("/internal/workflows")
                .then()
                .statusCode(403);
        gateway().body("{}").post("/internal/claims").then().statusCode(403);
    }

    @Test
    void theFeedOfAHubGoesOnWhereItsCursorStands() {
        var before =
                gateway().get("/internal/hubs/hub-feed/events").path("cursor").toString();
        var id = createFor("hub-feed", "docs");
        request("hub-feed", id, Kind.RUN, null, null);

        eventually(() -> gateway()
                .get("/internal/hubs/hub-feed/events?limit=3&after=" + before)
                .then()
                .statusCode(200)
                .body("events.size()", equalTo(3)));
        var cursor = gateway()
                .get("/internal/hubs/hub-feed/events?limit=3&after=" + before)
                .path("cursor")
                .toString();
        gateway().get("/internal/hubs/hub-feed/events?after=" + cursor).then().body("events[0].data.seq", equalTo(4));
    }

    @Test
    void theCatalogueShowsStepsAndSchemas() {
        gateway()
                .get("/internal/workflows/docs-site")
                .then()
                .statusCode(200)
                .body("version", equalTo(1))
                .body("actions[0].id", equalTo("repository"))
                .body("input.properties.content.title", equalTo("Your words"));
        gateway().get("/internal/workflows/nonesuch").then().statusCode(404).body("code", equalTo("unknown-workflow"));
    }

    private int count(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** As while Kafka is away; the sweeper leaves it alone for the length of a test. */
    private void leaveInTheOutbox(CloudEvent<StepCommand> command) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement("""
                        insert into outbox (id, topic, key, body, created_at)
                        values (?, ?, ?, ?, now() + interval '1 hour')""")) {
            statement.setObject(1, command.id());
            statement.setString(2, Topics.commands("github"));
            statement.setString(3, command.subject());
            statement.setBytes(4, Messages.write(command));
            statement.executeUpdate();
        }
    }

    private long inTheOutbox(CloudEvent<StepCommand> command) throws SQLException {
        return number("select count(*) from outbox where id = ?", command.id());
    }

    private long number(String query, UUID id) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(query)) {
            statement.setObject(1, id);
            var row = statement.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private RequestView trigger(UUID id, String action) {
        return request("hub-a", id, Kind.TRIGGER, action, null);
    }

    /** Sends a request and waits for what was made of it. */
    private RequestView request(String hub, UUID id, Kind kind, String action, ObjectNode args) {
        var message = requestMessage(hub, id, kind, action, args);
        send(message);
        var decided = new RequestView[1];
        eventually(() -> {
            decided[0] = gateway()
                    .get("/internal/hubs/{hub}/deployments/{id}/requests/{request}", hub, id, message.id())
                    .as(RequestView.class);
            assertThat(decided[0].outcome()).isNotEqualTo(RequestView.Outcome.ACCEPTED);
        });
        return decided[0];
    }

    private static CloudEvent<DeploymentRequest> requestMessage(
            String hub, UUID id, Kind kind, String action, ObjectNode args) {
        var request = new DeploymentRequest(kind, id, action == null ? null : "docs", action, args, "test");
        return CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, hub, null, request);
    }

    private void send(CloudEvent<DeploymentRequest> message) {
        kafka.send(Topics.TRIGGERS, message.data().deploymentId().toString(), Messages.write(message));
    }

    private List<CloudEvent<DeploymentEvent>> events(UUID id) {
        return kafka.all(Topics.EVENTS, DeploymentEvent.class).stream()
                .collect(groupingBy(event -> event.data().deploymentId()))
                .getOrDefault(id, List.of());
    }

    private static UUID create(String... apps) {
        return createFor("hub-a", apps);
    }

    private static UUID createFor(String hub, String... apps) {
        return gateway()
                .body(body(apps))
                .post("/internal/hubs/{hub}/deployments", hub)
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }

    private static String body(String... apps) {
        var listed = Arrays.stream(apps).map("""
                        {"appId": "%s", "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                         "content": {"title": "Our docs"}}}"""::formatted).toList();
        return """
                {"workflow": "docs-site", "config": {"slug": "gathering"}, "envVars": {"NOTICE": "hello"}, "apps": [%s]}""".formatted(String.join(",", listed));
    }

    private static Failure failure(FailureClass kind) {
        return new Failure(kind, "no", "No.");
    }

    private static DeploymentView deployment(String hub, UUID id) {
        return gateway()
                .get("/internal/hubs/{hub}/deployments/{id}", hub, id)
                .then()
                .statusCode(200)
                .extract()
                .as(DeploymentView.class);
    }

    private static ActionView action(UUID id, String action) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/{action}", id, action)
                .then()
                .statusCode(200)
                .extract()
                .as(ActionView.class);
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }
}
