package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstallationsTest {

    private static final KeyPair KEYS = newKeys();
    private static final String TOKENS = "/app/installations/" + App.installationIn("example-hub") + "/access_tokens";
    private static final String GENERATE = "/repos/offshoot-upstream/docs-site/generate";
    private static final String DOCS = "{'owner':'example-hub','name':'docs'}";

    private final World world = World.inMemory();

    @BeforeEach
    void register() {
        String key = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(KEYS.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        world.sandbox().store().write(() -> world.sandbox().accounts().register(new App(12345, key)));
    }

    @Test
    void appFindsItsInstallationAndGetsATokenForIt() {
        JsonNode installation = body(asApp("GET", "/orgs/example-hub/installation", ""));
        Answer made = asApp("POST", "/app/installations/" + installation.get("id") + "/access_tokens", "");

        assertThat(made.status()).isEqualTo(201);
        assertThat(body(made).get("expires_at").asText()).isEqualTo("2026-11-21T13:00:00Z");
        assertThat(asInstallation(made, "POST", GENERATE, DOCS).status()).isEqualTo(201);
        assertThat(body(asInstallation(made, "GET", "/installation/repositories", ""))
                        .at("/repositories/0/full_name")
                        .asText())
                .isEqualTo("example-hub/docs");
        assertThat(body(asApp("GET", "/app", "")).get("id").asInt()).isEqualTo(12345);
        assertThat(body(asApp("GET", "/app/installations", ""))).hasSize(1);
    }

    @Test
    void tokenEndsAfterAnHourOrWhenItIsRevoked() {
        Answer first = asApp("POST", TOKENS, "");
        world.pass(3601);
        Answer second = asApp("POST", TOKENS, "");

        Answer expired = asInstallation(first, "POST", GENERATE, DOCS);
        world.sandbox()
                .store()
                .write(() -> world.sandbox().github().installations().revokeTokens());
        Answer revoked = asInstallation(second, "POST", GENERATE, DOCS);

        assertThat(expired.status()).isEqualTo(401);
        assertThat(body(expired).get("message").asText()).isEqualTo("Bad credentials");
        assertThat(revoked.status()).isEqualTo(401);
    }

    @Test
    void tokenOfAnInstallationIsNobodys() {
        Answer token = asApp("POST", TOKENS, "");

        assertThat(asInstallation(token, "GET", "/user", "").status()).isEqualTo(403);
        assertThat(body(asInstallation(token, "GET", "/user", ""))
                        .get("message")
                        .asText())
                .isEqualTo("Resource not accessible by integration");
    }

    @Test
    void narrowedTokenMayNotDoMore() {
        world.repository("docs");
        world.repository("other");
        Answer reader = asApp("POST", TOKENS, "{'permissions':{'contents':'read'}}");
        Answer ofOne = asApp("POST", TOKENS, "{'repositories':['docs']}");
        Answer greedy = asApp("POST", TOKENS, "{'permissions':{'organization_administration':'write'}}");

        assertThat(asInstallation(reader, "PUT", "/repos/example-hub/docs/topics", "{'names':[]}")
                        .status())
                .isEqualTo(403);
        assertThat(asInstallation(ofOne, "PUT", "/repos/example-hub/docs/topics", "{'names':[]}")
                        .status())
                .isEqualTo(200);
        assertThat(asInstallation(ofOne, "PUT", "/repos/example-hub/other/topics", "{'names':[]}")
                        .status())
                .isEqualTo(403);
        assertThat(greedy.status()).isEqualTo(422);
    }

    @Test
    void suspendedInstallationIsOfNoUse() {
        Answer token = asApp("POST", TOKENS, "");
        world.settings("{'githubAppSuspended':true}");

        assertThat(asInstallation(token, "GET", "/repos/offshoot-upstream/docs-site", "")
                        .status())
                .isEqualTo(403);
        assertThat(asApp("POST", TOKENS, "").status()).isEqualTo(403);
        assertThat(body(asApp("GET", "/orgs/example-hub/installation", ""))
                        .get("suspended_at")
                        .isNull())
                .isFalse();
    }

    @Test
    void installationForSelectedRepositoriesCoversNoOther() {
        world.repository("docs");
        world.settings("{'githubAppRepositories':['example-hub/docs']}");
        Answer token = asApp("POST", TOKENS, "");
        Answer made = asInstallation(token, "POST", GENERATE, "{'owner':'example-hub','name':'new'}");
        Answer refused = asInstallation(token, "PUT", "/repos/example-hub/new/topics", "{'names':[]}");
        int installation =
                asApp("GET", "/repos/example-hub/new/installation", "").status();
        world.settings("{'githubAppRepositories':['example-hub/docs','example-hub/New']}");

        assertThat(body(token).get("repository_selection").asText()).isEqualTo("selected");
        assertThat(made.status()).isEqualTo(201);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(body(refused).get("message").asText()).isEqualTo("Resource not accessible by integration");
        assertThat(installation).isEqualTo(404);
        assertThat(asInstallation(token, "PUT", "/repos/example-hub/docs/topics", "{'names':[]}")
                        .status())
                .isEqualTo(200);
        assertThat(asInstallation(token, "PUT", "/repos/example-hub/new/topics", "{'names':[]}")
                        .status())
                .isEqualTo(200);
        assertThat(asApp("GET", "/repos/example-hub/new/installation", "").status())
                .isEqualTo(200);
    }

    @Test
    void installationIsCountedByItselfWhateverItsTokens() {
        Answer first = asApp("POST", TOKENS, "");
        Answer second = asApp("POST", TOKENS, "");
        world.settings("{'githubRateLimit':1}");
        asInstallation(first, "GET", "/installation/repositories", "");

        Answer refused = asInstallation(second, "GET", "/installation/repositories", "");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(world.sandbox().journal().last().credential()).isEqualTo("installation example-hub");
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
    }

    @Test
    void webTokenIsVerified() {
        long now = 1795262400L;

        assertThat(refusal(jwt(KEYS, 12345, now, now + 600))).isEqualTo("none");
        assertThat(refusal(jwt(newKeys(), 12345, now, now + 600))).isEqualTo("A JSON web token could not be decoded");
        assertThat(refusal(jwt(KEYS, 99999, now, now + 600))).isEqualTo("Integration not found");
        assertThat(refusal(jwt(KEYS, 12345, now + 60, now + 600))).startsWith("'Issued at' claim");
        assertThat(refusal(jwt(KEYS, 12345, now - 600, now))).startsWith("'Expiration time' claim ('exp') must be");
        assertThat(refusal(jwt(KEYS, 12345, now, now + 601))).endsWith("is too far in the future");
        assertThat(body(world.github("GET", "/app")).get("message").asText())
                .isEqualTo("A JSON web token could not be decoded");
    }

    private String refusal(String jwt) {
        Answer answer = world.call("github", "GET", "/app", "Bearer " + jwt, "");
        return answer.status() == 200 ? "none" : body(answer).get("message").asText();
    }

    private Answer asApp(String method, String path, String body) {
        long now = world.sandbox().clock().instant().getEpochSecond();
        return world.call("github", method, path, "Bearer " + jwt(KEYS, 12345, now - 60, now + 540), body);
    }

    private Answer asInstallation(Answer token, String method, String path, String body) {
        return world.call(
                "github", method, path, "Bearer " + body(token).get("token").asText(), body);
    }

    private static String jwt(KeyPair keys, long issuer, long issued, long expires) {
        String header = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        String claims = encoded("{\"iss\":\"%d\",\"iat\":%d,\"exp\":%d}".formatted(issuer, issued, expires));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update((header + "." + claims).getBytes(StandardCharsets.US_ASCII));
            return header + "." + claims + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
