package io.offshoot.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.Messages;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresThatStops.class)
@WithTestResource(Surroundings.class)
class DatabaseOutageTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;
    private static final String ACTION = V1 + "/apps/docs/actions/repository";

    /** A token that could be. */
    private static final String OURS = "off_key_000000000000_0000000000000000000000000000003Zw20f";

    private final String key = Messages.newId().toString();

    @Test
    void onlyRequestsWithAKeyNeedTheDatabaseAndTheyComeBackAfterEveryOutage() throws Exception {
        await().until(() -> Health.ready() == 200);
        onlyAKeyIsNotConfirmed();

        PostgresThatStops.startServer();
        aKeyIsConfirmed();

        PostgresThatStops.stopServer();
        onlyAKeyIsNotConfirmed();

        try (var silence = PostgresThatStops.hang()) {
            assertThat(silence.isBound()).isTrue();
            onlyAKeyIsNotConfirmed();
        }

        PostgresThatStops.startServer();
        aKeyIsConfirmed();
        owner().header("Idempotency-Key", key)
                .post(ACTION)
                .then()
                .statusCode(202)
                .header("Idempotent-Replayed", "true");
    }

    private static RequestSpecification owner() {
        return given().header("Authorization", "Bearer north-owner");
    }

    private void onlyAKeyIsNotConfirmed() {
        owner().post(ACTION).then().statusCode(202);
        owner().get(ACTION).then().statusCode(200);
        // Only the database knows whether somebody has this one: nobody is told that it is wrong.
        given().header("Authorization", "Bearer " + OURS)
                .get(ACTION)
                .then()
                .statusCode(503)
                .header("Retry-After", "2")
                .body("code", is("unavailable"));
        // That this is none can be seen without it.
        given().header("Authorization", "Bearer " + OURS.replace("_0000", "_0001"))
                .get(ACTION)
                .then()
                .statusCode(401);
        assertThat(Health.live()).isEqualTo(200);
        assertThat(Health.ready()).isEqualTo(200);
        var begin = System.nanoTime();

        var answer = owner().header("Idempotency-Key", key).post(ACTION);

        var took = Duration.ofNanos(System.nanoTime() - begin);
        answer.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "2")
                .body("code", is("unavailable"));
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    private void aKeyIsConfirmed() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> owner().header("Idempotency-Key", key).post(ACTION).statusCode() == 202);
    }
}
