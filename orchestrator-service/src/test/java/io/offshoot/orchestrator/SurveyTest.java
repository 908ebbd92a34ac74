package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.offshoot.orchestrator.Executor.found;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans, observations, and what is bound to them. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class SurveyTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";
    private static final List<String> GITHUB_STEPS = List.of("repository", "contents", "customise");
    private static final List<String> VERCEL_STEPS = List.of("project", "environment", "deployment", "domain");
    private static final Finding NEW = Finding.of(Finding.Kind.CREATE, "It would be made.");

    @Inject
    DataSource database;

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
    void aPlanAsksAboutEveryStepAndTouchesNone() {
        var id = create("docs");

        var plan = planned(id);

        assertThat(plan.complete()).isTrue();
        assertThat(plan.hash()).hasSize(64);
        assertThat(plan.findings())
                .extracting(SurveyView.Found::actionId, found -> found.finding().kind())
                .containsExactly(
                        tuple("repository", Finding.Kind.CREATE),
                        tuple("contents", Finding.Kind.CREATE),
                        tuple("customise", Finding.Kind.CREATE),
                        tuple("project", Finding.Kind.CREATE),
                        tuple("environment", Finding.Kind.CREATE),
                        tuple("deployment", Finding.Kind.CREATE),
                        tuple("domain", Finding.Kind.CREATE));
        assertThat(action(id, "repository").state()).isEqualTo("IDLE");
        assertThat(action(id, "repository").attempt()).isZero();
    }

    @Test
    void whatOnlyARunWouldBringIsNamed() {
        var survey = ask(id -> new AskSurvey(SurveyView.Kind.PLAN, null, null, "test"), create("docs"));

        var repository = github.claim(github.look(survey.id(), "repository").data());
        var project = vercel.claim(vercel.look(survey.id(), "project").data());

        assertThat(repository.context().mode()).isEqualTo(AttemptMode.PLAN);
        assertThat(repository.context().unknown()).isNull();
        assertThat(project.context().unknown()).containsExactlyInAnyOrder("repository", "repositoryId");
        assertThat(project.context().input().path("name").asText()).isEqualTo("gathering-docs");
    }

    @Test
    void eachStepIsLookedAtWithItsOwnConnectionAndCountsAgainstIt() {
        var id = created("""
                {"workflow": "handover", "connections": {"github-receiver": "own", "vercel-receiver": "own"},
                 "apps": [{"appId": "docs", "input": {
                 "repository": {"id": "7", "name": "network/docs", "mark": "offshoot:00112233445566778899aabbccddeeff"},
                 "project": {"id": "prj_1", "name": "docs", "mark": "OFFSHOOT_EFFECT=00112233445566778899aabbccddeeff"},
                 "build": {"branch": "main", "commit": "00112233445566778899aabbccddeeff00112233"},
                 "site": {"host": "docs.vercel.app"}}}]}""");
        var survey = ask(id, SurveyView.Kind.PLAN);

        for (var step : List.of("repository-check", "repository-offer", "repository")) {
            look(github, survey, step, step.equals("repository-offer") ? "hub-a" : "own");
        }
        for (var step :
                List.of("project-check", "project-offer", "project", "relink", "environment", "deployment", "site")) {
            look(vercel, survey, step, step.equals("project-offer") ? "hub-a" : "own");
        }

        assertThat(done(id, survey).costs())
                .extracting(SurveyView.Cost::provider, SurveyView.Cost::connection, SurveyView.Cost::reads)
                .containsExactly(
                        tuple("github", "hub-a", 1),
                        tuple("github", "own", 2),
                        tuple("vercel", "hub-a", 1),
                        tuple("vercel", "own", 6));
    }

    @Test
    void theSamePlanTwiceIsOneWhileItIsUnderWayAndHasTheSameHashAfterwards() {
        var id = create("docs");
        var first = ask(id, SurveyView.Kind.PLAN);
        var joined = ask(id, SurveyView.Kind.PLAN);
        answerAll(first);
        var done = done(id, first);

        var again = planned(id);

        assertThat(joined.id()).isEqualTo(first.id());
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.hash()).isEqualTo(done.hash());
    }

    @Test
    void whatIsFoundForAnotherHubOrByAnotherProviderIsADeadLetterAndTheLookGoesOn() {
        var id = create("docs");
        var survey = ask(id, SurveyView.Kind.PLAN);
        var command = github.look(survey.id(), "repository");
        var found = found(github.claim(command.data()), NEW);

        for (String hub : List.of("hub-b", "hub-a")) {
            var message = CloudEvent.first(
                    Messages.newId(), "/github-executor", command.subject(), Instant.EPOCH, hub, null, found);
            kafka.send(
                    Topics.results(hub.equals("hub-b") ? "github" : "vercel"), id.toString(), Messages.write(message));
            kafka.await(
                    Topics.DEAD_LETTERS,
                    DeadLetter.class,
                    letter -> letter.data().reason().equals("wrong-tenant")
                            && new String(letter.data().value(), StandardCharsets.UTF_8)
                                    .contains(message.id().toString()));
        }

        assertThat(gatewaysView(survey).findings()).isEmpty();
        answerAll(survey);
        assertThat(done(id, survey).complete()).isTrue();
    }

    @Test
    void anotherFindingIsAnotherHash() {
        var id = create("docs");
        var first = planned(id);

        var second = ask(id, SurveyView.Kind.PLAN);
        answer(github, second, "repository", Finding.of(Finding.Kind.ADOPT, "repository", "7", "x", "Ours."));
        answerAll(second);

        assertThat(done(id, second).hash()).isNotEqualTo(first.hash());
    }

    @Test
    void theSameResultTwiceAndOneOfALostLeaseChangeNothing() {
        var id = create("docs");
        var survey = ask(id, SurveyView.Kind.PLAN);
        var command = github.look(survey.id(), "repository");
        var lost = github.claim(command.data());
        var again = github.look(survey.id(), "repository");
        var taken = github.claim(again.data());

        github.report(command, found(lost, Finding.of(Finding.Kind.LEAVE, "Too late.")));
        github.report(again, found(taken, NEW));
        github.report(again, found(taken, Finding.of(Finding.Kind.LEAVE, "Twice.")));
        // Of the same key, so taken in after them.
        answer(github, survey, "contents", NEW);

        assertThat(taken.fence()).isGreaterThan(lost.fence());
        assertThat(gatewaysView(survey).findings().get(0).finding().message()).isEqualTo("It would be made.");
    }

    @Test
    void aLookThatIsHandedBackIsAskedForAgainAtOnce() {
        var id = create("docs");
        var survey = ask(id, SurveyView.Kind.PLAN);
        var command = github.look(survey.id(), "repository");
        var first = github.claim(command.data());

        github.report(command, Executor.handedBack(first));
        var second = await().atMost(Duration.ofSeconds(20))
                .until(() -> github.claim(command.data()), ClaimAnswer.Claimed::yours);
        github.report(command, found(second, NEW));

        assertThat(second.fence()).isGreaterThan(first.fence());
        eventually(() -> assertThat(gatewaysView(survey).findings())
                .extracting(SurveyView.Found::actionId)
                .contains("repository"));
    }

    @Test
    void aClaimRepeatedHasTheSameAnswerAndAnotherIsTurnedAway() {
        var survey = ask(create("docs"), SurveyView.Kind.PLAN);
        var command = github.look(survey.id(), "repository").data();
        var claimId = Messages.newId();

        var first = github.claim(claimId, command);
        var repeated = github.claim(claimId, command);

        assertThat(repeated).isEqualTo(first);
        assertThat(github.claim(command).yours()).isFalse();
        assertThat(vercel.claim(command).yours()).isFalse();
        assertThat(github.heartbeat(first).lost()).isEmpty();
    }

    @Test
    void whatNobodyLooksAtInTimeIsUnreadAndThePlanIsNotComplete() throws Exception {
        var id = create("docs");
        var survey = ask(id, SurveyView.Kind.PLAN);
        answer(github, survey, "repository", NEW);
        itsTimeIsUp(survey);

        var plan = done(id, survey);

        assertThat(plan.complete()).isFalse();
        assertThat(plan.findings().get(1).finding().kind()).isEqualTo(Finding.Kind.UNREAD);
        check(id, new DeploymentRequest(Kind.RUN, id, null, null, null, "test", false, plan.hash(), null))
                .statusCode(409)
                .body("code", equalTo("stale-plan"));
    }

    @Test
    void aRunBoundToItsPlanBeginsAndAnotherPlansHashIsStale() {
        var id = create("docs");
        var plan = planned(id);

        check(id, bound(id, "0".repeat(64))).statusCode(409).body("code", equalTo("stale-plan"));
        check(id, bound(id, plan.hash())).statusCode(204);
        send(id, bound(id, plan.hash()));

        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("DISPATCHED"));
    }

    @Test
    void aPlanOfOneAppBindsNoRunOfAll() {
        var id = create("docs", "handbook");
        var survey = ask(any -> new AskSurvey(SurveyView.Kind.PLAN, "docs", null, "test"), id);
        answerAll(survey);

        var plan = done(id, survey);

        assertThat(plan.findings()).extracting(SurveyView.Found::appId).containsOnly("docs");
        check(id, bound(id, plan.hash())).statusCode(409).body("code", equalTo("stale-plan"));
    }

    @Test
    void aPlanIsStaleOnceSomethingWasDecided() {
        var id = create("docs");
        var plan = planned(id);
        send(id, new DeploymentRequest(Kind.TRIGGER, id, "docs", "repository", null, "test"));
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("DISPATCHED"));

        check(id, bound(id, plan.hash())).statusCode(409).body("code", equalTo("stale-plan"));
    }

    @Test
    void anObservationAsksAboutWhatIsOwnedOnly() {
        var id = create("docs");
        make(id);

        var survey = ask(id, SurveyView.Kind.OBSERVATION);
        var command = github.look(survey.id(), "repository");
        var claimed = github.claim(command.data());
        github.report(command, found(claimed, Finding.of(Finding.Kind.MISSING, "repository", "7", "x", "It is gone.")));

        assertThat(claimed.context().mode()).isEqualTo(AttemptMode.OBSERVE);
        assertThat(claimed.context().resources())
                .extracting(Effect::id, Effect::verb, Effect::mark)
                .containsExactly(tuple("7", Verb.CREATED, "offshoot:key"));
        assertThat(done(id, survey).findings())
                .extracting(found -> found.finding().kind())
                .containsExactly(Finding.Kind.MISSING);
    }

    @Test
    void aTeardownCarriesOutItsPlanAndLeavesNothingOwned() {
        var id = create("docs");
        make(id);
        var plan = teardownPlanned(id, Removal.DELETE);
        assertThat(plan.findings())
                .extracting(found -> found.finding().kind(), found -> found.finding()
                        .id())
                .containsExactly(tuple(Finding.Kind.TAKE_BACK, "7"));

        send(id, teardown(id, "docs", plan.hash(), Removal.DELETE));
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        github.report(command, undone(claimed, Verb.REMOVED, null));

        assertThat(claimed.context().mode()).isEqualTo(AttemptMode.UNDO);
        assertThat(claimed.context().removal()).isEqualTo(Removal.DELETE);
        assertThat(claimed.context().resources()).extracting(Effect::id).containsExactly("7");
        eventually(() -> assertThat(action(id, "repository").state()).isEqualTo("IDLE"));
        assertThat(resources(id, false)).isEmpty();
        assertThat(resources(id, true))
                .extracting(ResourceView::id, ResourceView::verb)
                .containsExactly(tuple("7", Verb.REMOVED));
    }

    @Test
    void whatATeardownLeavesIsNamedInTheLedgerWithTheReason() {
        var id = create("docs");
        make(id);
        var plan = teardownPlanned(id, Removal.ARCHIVE);
        send(id, teardown(id, "docs", plan.hash(), Removal.ARCHIVE));
        var command = github.command(id, "docs", "repository");

        github.report(command, undone(github.claim(command.data()), Verb.LEFT, "Its mark is another's."));

        eventually(() -> assertThat(resources(id, true))
                .extracting(
                        ResourceView::verb,
                        one -> one.history().get(one.history().size() - 1).note())
                .containsExactly(tuple(Verb.LEFT, "Its mark is another's.")));
        assertThat(resources(id, false)).isEmpty();
    }

    @Test
    void aTeardownWithoutItsPlanOrUnderAnotherNameOrChoiceIsRefused() {
        var id = create("docs", "handbook");
        make(id);
        var plan = teardownPlanned(id, Removal.ARCHIVE);

        check(id, teardown(id, "docs", "0".repeat(64), Removal.ARCHIVE))
                .statusCode(409)
                .body("code", equalTo("stale-plan"));
        check(id, teardown(id, "docs", plan.hash(), Removal.DELETE))
                .statusCode(409)
                .body("code", equalTo("stale-plan"));
        check(id, teardown(id, "dosc", plan.hash(), Removal.ARCHIVE))
                .statusCode(422)
                .body("code", equalTo("name-mismatch"));
        check(id, teardown(id, "docs", plan.hash(), Removal.ARCHIVE)).statusCode(204);
        assertThat(kafka.all(Topics.commands("github"), StepCommand.class))
                .noneMatch(message -> message.data().mode() == AttemptMode.UNDO
                        && message.data().deploymentId().equals(id));
    }

    @Test
    void aTeardownOfSeveralAppsMustNameOne() {
        var id = create("docs", "handbook");

        survey(id, new AskSurvey(SurveyView.Kind.TEARDOWN, null, Removal.ARCHIVE, "test"))
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/app"));
        survey(id, new AskSurvey(SurveyView.Kind.TEARDOWN, "nothing", Removal.ARCHIVE, "test"))
                .statusCode(404)
                .body("code", equalTo("unknown-app"));
    }

    @Test
    void anotherHubsDeploymentHasNoPlans() {
        var id = create("docs");
        var survey = ask(id, SurveyView.Kind.PLAN);

        gateway()
                .get("/internal/hubs/hub-b/deployments/{id}/surveys/{survey}", id, survey.id())
                .then()
                .statusCode(404);
        gateway()
                .contentType("application/json")
                .body(new AskSurvey(SurveyView.Kind.PLAN, null, null, "test"))
                .post("/internal/hubs/hub-b/deployments/{id}/surveys", id)
                .then()
                .statusCode(404);
    }

    private void itsTimeIsUp(SurveyView survey) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement("update survey set until = clock_timestamp() where id = ?")) {
            update.setObject(1, survey.id());
            update.executeUpdate();
        }
    }

    /** The repository step is done, and has made what it is for. */
    private void make(UUID id) {
        send(id, new DeploymentRequest(Kind.TRIGGER, id, "docs", "repository", null, "test"));
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        github.report(command, result(claimed, REPOSITORY, effect(Verb.CREATED, null)));
        eventually(() -> assertThat(resources(id, false)).hasSize(1));
    }

    private SurveyView planned(UUID id) {
        var survey = ask(id, SurveyView.Kind.PLAN);
        answerAll(survey);
        return done(id, survey);
    }

    private SurveyView teardownPlanned(UUID id, Removal removal) {
        var survey = ask(any -> new AskSurvey(SurveyView.Kind.TEARDOWN, "docs", removal, "test"), id);
        answer(
                github,
                survey,
                "repository",
                Finding.of(Finding.Kind.TAKE_BACK, "repository", "7", "hub-a/gathering-docs", "It would be."));
        return done(id, survey);
    }

    private void answerAll(SurveyView survey) {
        GITHUB_STEPS.forEach(step -> answerOnce(github, survey, step));
        VERCEL_STEPS.forEach(step -> answerOnce(vercel, survey, step));
    }

    private void answerOnce(Executor executor, SurveyView survey, String step) {
        var isAnswered = gatewaysView(survey).findings().stream()
                .anyMatch(found -> found.actionId().equals(step));
        if (!isAnswered) {
            answer(executor, survey, step, NEW);
        }
    }

    private void answer(Executor executor, SurveyView survey, String step, Finding finding) {
        var command = executor.look(survey.id(), step);
        executor.report(command, found(executor.claim(command.data()), finding));
        eventually(() -> assertThat(gatewaysView(survey).findings())
                .anyMatch(found -> found.actionId().equals(step)));
    }

    private SurveyView done(UUID id, SurveyView survey) {
        eventually(() -> assertThat(gatewaysView(survey).done()).isTrue());
        return gatewaysView(survey);
    }

    private SurveyView gatewaysView(SurveyView survey) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/surveys/{survey}", survey.deploymentId(), survey.id())
                .then()
                .statusCode(200)
                .extract()
                .as(SurveyView.class);
    }

    private SurveyView ask(UUID id, SurveyView.Kind kind) {
        return ask(any -> new AskSurvey(kind, null, null, "test"), id);
    }

    private SurveyView ask(Function<UUID, AskSurvey> asked, UUID id) {
        return survey(id, asked.apply(id)).statusCode(200).extract().as(SurveyView.class);
    }

    private ValidatableResponse survey(UUID id, AskSurvey asked) {
        return gateway()
                .contentType("application/json")
                .body(asked)
                .post("/internal/hubs/hub-a/deployments/{id}/surveys", id)
                .then();
    }

    private static DeploymentRequest bound(UUID id, String plan) {
        return new DeploymentRequest(Kind.RUN, id, null, null, null, "test", false, plan, null);
    }

    private static DeploymentRequest teardown(UUID id, String app, String plan, Removal removal) {
        return new DeploymentRequest(Kind.TEARDOWN, id, app, null, null, "test", false, plan, removal);
    }

    private static ValidatableResponse check(UUID id, DeploymentRequest request) {
        return gateway()
                .contentType("application/json")
                .body(request)
                .post("/internal/hubs/hub-a/deployments/{id}/check", id)
                .then();
    }

    private void send(UUID id, DeploymentRequest request) {
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, "hub-a", null, request);
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
    }

    private static Effect effect(Verb verb, String note) {
        return new Effect("key", "repository", "7", "hub-a/gathering-docs", "hub-a", verb, "offshoot:key", null, note);
    }

    private static StepResult undone(ClaimAnswer.Claimed claimed, Verb verb, String note) {
        return result(claimed, "{}", effect(verb, note));
    }

    private static StepResult result(ClaimAnswer.Claimed claimed, String outputs, Effect effect) {
        var ref = claimed.attempt();
        return new StepResult(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                claimed.fence(),
                "test",
                StepResult.Outcome.DONE,
                Executor.json(outputs),
                null,
                null,
                List.of(effect));
    }

    private static ActionView action(UUID id, String step) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/{step}", id, step)
                .as(ActionView.class);
    }

    private static List<ResourceView> resources(UUID id, boolean all) {
        return Arrays.asList(gateway()
                .queryParam("all", all)
                .get("/internal/hubs/hub-a/deployments/{id}/resources", id)
                .as(ResourceView[].class));
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY);
    }

    private void look(Executor executor, SurveyView survey, String step, String connection) {
        var command = executor.look(survey.id(), step);
        var claimed = executor.claim(command.data());
        assertThat(claimed.context().connection()).as(step).isEqualTo(connection);
        executor.report(command, found(claimed, NEW.taking(1, 0)));
    }

    private static UUID create(String... apps) {
        var list = Arrays.stream(apps).map("""
                {"appId": "%s", "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                 "content": {"title": "Our docs"}}}"""::formatted).toList();
        return created("""
                {"workflow": "docs-site", "config": {"slug": "gathering"}, "apps": [%s]}""".formatted(String.join(", ", list)));
    }

    private static UUID created(String body) {
        return gateway()
                .contentType("application/json")
                .body(body)
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }
}
