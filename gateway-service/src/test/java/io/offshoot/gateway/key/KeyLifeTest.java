package io.offshoot.gateway.key;

import static io.offshoot.gateway.signin.SignInSteps.add;
import static io.offshoot.gateway.signin.SignInSteps.as;
import static io.offshoot.gateway.signin.SignInSteps.askForProof;
import static io.offshoot.gateway.signin.SignInSteps.isRefused;
import static io.offshoot.gateway.signin.SignInSteps.proof;
import static io.offshoot.gateway.signin.SignInSteps.proofAsked;
import static io.offshoot.gateway.signin.SignInSteps.register;
import static io.offshoot.gateway.signin.SignInSteps.rotate;
import static io.offshoot.gateway.signin.SignInSteps.sign;
import static io.offshoot.gateway.signin.SignInSteps.signIn;
import static io.offshoot.gateway.signin.SignInSteps.tokenOf;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.signin.SignInSteps;
import io.offshoot.proof.key.SigningKey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class KeyLifeTest {

    private static final String OWNER = "north-owner";
    private static final String KEYS = "/api/v1/hubs/north/keys";

    @Inject
    DataSource database;

    private final SigningKey key = SigningKey.generate();
    private SignInSteps steps;

    @BeforeEach
    void begin() {
        steps = new SignInSteps(database).begin();
    }

    private long known(SigningKey key) throws Exception {
        return steps.count("select count(*) from hub_key where kid = ?", key.id());
    }

    private long members(SigningKey key) throws Exception {
        return steps.count("select count(*) from member where subject = ?", "key:" + key.id());
    }

    private long audited(SigningKey key, String action, String outcome) throws Exception {
        return steps.count(
                "select count(*) from audit where target = ? and action = ? and outcome = ?",
                key.id(),
                action,
                outcome);
    }

    // Registration

    @Test
    void aKeyIsRegisteredByWhoeverHasIt() throws Exception {
        var challenge = askForProof(OWNER, "north", key, null);

        var answer = add(OWNER, "north", proof(challenge, key));

        answer.then()
                .statusCode(201)
                .header("Location", is(KEYS + "/" + key.id()))
                .body("kid", is(key.id()))
                .body("did", is(key.verifying().did()))
                .body("name", is("laptop"))
                .body("jwk.x", is(key.verifying().toJwk().get("x")))
                .body("addedAt", notNullValue())
                .body("addedBy", is("config:north-owner"))
                .body("retiredAt", nullValue());
        as(OWNER).get(answer.header("Location")).then().statusCode(200).body("kid", is(key.id()));
        as(OWNER).get(KEYS).then().statusCode(200).body("keys.kid", hasItem(key.id()));
        assertThat(audited(key, "key.register", "DONE")).isEqualTo(1);
    }

    @Test
    void registeringTheSameKeyAgainChangesNothing() throws Exception {
        register(OWNER, "north", key);
        var first = as(OWNER).get(KEYS + "/" + key.id()).asString();

        register(OWNER, "north", key);

        assertThat(as(OWNER).get(KEYS + "/" + key.id()).asString()).isEqualTo(first);
        assertThat(known(key)).isEqualTo(1);
        assertThat(members(key)).isEqualTo(1);
    }

    private void isNotRegistered(Map<String, Object> proof) throws Exception {
        isRefused(add(OWNER, "north", proof), ProblemType.PROOF_REFUSED);
        assertThat(known(key)).isZero();
        assertThat(members(key)).isZero();
        assertThat(audited(key, "key.register", "DONE")).isZero();
    }

    @Test
    void aKeyWithoutItsOwnSignatureIsRefused() throws Exception {
        var challenge = askForProof(OWNER, "north", key, null);
        var proof = proof(challenge, key);
        proof.put("signature", sign(SigningKey.generate(), challenge.path("challenge")));

        isNotRegistered(proof);

        assertThat(audited(key, "key.register", "REFUSED")).isEqualTo(1);
    }

    @Test
    void aProofIsUsedOnce() throws Exception {
        var challenge = askForProof(OWNER, "north", key, null);
        var proof = proof(challenge, key);
        add(OWNER, "north", proof).then().statusCode(201);

        isRefused(add(OWNER, "north", proof), ProblemType.PROOF_REFUSED);
    }

    @Test
    void aProofMadeForAnotherKeyHubOrPurposeIsRefused() throws Exception {
        var forAnotherKey = proof(askForProof(OWNER, "north", SigningKey.generate(), null), key);
        isNotRegistered(forAnotherKey);

        var forAnotherHub = proof(askForProof("south-owner", "south", key, null), key);
        isNotRegistered(forAnotherHub);

        var forSigningIn = proof(SignInSteps.ask("north", "kid", key.id()), key);
        isNotRegistered(forSigningIn);
    }

    @Test
    void anExpiredProofIsRefused() throws Exception {
        var challenge = askForProof(OWNER, "north", key, null);
        steps.sql(
                "update challenge set expires_at = now() - interval '1 second' where nonce = ?",
                challenge.<String>path("nonce"));

        isNotRegistered(proof(challenge, key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Weak points
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                // Another curve, another kind, no key
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                "{\"kty\":\"oct\",\"k\":\"PLANTED\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"PLANTED\"}",
                // Its private half
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\"PLANTED\"}",
                "null",
                "\"PLANTED\"",
                "[]"
            })
    void whatIsNoUsablePublicKeyIsInvalid(String jwk) throws Exception {
        var before = steps.count("select count(*) from challenge");

        var answer = as(OWNER).body("{\"jwk\":%s}".formatted(jwk)).post(KEYS + "/challenge");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors[0].pointer", is("/jwk")).body(not(containsString("PLANTED")));
        assertThat(steps.count("select count(*) from challenge")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two\nlines", "esc\u001b[2J", "line\u2028separator"})
    void aNameIsOneLineThatCanBeRead(String name) throws Exception {
        var proof = proof(askForProof(OWNER, "north", key, null), key);
        proof.put("name", name);

        isRefused(add(OWNER, "north", proof), ProblemType.INVALID_REQUEST);
        assertThat(known(key)).isZero();
    }

    // Who may

    @Test
    void onlyWhoeverMayKeepKeysMay() throws Exception {
        register(OWNER, "north", key);
        var one = KEYS + "/" + key.id();
        for (String token : List.of("north-member")) {
            isRefused(askForProof(token, "north", SigningKey.generate(), null), ProblemType.FORBIDDEN);
            isRefused(add(token, "north", Map.of()), ProblemType.FORBIDDEN);
            isRefused(as(token).get(KEYS), ProblemType.FORBIDDEN);
            isRefused(as(token).get(one), ProblemType.FORBIDDEN);
            isRefused(as(token).delete(one), ProblemType.FORBIDDEN);
        }
        assertThat(steps.count("select count(*) from hub_key where kid = ? and revoked_at is null", key.id()))
                .isEqualTo(1);
    }

    @Test
    void anotherHubsKeysAreNotThere() throws Exception {
        register(OWNER, "north", key);
        var one = KEYS + "/" + key.id();
        var token = "south-owner";

        isRefused(askForProof(token, "north", SigningKey.generate(), null), ProblemType.UNKNOWN_HUB);
        isRefused(add(token, "north", proof(askForProof(token, "south", key, null), key)), ProblemType.UNKNOWN_HUB);
        isRefused(as(token).get(KEYS), ProblemType.UNKNOWN_HUB);
        isRefused(as(token).get(one), ProblemType.UNKNOWN_HUB);
        isRefused(as(token).delete(one), ProblemType.UNKNOWN_HUB);
        isRefused(as(token).delete("/api/v1/hubs/south/keys/" + key.id()), ProblemType.UNKNOWN_KEY);
        assertThat(steps.count("select count(*) from hub_key where kid = ? and revoked_at is null", key.id()))
                .isEqualTo(1);
    }

    @Test
    void anOperatorFindsNoHubThatIsNotThere() {
        isRefused(askForProof("platform", "no-such-hub", key, null), ProblemType.UNKNOWN_HUB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "..%2f..%2fadmin", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"})
    void aKeyThatIsNotThereIsNotFound(String kid) {
        isRefused(as(OWNER).urlEncodingEnabled(false).get(KEYS + "/" + kid), ProblemType.UNKNOWN_KEY);
        isRefused(as(OWNER).urlEncodingEnabled(false).delete(KEYS + "/" + kid), ProblemType.UNKNOWN_KEY);
    }

    // Rotation

    @Test
    void aKeyIsFollowedByAnotherWithNothingButItsOwnSignIn() throws Exception {
        register(OWNER, "north", key);
        var token = tokenOf("north", key);
        var next = SigningKey.generate();

        var answer = rotate(token, "north", key, next);

        answer.then().statusCode(201).body("predecessor", is(key.id()));
        as(OWNER)
                .get(KEYS + "/" + key.id())
                .then()
                .body("retiredAt", notNullValue())
                .body("revokedAt", nullValue());
        signIn("north", next).then().statusCode(200).body("role", is("OWNER"));
        isRefused(signIn("north", key), ProblemType.SIGN_IN_REFUSED);
        assertThat(audited(next, "key.rotate", "DONE")).isEqualTo(1);
    }

    @Test
    void aSuccessorHasTheRoleThatItsPredecessorHad() throws Exception {
        register(OWNER, "north", key);
        steps.sql("update member set role = 'MEMBER' where subject = ?", "key:" + key.id());
        var next = SigningKey.generate();

        rotate(OWNER, "north", key, next).then().statusCode(201);

        signIn("north", next).then().statusCode(200).body("role", is("MEMBER"));
    }

    @Test
    void rotatingAgainToTheSameKeyChangesNothing() throws Exception {
        register(OWNER, "north", key);
        var next = SigningKey.generate();
        rotate(OWNER, "north", key, next).then().statusCode(201);
        var first = as(OWNER).get(KEYS + "/" + key.id()).asString();

        rotate(OWNER, "north", key, next).then().statusCode(201).body("kid", is(next.id()));

        assertThat(as(OWNER).get(KEYS + "/" + key.id()).asString()).isEqualTo(first);
    }

    @Test
    void aSuccessorThatThePredecessorDidNotSignIsRefused() throws Exception {
        register(OWNER, "north", key);
        var next = SigningKey.generate();
        for (SigningKey signer : new SigningKey[] {next, SigningKey.generate(), null}) {
            var challenge = askForProof(OWNER, "north", next, key.id());
            var proof = proof(challenge, next);
            if (signer != null) {
                proof.put("predecessorSignature", sign(signer, challenge.path("challenge")));
            }

            isRefused(add(OWNER, "north", proof), ProblemType.PROOF_REFUSED);
        }
        assertThat(known(next)).isZero();
        signIn("north", key).then().statusCode(200);
    }

    @Test
    void aKeyDoesNotFollowItself() throws Exception {
        register(OWNER, "north", key);

        isRefused(rotate(OWNER, "north", key, key), ProblemType.PROOF_REFUSED);

        signIn("north", key).then().statusCode(200);
    }

    @Test
    void aKeyHasOneSuccessor() throws Exception {
        register(OWNER, "north", key);
        rotate(OWNER, "north", key, SigningKey.generate()).then().statusCode(201);
        var other = SigningKey.generate();

        isRefused(rotate(OWNER, "north", key, other), ProblemType.KEY_NOT_IN_USE);

        assertThat(known(other)).isZero();
    }

    @Test
    void aKeyOfAnotherHubOrNoneIsNoPredecessor() throws Exception {
        register("south-owner", "south", key);

        isRefused(askForProof(OWNER, "north", SigningKey.generate(), key.id()), ProblemType.UNKNOWN_KEY);
        isRefused(askForProof(OWNER, "north", SigningKey.generate(), "x"), ProblemType.UNKNOWN_KEY);
    }

    @Test
    void aRetiredKeyDoesNotComeBack() throws Exception {
        register(OWNER, "north", key);
        rotate(OWNER, "north", key, SigningKey.generate()).then().statusCode(201);

        var challenge = askForProof(OWNER, "north", key, null);
        isRefused(add(OWNER, "north", proof(challenge, key)), ProblemType.KEY_NOT_IN_USE);

        isRefused(signIn("north", key), ProblemType.SIGN_IN_REFUSED);
    }

    @Test
    void aRegistrationIsNoRotation() throws Exception {
        register(OWNER, "north", key);
        var next = SigningKey.generate();
        var challenge = askForProof(OWNER, "north", next, null);
        var proof = proof(challenge, next);
        proof.put("predecessorSignature", sign(key, challenge.path("challenge")));

        isRefused(add(OWNER, "north", proof), ProblemType.PROOF_REFUSED);
        assertThat(known(next)).isZero();
    }

    // Revocation

    @Test
    void aRevokedKeyEndsWhatItSignedInFor() throws Exception {
        register(OWNER, "north", key);
        var token = tokenOf("north", key);
        as(token).get(KEYS).then().statusCode(200);

        as(OWNER).delete(KEYS + "/" + key.id()).then().statusCode(200).body("revokedAt", notNullValue());

        isRefused(as(token).get(KEYS), ProblemType.UNAUTHENTICATED);
        isRefused(signIn("north", key), ProblemType.SIGN_IN_REFUSED);
        assertThat(members(key)).isZero();
        assertThat(audited(key, "key.revoke", "DONE")).isEqualTo(1);
    }

    @Test
    void aKeyMayRevokeItself() throws Exception {
        register(OWNER, "north", key);
        var token = tokenOf("north", key);

        as(token).delete(KEYS + "/" + key.id()).then().statusCode(200);

        isRefused(as(token).get(KEYS), ProblemType.UNAUTHENTICATED);
    }

    @Test
    void revokingAgainChangesNothing() throws Exception {
        register(OWNER, "north", key);
        var first = as(OWNER).delete(KEYS + "/" + key.id()).asString();

        var second = as(OWNER).delete(KEYS + "/" + key.id());

        second.then().statusCode(200);
        assertThat(second.asString()).isEqualTo(first);
        assertThat(audited(key, "key.revoke", "DONE")).isEqualTo(1);
    }

    @Test
    void aRetiredKeyCanStillBeRevokedAndWithItItsTokens() throws Exception {
        register(OWNER, "north", key);
        var token = tokenOf("north", key);
        rotate(OWNER, "north", key, SigningKey.generate()).then().statusCode(201);
        as(token).get(KEYS).then().statusCode(200);

        as(OWNER).delete(KEYS + "/" + key.id()).then().statusCode(200);

        isRefused(as(token).get(KEYS), ProblemType.UNAUTHENTICATED);
    }

    @Test
    void aRevokedKeyNeitherComesBackNorHasASuccessor() throws Exception {
        register(OWNER, "north", key);
        as(OWNER).delete(KEYS + "/" + key.id()).then().statusCode(200);
        var next = SigningKey.generate();

        isRefused(rotate(OWNER, "north", key, next), ProblemType.KEY_NOT_IN_USE);
        var challenge = askForProof(OWNER, "north", key, null);
        isRefused(add(OWNER, "north", proof(challenge, key)), ProblemType.KEY_NOT_IN_USE);

        assertThat(known(next)).isZero();
        assertThat(members(key)).isZero();
    }

    // What is published

    @Test
    void theHistoryIsPublishedForWhoeverVerifies() throws Exception {
        register(OWNER, "north", key);
        var next = SigningKey.generate();
        rotate(OWNER, "north", key, next);
        as(OWNER).delete(KEYS + "/" + key.id());

        var answer = given().get(KEYS + "/jwks.json");

        answer.then()
                .statusCode(200)
                .contentType("application/jwk-set+json")
                .header("Cache-Control", "public, max-age=60")
                .body(not(containsString("laptop")))
                .body(not(containsString("config:")));
        var old = answer.jsonPath().getMap("keys.find { it.kid == '%s' }".formatted(key.id()));
        var current = answer.jsonPath().getMap("keys.find { it.kid == '%s' }".formatted(next.id()));
        assertThat(old)
                .containsKeys("nbf", "exp", "revoked")
                .containsEntry("did", key.verifying().did());
        assertThat(current)
                .containsKeys("nbf")
                .doesNotContainKeys("exp", "revoked", "name")
                .containsEntry("predecessor", key.id())
                .containsEntry("x", next.verifying().toJwk().get("x"));
        given().accept("application/json").get(KEYS + "/jwks.json").then().statusCode(200);
    }

    @Test
    void aHubThatIsNotThereHasNoKeysToPublish() {
        isRefused(given().get("/api/v1/hubs/no-such-hub/keys/jwks.json"), ProblemType.UNKNOWN_HUB);
    }

    @Test
    void nothingElseOfKeysIsOpen() {
        isRefused(given().get(KEYS), ProblemType.UNAUTHENTICATED);
        isRefused(given().get(KEYS + "/jwks.json/"), ProblemType.UNAUTHENTICATED);
        isRefused(given().get(KEYS + "/" + key.id()), ProblemType.UNAUTHENTICATED);
        isRefused(
                given().contentType("application/json")
                        .body(new HashMap<>(proofAsked(key, null)))
                        .post(KEYS + "/challenge"),
                ProblemType.UNAUTHENTICATED);
    }
}
