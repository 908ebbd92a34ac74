package io.offshoot.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaThatStops.class)
@WithTestResource(PostgresThatStops.class)
@WithTestResource(Surroundings.class)
class OutageTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;
    private static final String ACTION = V1 + "/apps/docs/actions/repository";

    @Test
    void theGatewayStartsWithoutKafkaServesWhatItCanAndComesBackAfterEveryOutage() throws Exception {
        assertThat(Health.live()).isEqualTo(200);
        assertThat(Health.ready()).isEqualTo(503);
        given().header("Authorization", "Bearer north-owner").get(V1).then().statusCode(200);
        isNotConfirmed();

        KafkaThatStops.startBroker();
        await().atMost(Duration.ofSeconds(20)).until(() -> Health.ready() == 200);
        isAccepted();

        KafkaThatStops.stopBroker();
        isNotConfirmed();

        KafkaThatStops.startBroker();
        isAccepted();
    }

    private static void isNotConfirmed() {
        var begin = System.nanoTime();

        var answer = given().header("Authorization", "Bearer north-owner").post(ACTION);

        var took = Duration.ofNanos(System.nanoTime() - begin);
        answer.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "2")
                .body("code", is("unavailable"))
                .body("retryable", is(true));
        assertThat(took).isLessThan(Duration.ofSeconds(2));
    }

    private static void isAccepted() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var answer = given().header("Authorization", "Bearer north-owner").post(ACTION);
            return answer.statusCode() == 202;
        });
    }
}
