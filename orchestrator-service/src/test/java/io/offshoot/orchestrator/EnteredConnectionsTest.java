package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.claim.ConnectionReport.News;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.claim.Verdict.State;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.orchestrator.lane.Lanes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class EnteredConnectionsTest {

    private static final String A = "enter-a";
    private static final String B = "enter-b";
    private static final String STATE = "ab".repeat(32);

    @Inject
    DataSource database;

    @Inject
    Lanes lanes;

    private KafkaClient kafka;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        announce();
    }

    @AfterEach
    void forget() throws SQLException {
        kafka.close();
        execute("update attempt set phase = 'ENDED' where hub like 'enter-%'");
        execute("update step set state = 'FAILED', due_at = null, deadline = null where deployment_id in "
                + "(select id from deployment where hub like 'enter-%')");
        execute("delete from entered_connection");
        execute("delete from installation_link");
        execute("delete from connection");
        execute("delete from provider");
        execute("delete from lane");
        lanes.refresh();
    }

    @Test
    void whatAHubEntersIsToldToExecutorsOfThatProviderAndShownWithoutWhatItIsEnteredWith() {
        var before = report("github", null).upTo();

        enter(A, "main", 1).statusCode(200).body("state", equalTo("CHECKING"));

        var told = report("github", before).connections();
        assertThat(told).singleElement().satisfies(entered -> {
            assertThat(entered.hub() + "/" + entered.name() + "/" + entered.version())
                    .isEqualTo(A + "/main/1");
            assertThat(entered.sealed().ciphertext()).isEqualTo("sealed-1");
            assertThat(entered.checked()).isFalse();
        });
        assertThat(report("github", null).connections()).hasSize(1);
        assertThat(report("vercel", null).connections()).isEmpty();
        connections(A)
                .body("$", hasSize(1))
                .body("[0].name", equalTo("main"))
                .body("[0].account", equalTo("a-org"))
                .body("[0].enteredBy", equalTo("somebody"))
                .body(not(containsString("sealed-1")));
        connections(B).body("$", hasSize(0));
    }

    @Test
    void aDeploymentCanNameItOnlyOnceItIsReadyAndNotWhenItIsRefused() {
        enter(A, A, 1);
        create(A).statusCode(404).body("code", equalTo("unknown-connection"));

        judge(A, A, 1, State.REFUSED, "bad-credential");
        create(A).statusCode(404);
        judge(A, A, 1, State.READY, null);
        create(A).statusCode(201);
        create(B).statusCode(404);

        enter(A, A, 2);
        create(A).statusCode(201);
        judge(A, A, 2, State.REFUSED, "bad-credential");
        create(A)
                .statusCode(409)
                .body("code", equalTo("connection-refused"))
                .body("errors[0].detail", equalTo("Because."));
    }

    @Test
    void anotherHubsConnectionOfTheSameNameIsAnother() {
        enter(A, "main", 1);
        enter(B, "main", 1).statusCode(200);
        judge(A, "main", 1, State.READY, null);

        connections(A).body("[0].state", equalTo("READY"));
        connections(B).body("[0].state", equalTo("CHECKING"));
        create(B, "main").statusCode(404);
    }

    @Test
    void aClaimBringsTheNewestVersionAndWhatWasRemoved() {
        enter(A, A, 1);
        judge(A, A, 1, State.READY, null);
        enter(A, A, 2);
        enter(A, "spare", 1);
        gateway()
                .delete("/internal/hubs/{hub}/connections/github/spare", A)
                .then()
                .statusCode(204);
        var id = create(A).statusCode(201).extract().as(DeploymentView.class).id();
        request(A, id);
        var command = new Executor("github", ServiceTokens.GITHUB, kafka).command(id, "docs", "repository");

        var answer = given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .contentType("application/json")
                .body(new ClaimRequest(
                        Messages.newId(),
                        "test",
                        List.of(new AttemptRef(
                                id, "docs", "repository", command.data().attempt(), null))))
                .post("/internal/claims")
                .then()
                .statusCode(200)
                .extract()
                .as(ClaimAnswer.class);

        assertThat(answer.attempts()).singleElement().matches(ClaimAnswer.Claimed::yours);
        assertThat(answer.connections())
                .extracting(EnteredConnection::name, EnteredConnection::version, EnteredConnection::removed)
                .containsExactlyInAnyOrder(tuple(A, 2L, false), tuple("spare", 2L, true));
        assertThat(answer.connections()).filteredOn(EnteredConnection::removed).allMatch(gone -> gone.sealed() == null);
        eventually(() -> assertThat(number("select count(*) from attempt where lane = 'github:lane-of-" + A + "'"))
                .isEqualTo(1));
    }

    @Test
    void aTokenThatWasSealedForAnotherVersionIsNotKept() throws SQLException {
        enter(A, "main", 1).statusCode(200);

        enter(A, "main", 1).statusCode(409).body("code", equalTo("connection-changed"));
        enter(A, "main", 3).statusCode(409);

        assertThat(number("select version from entered_connection")).isEqualTo(1);
    }

    @Test
    void aVerdictThatArrivesTwiceOrLateChangesNothing() throws SQLException {
        enter(A, "main", 1);
        judge(A, "main", 1, State.READY, null);
        judge(A, "main", 1, State.READY, null);
        enter(A, "main", 2);

        judge(A, "main", 1, State.REFUSED, "bad-credential");
        connections(A).body("[0].state", equalTo("CHECKING")).body("[0].version", equalTo(2));
        judge(A, "main", 2, State.READY, null);
        judge(A, "main", 2, State.CHECKING, "unreachable");

        connections(A).body("[0].state", equalTo("READY"));
        assertThat(number("select count(*) from lane")).isEqualTo(1);
    }

    @Test
    void aRepeatWithTheSameKeyFindsWhatTheFirstMade() {
        next(A, "main", "k").body("version", equalTo(1)).body("made", equalTo(null));
        gateway()
                .body(new EnterConnection("a-org", 1, sealed(1), "somebody", "k", "digest"))
                .put("/internal/hubs/{hub}/connections/github/main", A)
                .then()
                .statusCode(200);

        next(A, "main", "k").body("made", equalTo(1)).body("digest", equalTo("digest"));
        next(A, "main", "other").body("version", equalTo(2)).body("made", equalTo(null));
    }

    @Test
    void whatTheOperatorHasSetUpIsShownAndCannotBeReplacedOrRemoved() throws SQLException {
        announce(new Announcement.Connection("main", A, "their-org", lane("static")));

        next(A, "main", null).statusCode(409).body("code", equalTo("connection-of-the-operator"));
        enter(A, "main", 1).statusCode(409);
        gateway()
                .delete("/internal/hubs/{hub}/connections/github/main", A)
                .then()
                .statusCode(409);
        ask(A, "main", STATE).statusCode(409);

        connections(A).body("$", hasSize(1)).body("[0].by", equalTo("OPERATOR"));
        assertThat(number("select count(*) from entered_connection")).isZero();
        assertThat(number("select count(*) from installation_link")).isZero();
        next(B, "main", null).statusCode(200);
    }

    @Test
    void aProviderThatNoWorkflowUsesIsUnknown() {
        gateway()
                .get("/internal/hubs/{hub}/connections/nowhere/main/next", A)
                .then()
                .statusCode(404)
                .body("code", equalTo("unknown-provider"));
    }

    @Test
    void removingForgetsWhatWasSealedAndTheNameBeginsAnew() throws SQLException {
        enter(A, A, 1);
        judge(A, A, 1, State.READY, null);

        gateway()
                .delete("/internal/hubs/{hub}/connections/github/{hub}", A, A)
                .then()
                .statusCode(204);

        gateway()
                .delete("/internal/hubs/{hub}/connections/github/{hub}", A, A)
                .then()
                .statusCode(404);
        connections(A).body("$", hasSize(0));
        create(A).statusCode(404);
        assertThat(number("select count(*) from entered_connection where sealed is not null"))
                .isZero();
        enter(A, A, 3).statusCode(200);
        create(A).statusCode(404);
    }

    @Test
    void aLinkIsUsedOnceAndMakesAConnectionThatIsYetToBeChecked() {
        ask(A, "app", STATE).statusCode(204);

        come(STATE, 77)
                .statusCode(200)
                .body("hub", equalTo(A))
                .body("connection.state", equalTo("CHECKING"))
                .body("connection.kind", equalTo("INSTALLATION"))
                .body("connection.account", equalTo("a-org"));

        come(STATE, 77).statusCode(404).body("code", equalTo("unknown-installation-link"));
        come("cd".repeat(32), 77).statusCode(404);
        assertThat(report("github", null).connections()).singleElement().satisfies(entered -> {
            assertThat(entered.installation()).isEqualTo(77);
            assertThat(entered.askedAt()).isNotNull();
            assertThat(entered.sealed()).isNull();
        });
    }

    @Test
    void aLinkOfAnHourAgoIsNoneAnyMore() throws SQLException {
        ask(A, "app", STATE);
        execute("update installation_link set expires_at = now() - interval '1 second'");

        come(STATE, 77).statusCode(404);

        assertThat(number("select count(*) from entered_connection")).isZero();
    }

    @Test
    void anInstallationOfAnotherHubIsNotTakenAndTheLinkIsUsedUp() throws SQLException {
        ask(A, "app", STATE);
        come(STATE, 77);
        announce(new Announcement.Connection("static", A, "their-org", lane("installation-78")));
        ask(B, "app", "cd".repeat(32));
        ask(B, "app", "ef".repeat(32));

        come("cd".repeat(32), 77).statusCode(200).body("connection", equalTo(null));
        come("ef".repeat(32), 78).statusCode(200).body("connection", equalTo(null));

        connections(B).body("$", hasSize(0));
        come("cd".repeat(32), 99).statusCode(404);
        assertThat(number("select count(*) from entered_connection")).isEqualTo(1);
    }

    @Test
    void onlyExecutorsReportAndOnlyTheGatewayEnters() {
        gateway()
                .body(new ConnectionReport("x", null, List.of()))
                .post("/internal/connections/reports")
                .then()
                .statusCode(403);
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .contentType("application/json")
                .body(new EnterConnection("a-org", 1, sealed(1), "x", null, null))
                .put("/internal/hubs/{hub}/connections/github/main", A)
                .then()
                .statusCode(403);
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }

    private static ValidatableResponse enter(String hub, String name, long version) {
        return gateway()
                .body(new EnterConnection("a-org", version, sealed(version), "somebody", null, null))
                .put("/internal/hubs/{hub}/connections/github/{name}", hub, name)
                .then();
    }

    private static Sealed sealed(long version) {
        return new Sealed("github", "key", "sealed-" + version);
    }

    private static ValidatableResponse next(String hub, String name, String key) {
        var call = gateway();
        return (key == null ? call : call.queryParam("key", key))
                .get("/internal/hubs/{hub}/connections/github/{name}/next", hub, name)
                .then();
    }

    private static ValidatableResponse connections(String hub) {
        return gateway().get("/internal/hubs/{hub}/connections", hub).then().statusCode(200);
    }

    private static ValidatableResponse ask(String hub, String name, String state) {
        return gateway()
                .body(new InstallationLink(state, "a-org", "somebody"))
                .post("/internal/hubs/{hub}/connections/github/{name}/installation-links", hub, name)
                .then();
    }

    private static ValidatableResponse come(String state, long installation) {
        return gateway()
                .body(new InstallationLink.Used(state, installation))
                .post("/internal/installations")
                .then();
    }

    private static News report(String provider, Long after, Verdict... verdicts) {
        return given().header(
                        "Authorization",
                        "Bearer " + (provider.equals("github") ? ServiceTokens.GITHUB : ServiceTokens.VERCEL))
                .contentType("application/json")
                .body(new ConnectionReport("test", after, List.of(verdicts)))
                .post("/internal/connections/reports")
                .then()
                .statusCode(200)
                .extract()
                .as(News.class);
    }

    private static void judge(String hub, String name, long version, State state, String code) {
        report(
                "github",
                null,
                new Verdict(
                        hub,
                        name,
                        version,
                        state,
                        code,
                        code == null ? null : "Because.",
                        state == State.READY ? lane("lane-of-" + hub) : null));
    }

    private static Announcement.Lane lane(String id) {
        return new Announcement.Lane(id, 1, List.of(new Announcement.Window(80, 60_000)), 400, 3_600_000);
    }

    private static void announce(Announcement.Connection... connections) {
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .contentType("application/json")
                .body(new Announcement("test-github", Arrays.asList(connections)))
                .put("/internal/connections")
                .then()
                .statusCode(204);
    }

    private static ValidatableResponse create(String hub) {
        return create(hub, null);
    }

    private static ValidatableResponse create(String hub, String connection) {
        var named = connection == null ? "" : "\"connections\": {\"github\": \"%s\"},".formatted(connection);
        return gateway()
                .body("""
                        {"workflow": "docs-site", %s "config": {"slug": "gathering"}, "apps": [
                         {"appId": "docs", "input": {
                          "repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                          "content": {"title": "Our docs"}}}]}""".formatted(named))
                .post("/internal/hubs/{hub}/deployments", hub)
                .then();
    }

    private void request(String hub, UUID deployment) {
        var request = new DeploymentRequest(Kind.RUN, deployment, null, null, null, "test");
        kafka.send(
                Topics.TRIGGERS,
                deployment.toString(),
                Messages.write(CloudEvent.first(
                        Messages.newId(), "/gateway", deployment.toString(), Instant.EPOCH, hub, null, request)));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            var row = statement.executeQuery(sql);
            row.next();
            return row.getLong(1);
        }
    }
}
