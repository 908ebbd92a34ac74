package io.offshoot.sandbox.control;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The providers count, tell what they counted, and refuse who calls too often; the journal tells who did. */
class LimitsTest {

    private static final String TOPICS = "/repos/example-hub/docs/topics";

    private final World world = World.inMemory();

    @ParameterizedTest
    @ValueSource(strings = {"/user", "/repos/example-hub/nothing", "/rate_limit"})
    void everyAnswerOfGitHubTellsItsCounters(String path) {
        assertThat(world.github("GET", path).headers())
                .containsKeys(
                        "x-ratelimit-limit",
                        "x-ratelimit-remaining",
                        "x-ratelimit-used",
                        "x-ratelimit-reset",
                        "x-ratelimit-resource");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/user", "/v9/projects/nothing"})
    void everyAnswerOfVercelTellsItsCounters(String path) {
        assertThat(world.vercel("GET", path).headers())
                .containsKeys("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");
        assertThat(world.call("vercel", "GET", path, "Bearer wrong", "").headers())
                .containsKey("X-RateLimit-Remaining");
    }

    @Test
    void primaryLimitOfGitHubHoldsForAnHour() {
        world.settings("{'githubRateLimit':2}");
        user();
        Answer last = user();
        Answer refused = user();
        world.pass(3599);
        Answer early = user();
        world.pass(1);
        Answer next = user();

        assertThat(last.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers()).containsEntry("x-ratelimit-remaining", "0");
        assertThat(early.status()).isEqualTo(403);
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.headers()).containsEntry("x-ratelimit-remaining", "1");
    }

    @Test
    void askingForTheLimitIsFree() {
        world.settings("{'githubRateLimit':1}");
        user();
        user();

        Answer asked = world.github("GET", "/rate_limit");

        assertThat(asked.status()).isEqualTo(200);
        assertThat(body(asked).at("/resources/core/remaining").asInt()).isZero();
    }

    @Test
    void windowsShrinkWithTheTimeScale() {
        world.settings("{'githubRateLimit':1,'timeScale':0.1}");
        user();
        Answer refused = user();
        world.pass(360);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(user().status()).isEqualTo(200);
    }

    @Test
    void gitHubTakesSoMuchNewContentAMinute() {
        world.repository("docs");
        world.settings("{'githubContentPerMinute':3,'githubSecondarySeconds':60}");
        put();
        put();
        Answer last = put();
        Answer refused = put();
        world.pass(60);

        assertThat(last.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.headers()).containsEntry("Retry-After", "60");
        assertThat(refused.headers().get("x-ratelimit-remaining")).isNotEqualTo("0");
        assertThat(body(refused).get("message").asText()).contains("secondary rate limit");
        assertThat(put().status()).isEqualTo(200);
    }

    @Test
    void gitHubTakesSoMuchNewContentAnHour() {
        world.repository("docs");
        world.settings("{'githubContentPerHour':2,'githubSecondarySeconds':60}");
        put();
        put();
        world.pass(600);
        Answer refused = put();
        world.pass(2999);
        Answer early = put();
        world.pass(1);

        assertThat(refused.headers()).containsEntry("Retry-After", "3000");
        assertThat(early.status()).isEqualTo(403);
        assertThat(put().status()).isEqualTo(200);
    }

    @Test
    void writeIsFivePointsAndAReadIsOne() {
        world.repository("docs");
        world.settings("{'githubPointsPerMinute':11}");
        put();
        put();

        assertThat(user().status()).isEqualTo(200);
        assertThat(user().status()).isEqualTo(403);
    }

    @Test
    void operationOfVercelHasALimitOfItsOwn() {
        world.settings("{'vercelLimits':{'POST /v11/projects':{'calls':1,'seconds':60}}}");
        Answer first = world.vercel("POST", "/v11/projects", "{'name':'one'}");
        Answer refused = world.vercel("POST", "/v11/projects", "{'name':'two'}");
        Answer other = world.vercel("GET", "/v9/projects/one");
        world.pass(60);

        JsonNode error = body(refused).get("error");
        long now = world.sandbox().clock().instant().toEpochMilli();
        assertThat(first.headers()).containsEntry("X-RateLimit-Limit", "1").containsEntry("X-RateLimit-Remaining", "0");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(error.get("code").asText()).isEqualTo("rate_limited");
        assertThat(error.get("message").asText())
                .isEqualTo("The rate limit of 1 exceeded for 'POST /v11/projects'. Try again in 60 seconds");
        assertThat(error.get("limit").toString())
                .isEqualTo("{\"remaining\":0,\"reset\":%d,\"resetMs\":%d,\"total\":1}".formatted(now / 1000, now));
        assertThat(other.status()).isEqualTo(200);
        assertThat(world.vercel("POST", "/v11/projects", "{'name':'two'}").status())
                .isEqualTo(200);
    }

    @Test
    void journalTellsWhoCalledAlthoughToldToWait() {
        world.repository("docs");
        world.settings("{'githubWriteSpacingMillis':1000,'githubSecondarySeconds':60}");
        put();
        put();
        Journal.Entry first = last();
        world.pass(59);
        user();
        Journal.Entry again = last();
        world.vercel("GET", "/v2/user");
        Journal.Entry other = last();
        world.pass(1);
        put();

        assertThat(first.limited().limit()).isEqualTo("secondary");
        assertThat(first.limited().again()).isFalse();
        assertThat(first.limited().until()).isEqualTo(first.at().plusSeconds(60));
        assertThat(again.limited().again()).isTrue();
        assertThat(again.limited().since()).isEqualTo(first.at());
        assertThat(again.credential()).isEqualTo(first.credential()).startsWith("token ");
        assertThat(other.limited()).isNull();
        assertThat(last().limited()).isNull();
        assertThat(world.sandbox().journal().entries().toString()).doesNotContain("github-token", "vercel-token");
    }

    @Test
    void resetForgetsWhoCalledHowOften() {
        world.settings("{'githubRateLimit':1,'vercelRateLimit':1}");
        user();
        user();
        world.vercel("GET", "/v2/user");
        world.vercel("GET", "/v2/user");

        world.sandbox().reset();

        assertThat(user().status()).isEqualTo(200);
        assertThat(world.vercel("GET", "/v2/user").status()).isEqualTo(200);
    }

    @Test
    void publishedLimitsAreTurnedOnTogether() {
        Settings published = Settings.withTimeScale(1).withPublishedLimits();

        assertThat(Settings.withTimeScale(1).githubContentPerMinute()).isZero();
        assertThat(published.githubRateLimit()).isEqualTo(5000);
        assertThat(published.githubWriteSpacingMillis()).isEqualTo(1000);
        assertThat(published.githubContentPerMinute()).isEqualTo(80);
        assertThat(published.githubContentPerHour()).isEqualTo(500);
        assertThat(published.githubPointsPerMinute()).isEqualTo(900);
        assertThat(published.vercelLimits()).containsKey("POST /v13/deployments");
        assertThat(world.sandbox().vercel().known().stream().map(Object::toString))
                .containsAll(published.vercelLimits().keySet());
    }

    @Test
    void settingThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> world.settings("{'githubRateLimits':1}")).isInstanceOf(IllegalArgumentException.class);
    }

    private Answer user() {
        return world.github("GET", "/user");
    }

    private Answer put() {
        return world.github("PUT", TOPICS, "{'names':[]}");
    }

    private Journal.Entry last() {
        return world.sandbox().journal().last();
    }
}
