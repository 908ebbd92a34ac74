package io.offshoot.gateway.signin;

import static io.offshoot.gateway.signin.SignInSteps.as;
import static io.offshoot.gateway.signin.SignInSteps.ask;
import static io.offshoot.gateway.signin.SignInSteps.isRefused;
import static io.offshoot.gateway.signin.SignInSteps.register;
import static io.offshoot.gateway.signin.SignInSteps.signIn;
import static io.offshoot.gateway.signin.SignInSteps.tokenOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.proof.key.SigningKey;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(value = Surroundings.class, initArgs = @ResourceArg(name = "offshoot.limits.bad-tries", value = "3"))
class SignInLimitTest {

    private static final String KEYS = "/api/v1/hubs/north/keys";

    @Inject
    DataSource database;

    @Test
    void afterTooManyWrongSignaturesNoneIsLookedAtAndWhoIsInStaysIn() throws Exception {
        var steps = new SignInSteps(database).begin();
        var key = SigningKey.generate();
        register("north-owner", "north", key);
        var token = tokenOf("north", key);
        as(token).get(KEYS).then().statusCode(200);
        for (int i = 0; i < 3; i++) {
            isRefused(signIn("north", SigningKey.generate()), ProblemType.SIGN_IN_REFUSED);
        }
        var before = steps.count("select count(*) from challenge");

        var asked = ask("north", "kid", key.id());
        var tried = SignInSteps.finish(Map.of("nonce", "n", "signature", "AAAA"));

        isRefused(asked, ProblemType.TOO_MANY_TRIES);
        isRefused(tried, ProblemType.TOO_MANY_TRIES);
        assertThat(asked.header("Retry-After")).isNotNull();
        assertThat(steps.count("select count(*) from challenge")).isEqualTo(before);
        as(token).get(KEYS).then().statusCode(200);
    }
}
