package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What attempts reported that they made, took up, found or removed. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class LedgerTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";
    private static final String SETTINGS = "ab".repeat(32);

    private KafkaClient kafka;
    private Executor github;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void whatAnAttemptMadeIsAResourceOfTheDeployment() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());

        github.report(command, done(claimed, effect(7, Verb.CREATED)));

        var resource = onlyResource(id);
        assertThat(resource)
                .extracting(
                        ResourceView::appId,
                        ResourceView::actionId,
                        ResourceView::provider,
                        ResourceView::kind,
                        ResourceView::id,
                        ResourceView::name,
                        ResourceView::account,
                        ResourceView::verb,
                        ResourceView::owned,
                        ResourceView::mark,
                        ResourceView::settings)
                .containsExactly(
                        "docs",
                        "repository",
                        "github",
                        "repository",
                        "7",
                        "hub-a/gathering-docs",
                        "hub-a",
                        Verb.CREATED,
                        true,
                        "offshoot:key",
                        SETTINGS);
        assertThat(resource.firstSeen())
                .isAfter(claimedAt(id))
                .isEqualTo(resource.lastSeen())
                .isEqualTo(resource.history().get(0).seen());
        assertThat(resource.history())
                .extracting(ResourceView.Report::attempt, ResourceView.Report::verb, ResourceView.Report::key)
                .containsExactly(tuple(1, Verb.CREATED, "key"));
    }

    @Test
    void theSameResultTwiceIsOneRow() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        var result = done(claimed, effect(7, Verb.CREATED));

        github.report(command, result);
        github.report(command, result);
        // Of the same key, so taken in after them.
        github.report(command, done(claimed, effect(8, Verb.OBSERVED)));

        eventually(() -> assertThat(resources(id, true)).hasSize(2));
        assertThat(onlyResource(id).history()).hasSize(1);
    }

    @Test
    void whatAnAttemptMadeThatHadLostItsLeaseIsKeptAsEvidence() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var lost = github.claim(command.data());
        var second = github.command(id, "docs", "repository");
        var taken = github.claim(second.data());

        github.report(command, done(lost, effect(7, Verb.CREATED)));
        github.report(second, done(taken, effect(8, Verb.CREATED)));

        eventually(() -> assertThat(resources(id, false))
                .extracting(ResourceView::id, one -> one.history().get(0).attempt())
                .containsExactlyInAnyOrder(tuple("7", 1), tuple("8", 2)));
    }

    @Test
    void whatAFailedAttemptFoundInItsWayIsThereAndNotOwned() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var claimed = github.claim(command.data());
        var failure = new Failure(FailureClass.REFUSED, "exists-and-is-not-ours", "There is one already.");

        github.report(command, failed(claimed, failure, effect(9, Verb.OBSERVED)));

        eventually(() -> assertThat(resources(id, true))
                .extracting(ResourceView::id, ResourceView::verb, ResourceView::owned)
                .containsExactly(tuple("9", Verb.OBSERVED, false)));
        assertThat(resources(id, false)).isEmpty();
    }

    @Test
    void aSecondAttemptThatTakesUpWhatTheFirstMadeAddsToItsHistory() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var lost = github.claim(command.data());
        github.report(command, done(lost, effect(7, Verb.CREATED)));
        eventually(() -> assertThat(action(id).status()).isEqualTo(PublicStatus.DONE));
        request(id, true);
        var second = github.command(id, "docs", "repository");

        github.report(second, done(github.claim(second.data()), effect(7, Verb.ADOPTED)));

        eventually(() -> assertThat(onlyResource(id).history())
                .extracting(ResourceView.Report::attempt, ResourceView.Report::verb)
                .containsExactly(tuple(1, Verb.CREATED), tuple(2, Verb.ADOPTED)));
        assertThat(onlyResource(id).verb()).isEqualTo(Verb.CREATED);
    }

    @Test
    void whatWasRemovedIsOwnedNoMoreThoughItsMakerReportsLate() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var lost = github.claim(command.data());
        var second = github.command(id, "docs", "repository");
        var taken = github.claim(second.data());

        github.report(second, done(taken, effect(8, Verb.CREATED), effect(7, Verb.REMOVED)));
        eventually(() -> assertThat(resources(id, true)).hasSize(2));
        github.report(command, done(lost, effect(7, Verb.CREATED)));

        eventually(() -> assertThat(resources(id, true))
                .filteredOn(one -> one.id().equals("7"))
                .singleElement()
                .satisfies(one -> assertThat(one.history()).hasSize(2))
                .extracting(ResourceView::verb, ResourceView::owned)
                .containsExactly(Verb.REMOVED, false));
        assertThat(onlyResource(id).id()).isEqualTo("8");
    }

    @Test
    void whatIsMadeAgainAfterItsRemovalIsOwned() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        github.report(command, done(github.claim(command.data()), effect(7, Verb.CREATED), effect(7, Verb.REMOVED)));
        eventually(() -> assertThat(action(id).status()).isEqualTo(PublicStatus.DONE));
        assertThat(resources(id, false)).isEmpty();
        request(id, true);
        var second = github.command(id, "docs", "repository");

        github.report(second, done(github.claim(second.data()), effect(7, Verb.CREATED)));

        eventually(() -> assertThat(onlyResource(id).history()).hasSize(3));
    }

    @Test
    void anotherHubsLedgerDoesNotExist() {
        var id = create();

        ledger("hub-a", id, false).then().statusCode(200);
        ledger("hub-b", id, false).then().statusCode(404);
        ledger("hub-a", UUID.randomUUID(), false).then().statusCode(404);
    }

    @Test
    void theOldestReleasesReportHasNoMarkAndIsOwnedAllTheSame() {
        var id = createAndTrigger();
        var command = github.command(id, "docs", "repository");
        var bare = new Effect("key", "repository", "7", null, "hub-a", Verb.CREATED);

        github.report(command, done(github.claim(command.data()), bare));

        var resource = onlyResource(id);
        assertThat(resource.mark()).isNull();
        assertThat(resource.settings()).isNull();
    }

    private static Effect effect(int repository, Verb verb) {
        return new Effect(
                "key",
                "repository",
                Integer.toString(repository),
                "hub-a/gathering-docs",
                "hub-a",
                verb,
                "offshoot:key",
                SETTINGS);
    }

    private static StepResult done(ClaimAnswer.Claimed claimed, Effect... effects) {
        return result(claimed, StepResult.Outcome.DONE, null, effects);
    }

    private static StepResult failed(ClaimAnswer.Claimed claimed, Failure failure, Effect... effects) {
        return result(claimed, StepResult.Outcome.FAILED, failure, effects);
    }

    private static StepResult result(
            ClaimAnswer.Claimed claimed, StepResult.Outcome outcome, Failure failure, Effect... effects) {
        var ref = claimed.attempt();
        return new StepResult(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                claimed.fence(),
                "test",
                outcome,
                failure == null ? Executor.json(REPOSITORY) : null,
                null,
                failure,
                List.of(effects));
    }

    private UUID createAndTrigger() {
        var id = create();
        request(id, false);
        return id;
    }

    private void request(UUID id, boolean rerun) {
        var request =
                new DeploymentRequest(DeploymentRequest.Kind.TRIGGER, id, "docs", "repository", null, "test", rerun);
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, "hub-a", null, request);
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
    }

    private static ResourceView onlyResource(UUID id) {
        eventually(() -> assertThat(resources(id, false)).hasSize(1));
        return resources(id, false).get(0);
    }

    private static List<ResourceView> resources(UUID id, boolean all) {
        return Arrays.asList(
                ledger("hub-a", id, all).then().statusCode(200).extract().as(ResourceView[].class));
    }

    private static Response ledger(String hub, UUID id, boolean all) {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .queryParam("all", all)
                .get("/internal/hubs/{hub}/deployments/{id}/resources", hub, id);
    }

    private static ActionView action(UUID id) {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/repository", id)
                .as(ActionView.class);
    }

    private static Instant claimedAt(UUID id) {
        return Instant.parse(given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/repository/attempts", id)
                .jsonPath()
                .getString("[0].claimed"));
    }

    private static UUID create() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json")
                .body("""
                        {"workflow": "docs-site", "config": {"slug": "gathering"}, "apps": [
                          {"appId": "docs", "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                           "content": {"title": "Our docs"}}}]}""")
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }
}
