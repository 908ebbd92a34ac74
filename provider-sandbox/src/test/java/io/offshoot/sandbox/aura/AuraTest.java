package io.offshoot.sandbox.aura;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuraTest {

    private static final String GRANT = "{'grant_type':'client_credentials'}";
    private static final String INSTANCE = "{'name':'hub run 7','version':'5','region':'europe-west1','memory':'1GB',"
            + "'type':'free-db','tenant_id':'tenant-1','cloud_provider':'gcp'}";

    private final World world = World.inMemory();
    private final String token =
            body(token("client", "secret")).get("access_token").asText();

    @Test
    void tokenIsGivenForAnHourToWhoHasTheSecret() {
        assertThat(body(token("client", "secret")).get("expires_in").asInt()).isEqualTo(3600);
        assertThat(token("client", "wrong").status()).isEqualTo(401);
        assertThat(token("nobody", "secret").status()).isEqualTo(401);
    }

    @Test
    void expiredTokenIsForbiddenAndAnUnknownOneUnauthorized() {
        Answer unknown = world.call("aura", "GET", "/v1/instances", "Bearer wrong", "");
        world.pass(3600);
        Answer expired = call("GET", "/v1/instances", "");

        assertThat(unknown.status()).isEqualTo(401);
        assertThat(expired.status()).isEqualTo(403);
        assertThat(body(expired).has("error")).isTrue();
    }

    @Test
    void instanceIsCreatingForAMinuteOrThree() {
        String id = created();
        world.pass(59);
        String early = status(id);
        world.pass(121);

        assertThat(early).isEqualTo("creating");
        assertThat(status(id)).isEqualTo("running");
        assertThat(id).matches("[0-9a-f]{8}");
    }

    @Test
    void sameRequestAgainMakesASecondInstance() {
        String first = created();
        String second = created();

        JsonNode listed = body(call("GET", "/v1/instances", "")).get("data");

        assertThat(first).isNotEqualTo(second);
        assertThat(listed.findValuesAsText("name")).containsExactly("hub run 7", "hub run 7");
    }

    @Test
    void passwordIsToldOnce() {
        JsonNode made = body(call("POST", "/v1/instances", INSTANCE)).get("data");
        JsonNode read = body(call("GET", "/v1/instances/" + made.get("id").asText(), ""))
                .get("data");

        String password = made.get("password").asText();
        assertThat(password).hasSizeGreaterThan(20);
        assertThat(read.has("password")).isFalse();
        assertThat(world.sandbox().journal().entries().toString()).doesNotContain(password);
    }

    @Test
    void operationWaitsForTheOneBefore() {
        String id = created();
        Answer early = call("DELETE", "/v1/instances/" + id, "");
        world.pass(180);
        Answer resized = call("PATCH", "/v1/instances/" + id, "{'memory':'2GB'}");
        Answer busy = call("DELETE", "/v1/instances/" + id, "");
        world.pass(60);

        assertThat(early.status()).isEqualTo(409);
        assertThat(body(early).at("/errors/0/reason").asText()).isEqualTo("ongoing-database-operation");
        assertThat(body(resized).at("/data/status").asText()).isEqualTo("updating");
        assertThat(busy.status()).isEqualTo(409);
        assertThat(call("DELETE", "/v1/instances/" + id, "").status()).isEqualTo(202);
    }

    @Test
    void deletedInstanceIsDestroyingAndThenNotFound() {
        String id = created();
        world.pass(180);
        Answer deleted = call("DELETE", "/v1/instances/" + id, "");
        String soon = status(id);
        Answer again = call("DELETE", "/v1/instances/" + id, "");
        world.pass(20);

        assertThat(deleted.status()).isEqualTo(202);
        assertThat(soon).isEqualTo("destroying");
        assertThat(again.status()).isEqualTo(409);
        assertThat(call("GET", "/v1/instances/" + id, "").status()).isEqualTo(404);
        assertThat(body(call("GET", "/v1/instances", "")).get("data")).isEmpty();
        assertThat(world.sandbox().aura().inventory()).isEmpty();
    }

    @Test
    void instanceIsRenamedAtOnce() {
        String id = created();
        world.pass(180);

        assertThat(body(call("PATCH", "/v1/instances/" + id, "{'name':'other'}"))
                        .at("/data/name")
                        .asText())
                .isEqualTo("other");
        assertThat(status(id)).isEqualTo("running");
    }

    @ParameterizedTest
    @CsvSource({"name,''", "name,a name that is far too long for Aura", "type,huge-db", "memory,1", "tenant_id,other"})
    void whatIsNotValidIsNamed(String field, String value) {
        String asked = INSTANCE.replaceFirst("'" + field + "':'[^']*'", "'" + field + "':'" + value + "'");

        Answer refused = call("POST", "/v1/instances", asked);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(body(refused).at("/errors/0/field").asText()).isEqualTo(field);
    }

    @Test
    void databaseIsWhereTheSettingSays() {
        world.settings("{'auraConnectionUrl':'bolt://127.0.0.1:7687'}");

        assertThat(body(call("POST", "/v1/instances", INSTANCE))
                        .at("/data/connection_url")
                        .asText())
                .isEqualTo("bolt://127.0.0.1:7687");
    }

    @Test
    void tenantIsKnownToItsClientsOnly() {
        assertThat(body(call("GET", "/v1/tenants", "")).at("/data/0/id").asText())
                .isEqualTo("tenant-1");
        assertThat(call("GET", "/v1/tenants/tenant-1", "").status()).isEqualTo(200);
        assertThat(call("GET", "/v1/tenants/other", "").status()).isEqualTo(404);
    }

    @Test
    void whoCallsTooOftenIsToldWhenToComeAgain() {
        world.settings("{'auraRateLimit':2}");
        call("GET", "/v1/instances", "");
        call("GET", "/v1/instances", "");

        Answer refused = call("GET", "/v1/instances", "");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("Retry-After", "60");
        assertThat(world.sandbox().journal().last().credential()).startsWith("client ");
    }

    @Test
    void listMayNotYetHaveWhatWasJustMade() {
        world.settings("{'staleReadMillis':300}");
        created();

        assertThat(body(call("GET", "/v1/instances", "")).get("data")).isEmpty();
        assertThat(body(call("GET", "/v1/instances", "")).get("data")).hasSize(1);
    }

    private Answer token(String client, String secret) {
        String pair = client + ":" + secret;
        String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return world.call("aura", "POST", "/oauth/token", basic, GRANT);
    }

    private String created() {
        Answer made = call("POST", "/v1/instances", INSTANCE);
        assertThat(made.status()).isEqualTo(202);
        return body(made).at("/data/id").asText();
    }

    private String status(String id) {
        return body(call("GET", "/v1/instances/" + id, "")).at("/data/status").asText();
    }

    private Answer call(String method, String path, String body) {
        return world.call("aura", method, path, "Bearer " + token, body);
    }
}
