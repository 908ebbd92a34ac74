package io.offshoot.gateway.signin;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.proof.key.SigningKey;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** What tests of keys and sign-ins do again and again, and what they look for in the database. */
public final class SignInSteps {

    private static final String LOGIN = "/api/v1/login";

    private final DataSource database;

    public SignInSteps(DataSource database) {
        this.database = database;
    }

    /** The gateway waits neither for its database nor for the hubs of its credentials; these tests do. */
    public SignInSteps begin() {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> count("select count(*) from hub where id in ('north', 'south')") == 2);
        return this;
    }

    public long count(String query, String... values) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (var row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    public void sql(String statement, String... values) throws SQLException {
        try (var connection = database.getConnection();
                var todo = connection.prepareStatement(statement)) {
            for (int i = 0; i < values.length; i++) {
                todo.setString(i + 1, values[i]);
            }
            todo.executeUpdate();
        }
    }

    public static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    public static String sign(SigningKey key, String text) {
        return Base64.getEncoder().encodeToString(key.sign(text.getBytes(StandardCharsets.UTF_8)));
    }

    // Keys

    public static Map<String, Object> proofAsked(SigningKey key, String predecessor) {
        var body = new HashMap<String, Object>(Map.of("jwk", key.verifying().toJwk()));
        if (predecessor != null) {
            body.put("predecessor", predecessor);
        }
        return body;
    }

    public static Response askForProof(String token, String hub, SigningKey key, String predecessor) {
        return as(token).body(proofAsked(key, predecessor)).post("/api/v1/hubs/" + hub + "/keys/challenge");
    }

    public static Map<String, Object> proof(Response challenge, SigningKey key) {
        return new HashMap<>(Map.of(
                "nonce", challenge.path("nonce"),
                "jwk", key.verifying().toJwk(),
                "name", "laptop",
                "signature", sign(key, challenge.path("challenge"))));
    }

    public static Response add(String token, String hub, Map<String, Object> proof) {
        return as(token).body(proof).post("/api/v1/hubs/" + hub + "/keys");
    }

    public static void register(String token, String hub, SigningKey key) {
        var challenge = askForProof(token, hub, key, null);
        challenge.then().statusCode(200);
        add(token, hub, proof(challenge, key)).then().statusCode(201);
    }

    public static Response rotate(String token, String hub, SigningKey old, SigningKey key) {
        var challenge = askForProof(token, hub, key, old.id());
        challenge.then().statusCode(200);
        var proof = proof(challenge, key);
        proof.put("predecessorSignature", sign(old, challenge.path("challenge")));
        return add(token, hub, proof);
    }

    // Sign-ins

    public static Response ask(String hub, String by, String value) {
        return given().contentType("application/json")
                .body(Map.of("hub", hub, by, value))
                .post(LOGIN + "/challenge");
    }

    public static Response finish(Map<String, Object> answer) {
        return given().contentType("application/json").body(answer).post(LOGIN);
    }

    public static Response finish(Response challenge, String signature) {
        return finish(Map.of("nonce", challenge.path("nonce"), "signature", signature));
    }

    public static Response signIn(String hub, SigningKey key) {
        var challenge = ask(hub, "kid", key.id());
        challenge.then().statusCode(200);
        return finish(challenge, sign(key, challenge.path("challenge")));
    }

    /** The token of somebody who signed in. */
    public static String tokenOf(String hub, SigningKey key) {
        var answer = signIn(hub, key);
        answer.then().statusCode(200);
        return answer.path("token");
    }

    // What came of it

    public static void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("code", is(type.code()))
                .body("type", is(type.type()));
    }

    public long tokens(String subject) throws SQLException {
        return count("select count(*) from credential where subject = ?", subject);
    }

    public long audited(String who, String action, String outcome) throws SQLException {
        return count(
                "select count(*) from audit where credential = ? and action = ? and outcome = ?", who, action, outcome);
    }

    /** Every refused sign-in looks the same, and leaves nothing but its line in the audit. */
    public void isRefusedSignIn(Response answer, String subject) throws SQLException {
        isRefused(answer, ProblemType.SIGN_IN_REFUSED);
        answer.then().body("detail", is(ProblemType.SIGN_IN_REFUSED.cause()));
        assertThat(tokens(subject)).isZero();
        assertThat(audited(subject, "sign-in", "DONE")).isZero();
    }
}
