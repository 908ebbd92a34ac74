package io.offshoot.gateway.signin;

import static io.offshoot.gateway.signin.SignInSteps.as;
import static io.offshoot.gateway.signin.SignInSteps.ask;
import static io.offshoot.gateway.signin.SignInSteps.askForProof;
import static io.offshoot.gateway.signin.SignInSteps.finish;
import static io.offshoot.gateway.signin.SignInSteps.isRefused;
import static io.offshoot.gateway.signin.SignInSteps.register;
import static io.offshoot.gateway.signin.SignInSteps.sign;
import static io.offshoot.gateway.signin.SignInSteps.signIn;
import static io.offshoot.gateway.signin.SignInSteps.tokenOf;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import co.nstant.in.cbor.model.ByteString;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.proof.key.SigningKey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class SignInTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWNER = "north-owner";

    /** Not one each: to make one takes its time. Each test that gives it a role takes it back. */
    private static final Wallet WALLET = Wallet.onMainnet();

    @Inject
    DataSource database;

    private final SigningKey key = SigningKey.generate();
    private final String subject = "key:" + key.id();
    private SignInSteps steps;

    @BeforeEach
    void begin() throws SQLException {
        steps = new SignInSteps(database).begin();
        steps.sql("delete from member where subject like 'did:cardano:%'");
        steps.sql("delete from credential where subject like 'did:cardano:%'");
        steps.sql("delete from audit where credential like 'did:cardano:%'");
    }

    // By a hub key

    @Test
    void aHubKeysSignatureGivesATokenOfAnOwnerForEightHours() throws Exception {
        register(OWNER, "north", key);

        var answer = signIn("north", key);

        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token", matchesPattern("off_tok_[0-9A-Za-z]{12}_[0-9A-Za-z]{36}"))
                .body("hub", is("north"))
                .body("role", is("OWNER"))
                .body("subject", is(subject));
        assertThat(Instant.parse(answer.path("expiresAt")))
                .isCloseTo(Instant.now().plus(Duration.ofHours(8)), within(5, ChronoUnit.MINUTES));
        as(answer.path("token")).get("/api/v1/hubs/north/keys").then().statusCode(200);
        assertThat(steps.audited(subject, "sign-in", "DONE")).isEqualTo(1);
    }

    @Test
    void theChallengeSaysWhatItIsForAndIsCanonical() throws Exception {
        var answer = ask("north", "kid", key.id());

        answer.then().statusCode(200).header("Cache-Control", "no-store");
        String text = answer.path("challenge");
        var said = JSON.readTree(text);
        assertThat(text)
                .isEqualTo(
                        "{\"audience\":\"http://127.0.0.1:8080\",\"expires\":\"%s\",\"hub\":\"north\",\"nonce\":\"%s\",\"purpose\":\"offshoot/sign-in/v1\",\"subject\":\"%s\"}"
                                .formatted(answer.<String>path("expiresAt"), answer.path("nonce"), subject));
        assertThat(Instant.parse(said.path("expires").asText()))
                .isCloseTo(Instant.now().plus(Duration.ofMinutes(5)), within(2, ChronoUnit.MINUTES));
    }

    @Test
    void aKeyWithAnotherRoleIsGivenThatRole() throws Exception {
        register(OWNER, "north", key);
        steps.sql("update member set role = 'MEMBER' where subject = ?", subject);

        var token = tokenOf("north", key);

        isRefused(as(token).get("/api/v1/hubs/north/keys"), ProblemType.FORBIDDEN);
    }

    @Test
    void whoSignedOutIsOut() throws Exception {
        register(OWNER, "north", key);
        var token = tokenOf("north", key);
        as(token).get("/api/v1/hubs/north/keys").then().statusCode(200);

        as(token).post("/api/v1/logout").then().statusCode(204);

        isRefused(as(token).get("/api/v1/hubs/north/keys"), ProblemType.UNAUTHENTICATED);
        isRefused(as(token).post("/api/v1/logout"), ProblemType.UNAUTHENTICATED);
        assertThat(steps.count("select count(*) from audit where action = 'sign-out' and role = 'OWNER'"))
                .isPositive();
    }

    @Test
    void onlyASignInCanBeSignedOut() {
        isRefused(as(OWNER).post("/api/v1/logout"), ProblemType.FORBIDDEN);
        as(OWNER).get("/api/v1/hubs/north/keys").then().statusCode(200);
    }

    // What is refused, and all alike

    @Test
    void aChallengeIsAnsweredOnce() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        var signature = sign(key, challenge.path("challenge"));
        finish(challenge, signature).then().statusCode(200);

        var again = finish(challenge, signature);

        isRefused(again, ProblemType.SIGN_IN_REFUSED);
        assertThat(steps.tokens(subject)).isEqualTo(1);
    }

    @Test
    void aChallengeIsAnsweredOnceHoweverManyTryAtTheSameTime() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        var signature = sign(key, challenge.path("challenge"));

        var tries = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> finish(challenge, signature).statusCode()))
                .limit(8)
                .toList();

        assertThat(tries.stream().map(CompletableFuture::join).filter(status -> status == 200))
                .hasSize(1);
        assertThat(steps.tokens(subject)).isEqualTo(1);
    }

    @Test
    void aWrongAnswerUsesTheChallengeUpToo() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        finish(challenge, sign(SigningKey.generate(), challenge.path("challenge")));

        var answer = finish(challenge, sign(key, challenge.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
        assertThat(steps.audited(subject, "sign-in", "REFUSED")).isEqualTo(1);
    }

    @Test
    void aSignatureByAnotherKeyIsRefused() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());

        var answer = finish(challenge, sign(SigningKey.generate(), challenge.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
        assertThat(steps.audited(subject, "sign-in", "REFUSED")).isEqualTo(1);
    }

    @Test
    void aKeyThatIsNotRegisteredIsRefusedJustAsAWrongSignature() throws Exception {
        var answer = signIn("north", key);

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aHubThatIsNotThereIsRefusedJustAsAWrongSignature() throws Exception {
        var answer = signIn("no-such-hub", key);

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aKeyOfAnotherHubIsRefused() throws Exception {
        register(OWNER, "north", key);

        var answer = signIn("south", key);

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aChallengeForOneHubIsNoneForAnother() throws Exception {
        register(OWNER, "north", key);
        register("south-owner", "south", key);
        var north = ask("north", "kid", key.id());
        var south = ask("south", "kid", key.id());

        var answer = finish(north, sign(key, south.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void anExpiredChallengeIsRefused() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        steps.sql(
                "update challenge set expires_at = date_trunc('second', now()) - interval '1 second' where nonce = ?",
                challenge.<String>path("nonce"));

        var answer = finish(challenge, sign(key, challenge.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aChallengeOfAGatewayWithAnotherAddressIsRefused() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        steps.sql(
                "update challenge set audience = 'https://evil.example' where nonce = ?",
                challenge.<String>path("nonce"));
        var text = challenge.<String>path("challenge").replace("http://127.0.0.1:8080", "https://evil.example");

        var answer = finish(challenge, sign(key, text));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aSignatureForAnotherPurposeIsRefused() throws Exception {
        register(OWNER, "north", key);
        var forAKey = askForProof(OWNER, "north", key, null);

        var answer = finish(forAKey, sign(key, forAKey.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aSignatureOfAChangedTextIsRefused() throws Exception {
        register(OWNER, "north", key);
        for (String changed : new String[] {" ", "\n", ""}) {
            var challenge = ask("north", "kid", key.id());
            var text = changed.isEmpty()
                    ? challenge.<String>path("challenge").replace("north", "North")
                    : challenge.path("challenge") + changed;

            steps.isRefusedSignIn(finish(challenge, sign(key, text)), subject);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 63})
    void aChangedByteOfTheSignatureIsRefused(int index) throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        var signature = key.sign(challenge.<String>path("challenge").getBytes(StandardCharsets.UTF_8));
        signature[index] ^= 1;

        var answer = finish(challenge, Base64.getEncoder().encodeToString(signature));

        steps.isRefusedSignIn(answer, subject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA", "ééé"})
    void whatIsNoSignatureIsRefused(String signature) throws Exception {
        register(OWNER, "north", key);

        var answer = finish(ask("north", "kid", key.id()), signature);

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aKeyThatIsRevokedBetweenChallengeAndAnswerIsRefused() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        as(OWNER).delete("/api/v1/hubs/north/keys/" + key.id()).then().statusCode(200);

        var answer = finish(challenge, sign(key, challenge.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aKeyThatIsTakenOffTheMembersBetweenChallengeAndAnswerIsRefused() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());
        steps.sql("delete from member where subject = ?", subject);

        var answer = finish(challenge, sign(key, challenge.path("challenge")));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aNonceThatNobodyAskedForIsRefused() throws Exception {
        var answer = finish(Map.of("nonce", "nobody-asked", "signature", "AAAA"));

        steps.isRefusedSignIn(answer, subject);
    }

    @Test
    void aHubKeysChallengeIsNotAnsweredByAWallet() throws Exception {
        register(OWNER, "north", key);
        var challenge = ask("north", "kid", key.id());

        var answer = finish(Map.of(
                "nonce",
                challenge.path("nonce"),
                "wallet",
                WALLET.signs(WALLET.stakeAddress(), challenge.path("challenge"), false)));

        steps.isRefusedSignIn(answer, subject);
    }

    // By a wallet

    private void isMember(String address, String role) throws SQLException {
        steps.sql(
                "insert into member (hub, subject, name, role, added_by) values ('north', ?, 'Ama', ?, 'test')",
                "did:cardano:" + address,
                role);
    }

    private static Response finishBy(Response challenge, Map<String, String> wallet) {
        return SignInSteps.finish(Map.of("nonce", challenge.path("nonce"), "wallet", wallet));
    }

    @Test
    void aMembersWalletGivesATokenOfTheMember() throws Exception {
        for (boolean hashed : new boolean[] {false, true}) {
            for (String address :
                    new String[] {WALLET.stakeAddress(), WALLET.baseAddress(), WALLET.enterpriseAddress()}) {
                begin();
                isMember(address, "MEMBER");
                var challenge = ask("north", "address", address);

                var answer = finishBy(challenge, WALLET.signs(address, challenge.path("challenge"), hashed));

                answer.then().statusCode(200).body("role", is("MEMBER")).body("subject", is("did:cardano:" + address));
                assertThat(steps.audited("did:cardano:" + address, "sign-in", "DONE"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aWalletThatIsNoMembersIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        var challenge = ask("north", "address", address);

        var answer = finishBy(challenge, WALLET.signs(address, challenge.path("challenge"), false));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void aMemberOfAnotherHubIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var challenge = ask("south", "address", address);

        var answer = finishBy(challenge, WALLET.signs(address, challenge.path("challenge"), false));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void aMemberWhoIsRemovedBetweenChallengeAndAnswerIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var challenge = ask("north", "address", address);
        steps.sql("delete from member where subject = ?", "did:cardano:" + address);

        var answer = finishBy(challenge, WALLET.signs(address, challenge.path("challenge"), false));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void aWalletThatSignsSomethingElseIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var challenge = ask("north", "address", address);

        var answer = finishBy(challenge, WALLET.signs(address, challenge.path("challenge") + " ", false));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void aWalletThatSignsForItsOwnAddressDoesNotGetInAsAnother() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var thief = Wallet.onMainnet();

        var own = ask("north", "address", address);
        steps.isRefusedSignIn(
                finishBy(own, thief.signs(thief.stakeAddress(), own.path("challenge"), false)),
                "did:cardano:" + address);

        // Names the member's address, and signs it with its own key.
        var named = ask("north", "address", address);
        var forged = thief.signs(
                thief.stakeAddress(),
                named.<String>path("challenge").getBytes(StandardCharsets.UTF_8),
                false,
                header -> header.algorithmId(-8).addOtherHeader("address", new ByteString(Wallet.bytes(address))),
                header -> {},
                coseKey -> {});
        steps.isRefusedSignIn(finishBy(named, forged), "did:cardano:" + address);

        // The same with the member's key beside it.
        var beside = ask("north", "address", address);
        var mixed = new HashMap<>(forged);
        mixed.put("key", WALLET.signs(address, "x", false).get("key"));
        steps.isRefusedSignIn(finishBy(beside, mixed), "did:cardano:" + address);
    }

    @Test
    void anAddressOutsideOfWhatIsSignedIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var challenge = ask("north", "address", address);

        var answer = finishBy(
                challenge,
                WALLET.signs(
                        address,
                        challenge.<String>path("challenge").getBytes(StandardCharsets.UTF_8),
                        false,
                        header -> header.algorithmId(-8),
                        header -> header.addOtherHeader("address", new ByteString(Wallet.bytes(address))),
                        coseKey -> {}));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void anotherAlgorithmIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        var challenge = ask("north", "address", address);

        var answer = finishBy(
                challenge,
                WALLET.signs(
                        address,
                        challenge.<String>path("challenge").getBytes(StandardCharsets.UTF_8),
                        false,
                        header ->
                                header.algorithmId(-7).addOtherHeader("address", new ByteString(Wallet.bytes(address))),
                        header -> {},
                        coseKey -> {}));

        steps.isRefusedSignIn(answer, "did:cardano:" + address);
    }

    @Test
    void aFlagHashedThatLiesIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        for (boolean hashed : new boolean[] {false, true}) {
            var challenge = ask("north", "address", address);
            var answer = WALLET.signs(address, challenge.path("challenge"), hashed);
            var lie = new HashMap<>(answer);
            lie.put(
                    "signature",
                    answer.get("signature")
                            .replace(
                                    hashed ? "66686173686564f5" : "66686173686564f4",
                                    hashed ? "66686173686564f4" : "66686173686564f5"));

            steps.isRefusedSignIn(finishBy(challenge, lie), "did:cardano:" + address);
        }
    }

    @Test
    void garbageIsRefused() throws Exception {
        var address = WALLET.stakeAddress();
        isMember(address, "OWNER");
        for (String garbage : new String[] {"", "zz", "80", "8440a04040", "81".repeat(2_000), "9bffffffffffffffff"}) {
            var challenge = ask("north", "address", address);

            steps.isRefusedSignIn(
                    finishBy(challenge, Map.of("signature", garbage, "key", garbage)), "did:cardano:" + address);
        }
    }

    @Test
    void anAddressOfAnotherNetworkIsInvalid() throws Exception {
        var before = steps.count("select count(*) from challenge");

        var answer = ask("north", "address", Wallet.onTestnet().stakeAddress());

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors[0].pointer", is("/address"));
        assertThat(steps.count("select count(*) from challenge")).isEqualTo(before);
    }

    // What is no request at all

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"hub\":\"north\"}",
                "{\"hub\":\"../north\",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"}",
                "{\"hub\":\"north\",\"kid\":\"' or 1=1\"}",
                "{\"hub\":\"north\",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\\n\"}",
                "{\"hub\":\"north\",\"address\":\"nowhere\"}",
                "{\"hub\":\"north\",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\",\"address\":\"x\"}"
            })
    void whoeverCannotBeMeantIsInvalid(String body) throws Exception {
        var before = steps.count("select count(*) from challenge");

        var answer = given().contentType("application/json").body(body).post("/api/v1/login/challenge");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        assertThat(steps.count("select count(*) from challenge")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"nonce\":\"n\"}",
                "{\"nonce\":\"n\\u0000\",\"signature\":\"s\"}",
                "{\"nonce\":\"n\",\"wallet\":{}}",
                "{\"nonce\":\"n\",\"signature\":\"PLANTED\",\"wallet\":{\"signature\":\"PLANTED\",\"key\":\"\"}}"
            })
    void anAnswerThatIsNoneIsInvalid(String body) {
        var answer = given().contentType("application/json").body(body).post("/api/v1/login");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body(not(containsString("PLANTED")));
    }

    @Test
    void eightKibibytesAreEnough() {
        var body = "{\"nonce\":\"n\",\"signature\":\"%s\"}".formatted("A".repeat(8 * 1024));

        isRefused(given().contentType("application/json").body(body).post("/api/v1/login"), ProblemType.BODY_TOO_LARGE);
        isRefused(
                given().contentType("application/json").body(body).post("/api/v1/login/challenge"),
                ProblemType.BODY_TOO_LARGE);
    }

    @Test
    void whatNobodyAnswersIsSwept() throws Exception {
        var left = ask("north", "kid", key.id());
        steps.sql(
                "update challenge set expires_at = now() - interval '1 hour' where nonce = ?",
                left.<String>path("nonce"));

        ask("north", "kid", key.id()).then().statusCode(200);

        assertThat(steps.count("select count(*) from challenge where nonce = ?", left.<String>path("nonce")))
                .isZero();
    }
}
