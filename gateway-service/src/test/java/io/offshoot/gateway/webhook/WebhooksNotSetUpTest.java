package io.offshoot.gateway.webhook;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.is;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.gateway.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class WebhooksNotSetUpTest {

    @Test
    void withoutKeysThereAreNoWebhooksAndTheAnswerSaysSo() {
        given().header("Authorization", "Bearer north-owner")
                .contentType("application/json")
                .body("{\"url\": \"https://hooks.example.org/\"}")
                .post("/api/v1/webhooks")
                .then()
                .statusCode(501)
                .contentType("application/problem+json")
                .body("code", is("webhooks-not-set-up"))
                .body("retryable", is(false));
    }

    @ParameterizedTest
    @CsvSource({"github, X-Hub-Signature-256, sha256=", "vercel, x-vercel-signature, ''"})
    void withoutASecretNothingOfAProviderIsTaken(String provider, String header, String prefix) {
        given().header(header, prefix + "0".repeat(prefix.isEmpty() ? 40 : 64))
                .body("{}")
                .post("/api/v1/hooks/" + provider)
                .then()
                .statusCode(401)
                .body("code", is("wrong-signature"));
    }
}
