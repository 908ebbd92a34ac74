package io.offshoot.gateway.oidc;

import static io.offshoot.gateway.signin.SignInSteps.as;
import static io.offshoot.gateway.signin.SignInSteps.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.signin.SignInSteps;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
@WithTestResource(Issuer.class)
class OidcTest {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String KEYS = "/api/v1/hubs/north/keys";

    @Inject
    DataSource database;

    private final Issuer issuer = Issuer.running();
    private SignInSteps steps;

    @BeforeEach
    void begin() throws SQLException {
        steps = new SignInSteps(database).begin();
        steps.sql("delete from member where subject like 'oidc:%'");
        isMember("ama", "north", "OWNER");
    }

    private void isMember(String sub, String hub, String role) throws SQLException {
        steps.sql(
                "insert into member (hub, subject, name, role, added_by) values (?, ?, 'Ama', ?, 'test')",
                hub,
                "oidc:" + issuer.url() + "#" + sub,
                role);
    }

    private String token(Claims claims) {
        return Issuer.sign(issuer.key(Issuer.KID), claims.toString());
    }

    private static Response ask(String token) {
        return as(token).get(KEYS);
    }

    // Who gets in

    @Test
    void aMemberComesWithATokenOfTheIssuer() {
        ask(token(Claims.of("ama"))).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "EdDSA"})
    void otherAsymmetricAlgorithmsAreFine(String algorithm) {
        issuer.add(algorithm, algorithm);

        ask(Issuer.sign(issuer.key(algorithm), Claims.of("ama").toString()))
                .then()
                .statusCode(200);
    }

    @Test
    void theRoleIsTheMembersWhateverTheTokenSays() throws Exception {
        isMember("kofi", "north", "MEMBER");

        var answer = ask(token(Claims.of("kofi").with("groups", "OPERATOR").with("role", "OWNER")));

        isRefused(answer, ProblemType.FORBIDDEN);
    }

    @Test
    void ourOwnTokensAreNotSentToTheIssuer() {
        var before = issuer.fetched();

        ask("north-owner").then().statusCode(200);
        isRefused(ask("off_tok_000000000000_000000000000000000000000000000000000"), ProblemType.UNAUTHENTICATED);
        isRefused(ask("nobody"), ProblemType.UNAUTHENTICATED);

        assertThat(issuer.fetched()).isEqualTo(before);
    }

    @Test
    void aSignInOfTheIssuerIsNotSignedOutHere() {
        isRefused(as(token(Claims.of("ama"))).post("/api/v1/logout"), ProblemType.FORBIDDEN);
    }

    // In which hub

    @Test
    void whoIsInOneHubNeedNotNameItAndMayNameNoOther() {
        var token = token(Claims.of("ama"));

        as(token).header("Offshoot-Hub", "north").get(KEYS).then().statusCode(200);
        isRefused(as(token).header("Offshoot-Hub", "south").get(KEYS), ProblemType.UNKNOWN_HUB);
        isRefused(as(token).header("Offshoot-Hub", "' or 1=1").get(KEYS), ProblemType.UNKNOWN_HUB);
    }

    @Test
    void whoIsInSeveralHubsNamesOne() throws Exception {
        isMember("ama", "south", "OWNER");
        var token = token(Claims.of("ama"));

        isRefused(ask(token), ProblemType.HUB_NOT_NAMED);
        as(token).header("Offshoot-Hub", "north").get(KEYS).then().statusCode(200);
        as(token)
                .header("Offshoot-Hub", "south")
                .get("/api/v1/hubs/south/keys")
                .then()
                .statusCode(200);
        isRefused(as(token).header("Offshoot-Hub", "south").get(KEYS), ProblemType.UNKNOWN_HUB);
    }

    @Test
    void theHubOfOurOwnCredentialsIsTheirs() {
        as("north-owner").header("Offshoot-Hub", "south").get(KEYS).then().statusCode(200);
    }

    @Test
    void whoIsAMemberOfNoHubMayNothing() {
        isRefused(ask(token(Claims.of("nobody"))), ProblemType.FORBIDDEN);
    }

    @Test
    void whoIsRemovedIsOutWithTheNextRequest() throws Exception {
        var token = token(Claims.of("ama"));
        ask(token).then().statusCode(200);

        steps.sql("delete from member where subject like 'oidc:%'");

        isRefused(ask(token), ProblemType.FORBIDDEN);
    }

    // What is refused

    private void isNobodys(String token) {
        var answer = ask(token);
        isRefused(answer, ProblemType.UNAUTHENTICATED);
        answer.then().body(not(containsString(token.substring(token.length() - 20))));
    }

    @Test
    void anExpiredTokenIsRefused() {
        isNobodys(token(Claims.of("ama").in("exp", Duration.ofMinutes(-1))));
        isNobodys(token(Claims.of("ama").without("exp")));
    }

    @Test
    void aTokenThatIsNotYetValidIsRefused() {
        isNobodys(token(Claims.of("ama").in("nbf", Duration.ofMinutes(5))));
    }

    @Test
    void aTokenForSomebodyElseIsRefused() {
        isNobodys(token(Claims.of("ama").with("aud", "another-service")));
        isNobodys(token(Claims.of("ama").without("aud")));
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() {
        isNobodys(token(Claims.of("ama").with("iss", "https://evil.example")));
        isNobodys(token(Claims.of("ama").with("iss", issuer.url() + "/")));
        isNobodys(token(Claims.of("ama").without("iss")));
    }

    @Test
    void aTokenWithoutAUsableSubjectIsRefused() {
        isNobodys(token(Claims.of("ama").without("sub")));
        isNobodys(token(Claims.of("ama\nFake log line")));
        isNobodys(token(Claims.of("a".repeat(256))));
    }

    @Test
    void aTokenByAKeyThatTheIssuerDoesNotHaveIsRefused() {
        isNobodys(Issuer.sign(Issuer.key("unknown", "RS256"), Claims.of("ama").toString()));
        // Says it is by the issuer's.
        isNobodys(Issuer.sign(Issuer.key(Issuer.KID, "RS256"), Claims.of("ama").toString()));
    }

    @Test
    void aTokenWithoutASignatureIsRefused() {
        var head = BASE64.encodeToString("{\"alg\":\"none\",\"kid\":\"first\"}".getBytes(StandardCharsets.UTF_8));
        var body = BASE64.encodeToString(Claims.of("ama").toString().getBytes(StandardCharsets.UTF_8));

        isNobodys(head + "." + body + ".");
        isNobodys(head + "." + body + ".AAAA");
        isNobodys(head + "." + body);
    }

    @Test
    void thePublicKeyIsNoSecretToSignWith() throws Exception {
        var head = BASE64.encodeToString("{\"alg\":\"HS256\",\"kid\":\"first\"}".getBytes(StandardCharsets.UTF_8));
        var body = BASE64.encodeToString(Claims.of("ama").toString().getBytes(StandardCharsets.UTF_8));
        for (byte[] secret : new byte[][] {
            issuer.key(Issuer.KID).getPublicKey().getEncoded(),
            ("-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(issuer.key(Issuer.KID)
                                            .getPublicKey()
                                            .getEncoded())
                            + "\n-----END PUBLIC KEY-----\n")
                    .getBytes(StandardCharsets.UTF_8)
        }) {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            var signature = mac.doFinal((head + "." + body).getBytes(StandardCharsets.UTF_8));

            isNobodys(head + "." + body + "." + BASE64.encodeToString(signature));
        }
    }

    @Test
    void aChangedByteIsNoticed() {
        var token = token(Claims.of("ama"));
        var parts = token.split("\\.");
        for (int part = 0; part < 3; part++) {
            var bytes = Base64.getUrlDecoder().decode(parts[part]);
            bytes[bytes.length / 2] ^= 1;
            var changed = parts.clone();
            changed[part] = BASE64.encodeToString(bytes);

            isNobodys(String.join(".", changed));
        }
    }

    @Test
    void whatIsNoTokenIsNotSentToTheIssuer() {
        var before = issuer.fetched();
        for (String nonsense :
                new String[] {"a.b.c", "....", "aaaa.bbbb.cccc.dddd.eeee", "x".repeat(7_000) + ".aaaa.bbbb"}) {
            isNobodys("zzzzzzzzzzzzzzzzzzzzzzzz" + nonsense);
        }
        assertThat(issuer.fetched()).isEqualTo(before);
    }

    @Test
    void aNewKeyOfTheIssuerIsPickedUp() {
        ask(token(Claims.of("ama"))).then().statusCode(200);
        issuer.add("second", "RS256");

        ask(Issuer.sign(issuer.key("second"), Claims.of("ama").toString()))
                .then()
                .statusCode(200);
    }
}
