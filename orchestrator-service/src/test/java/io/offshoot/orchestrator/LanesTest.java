package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.message.Budget;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.orchestrator.deployment.Deployments;
import io.offshoot.orchestrator.lane.Lanes;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class LanesTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "lane-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";

    @Inject
    DataSource database;

    @Inject
    Lanes lanes;

    @Inject
    Deployments pump;

    private KafkaClient kafka;
    private Executor github;

    /** The commands of this test: those of the tests before it are in the topic too. */
    private final Set<UUID> deployments = new HashSet<>();

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
    }

    /** Other tests name connections that nobody has announced. */
    @AfterEach
    void forget() throws SQLException {
        kafka.close();
        execute("update attempt set phase = 'ENDED' where lane is not null and phase <> 'ENDED'");
        execute("update step set state = 'FAILED', due_at = null, deadline = null where deployment_id in "
                + "(select id from deployment where hub like 'lane-%')");
        execute("delete from connection");
        execute("delete from provider");
        execute("delete from lane");
        lanes.refresh();
    }

    @Test
    void ofALaneOneAttemptIsUnderWayAndTheNextIsSentWhenItEnds() {
        announce(1, connection("lane-a", "lane-a", "one"));
        var id = run("lane-a", "docs", "handbook");

        var first = next();
        assertThat(states(id, "repository")).containsExactlyInAnyOrder("DISPATCHED", "QUEUED");
        var claimed = github.claim(first.data());
        assertThat(commands()).hasSize(1);
        github.report(first, Executor.done(claimed, REPOSITORY));
        var second = next();

        assertThat(second.data().appId()).isNotEqualTo(first.data().appId());
        assertThat(second.data().stepId()).isEqualTo("repository");
    }

    @Test
    void hubsThatShareACredentialTakeTurns() {
        announce(1, connection("lane-a", "lane-a", "shared"), connection("lane-b", "lane-b", "shared"));
        var many = run("lane-a", "app-1", "app-2", "app-3", "app-4", "app-5", "app-6");
        var one = run("lane-b", "docs");

        var order = new ArrayList<UUID>();
        for (int i = 0; i < 3; i++) {
            var command = next();
            order.add(command.data().deploymentId());
            github.report(command, Executor.failed(github.claim(command.data()), refused()));
        }

        assertThat(order.get(0)).isEqualTo(many);
        assertThat(order).contains(one);
    }

    @Test
    void otherCredentialsAreUnaffectedByALaneThatRests() {
        announce(1, connection("lane-a", "lane-a", "one"), connection("lane-b", "lane-b", "two"));
        var resting = run("lane-a", "docs", "handbook");
        var command = next();
        github.report(command, Executor.failed(github.claim(command.data()), throttled(600_000L)));
        eventually(() -> assertThat(states(resting, "repository")).containsExactly("QUEUED", "QUEUED"));

        var other = run("lane-b", "docs");

        assertThat(next().data().deploymentId()).isEqualTo(other);
        assertThat(commands()).hasSize(2);
    }

    @Test
    void afterARestTheThrottledStepGoesFirstAndAloneThenTheOthersFollow() throws SQLException {
        announce(3, connection("lane-a", "lane-a", "one"));
        run("lane-a", "app-1", "app-2", "app-3", "app-4", "app-5", "app-6");
        var first = List.of(next(), next(), next());
        var claims = first.stream().map(command -> github.claim(command.data())).toList();
        var throttledAt = databaseTime();
        github.report(first.get(0), Executor.failed(claims.get(0), throttled(1_000L)));
        github.report(first.get(1), Executor.failed(claims.get(1), throttled(500L)));
        github.report(first.get(2), Executor.done(claims.get(2), REPOSITORY));

        var trial = next();
        var since = Duration.between(throttledAt, databaseTime());
        var alone = commands().size();
        github.report(trial, Executor.done(github.claim(trial.data()), REPOSITORY));
        var rest = List.of(next(), next(), next());

        assertThat(since).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(trial.data().appId())
                .isIn(first.get(0).data().appId(), first.get(1).data().appId());
        assertThat(alone).isEqualTo(4);
        assertThat(rest).hasSize(3);
    }

    @Test
    void whatOneEndpointWantsHoldsUpItsStepAndNotTheLane() {
        announce(1, connection("lane-a", "lane-a", "one"));
        var id = run("lane-a", "docs", "handbook");
        var limited = next();
        var pause = new Failure(FailureClass.THROTTLED, Failure.ENDPOINT_LIMITED, "Later.", 600_000L);

        github.report(limited, Executor.failed(github.claim(limited.data()), pause));
        var other = next();

        assertThat(other.data().appId()).isNotEqualTo(limited.data().appId());
        assertThat(states(id, "repository")).containsExactlyInAnyOrder("RETRY_WAIT", "DISPATCHED");
    }

    @Test
    void aPauseThatIsNotNamedOrNegativeIsTheShortestOfTheLane() {
        announce(1, connection("lane-a", "lane-a", "one"));
        run("lane-a", "docs");
        var command = next();

        github.report(command, Executor.failed(github.claim(command.data()), throttled(-5_000L)));
        var second = next();
        github.report(second, Executor.failed(github.claim(second.data()), throttled(null)));

        eventually(() -> providersOf("lane-a").body("[0].connections[0].lane.blockedUntil", notNullValue()));
    }

    @Test
    void aLeaseThatLapsesGivesItsRoomToTheNext() {
        announce(1, connection("lane-a", "lane-a", "one"));
        run("lane-a", "docs", "handbook");
        var lost = next();
        github.claim(lost.data());

        var second = next();

        assertThat(second.data().appId()).isNotEqualTo(lost.data().appId());
    }

    @Test
    void whatWasUsedIsHandedToTheNextAttempt() {
        announce(1, connection("lane-a", "lane-a", "one"));
        run("lane-a", "docs", "handbook");
        var first = next();
        var claimed = github.claim(first.data());
        var budget = new Budget(4, 300L, List.of(new Budget.Allowance("core", 5000L, 4990, 60_000L)));

        github.report(first, Executor.done(claimed, REPOSITORY).with(budget));
        github.report(first, Executor.done(claimed, REPOSITORY).with(budget));
        var use = github.claim(next().data()).context().lane();

        assertThat(claimed.context().lane().sinceWriteMs()).isNull();
        assertThat(use.sinceWriteMs()).isGreaterThanOrEqualTo(300);
        assertThat(use.writes()).singleElement().satisfies(writes -> {
            assertThat(writes.count()).isEqualTo(4);
            assertThat(writes.lengthMs()).isEqualTo(60_000);
        });
        providersOf("lane-a")
                .body("[0].provider", equalTo("github"))
                .body("[0].ready", equalTo(true))
                .body("[0].connections[0].account", equalTo("lane-a-org"))
                .body("[0].connections[0].lane.live", equalTo(1))
                .body("[0].connections[0].lane.windows[0].used", equalTo(4))
                .body("[0].connections[0].lane.allowances[0].remaining", equalTo(4990));
    }

    @Test
    void aHubSeesItsOwnConnectionsAndAnOperatorAll() {
        announce(1, connection("lane-a", "lane-a", "shared"), connection("lane-b", "lane-b", "shared"));
        run("lane-a", "docs", "handbook");
        next();

        providersOf("lane-a").body("[0].connections.name", equalTo(List.of("lane-a")));
        providersOf("lane-b")
                .body("[0].connections.name", equalTo(List.of("lane-b")))
                .body("[0].connections[0].lane.live", equalTo(0))
                .body("[0].connections[0].lane.queued", equalTo(0));
        gateway()
                .get("/internal/providers")
                .then()
                .statusCode(200)
                .body("[0].connections.name", hasItem("lane-a"))
                .body("[0].connections", hasSize(2));
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .get("/internal/providers")
                .then()
                .statusCode(403);
    }

    @Test
    void aStepOfTheReceiverTakesTheReceiversConnectionAndItsLane() throws SQLException {
        announce(1, connection("lane-a", "lane-a", "giver"), connection("own", "lane-a", "receiver"));
        var id = created("lane-a", handover("own"));

        request("lane-a", id, Kind.RUN);
        var check = next();

        assertThat(check.data().stepId()).isEqualTo("repository-check");
        assertThat(github.claim(check.data()).context().connection()).isEqualTo("own");
        assertThat(number("select count(*) from attempt where lane = 'github:receiver'"))
                .isEqualTo(1);
        assertThat(number("select count(*) from attempt where lane = 'github:giver'"))
                .isZero();
    }

    @Test
    void aHandoverToAnUnknownOrAnotherHubsConnectionIsNotRegistered() {
        announce(1, connection("lane-a", "lane-a", "giver"), connection("lane-b", "lane-b", "other"));

        for (var receiver : List.of("nowhere", "lane-b")) {
            gateway()
                    .body(handover(receiver))
                    .post("/internal/hubs/lane-a/deployments")
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("unknown-connection"))
                    .body("errors.pointer", equalTo(List.of("/connections/github-receiver")));
        }
    }

    @Test
    void aDeploymentThatNamesAnUnknownOrAnotherHubsConnectionIsNotRegistered() throws SQLException {
        announce(1, connection("lane-a", "lane-a", "one"), connection("spare", "lane-a", "one"));
        var before = number("select count(*) from deployment");

        for (var hub : List.of("lane-b", "lane-c")) {
            gateway()
                    .body(body("", "docs"))
                    .post("/internal/hubs/{hub}/deployments", hub)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("unknown-connection"))
                    .body("errors.pointer", equalTo(List.of("/connections/github")));
        }
        var foreign = gateway()
                .body(body("\"connections\": {\"github\": \"spare\"},", "docs"))
                .post("/internal/hubs/lane-b/deployments");
        var missing = gateway()
                .body(body("\"connections\": {\"github\": \"nonesuch\"},", "docs"))
                .post("/internal/hubs/lane-b/deployments?dryRun=true");

        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(foreign.asString().replace("spare", "nonesuch")).isEqualTo(missing.asString());
        assertThat(number("select count(*) from deployment")).isEqualTo(before);
        gateway()
                .body(body("\"connections\": {\"github\": \"spare\"},", "docs"))
                .post("/internal/hubs/lane-a/deployments")
                .then()
                .statusCode(201);
    }

    @Test
    void announcingTwiceIsAnnouncingOnceAndOnlyExecutorsDo() throws SQLException {
        announce(1, connection("lane-a", "lane-a", "one"));
        announce(2, connection("lane-a", "lane-a", "one"));

        assertThat(number("select count(*) from lane")).isEqualTo(1);
        assertThat(number("select live_at_most from lane")).isEqualTo(2);
        gateway()
                .body(new Announcement("x", List.of()))
                .put("/internal/connections")
                .then()
                .statusCode(403);
    }

    @Test
    void everyQueuedStepIsAtLastSentWhateverItsAttemptsEndIn() throws SQLException {
        announce(2, connection("lane-a", "lane-a", "one"), connection("lane-b", "lane-b", "one"));
        var apps = IntStream.range(0, 8).mapToObj(i -> "app-" + i).toArray(String[]::new);
        var a = run("lane-a", apps);
        var b = run("lane-b", "docs");

        for (int i = 0; i < 9 + 3; i++) {
            var command = next();
            var claimed = github.claim(command.data());
            assertThat(number("select count(*) from attempt where lane is not null and phase in ('OPEN', 'CLAIMED')"))
                    .isLessThanOrEqualTo(2);
            github.report(
                    command,
                    i % 4 == 0 ? Executor.failed(claimed, throttled(50L)) : Executor.failed(claimed, refused()));
        }

        eventually(() -> {
            assertThat(states(a, "repository")).containsOnly("FAILED");
            assertThat(states(b, "repository")).containsOnly("FAILED");
        });
    }

    @Test
    void manyReplicasThatPumpAtOnceGiveEachPlaceOnce() throws Exception {
        announce(1, connection("lane-a", "lane-a", "one"), connection("lane-b", "lane-b", "one"));
        run("lane-a", "app-1", "app-2", "app-3", "app-4");
        run("lane-b", "app-1", "app-2", "app-3", "app-4");
        announce(4, connection("lane-a", "lane-a", "one"), connection("lane-b", "lane-b", "one"));

        var replicas = Executors.newFixedThreadPool(8);
        var pumping = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.runAsync(() -> pump.takeTurn("github:one"), replicas))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(pumping).get(20, TimeUnit.SECONDS);
        replicas.shutdown();

        eventually(() -> assertThat(commands()).hasSize(4));
        assertThat(number("select count(*) from attempt where lane is not null and phase = 'OPEN'"))
                .isEqualTo(4);
        assertThat(number("select count(distinct hub) from attempt where lane is not null and phase = 'OPEN'"))
                .isEqualTo(2);
    }

    @Test
    void whatIsCancelledInLineIsNeverSent() {
        announce(1, connection("lane-a", "lane-a", "one"));
        var id = run("lane-a", "docs", "handbook");
        next();

        request("lane-a", id, Kind.CANCEL);

        eventually(() -> assertThat(states(id, "repository")).containsOnly("CANCELLED"));
        assertThat(commands()).hasSize(1);
    }

    private static Announcement.Connection connection(String name, String hub, String lane) {
        return new Announcement.Connection(
                name,
                hub,
                hub + "-org",
                new Announcement.Lane(lane, 1, List.of(new Announcement.Window(80, 60_000)), 400, 3_600_000));
    }

    private static void announce(int liveAtMost, Announcement.Connection... connections) {
        var all = Arrays.stream(connections)
                .map(one -> new Announcement.Connection(
                        one.name(),
                        one.hub(),
                        one.account(),
                        new Announcement.Lane(
                                one.lane().id(),
                                liveAtMost,
                                one.lane().windows(),
                                one.lane().shortestBlockMs(),
                                one.lane().longestBlockMs())))
                .toList();
        given().header("Authorization", "Bearer " + ServiceTokens.GITHUB)
                .contentType("application/json")
                .body(new Announcement("test-github", all))
                .put("/internal/connections")
                .then()
                .statusCode(204);
    }

    private UUID run(String hub, String... apps) {
        var id = created(hub, body("", apps));
        request(hub, id, Kind.RUN);
        return id;
    }

    private UUID created(String hub, String body) {
        var id = gateway()
                .body(body)
                .post("/internal/hubs/{hub}/deployments", hub)
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
        deployments.add(id);
        return id;
    }

    private static String handover(String receiver) {
        return """
                {"workflow": "handover", "connections": {"github-receiver": "%s"}, "apps": [{"appId": "docs", "input": {
                 "repository": {"id": "7", "name": "network/docs", "mark": "offshoot:00112233445566778899aabbccddeeff"},
                 "project": {"id": "prj_1", "name": "docs", "mark": "OFFSHOOT_EFFECT=00112233445566778899aabbccddeeff"},
                 "build": {"branch": "main", "commit": "00112233445566778899aabbccddeeff00112233"},
                 "site": {"host": "docs.vercel.app", "text": "Our docs"}}}]}""".formatted(receiver);
    }

    private void request(String hub, UUID id, Kind kind) {
        var data = new DeploymentRequest(kind, id, null, null, null, "test");
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, hub, null, data);
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
        eventually(() -> gateway()
                .get("/internal/hubs/{hub}/deployments/{id}/requests/{request}", hub, id, message.id())
                .then()
                .body("outcome", equalTo("started")));
    }

    private CloudEvent<StepCommand> next() {
        return kafka.await(
                Topics.commands("github"),
                StepCommand.class,
                message -> deployments.contains(message.data().deploymentId()));
    }

    /** Those that have been sent so far, each once. */
    private Set<UUID> commands() {
        var ids = new HashSet<UUID>();
        kafka.all(Topics.commands("github"), StepCommand.class).stream()
                .filter(message -> deployments.contains(message.data().deploymentId()))
                .forEach(message -> ids.add(message.id()));
        return ids;
    }

    private static List<String> states(UUID id, String action) {
        var hub = new String[] {"lane-a", "lane-b"};
        for (String one : hub) {
            var answer = gateway().get("/internal/hubs/{hub}/deployments/{id}", one, id);
            if (answer.statusCode() == 200) {
                return answer.as(DeploymentView.class).apps().stream()
                        .flatMap(app -> app.actions().stream())
                        .filter(view -> view.actionId().equals(action))
                        .map(view -> view.state())
                        .toList();
            }
        }
        throw new AssertionError("No such deployment");
    }

    private static ValidatableResponse providersOf(String hub) {
        return gateway().get("/internal/hubs/{hub}/providers", hub).then().statusCode(200);
    }

    private static Failure throttled(Long pause) {
        return new Failure(FailureClass.THROTTLED, "rate-limited", "Later.", pause);
    }

    private static Failure refused() {
        return new Failure(FailureClass.REFUSED, "no", "No.");
    }

    private static String body(String more, String... apps) {
        var listed = Arrays.stream(apps).map("""
                        {"appId": "%s", "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                         "content": {"title": "Our docs"}}}"""::formatted).toList();
        return """
                {"workflow": "docs-site", %s "config": {"slug": "gathering"}, "apps": [%s]}""".formatted(more, String.join(",", listed));
    }

    private Instant databaseTime() throws SQLException {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery("select clock_timestamp()")) {
            rows.next();
            return rows.getTimestamp(1).toInstant();
        }
    }

    private long number(String query) throws SQLException {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }
}
