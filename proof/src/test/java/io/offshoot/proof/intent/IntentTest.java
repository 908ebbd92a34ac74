package io.offshoot.proof.intent;

import static io.offshoot.proof.intent.IntentFlaw.EXPIRED;
import static io.offshoot.proof.intent.IntentFlaw.KEY_RETIRED;
import static io.offshoot.proof.intent.IntentFlaw.KEY_REVOKED;
import static io.offshoot.proof.intent.IntentFlaw.KEY_WEAK;
import static io.offshoot.proof.intent.IntentFlaw.MALFORMED;
import static io.offshoot.proof.intent.IntentFlaw.NONCE;
import static io.offshoot.proof.intent.IntentFlaw.NOT_SIGNED;
import static io.offshoot.proof.intent.IntentFlaw.NOT_YET;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_APPS;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_AUDIENCE;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_HUB;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_REQUEST;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_SECRETS;
import static io.offshoot.proof.intent.IntentFlaw.OTHER_WORKFLOW;
import static io.offshoot.proof.intent.IntentFlaw.PAYLOAD_TYPE;
import static io.offshoot.proof.intent.IntentFlaw.STATEMENT_TYPE;
import static io.offshoot.proof.intent.IntentFlaw.WINDOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.Signer.Standing;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.statement.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntentTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey OTHER = SigningKey.generate();
    private static final List<Signer> OURS = List.of(Signer.valid(KEY.verifying()));

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String HERE = "https://offshoot.example";
    private static final String HUB = "makerspace";
    private static final Intent.Definition DOCS = new Intent.Definition("docs-site", 1, "d1".repeat(32));

    private static final CanonicalRequest REQUEST = request("""
            {"workflow": "docs-site", "apps": [{"appId": "docs"}, {"appId": "bot"}], "secrets": {"TOKEN": "s3cret"}}""");

    private static final Intent INTENT =
            Intent.of(REQUEST, DOCS, "0123456789abcdef".repeat(2), NOW, NOW.plus(Duration.ofHours(1)), HERE, HUB);

    @Test
    void isWhatTheHubSigned() {
        var verified = Intent.verified(Envelope.read(INTENT.signed(KEY).toJson()), OURS);

        assertThat(verified).isEqualTo(INTENT);
        assertThat(checked(verified)).isEqualTo(INTENT);
    }

    @Test
    void needsOneSignatureThatCountsAmongSeveral() {
        var envelope = INTENT.signed(OTHER).countersigned(KEY);

        assertThat(Intent.verified(
                        envelope,
                        List.of(new Signer(OTHER.verifying(), Standing.REVOKED), Signer.valid(KEY.verifying()))))
                .isEqualTo(INTENT);
    }

    static Stream<Arguments> notSigned() {
        var good = INTENT.signed(KEY);
        var changed = Base64.getDecoder().decode(good.payload());
        changed[changed.length / 2] ^= 1;
        return Stream.of(
                arguments(
                        "another payloadType",
                        new Envelope(good.payload(), "application/json", good.signatures()),
                        PAYLOAD_TYPE),
                arguments(
                        "a payloadType that was signed, and is not ours",
                        Envelope.signed(INTENT.statement().toJson(), "application/json", KEY),
                        PAYLOAD_TYPE),
                arguments(
                        "a changed byte",
                        new Envelope(base64(changed), good.payloadType(), good.signatures()),
                        NOT_SIGNED),
                arguments("a key of nobody's", INTENT.signed(OTHER), NOT_SIGNED),
                arguments(
                        "another's signature under our key's id",
                        new Envelope(
                                good.payload(),
                                good.payloadType(),
                                List.of(new Envelope.Sig(
                                        KEY.id(),
                                        INTENT.signed(OTHER).signatures().get(0).sig()))),
                        NOT_SIGNED),
                arguments("no signature", new Envelope(good.payload(), good.payloadType(), List.of()), NOT_SIGNED),
                arguments("no base64", new Envelope("&", good.payloadType(), good.signatures()), MALFORMED),
                arguments("more signatures than anybody needs", many(good), MALFORMED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notSigned")
    void refusesWhatTheHubDidNotSign(String what, Envelope envelope, IntentFlaw flaw) {
        assertRefused(() -> Intent.verified(envelope, OURS), flaw);
    }

    @Test
    void refusesWhatARetiredOrRevokedKeySigned() {
        var envelope = INTENT.signed(KEY);

        assertRefused(() -> Intent.verified(envelope, by(Standing.RETIRED)), KEY_RETIRED);
        assertRefused(() -> Intent.verified(envelope, by(Standing.REVOKED)), KEY_REVOKED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"AA\"}",
                "{\"kty\":\"RSA\",\"alg\":\"none\"}",
                "{}"
            })
    void refusesKeysThatAreWeakOrNone(String jwk) throws JsonProcessingException {
        JsonNode key = JSON.readTree(jwk);

        assertRefused(() -> Signer.ofJwk(key), KEY_WEAK);
    }

    static Stream<Arguments> notWellFormed() {
        return Stream.of(
                arguments("no JSON", "{", STATEMENT_TYPE),
                arguments("another statement", statement().replace("Statement/v1", "Statement/v0.1"), STATEMENT_TYPE),
                arguments("another predicate", statement().replace("intent/v1", "intent/v2"), STATEMENT_TYPE),
                arguments("another subject", statement().replace("\"request\"", "\"wish\""), MALFORMED),
                arguments("another digest's algorithm", statement().replace("\"sha256\"", "\"md5\""), MALFORMED),
                arguments("two subjects", twoSubjects(), MALFORMED),
                arguments("something unknown", predicate(p -> p.put("limit", 1)), MALFORMED),
                arguments("no hub", predicate(p -> p.remove("hub")), MALFORMED),
                arguments("a hub that is a number", predicate(p -> p.put("hub", 1)), MALFORMED),
                arguments("no list of apps", predicate(p -> p.put("apps", "docs")), MALFORMED),
                arguments(
                        "an app that is a number",
                        predicate(p -> p.putArray("apps").add(1)),
                        MALFORMED),
                arguments("a time that is none", predicate(p -> p.put("notAfter", "tomorrow")), MALFORMED),
                arguments(
                        "a version that is text",
                        predicate(p -> p.withObject("/workflow").put("version", "1")),
                        MALFORMED),
                arguments(
                        "a workflow without digest",
                        predicate(p -> p.withObject("/workflow").remove("digest")),
                        MALFORMED),
                arguments("a short nonce", predicate(p -> p.put("nonce", "0".repeat(31))), NONCE),
                arguments("a long nonce", predicate(p -> p.put("nonce", "0".repeat(129))), NONCE),
                arguments("a nonce of other digits", predicate(p -> p.put("nonce", "G".repeat(32))), NONCE),
                arguments("a long window", predicate(p -> p.put("notAfter", "2026-11-23T10:00:01Z")), WINDOW),
                arguments("an empty window", predicate(p -> p.put("notAfter", "2026-11-22T10:00:00Z")), WINDOW),
                arguments(
                        "a window the wrong way round",
                        predicate(p -> p.put("notAfter", "2026-11-22T09:00:00Z")),
                        WINDOW),
                arguments(
                        "times that no calendar has",
                        predicate(p -> p.put("notBefore", "+1000000000-12-31T23:59:59Z")),
                        WINDOW));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notWellFormed")
    void refusesWhatIsSignedAndNotWellFormed(String what, String payload, IntentFlaw flaw) {
        var envelope = Envelope.signed(payload.getBytes(UTF_8), Envelope.IN_TOTO, KEY);

        assertRefused(() -> Intent.verified(envelope, OURS), flaw);
    }

    @Test
    void takesAWindowOfExactlyADay() {
        var envelope = Envelope.signed(
                predicate(p -> p.put("notAfter", "2026-11-23T10:00:00Z")).getBytes(UTF_8), Envelope.IN_TOTO, KEY);

        assertThat(Intent.verified(envelope, OURS).notAfter()).isEqualTo(NOW.plus(Intent.LONGEST));
    }

    static Stream<Arguments> notThis() {
        var other = request("{\"workflow\": \"docs-site\", \"apps\": [{\"appId\": \"docs\"}]}");
        return Stream.of(
                arguments("another request", intent(i -> i.of(other)), OTHER_REQUEST),
                arguments(
                        "another workflow than its own",
                        intent(p -> p.withObject("/workflow").put("id", "handover"), i -> i.of(REQUEST)),
                        OTHER_WORKFLOW),
                arguments("fewer apps", intent(p -> p.putArray("apps").add("docs"), i -> i.of(REQUEST)), OTHER_APPS),
                arguments(
                        "apps in another order",
                        intent(p -> p.putArray("apps").add("bot").add("docs"), i -> i.of(REQUEST)),
                        OTHER_APPS),
                arguments("no secrets", intent(p -> p.putArray("secrets"), i -> i.of(REQUEST)), OTHER_SECRETS),
                arguments("another hub", intent(i -> i.by("library")), OTHER_HUB),
                arguments("another gateway", intent(i -> i.at("https://elsewhere.example")), OTHER_AUDIENCE),
                arguments(
                        "too early",
                        intent(i -> i.within(NOW.minus(Intent.LEEWAY).minusSeconds(1))),
                        NOT_YET),
                arguments(
                        "too late",
                        intent(i -> i.within(NOW.plus(Duration.ofHours(1)).plusMillis(1))),
                        EXPIRED),
                arguments(
                        "begun before",
                        intent(i -> i.begunBy(NOW.minus(Intent.LEEWAY).minusSeconds(1))),
                        NOT_YET),
                arguments(
                        "another version",
                        intent(i -> i.with(new Intent.Definition("docs-site", 2, DOCS.digest()))),
                        OTHER_WORKFLOW),
                arguments(
                        "another digest",
                        intent(i -> i.with(new Intent.Definition("docs-site", 1, "d2".repeat(32)))),
                        OTHER_WORKFLOW));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notThis")
    void refusesToBeAnIntentOfAnythingElse(String what, Runnable use, IntentFlaw flaw) {
        assertRefused(use, flaw);
    }

    @Test
    void countsWithinTheLeewayAndToItsLastMoment() {
        assertThat(INTENT.within(NOW.minus(Intent.LEEWAY))).isEqualTo(INTENT);
        assertThat(INTENT.within(NOW.plus(Duration.ofHours(1)))).isEqualTo(INTENT);
    }

    @Test
    void hasADigestThatNoFurtherSignatureChanges() {
        var envelope = INTENT.signed(KEY);

        assertThat(Intent.digest(envelope.countersigned(OTHER)))
                .isEqualTo(Intent.digest(envelope))
                .hasSize(64);
    }

    private static Intent checked(Intent intent) {
        return intent.of(REQUEST).by(HUB).at(HERE).within(NOW).with(DOCS);
    }

    private static List<Signer> by(Standing standing) {
        return List.of(new Signer(KEY.verifying(), standing));
    }

    private static Runnable intent(Consumer<Intent> use) {
        return () -> use.accept(INTENT);
    }

    private static Runnable intent(Consumer<ObjectNode> change, Consumer<Intent> use) {
        return () -> use.accept(Intent.read(Envelope.signed(predicate(change).getBytes(UTF_8), Envelope.IN_TOTO, KEY)));
    }

    private static String statement() {
        return new String(INTENT.statement().toJson(), UTF_8);
    }

    private static String predicate(Consumer<ObjectNode> change) {
        var statement = INTENT.statement();
        change.accept(statement.predicate());
        return new String(statement.toJson(), UTF_8);
    }

    private static String twoSubjects() {
        var subject = INTENT.statement().subject().get(0);
        return new String(
                Statement.of(
                                List.of(subject, new Statement.Subject("more", Map.of("sha256", "00"))),
                                Intent.PREDICATE_TYPE,
                                INTENT.statement().predicate())
                        .toJson(),
                UTF_8);
    }

    private static Envelope many(Envelope envelope) {
        var many = envelope;
        for (int i = 0; i < 8; i++) {
            many = many.countersigned(OTHER);
        }
        return many;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static CanonicalRequest request(String json) {
        try {
            return CanonicalRequest.of((ObjectNode) JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void assertRefused(Runnable use, IntentFlaw flaw) {
        assertThatThrownBy(use::run)
                .isInstanceOfSatisfying(IntentRefusedException.class, refused -> assertThat(refused.flaw())
                        .isEqualTo(flaw))
                .hasMessage(flaw.code())
                .hasNoCause();
    }
}
