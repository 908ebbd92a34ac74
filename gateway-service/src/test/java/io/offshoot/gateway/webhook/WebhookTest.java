package io.offshoot.gateway.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.standardwebhooks.Webhook;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.proof.key.VerifyingKey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
@WithTestResource(Receiver.class)
class WebhookTest {

    private static final String HERE = "/api/v1/webhooks";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    DataSource database;

    @Inject
    FakeNames names;

    private final String path = "/" + UUID.randomUUID();
    private KafkaProducer<String, byte[]> topic;

    @BeforeEach
    void begin() throws SQLException {
        topic = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
        await().atMost(PATIENCE).until(() -> owner().get(HERE).statusCode() == 200);
        run("delete from webhook");
        run("delete from audit");
    }

    @AfterEach
    void end() {
        topic.close();
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    private static RequestSpecification owner() {
        return as("north-owner");
    }

    private void run(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var run = connection.prepareStatement(statement)) {
            run.executeUpdate();
        }
    }

    private long count(String from) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select count(*) from " + from);
                var row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private Response create(String rest) {
        return owner().body("{\"url\": \"%s\"%s}".formatted(Receiver.url(path), rest))
                .post(HERE);
    }

    private String created() {
        return create("").then().statusCode(201).extract().path("id");
    }

    private CloudEvent<DeploymentEvent> publish(String hub, UUID deployment, StepState state) throws Exception {
        var event = FakeOrchestrator.event(hub, deployment, "repository", 1, state);
        publish(event);
        return event;
    }

    private void publish(CloudEvent<DeploymentEvent> event) throws Exception {
        topic.send(new ProducerRecord<>(
                        Topics.EVENTS, event.data().deploymentId().toString(), Messages.write(event)))
                .get(10, TimeUnit.SECONDS);
    }

    private List<Receiver.Arrival> arrived(int count) {
        await().atMost(PATIENCE).until(() -> Receiver.arrivals(path).size() >= count);
        return Receiver.arrivals(path);
    }

    private static Response deliveries(String webhook) {
        return owner().get(HERE + "/" + webhook + "/deliveries");
    }

    private static void ends(String webhook, String state) {
        await().atMost(PATIENCE)
                .until(() -> state.equals(deliveries(webhook).jsonPath().getString("deliveries[0].state")));
    }

    private static void verify(String secret, Receiver.Arrival arrival) throws Exception {
        var headers = HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(arrival.header("webhook-id")),
                        "webhook-timestamp", List.of(arrival.header("webhook-timestamp")),
                        "webhook-signature", List.of(arrival.header("webhook-signature"))),
                (name, value) -> true);
        new Webhook(secret).verify(new String(arrival.body(), StandardCharsets.UTF_8), headers.map());
    }

    private void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("type", is(type.type()))
                .body("code", is(type.code()));
    }

    // Sending

    @Test
    void anEventArrivesAsItIsInTheTopicSignedByTheSecretAndByTheGateway() throws Exception {
        String secret = create("")
                .then()
                .statusCode(201)
                .header("Location", startsWith(HERE))
                .header("Cache-Control", "no-store")
                .body("state", is("active"))
                .body("secret", startsWith("whsec_"))
                .extract()
                .path("secret");

        var event = publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);

        var arrival = arrived(1).get(0);
        assertThat(arrival.body()).isEqualTo(Messages.write(event));
        assertThat(arrival.header("webhook-id")).isEqualTo(event.id().toString());
        assertThat(arrival.header("Content-Type")).isEqualTo("application/cloudevents+json");
        verify(secret, arrival);
        verifyByTheGatewaysKey(arrival);
    }

    private static void verifyByTheGatewaysKey(Receiver.Arrival arrival) throws Exception {
        String published =
                owner().get(HERE + "/keys").then().statusCode(200).extract().path("keys[0]");
        assertThat(published).startsWith("whpk_");
        var key = VerifyingKey.of(Base64.getDecoder().decode(published.substring("whpk_".length())));
        var signed = new ByteArrayOutputStream();
        signed.write((arrival.header("webhook-id") + "." + arrival.header("webhook-timestamp") + ".")
                .getBytes(StandardCharsets.US_ASCII));
        signed.write(arrival.body());
        var signature = Arrays.stream(arrival.header("webhook-signature").split(" "))
                .filter(one -> one.startsWith("v1a,"))
                .map(one -> Base64.getDecoder().decode(one.substring("v1a,".length())))
                .findFirst()
                .orElseThrow();
        assertThat(key.verifies(signed.toByteArray(), signature)).isTrue();
        signature[10] ^= 1;
        assertThat(key.verifies(signed.toByteArray(), signature)).isFalse();
    }

    @Test
    void anEventThatArrivesTwiceIsSentOnce() throws Exception {
        created();
        var event = publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);
        publish(event);

        var next = publish("north", FakeOrchestrator.DEPLOYMENT, StepState.FAILED);

        await().atMost(PATIENCE).until(() -> Receiver.arrivals(path).stream()
                .anyMatch(one -> one.header("webhook-id").equals(next.id().toString())));
        assertThat(Receiver.arrivals(path)).hasSize(2);
        assertThat(count("delivery")).isEqualTo(2);
    }

    @Test
    void onlyWhatIsAskedForOfTheHubsOwnIsSent() throws Exception {
        var deployment = UUID.randomUUID();
        create(", \"events\": [\"step.failed\"], \"deployment\": \"%s\"".formatted(deployment))
                .then()
                .statusCode(201);
        publish("south", deployment, StepState.FAILED);
        publish("north", deployment, StepState.SUCCEEDED);
        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.FAILED);

        var wanted = publish("north", deployment, StepState.FAILED);

        assertThat(arrived(1).get(0).header("webhook-id")).isEqualTo(wanted.id().toString());
        assertThat(count("delivery")).isEqualTo(1);
    }

    @Test
    void aFailedTryIsRepeatedUnderTheSameIdAndEachIsShown() throws Exception {
        Receiver.answers(path, 500, 503, 204);
        var webhook = created();

        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);

        assertThat(arrived(3).stream().map(one -> one.header("webhook-id")).distinct())
                .hasSize(1);
        ends(webhook, "delivered");
        deliveries(webhook)
                .then()
                .body("deliveries[0].attempts.status", is(List.of(500, 503, 204)))
                .body("deliveries[0].attempts[0].failure", is("status"))
                .body("deliveries[0].attempts[2].failure", nullValue())
                .body("deliveries[0].nextTryAt", nullValue());
        owner().get(HERE + "/" + webhook).then().body("failingSince", nullValue());
    }

    @Test
    void afterTheLastTryADeliveryHasFailedAndCanBeSentAgainByHand() throws Exception {
        Receiver.answers(path, 500, 500, 500, 200);
        var webhook = created();
        var event = publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);
        ends(webhook, "failed");
        owner().get(HERE + "/" + webhook).then().body("failingSince", not(nullValue()));

        owner().post(HERE + "/" + webhook + "/deliveries/" + event.id() + "/redeliver")
                .then()
                .statusCode(202)
                .body("delivery", is(event.id().toString()));

        ends(webhook, "delivered");
        assertThat(Receiver.arrivals(path).stream()
                        .map(one -> one.header("webhook-id"))
                        .distinct())
                .containsExactly(event.id().toString());
    }

    @Test
    void aReceiverThatIsGoneIsNotCalledAgainAndTheHubIsTold() throws Exception {
        Receiver.answers(path, 410);
        var webhook = created();

        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);

        await().atMost(PATIENCE).until(() -> "disabled"
                .equals(owner().get(HERE + "/" + webhook).jsonPath().getString("state")));
        owner().get(HERE + "/" + webhook).then().body("reason", is("gone"));
        assertThat(Receiver.arrivals(path)).hasSize(1);
        assertThat(count("audit where action = 'webhook.disable' and hub = 'north' and target = '" + webhook + "'"))
                .isEqualTo(1);
        isRefused(owner().post(HERE + "/" + webhook + "/test"), ProblemType.WEBHOOK_NOT_ACTIVE);
    }

    @Test
    void aReceiverThatHasFailedForDaysIsDisabled() throws Exception {
        Receiver.answers(path, 500);
        var webhook = created();
        run("update webhook set failing_since = now() - interval '6 days'");

        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);

        await().atMost(PATIENCE).until(() -> "failing"
                .equals(owner().get(HERE + "/" + webhook).jsonPath().getString("reason")));
        ends(webhook, "failed");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        Receiver.answers(path, 302);
        var webhook = created();

        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);

        ends(webhook, "failed");
        deliveries(webhook)
                .then()
                .body("deliveries[0].attempts.failure", is(List.of("redirect", "redirect", "redirect")));
        assertThat(Receiver.arrivals("/followed")).isEmpty();
    }

    @Test
    void whatHappensWhileAWebhookIsPausedIsSentWhenItIsResumed() throws Exception {
        var webhook = created();
        owner().body("{\"state\": \"paused\"}")
                .patch(HERE + "/" + webhook)
                .then()
                .statusCode(200)
                .body("state", is("paused"));
        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);
        ends(webhook, "held");
        assertThat(Receiver.arrivals(path)).isEmpty();

        owner().body("{\"state\": \"active\"}")
                .patch(HERE + "/" + webhook)
                .then()
                .statusCode(200);

        arrived(1);
        ends(webhook, "delivered");
    }

    @Test
    void aSlowReceiverHoldsUpNoOther() throws Exception {
        created();
        var slow = path + "/slow";
        var open = Receiver.holds(slow);
        owner().body("{\"url\": \"%s\"}".formatted(Receiver.url(slow)))
                .post(HERE)
                .then()
                .statusCode(201);
        for (int i = 0; i < 20; i++) {
            publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);
        }

        arrived(20);

        assertThat(Receiver.arrivals(slow)).hasSizeLessThanOrEqualTo(4);
        open.countDown();
        await().atMost(PATIENCE).until(() -> Receiver.arrivals(slow).size() == 20);
    }

    @Test
    void aReplacedSecretSignsOnForADay() throws Exception {
        var made = create("");
        String webhook = made.path("id");
        String rotated = owner().post(HERE + "/" + webhook + "/rotate")
                .then()
                .statusCode(200)
                .extract()
                .path("secret");
        assertThat(rotated).isNotEqualTo(made.path("secret"));

        owner().post(HERE + "/" + webhook + "/test").then().statusCode(202);

        var arrival = arrived(1).get(0);
        verify(rotated, arrival);
        verify(made.path("secret"), arrival);
        run("update webhook set previous_until = now()");
        owner().post(HERE + "/" + webhook + "/test").then().statusCode(202);
        assertThat(arrived(2).get(1).header("webhook-signature").split(" ")).hasSize(2);
    }

    @Test
    void deliveriesComeInPagesTheNewestFirst() throws Exception {
        var webhook = created();
        for (int i = 0; i < 3; i++) {
            owner().post(HERE + "/" + webhook + "/test").then().statusCode(202);
        }

        var first = owner().get(HERE + "/" + webhook + "/deliveries?limit=2");

        first.then()
                .body("deliveries", hasSize(2))
                .body("deliveries[0].event", is("test"))
                .header("Link", containsString("rel=\"next\""));
        owner().get(HERE + "/" + webhook + "/deliveries?limit=2&cursor=" + first.path("next"))
                .then()
                .body("deliveries", hasSize(1))
                .body("next", nullValue());
    }

    // Refusing

    @Test
    void noAddressThatMustNotBeCalledCanBeRegisteredAndNobodyConnects() throws Exception {
        for (String url : ReceiverUrlTest.refused()) {
            var trap = url.contains(":8443")
                    ? url.replace(":8443", ":" + Receiver.trapPort())
                    : url.replaceFirst(
                            "^(https?://[^/:@#\\\\\\[]+|https?://\\[[^\\]]*\\])(/.*)?$",
                            "$1:" + Receiver.trapPort() + "$2");
            for (String tried : List.of(url, trap)) {
                var body = Messages.json().createObjectNode().put("url", tried).toString();

                var answer = owner().body(body.getBytes(StandardCharsets.UTF_8)).post(HERE);

                isRefused(answer, ProblemType.WEBHOOK_ADDRESS_REFUSED);
                assertThat(answer.asString()).doesNotContain("127.0.0.1").doesNotContain("hooks.example.org");
            }
        }
        assertThat(count("webhook")).isZero();
        assertThat(count("audit")).isZero();
        assertThat(Receiver.trapped()).isZero();
    }

    @Test
    void aNameThatLeadsToThePublicInternetAndElsewhereTooIsRefused() throws Exception {
        names.leads("both.example.org", "93.184.215.14", "127.0.0.1");
        var url = "https://both.example.org:%d/".formatted(Receiver.trapPort());

        isRefused(owner().body("{\"url\": \"%s\"}".formatted(url)).post(HERE), ProblemType.WEBHOOK_ADDRESS_REFUSED);

        assertThat(count("webhook")).isZero();
        assertThat(Receiver.trapped()).isZero();
    }

    @Test
    void aNameThatLeadsElsewhereLaterIsNotCalledThere() throws Exception {
        names.leads("later.example.org", "93.184.215.14");
        names.leads("later.example.org", "127.0.0.1");
        String webhook = owner().body("{\"url\": \"https://later.example.org:%d/\"}".formatted(Receiver.trapPort()))
                .post(HERE)
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        owner().post(HERE + "/" + webhook + "/test").then().statusCode(202);

        ends(webhook, "failed");
        deliveries(webhook)
                .then()
                .body("deliveries[0].attempts.failure", is(List.of("address")))
                .body("deliveries[0].attempts[0].status", nullValue());
        assertThat(Receiver.trapped()).isZero();
    }

    @Test
    void anAddressIsCheckedWhenItIsChangedToo() throws Exception {
        var webhook = created();

        isRefused(
                owner().body("{\"url\": \"https://127.0.0.1/\"}").patch(HERE + "/" + webhook),
                ProblemType.WEBHOOK_ADDRESS_REFUSED);

        owner().get(HERE + "/" + webhook).then().body("url", is(Receiver.url(path)));
        assertThat(count("audit where action = 'webhook.change'")).isZero();
    }

    @Test
    void anotherHubsWebhookIsNotThere() throws Exception {
        var webhook = created();
        var one = HERE + "/" + webhook;
        var other = as("south-owner");

        isRefused(as("south-owner").get(one), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(as("south-owner").body("{\"state\": \"paused\"}").patch(one), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(as("south-owner").delete(one), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(as("south-owner").post(one + "/test"), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(as("south-owner").post(one + "/rotate"), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(as("south-owner").get(one + "/deliveries"), ProblemType.UNKNOWN_WEBHOOK);
        isRefused(
                as("south-owner").post(one + "/deliveries/" + UUID.randomUUID() + "/redeliver"),
                ProblemType.UNKNOWN_WEBHOOK);
        other.get(HERE).then().body("webhooks", hasSize(0));
        owner().get(one).then().body("state", is("active"));
        assertThat(count("delivery")).isZero();
        assertThat(count("audit where hub = 'south'")).isZero();
    }

    @Test
    void aMemberHasNoWebhooks() throws Exception {
        isRefused(
                as("north-member")
                        .body("{\"url\": \"%s\"}".formatted(Receiver.url(path)))
                        .post(HERE),
                ProblemType.FORBIDDEN);
        isRefused(as("north-member").get(HERE), ProblemType.FORBIDDEN);
        isRefused(as("north-member").get(HERE + "/keys"), ProblemType.FORBIDDEN);

        assertThat(count("webhook")).isZero();
    }

    @Test
    void theSecretIsShownOnceAndKeptClosed() throws Exception {
        var made = create("");
        String secret = made.path("secret");
        var bytes = Base64.getDecoder().decode(secret.substring("whsec_".length()));

        owner().get(HERE + "/" + made.path("id")).then().body("secret", nullValue());
        owner().get(HERE).then().body("webhooks[0].secret", nullValue());
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select secret, webhook::text from webhook");
                var row = select.executeQuery()) {
            row.next();
            assertThat(new String(row.getBytes(1), StandardCharsets.ISO_8859_1))
                    .doesNotContain(new String(bytes, StandardCharsets.ISO_8859_1))
                    .doesNotContain(secret);
            assertThat(row.getString(2)).doesNotContain(secret);
        }
    }

    @Test
    void wrongFiltersAreAllPointedAt() throws Exception {
        isRefused(create(", \"events\": [\"step.succeeded\", \"x\"]"), ProblemType.INVALID_REQUEST);
        isRefused(create(", \"events\": []"), ProblemType.INVALID_REQUEST);
        isRefused(create(", \"description\": \"two\\nlines\""), ProblemType.INVALID_REQUEST);
        isRefused(create(", \"secret\": \"mine\""), ProblemType.UNKNOWN_FIELD);
        isRefused(create(", \"deployment\": \"../x\""), ProblemType.UNKNOWN_DEPLOYMENT);

        assertThat(count("webhook")).isZero();
    }

    @Test
    void aHubHasSoManyWebhooksAndNoMore() throws Exception {
        for (int i = 0; i < 20; i++) {
            created();
        }

        isRefused(create(""), ProblemType.TOO_MANY_WEBHOOKS);

        assertThat(count("webhook")).isEqualTo(20);
    }

    @Test
    void everyChangeIsInTheAudit() throws Exception {
        var webhook = created();
        owner().body("{\"description\": \"x\"}")
                .patch(HERE + "/" + webhook)
                .then()
                .statusCode(200);
        owner().post(HERE + "/" + webhook + "/rotate").then().statusCode(200);

        owner().delete(HERE + "/" + webhook).then().statusCode(204);

        assertThat(count("audit where hub = 'north' and target = '" + webhook
                        + "' and action in ('webhook.create', 'webhook.change', 'webhook.rotate', 'webhook.delete')"))
                .isEqualTo(4);
        assertThat(count("webhook")).isZero();
    }

    @Test
    void oldDeliveriesAreForgotten() throws Exception {
        var webhook = created();
        publish("north", FakeOrchestrator.DEPLOYMENT, StepState.SUCCEEDED);
        ends(webhook, "delivered");
        run("update delivery set created_at = now() - interval '31 days'");

        try (var connection = database.getConnection()) {
            assertThat(deliveries.forget(connection, 10)).isEqualTo(1);
        }

        assertThat(count("delivery_attempt")).isZero();
    }

    @Inject
    Deliveries deliveries;
}
