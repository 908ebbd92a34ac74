package io.offshoot.gateway.receipt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.key.VerifyingKey;
import io.offshoot.proof.statement.Statement;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receipts at the door: who sees them, with which keys, and who may sign them too. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class ReceiptTest {

    private static final String RECEIPT = "/api/v1/deployments/" + FakeOrchestrator.ID + "/receipt";
    private static final SigningKey PLATFORM = SigningKey.generate();
    private static final SigningKey HUB = SigningKey.generate();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    DataSource database;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private Envelope signed;

    @BeforeEach
    void begin() {
        orchestrator.reset();
        // The gateway does not wait for its database; this test does.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            knows("north", HUB.verifying());
            return true;
        });
        var statement = Statement.of(
                List.of(new Statement.Subject("offshoot/deployment/x", Map.of("sha256", "00"))),
                "https://slsa.dev/provenance/v1",
                JsonNodeFactory.instance.objectNode());
        signed = Envelope.signed(statement.toJson(), Envelope.IN_TOTO, PLATFORM);
        orchestrator.hasReceipt(
                new ReceiptView(
                        FakeOrchestrator.DEPLOYMENT,
                        9,
                        4L,
                        Instant.EPOCH,
                        signed.payload(),
                        signed.payloadType(),
                        List.of(new ReceiptView.Signature(
                                PLATFORM.id(), signed.signatures().get(0).sig()))),
                new PublishedKeys(List.of(PublishedKey.current(PLATFORM.verifying()))).toJson());
    }

    @Test
    void theReceiptIsAnEnvelopeThatThePublishedKeysVerify() {
        var keys = PublishedKeys.read(given().get("/api/v1/receipts/jwks.json")
                .then()
                .statusCode(200)
                .header("Cache-Control", containsString("public"))
                .extract()
                .asByteArray());

        var answer = owner().get(RECEIPT + "?seq=9");

        var envelope = Envelope.read(answer.then()
                .statusCode(200)
                .contentType("application/vnd.in-toto.provenance+dsse")
                .header("Link", containsString("?seq=4>; rel=\"prev\""))
                .extract()
                .asByteArray());
        assertThat(envelope).isEqualTo(signed);
        assertThat(envelope.verifiedBy(
                        keys.keys().stream().map(PublishedKey::key).toList()))
                .hasSize(1);
        assertThat(asked("/receipt").get(0).query()).isEqualTo("seq=9");
    }

    @Test
    void itIsPlainJsonForWhoeverWantsThat() {
        owner().accept("application/json")
                .get(RECEIPT)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("payloadType", equalTo("application/vnd.in-toto+json"));
    }

    @Test
    void whileNothingHasEndedThereIsNone() {
        orchestrator.reset();

        isRefused(owner().get(RECEIPT), ProblemType.NO_RECEIPT_YET);
    }

    @Test
    void anotherHubSeesNoReceiptAndASeqThatIsNoneIsRefused() {
        isRefused(as("south-owner").get(RECEIPT), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(owner().get(RECEIPT + "?seq=-1"), ProblemType.INVALID_REQUEST);
        isRefused(given().get(RECEIPT), ProblemType.UNAUTHENTICATED);
    }

    @Test
    void aSignatureOfTheHubIsShownAndTheSameTwiceIsThereOnce() {
        var sig = signed.countersigned(HUB).signatures().get(1);

        var first = sign(owner(), sig);
        var second = sign(owner(), sig);

        first.then().statusCode(200);
        second.then().statusCode(200);
        assertThat(second.asString()).isEqualTo(first.asString());
        var shown = Envelope.read(owner().get(RECEIPT).asByteArray());
        assertThat(shown.verifiedBy(List.of(PLATFORM.verifying(), HUB.verifying())))
                .hasSize(2);
        assertThat(asked("/signatures")).singleElement().satisfies(call -> assertThat(
                        call.body().path("signedBy").asText())
                .isEqualTo("north-owner"));
    }

    @Test
    void bothAlphabetsOfBase64AreTheSameSignature() {
        var sig = signed.countersigned(HUB).signatures().get(1);

        sign(owner(), new Envelope.Sig(sig.keyid(), sig.sig().replace('+', '-').replace('/', '_')))
                .then()
                .statusCode(200);

        assertThat(asked("/signatures").get(0).body().path("sig").asText()).isEqualTo(sig.sig());
    }

    @Test
    void aSignatureByAStrangersKeyIsRefused() {
        notTaken(signed.countersigned(SigningKey.generate()).signatures().get(1));
    }

    @Test
    void aSignatureByAnotherHubsKeyIsRefused() throws SQLException {
        var south = SigningKey.generate();
        knows("south", south.verifying());

        notTaken(signed.countersigned(south).signatures().get(1));
    }

    @Test
    void aSignatureByARetiredOrRevokedKeyIsRefused() throws SQLException {
        var retired = SigningKey.generate();
        var revoked = SigningKey.generate();
        knows("north", retired.verifying());
        knows("north", revoked.verifying());
        sql("update hub_key set retired_at = now() where kid = '%s'".formatted(retired.id()));
        sql("update hub_key set revoked_at = now() where kid = '%s'".formatted(revoked.id()));

        notTaken(signed.countersigned(retired).signatures().get(1));
        notTaken(signed.countersigned(revoked).signatures().get(1));
    }

    @Test
    void aSignatureOverChangedBytesOrAnotherTypeIsRefused() {
        var changed = signed.bytes();
        changed[changed.length / 2] ^= 1;

        notTaken(Envelope.signed(changed, Envelope.IN_TOTO, HUB).signatures().get(0));
        notTaken(Envelope.signed(signed.bytes(), "application/json", HUB)
                .signatures()
                .get(0));
        var good = signed.countersigned(HUB).signatures().get(1).sig();
        notTaken(new Envelope.Sig(HUB.id(), (good.startsWith("A") ? "B" : "A") + good.substring(1)));
    }

    @Test
    void whatIsNoSignatureIsRefused() {
        notTaken(new Envelope.Sig(HUB.id(), "AAAA"));
        notTaken(new Envelope.Sig(HUB.id(), "no base64!"));
        notTaken(new Envelope.Sig("' or 1=1 --", "AAAA"));
        notTaken(new Envelope.Sig(null, "AAAA"));
    }

    @Test
    void whoMayOnlyTriggerCannotSignForTheHub() {
        var sig = signed.countersigned(HUB).signatures().get(1);

        isRefused(sign(as("north-member"), sig), ProblemType.FORBIDDEN);

        assertThat(asked("/signatures")).isEmpty();
    }

    private void notTaken(Envelope.Sig sig) {
        var answer = sign(owner(), sig);

        isRefused(answer, ProblemType.SIGNATURE_REFUSED);
        if (sig.sig().length() > 10) {
            answer.then().body(not(containsString(sig.sig())));
        }
        assertThat(asked("/signatures")).isEmpty();
    }

    private static void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("code", equalTo(type.code()));
    }

    private static Response sign(RequestSpecification caller, Envelope.Sig sig) {
        var body =
                JsonNodeFactory.instance.objectNode().put("keyid", sig.keyid()).put("sig", sig.sig());
        return caller.body(body.toString()).post(RECEIPT + "/signatures");
    }

    private List<FakeOrchestrator.Call> asked(String end) {
        return orchestrator.calls().stream()
                .filter(call -> call.path().endsWith(end))
                .toList();
    }

    private void knows(String hub, VerifyingKey key) throws SQLException {
        sql("insert into hub (id, name, created_by) values ('%s', 'A hub', 'test') on conflict do nothing"
                .formatted(hub));
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement("""
                        insert into hub_key (hub, kid, public_key, name, added_by) values (?, ?, ?, ?, 'test')
                        on conflict do nothing""")) {
            insert.setString(1, hub);
            insert.setString(2, key.id());
            insert.setBytes(3, key.bytes());
            insert.setString(4, "key " + UUID.randomUUID());
            insert.executeUpdate();
        }
    }

    private void sql(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var todo = connection.createStatement()) {
            todo.execute(statement);
        }
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    /** Rest-Assured asks for everything, and so gets what is first. */
    private static RequestSpecification owner() {
        return as("north-owner");
    }
}
