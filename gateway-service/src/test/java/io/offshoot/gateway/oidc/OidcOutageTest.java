package io.offshoot.gateway.oidc;

import static io.offshoot.gateway.signin.SignInSteps.as;
import static io.offshoot.gateway.signin.SignInSteps.isRefused;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.signin.SignInSteps;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import javax.sql.DataSource;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
@WithTestResource(IssuerThatComesLate.class)
class OidcOutageTest {

    private static final String KEYS = "/api/v1/hubs/north/keys";

    @Inject
    DataSource database;

    @Test
    void onlyTokensOfTheIssuerNeedItAndOnlyUntilItsKeysAreKnown() throws Exception {
        var issuer = Issuer.running();
        var steps = new SignInSteps(database).begin();
        steps.sql(
                "insert into member (hub, subject, name, role, added_by) values ('north', ?, 'Ama', 'OWNER', 'test')",
                "oidc:" + issuer.url() + "#ama");

        // Away when the gateway starts
        given().get("/").then().statusCode(200);
        as("north-owner").get(KEYS).then().statusCode(200);
        isNotConfirmed(ask(issuer.key(Issuer.KID)));

        issuer.come();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ask(issuer.key(Issuer.KID)).statusCode() == 200);

        issuer.go();
        ask(issuer.key(Issuer.KID)).then().statusCode(200);
        issuer.add("second", "RS256");
        isNotConfirmed(ask(issuer.key("second")));
        isNotConfirmed(ask(issuer.key("second")));

        issuer.come();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> ask(issuer.key("second")).statusCode() == 200);
        // It is there again, and it alone can know.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ask(Issuer.key("third", "RS256")).statusCode() == 401);
    }

    private static Response ask(PublicJsonWebKey key) {
        return as(Issuer.sign(key, Claims.of("ama").toString())).get(KEYS);
    }

    private static void isNotConfirmed(Response answer) {
        isRefused(answer, ProblemType.UNAVAILABLE);
        assertThat(answer.header("Retry-After")).isNotNull();
    }
}
