package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.goterl.lazysodium.LazySodiumJava;
import com.goterl.lazysodium.SodiumJava;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boxes are sealed by libsodium itself. */
class SecretsAndVariablesTest {

    private static final String SECRETS = "/repos/example-hub/docs/actions/secrets";
    private static final String VARIABLES = "/repos/example-hub/docs/actions/variables";

    private final LazySodiumJava sodium = new LazySodiumJava(new SodiumJava());
    private final World world = World.inMemory();

    @BeforeEach
    void repository() {
        world.repository("docs");
    }

    @Test
    void secretSealedByLibsodiumIsOpenedAndNeverShown() {
        Answer created = put("TOKEN_ONE", "a secret with ümlauts");
        Answer replaced = put("token_one", "another");

        assertThat(created.status()).isEqualTo(201);
        assertThat(replaced.status()).isEqualTo(204);
        JsonNode shown = body(world.github("GET", SECRETS + "/TOKEN_ONE"));
        assertThat(shown.properties())
                .extracting(member -> member.getKey())
                .containsExactly("name", "created_at", "updated_at");
        assertThat(body(world.github("GET", SECRETS)).get("total_count").asInt())
                .isEqualTo(1);
        assertThat(digest("TOKEN_ONE")).isEqualTo(Account.digest("another"));
        assertThat(world.sandbox().journal().entries().toString()).doesNotContain("another");
    }

    @Test
    void boxOfEveryLengthIsOpened() {
        IntStream.range(0, 200).forEach(length -> {
            String value = "x".repeat(length);
            put("LENGTH", value);
            assertThat(digest("LENGTH")).isEqualTo(Account.digest(value));
        });
    }

    @Test
    void whatCannotBeOpenedIsRefused() {
        byte[] box = sealed("value");
        box[box.length - 1] ^= 1;

        assertThat(put("CHANGED", box, keyId()).status()).isEqualTo(422);
        assertThat(put("SHORT", new byte[20], keyId()).status()).isEqualTo(422);
        assertThat(put("STALE", sealed("value"), "1").status()).isEqualTo(422);
        assertThat(put("GITHUB_TOKEN", sealed("value"), keyId()).status()).isEqualTo(422);
        assertThat(put("1ST", sealed("value"), keyId()).status()).isEqualTo(422);
        assertThat(body(world.github("GET", SECRETS)).get("total_count").asInt())
                .isZero();
    }

    @Test
    void deletedSecretIsGone() {
        put("ONE", "value");

        assertThat(world.github("DELETE", SECRETS + "/ONE").status()).isEqualTo(204);
        assertThat(world.github("DELETE", SECRETS + "/ONE").status()).isEqualTo(404);
        assertThat(world.github("GET", SECRETS + "/ONE").status()).isEqualTo(404);
    }

    @Test
    void tokenWithoutThePermissionSeesNoSecrets() {
        world.settings("{'githubPermissionsMissing':['secrets']}");

        assertThat(world.github("GET", SECRETS + "/public-key").status()).isEqualTo(403);
        assertThat(world.github("GET", VARIABLES).status()).isEqualTo(200);
    }

    @Test
    void variableIsCreatedOnceAndThenChanged() {
        Answer created = world.github("POST", VARIABLES, "{'name':'address','value':'one'}");
        Answer again = world.github("POST", VARIABLES, "{'name':'ADDRESS','value':'two'}");
        Answer changed = world.github("PATCH", VARIABLES + "/ADDRESS", "{'value':'three'}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(409);
        assertThat(changed.status()).isEqualTo(204);
        assertThat(body(world.github("GET", VARIABLES + "/address"))
                        .get("value")
                        .asText())
                .isEqualTo("three");
        assertThat(world.github("PATCH", VARIABLES + "/OTHER", "{'value':'x'}").status())
                .isEqualTo(404);
        assertThat(world.github("DELETE", VARIABLES + "/ADDRESS").status()).isEqualTo(204);
        assertThat(body(world.github("GET", VARIABLES)).get("total_count").asInt())
                .isZero();
    }

    private String digest(String name) {
        Repository docs =
                world.sandbox().repositories().find("example-hub", "docs").orElseThrow();
        return world.sandbox()
                .github()
                .secretsAndVariables()
                .secretDigests(docs)
                .get(name);
    }

    private Answer put(String name, String value) {
        return put(name, sealed(value), keyId());
    }

    private Answer put(String name, byte[] box, String keyId) {
        String encoded = Base64.getEncoder().encodeToString(box);
        return world.github(
                "PUT", SECRETS + "/" + name, "{'encrypted_value':'" + encoded + "','key_id':'" + keyId + "'}");
    }

    private String keyId() {
        return body(world.github("GET", SECRETS + "/public-key")).get("key_id").asText();
    }

    private byte[] sealed(String value) {
        byte[] key = Base64.getDecoder()
                .decode(body(world.github("GET", SECRETS + "/public-key"))
                        .get("key")
                        .asText());
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] box = new byte[text.length + 48];
        assertThat(sodium.cryptoBoxSeal(box, text, text.length, key)).isTrue();
        return box;
    }
}
