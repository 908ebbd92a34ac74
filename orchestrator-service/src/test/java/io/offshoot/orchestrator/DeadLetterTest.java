package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.orchestrator.intake.Tally;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What cannot be taken in is set aside at once, is listed, and can be brought back. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class DeadLetterTest {

    @Inject
    Flyway flyway;

    @Inject
    Tally tally;

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
    void poisonIsSetAsideWithinASecondAndTheNextRecordOfItsPartitionIsTaken() {
        var id = create();
        decided(id, send(id, "hub-a", Kind.CANCEL, null));
        var times = new ArrayList<Duration>();

        for (int i = 0; i < 9; i++) {
            var poison = "{\"round\": %d".formatted(i).getBytes(StandardCharsets.UTF_8);
            var sent = System.nanoTime();
            kafka.send(Topics.TRIGGERS, id.toString(), poison);
            var next = send(id, "hub-a", Kind.CANCEL, null);
            kafka.await(
                    Topics.DEAD_LETTERS,
                    DeadLetter.class,
                    letter -> Arrays.equals(letter.data().value(), poison));
            times.add(Duration.ofNanos(System.nanoTime() - sent));
            assertThat(decided(id, next).code()).isEqualTo("nothing-to-cancel");
        }

        eventually(() ->
                assertThat(tally.of(Topics.TRIGGERS)).matches(Tally.Count::addsUp, "consumed = what became of it"));
        times.sort(null);
        System.out.printf(
                "From the send of poison to its letter: p50 %d ms, longest %d ms%n",
                times.get(4).toMillis(), times.get(8).toMillis());
        assertThat(times.get(4)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aTransientFaultHoldsTheRecordAndItsOffsetAndNothingIsLost() throws SQLException {
        var id = create();
        execute("create sequence tries");
        execute("""
                create function away() returns trigger language plpgsql security definer as $$
                begin
                    perform nextval('tries');
                    raise exception 'too many connections' using errcode = '53300';
                end $$""");
        execute(
                "create trigger away before insert on request for each row when (new.deployment_id = '%s') execute function away()"
                        .formatted(id));
        var request = message(id, "hub-a", Kind.TRIGGER, "repository");
        var record = kafka.send(Topics.TRIGGERS, request.key(), request.bytes());
        var next = send(id, "hub-a", Kind.TRIGGER, "repository");

        // Offsets are committed every second, a held record is tried five times in that.
        eventually(() -> assertThat(count("select last_value from tries")).isGreaterThan(10));
        assertThat(kafka.committed("orchestrator-triggers", record)).isLessThanOrEqualTo(record.offset());
        execute("drop trigger away on request");

        assertThat(decided(id, request).outcome()).isEqualTo(RequestView.Outcome.STARTED);
        assertThat(decided(id, next).outcome()).isEqualTo(RequestView.Outcome.JOINED);
        eventually(() ->
                assertThat(kafka.committed("orchestrator-triggers", record)).isGreaterThan(record.offset()));
        assertThat(list(100).letters()).extracting(DeadLetterView::key).doesNotContain(id.toString());
    }

    @Test
    void aRequestThatWasGivenUpIsAppliedOnceHoweverOftenItIsReplayed() throws SQLException {
        var id = create();
        execute("alter table request add constraint trouble check (outcome = 'REFUSED' or deployment_id <> '%s')"
                .formatted(id));
        var request = send(id, "hub-a", Kind.TRIGGER, "repository");
        assertThat(decided(id, request).code()).isEqualTo("internal");
        var letter = letter(id.toString());
        assertThat(letter.reason()).isEqualTo("failed");

        execute("alter table request drop constraint trouble");
        replay(letter, "first");
        assertThat(decided(id, request).outcome()).isEqualTo(RequestView.Outcome.STARTED);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.done(github.claim(command.data()), """
                {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}"""));
        eventually(() -> assertThat(action(id).state()).isEqualTo("SUCCEEDED"));
        var seq = action(id).seq();
        var again = replay(letter, "second");
        isThereTimes(3, request);
        decided(id, send(id, "hub-a", Kind.CANCEL, null));

        assertThat(again.replays()).isEqualTo(2);
        assertThat(again.replayedBy()).isEqualTo("second");
        assertThat(again.replayedAt()).isAfter(again.firstSeen());
        assertThat(decided(id, request).outcome()).isEqualTo(RequestView.Outcome.STARTED);
        assertThat(action(id).seq()).isEqualTo(seq);
        assertThat(action(id).attempt()).isEqualTo(1);
        assertThat(letter(id.toString()).occurrences()).isEqualTo(1);
    }

    @Test
    void aRequestOfADeploymentThatWasMissingIsDecidedWhenItIsReplayed() throws SQLException {
        var id = create();
        execute("update deployment set hub = 'elsewhere' where id = '%s'".formatted(id));
        var request = send(id, "hub-a", Kind.TRIGGER, "repository");
        var letter = letter(id.toString());
        assertThat(letter.reason()).isEqualTo("unknown-deployment");

        execute("update deployment set hub = 'hub-a' where id = '%s'".formatted(id));
        assertThat(decided(id, request).code()).isEqualTo("unknown-deployment");
        replay(letter, "operator");

        assertThat(decided(id, request).outcome()).isEqualTo(RequestView.Outcome.STARTED);
    }

    @Test
    void aRequestThatWasDecidedIsNotDecidedAnewByAReplay() throws SQLException {
        var id = create();
        var request = send(id, "hub-a", Kind.CANCEL, null);
        assertThat(decided(id, request).code()).isEqualTo("nothing-to-cancel");
        var letter =
                letter(deadLetter("anybody", request.key(), request.bytes()).key());

        replay(letter, "operator");
        decided(id, send(id, "hub-a", Kind.CANCEL, null));

        assertThat(count("select count(*) from request where id = '%s' and code = 'nothing-to-cancel'"
                        .formatted(request.id())))
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsFoundOnceMoreAfterAReplayAndStaysOneLetter() throws SQLException {
        var key = "poison-" + UUID.randomUUID();
        kafka.send(Topics.TRIGGERS, key, "{never json".getBytes(StandardCharsets.UTF_8));
        var letter = letter(key);
        assertThat(letter.occurrences()).isEqualTo(1);

        replay(letter, "operator");

        eventually(() -> assertThat(letter(key).occurrences()).isEqualTo(2));
        var again = letter(key);
        assertThat(again.id()).isEqualTo(letter.id());
        assertThat(again.offset()).isGreaterThan(letter.offset());
        assertThat(again.value()).isEqualTo("{never json".getBytes(StandardCharsets.UTF_8));
        assertThat(count("select count(*) from dead_letter where key = '%s'".formatted(key)))
                .isEqualTo(1);
    }

    @Test
    void aRecordWithoutKeyIsReplayedWithoutOne() {
        var poison = ("{no key " + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        kafka.send(Topics.TRIGGERS, null, poison);
        var found = new DeadLetterView[1];
        eventually(() -> found[0] = list(100).letters().stream()
                .map(listed -> one(listed.id()))
                .filter(letter -> Arrays.equals(letter.value(), poison))
                .findFirst()
                .orElseThrow(AssertionError::new));
        assertThat(found[0].key()).isNull();

        replay(found[0], "operator");

        eventually(() -> assertThat(one(found[0].id()).occurrences()).isEqualTo(2));
    }

    @Test
    void secondDeliveryOfADeadLetterChangesNothing() {
        var key = "executor-" + UUID.randomUUID();
        var message = letterMessage(new DeadLetter(
                "foreign", "Not for this provider", "github.commands", 3, 17, key, new byte[] {1, 2, 3}));
        kafka.send(Topics.DEAD_LETTERS, "github.commands", Messages.write(message));
        kafka.send(Topics.DEAD_LETTERS, "github.commands", Messages.write(message));
        letter(deadLetter("after", "after-" + key, new byte[] {4}).key());

        var letter = letter(key);

        assertThat(letter.occurrences()).isEqualTo(1);
        assertThat(letter.id()).isEqualTo(message.id());
        assertThat(letter.source()).isEqualTo("/github-executor");
        assertThat(letter.partition()).isEqualTo(3);
        assertThat(letter.offset()).isEqualTo(17);
    }

    @Test
    void theListIsInPagesAndShowsNoValues() {
        for (int i = 0; i < 3; i++) {
            letter(deadLetter("paged", "page-" + UUID.randomUUID(), new byte[] {1})
                    .key());
        }

        var first = list(2);
        var second = gateway()
                .get("/internal/dead-letters?limit=2&cursor=" + first.next())
                .as(DeadLetterView.Page.class);

        assertThat(first.letters()).hasSize(2).allSatisfy(letter -> assertThat(letter.value())
                .isNull());
        assertThat(second.letters())
                .isNotEmpty()
                .allSatisfy(letter -> assertThat(letter.id().toString()).isLessThan(first.next()));
        gateway()
                .get("/internal/dead-letters?limit=100000")
                .then()
                .statusCode(200)
                .body("letters.size()", lessThanOrEqualTo(100));
        gateway()
                .get("/internal/dead-letters?cursor=mine")
                .then()
                .statusCode(400)
                .body("code", equalTo("invalid-request"));
    }

    @Test
    void whatDoesNotExistOrWasNotKeptOrBelongsNowhereIsNotReplayed() {
        var tooLong = "long-" + UUID.randomUUID();
        kafka.send(Topics.TRIGGERS, tooLong, new byte[DeadLetter.LONGEST + 1]);
        var foreign = letterMessage(
                new DeadLetter("odd", "Odd", "deployment.events", 0, 1, "odd-" + tooLong, new byte[] {1}));
        kafka.send(Topics.DEAD_LETTERS, "deployment.events", Messages.write(foreign));

        for (DeadLetterView letter : List.of(letter(tooLong), letter("odd-" + tooLong))) {
            assertThat(letter.replayable()).isFalse();
            gateway()
                    .body("{\"by\": \"operator\"}")
                    .post("/internal/dead-letters/{id}/replay", letter.id())
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("not-replayable"));
        }
        for (String id : List.of("none", UUID.randomUUID().toString())) {
            gateway().get("/internal/dead-letters/{id}", id).then().statusCode(404);
            gateway()
                    .body("{\"by\": \"operator\"}")
                    .post("/internal/dead-letters/{id}/replay", id)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("unknown-dead-letter"));
        }
    }

    private record Sent(UUID id, String key, byte[] bytes) {}

    private Sent send(UUID id, String hub, Kind kind, String action) {
        var message = message(id, hub, kind, action);
        kafka.send(Topics.TRIGGERS, message.key(), message.bytes());
        return message;
    }

    private static Sent message(UUID id, String hub, Kind kind, String action) {
        var request = new DeploymentRequest(kind, id, action == null ? null : "docs", action, null, "test");
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, hub, null, request);
        return new Sent(message.id(), id.toString(), Messages.write(message));
    }

    private static RequestView decided(UUID id, Sent request) {
        var view = new RequestView[1];
        eventually(() -> {
            view[0] = gateway()
                    .get("/internal/hubs/hub-a/deployments/{id}/requests/{request}", id, request.id())
                    .as(RequestView.class);
            assertThat(view[0].outcome()).isNotNull().isNotEqualTo(RequestView.Outcome.ACCEPTED);
        });
        return view[0];
    }

    /** Waits until the request is in its topic that often, byte by byte the same. */
    private void isThereTimes(int times, Sent request) {
        eventually(() -> assertThat(kafka.values(Topics.TRIGGERS))
                .filteredOn(value -> Arrays.equals(value, request.bytes()))
                .hasSize(times));
    }

    private DeadLetter deadLetter(String reason, String key, byte[] value) {
        var letter = new DeadLetter(reason, "As the test wants it", Topics.TRIGGERS, 0, 1_000_000, key, value);
        kafka.send(Topics.DEAD_LETTERS, Topics.TRIGGERS, Messages.write(letterMessage(letter)));
        return letter;
    }

    private static CloudEvent<DeadLetter> letterMessage(DeadLetter letter) {
        return CloudEvent.first(
                Messages.newId(), "/github-executor", letter.topic(), Instant.EPOCH, "unknown", null, letter);
    }

    /** The listed letter of the record with that key, as soon as there is one. */
    private static DeadLetterView letter(String key) {
        var found = new DeadLetterView[1];
        eventually(() -> found[0] = list(100).letters().stream()
                .filter(letter -> key.equals(letter.key()))
                .findFirst()
                .map(letter -> one(letter.id()))
                .orElseThrow(AssertionError::new));
        return found[0];
    }

    private static DeadLetterView.Page list(int limit) {
        return gateway()
                .get("/internal/dead-letters?limit=" + limit)
                .then()
                .statusCode(200)
                .extract()
                .as(DeadLetterView.Page.class);
    }

    private static DeadLetterView one(UUID id) {
        return gateway()
                .get("/internal/dead-letters/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .as(DeadLetterView.class);
    }

    private static DeadLetterView replay(DeadLetterView letter, String by) {
        return gateway()
                .body(new DeadLetterView.Replay(by))
                .post("/internal/dead-letters/{id}/replay", letter.id())
                .then()
                .statusCode(200)
                .extract()
                .as(DeadLetterView.class);
    }

    private static UUID create() {
        return gateway()
                .body("""
                        {"workflow": "docs-site", "config": {"slug": "gathering"}, "apps": [{"appId": "docs", "input":
                         {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"}, "content": {"title": "Docs"}}}]}""")
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }

    private static ActionView action(UUID id) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/repository", id)
                .as(ActionView.class);
    }

    /** As the schema's owner: the service may not change it. */
    private void execute(String statement) throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private long count(String query) throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var statement = connection.createStatement()) {
            var row = statement.executeQuery(query);
            row.next();
            return row.getLong(1);
        }
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }
}
