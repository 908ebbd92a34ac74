package io.offshoot.executorkit.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.workflows.DocsSite;
import io.offshoot.workflows.Foresight;
import io.offshoot.workflows.Inputs;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class IntentsTest {

    private static final String HUB = "makerspace";
    private static final Workflow DOCS = DocsSite.WORKFLOW;
    private static final UUID DEPLOYMENT = UUID.fromString("0190f1e0-0000-7000-8000-000000000001");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final SigningKey KEY = SigningKey.generate();
    private static final SigningKey OTHER = SigningKey.generate();

    private static final CanonicalRequest REQUEST = CanonicalRequest.of(json("""
            {"workflow": "docs-site", "connections": {"github": "main"}, "config": {"slug": "gathering"},
             "envVars": {"NOTICE": "hello", "TITLE": "Ours"},
             "apps": [{"appId": "docs", "envVars": {"TITLE": "Docs"},
                       "input": {"repository": {"source": "TEMPLATE", "upstream": "up/stream"},
                                 "content": {"title": "Our docs"}}}]}"""));

    private static final Map<String, String> ENV = Map.of("NOTICE", "hello", "TITLE", "Docs");
    private static final Map<String, ObjectNode> OUTPUTS = Map.of(
            "repository",
            json("{\"id\": 7, \"fullName\": \"north/gathering-docs\", \"defaultBranch\": \"main\","
                    + " \"url\": \"https://github.com/north/gathering-docs\"}"),
            "contents",
            json("{\"headSha\": \"c0ffee\"}"));

    private final Intents intents = new Intents(Workflows.OFFERED, Pins.none());

    @ParameterizedTest
    @EnumSource(
            value = AttemptMode.class,
            names = {"EXECUTE", "PROBE_FIRST", "LOOK", "CANCEL"})
    void letsPassWhatTheHubSigned(AttemptMode mode) {
        assertThat(intents.refusal(ref("repository"), context("repository", mode, Map.of()), NOW))
                .isEmpty();
        assertThat(intents.refusal(ref("customise"), context("customise", mode, OUTPUTS), NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AttemptMode.class,
            names = {"PLAN", "OBSERVE", "UNDO"})
    void letsPassWhatIsForeseenOfIt(AttemptMode mode) {
        assertThat(intents.refusal(ref("deployment"), context("deployment", mode, OUTPUTS), NOW))
                .isEmpty();
    }

    @Test
    void letsPassWhatNobodySignedWhereNobodyMust() {
        assertThat(intents.refusal(ref("repository"), context().with(null), NOW))
                .isEmpty();
    }

    @Test
    void letsPassLongAfterTheWindowForADeploymentWasMadeWithinIt() {
        assertThat(intents.refusal(ref("repository"), context(), NOW.plus(Duration.ofDays(30))))
                .isEmpty();
    }

    static Stream<Arguments> notSigned() {
        return Stream.of(
                arguments(
                        "another repository",
                        input(input -> input.put("upstream", "evil/stream")),
                        "intent-other-input"),
                arguments("another kind of number", input(input -> input.put("more", 1)), "intent-other-input"),
                arguments(
                        "a member less",
                        input(input -> {
                            input.remove("name");
                            return input;
                        }),
                        "intent-other-input"),
                arguments("no input", changed(c -> c.input = null), "intent-other-input"),
                arguments("made-up members", changed(c -> c.unknown = List.of("upstream")), "intent-other-input"),
                arguments("another variable's value", changed(c -> c.env.put("NOTICE", "bye")), "intent-other-env"),
                arguments("one more variable", changed(c -> c.env.put("MORE", "x")), "intent-other-env"),
                arguments(
                        "the deployment's value over the app's",
                        changed(c -> c.env.put("TITLE", "Ours")),
                        "intent-other-env"),
                arguments("no variables", changed(c -> c.env = null), "intent-other-env"),
                arguments("another account", changed(c -> c.connection = "library"), "intent-other-connection"),
                arguments("another action", changed(c -> c.action = "github/commit-files"), "intent-other-action"),
                arguments("another hub", changed(c -> c.hub = "library"), "intent-other-hub"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notSigned")
    void refusesWhatTheHubDidNotSign(String what, Context context, String code) {
        assertRefused(intents, ref("repository"), context, code);
    }

    @Test
    void refusesAnAppThatTheHubDidNotSignFor() {
        var bot = new AttemptRef(DEPLOYMENT, "bot", "repository", 1, null);

        assertRefused(intents, bot, context(), "intent-other-apps");
    }

    @Test
    void secretsAreComparedByTheNamesOfTheirVariablesAndTheirOwn() {
        var body = REQUEST.body();
        body.withObject("/envVars").putObject("TOKEN").put("secret", "TOKEN");
        var request = CanonicalRequest.of(body);
        var mail = Map.of("TOKEN", secretNamed("TOKEN"));

        assertThat(environment(request, mail)).isEmpty();
        assertThat(environment(request, Map.of("TOKEN", secretNamed("OTHER"))))
                .map(Failure::code)
                .contains("intent-other-env");
        assertThat(environment(request, Map.of("MORE", secretNamed("TOKEN"))))
                .map(Failure::code)
                .contains("intent-other-env");
        assertThat(environment(request, null)).map(Failure::code).contains("intent-other-env");
        assertThat(environment(REQUEST, mail)).map(Failure::code).contains("intent-other-env");
    }

    private Optional<Failure> environment(CanonicalRequest request, Map<String, SealedSecret> secrets) {
        var outputs = new HashMap<>(OUTPUTS);
        outputs.put("project", json("{\"id\": \"prj_1\", \"name\": \"gathering-docs\"}"));
        var honest = context("environment", AttemptMode.EXECUTE, outputs);
        var intent = Intent.of(
                request,
                new Intent.Definition("docs-site", 1, DOCS.digest()),
                "0123456789abcdef".repeat(2),
                NOW,
                NOW.plus(Duration.ofHours(1)),
                "https://offshoot.example",
                HUB);
        var signed = new SignedIntent(request.text(), envelope(intent, KEY), List.of(jwk(KEY)));
        var context = new Context(
                HUB,
                honest.action(),
                AttemptMode.EXECUTE,
                1,
                HUB,
                honest.input(),
                ENV,
                null,
                null,
                null,
                null,
                null,
                null,
                secrets,
                null,
                new ClaimAnswer.Intent(signed, outputs));
        return intents.refusal(ref("environment"), context, NOW);
    }

    private static SealedSecret secretNamed(String name) {
        return new SealedSecret(name, "hub", 1, List.of());
    }

    @Test
    void refusesOutputsThatTheInputWasNotBuiltFrom() {
        var context = context("customise", AttemptMode.EXECUTE, OUTPUTS);
        var swapped = new HashMap<>(OUTPUTS);
        swapped.put("repository", OUTPUTS.get("repository").deepCopy().put("fullName", "evil/docs"));

        assertRefused(
                intents,
                ref("customise"),
                context.with(new ClaimAnswer.Intent(context.intent().signed(), swapped)),
                "intent-other-input");
    }

    static Stream<Arguments> notTheHubs() {
        return Stream.of(
                arguments("another key", signed(intent(), OTHER, KEY), "intent-not-signed"),
                arguments(
                        "no key",
                        new SignedIntent(REQUEST.text(), envelope(intent(), KEY), List.of()),
                        "intent-not-signed"),
                arguments(
                        "a weak key",
                        new SignedIntent(
                                REQUEST.text(),
                                envelope(intent(), KEY),
                                List.of(json("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                        + "\"x\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"))),
                        "intent-key-weak"),
                arguments(
                        "another request",
                        new SignedIntent(
                                REQUEST.text().replace("up/stream", "evil/stream"),
                                envelope(intent(), KEY),
                                List.of(jwk(KEY))),
                        "intent-other-request"),
                arguments(
                        "no request",
                        new SignedIntent("[]", envelope(intent(), KEY), List.of(jwk(KEY))),
                        "intent-not-canonical"),
                arguments(
                        "no envelope",
                        new SignedIntent(REQUEST.text(), json("{}"), List.of(jwk(KEY))),
                        "intent-malformed"),
                arguments(
                        "a window in the future",
                        signed(intent(NOW.plus(Duration.ofHours(1)), DOCS.digest()), KEY, KEY),
                        "intent-not-yet"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notTheHubs")
    void refusesWhatIsNotTheHubsIntent(String what, SignedIntent signed, String code) {
        var context = context().with(new ClaimAnswer.Intent(signed, Map.of()));

        assertRefused(intents, ref("repository"), context, code);
    }

    @Test
    void handsBackWhatIsOfADefinitionThatAnotherReplicaMayHave() {
        var other = signed(intent(NOW, "0d".repeat(32)), KEY, KEY);

        var refusal = intents.refusal(ref("repository"), context().with(new ClaimAnswer.Intent(other, Map.of())), NOW);

        assertThat(refusal).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureClass.RETRYABLE);
            assertThat(failure.code()).isEqualTo("unknown-workflow");
        });
    }

    @Test
    void believesOnlyThePinnedKeyWhateverComesWithTheClaim() {
        var pinned = new Intents(Workflows.OFFERED, new Pins(Map.of(HUB, Set.of(OTHER.id())), Set.of()));

        assertRefused(pinned, ref("repository"), context(), "intent-not-signed");
        assertThat(pinned.refusal(
                        ref("repository"),
                        context().with(new ClaimAnswer.Intent(signed(intent(), OTHER, OTHER), Map.of())),
                        NOW))
                .isEmpty();
    }

    @Test
    void doesNothingForAHubThatMustSignAndDidNot() {
        var strict = new Intents(Workflows.OFFERED, new Pins(Map.of(HUB, Set.of(KEY.id())), Set.of(HUB)));

        assertRefused(strict, ref("repository"), context().with(null), "intent-missing");
        assertRefused(
                strict, ref("repository"), context().with(new ClaimAnswer.Intent(null, Map.of())), "intent-missing");
        assertThat(strict.refusal(ref("repository"), context(), NOW)).isEmpty();
    }

    @Test
    void readsPinsFromAKeySetAndSkipsTheRevoked(@TempDir Path folder) throws IOException {
        var file = folder.resolve("keys.json");
        var revoked = jwk(OTHER);
        revoked.putObject("revoked").put("revoked_at", 1);
        Files.writeString(file, "{\"keys\": [%s, %s]}".formatted(jwk(KEY), revoked));

        var pins = Pins.of(config(Map.of(HUB, List.of(file.toString())), Map.of(HUB, true)));

        assertThat(pins.keys()).isEqualTo(Map.of(HUB, Set.of(KEY.id())));
        assertThat(pins.required()).containsExactly(HUB);
    }

    @Test
    void doesNotStartHalfGuarded() {
        assertThatThrownBy(() -> Pins.of(config(Map.of(), Map.of(HUB, true)))).hasMessageContaining("none of its keys");
        assertThatThrownBy(() -> Pins.of(config(Map.of(HUB, List.of("short")), Map.of())))
                .hasMessageContaining("neither");
        assertThatThrownBy(() -> Pins.of(config(Map.of(HUB, List.of("/no/such/file.json")), Map.of())))
                .hasMessageContaining("cannot be read");
    }

    private static void assertRefused(Intents intents, AttemptRef ref, Context context, String code) {
        var refusal = intents.refusal(ref, context, NOW);

        assertThat(refusal).map(Failure::code).contains(code);
        assertThat(refusal).map(Failure::kind).contains(FailureClass.REFUSED);
        assertThat(refusal.orElseThrow().message()).doesNotContain("evil", "Exception", HUB);
    }

    private static AttemptRef ref(String step) {
        return new AttemptRef(DEPLOYMENT, "docs", step, 1, null);
    }

    /** What an honest orchestrator brings. */
    private static Context context() {
        return context("repository", AttemptMode.EXECUTE, Map.of());
    }

    private static Context context(String step, AttemptMode mode, Map<String, ObjectNode> outputs) {
        var body = REQUEST.body();
        var part = Inputs.part(DOCS.step(step), (ObjectNode) body.at("/apps/0/input"), null);
        var connections = Map.of("github", "main");
        var config = (ObjectNode) body.get("config");
        var foreseen = mode == AttemptMode.PLAN || mode == AttemptMode.OBSERVE || mode == AttemptMode.UNDO
                ? Foresight.of(DOCS, step, HUB, "docs", connections, config, part, outputs)
                : new Foresight(Inputs.build(DOCS, step, HUB, "docs", connections, config, part, outputs), List.of());
        var action = DOCS.step(step).action();
        return new Context(
                        HUB,
                        action.name(),
                        mode,
                        1,
                        action.provider().equals("github") ? "main" : HUB,
                        foreseen.input(),
                        ENV,
                        null,
                        null,
                        foreseen.unknown().isEmpty() ? null : foreseen.unknown(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .with(new ClaimAnswer.Intent(signed(intent(), KEY, KEY), outputs));
    }

    private static final class Parts {
        String hub = HUB;
        String action = context().action();
        String connection = "main";
        ObjectNode input = context().input();
        Map<String, String> env = new HashMap<>(ENV);
        List<String> unknown;
    }

    private interface Change {
        void of(Parts parts);
    }

    private static Context changed(Change change) {
        var parts = new Parts();
        change.of(parts);
        return new Context(
                        parts.hub,
                        parts.action,
                        AttemptMode.EXECUTE,
                        1,
                        parts.connection,
                        parts.input,
                        parts.env,
                        null,
                        null,
                        parts.unknown,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .with(context().intent());
    }

    private static Context input(UnaryOperator<ObjectNode> change) {
        return changed(parts -> parts.input = change.apply(parts.input));
    }

    private static Intent intent() {
        return intent(NOW, DOCS.digest());
    }

    private static Intent intent(Instant from, String digest) {
        return Intent.of(
                REQUEST,
                new Intent.Definition("docs-site", 1, digest),
                "0123456789abcdef".repeat(2),
                from,
                from.plus(Duration.ofHours(1)),
                "https://offshoot.example",
                HUB);
    }

    private static SignedIntent signed(Intent intent, SigningKey by, SigningKey shown) {
        return new SignedIntent(REQUEST.text(), envelope(intent, by), List.of(jwk(shown)));
    }

    private static ObjectNode envelope(Intent intent, SigningKey by) {
        return json(new String(intent.signed(by).toJson(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private static ObjectNode jwk(SigningKey key) {
        var jwk = JsonNodeFactory.instance.objectNode();
        key.verifying().toJwk().forEach(jwk::put);
        return jwk;
    }

    private static IntentConfig config(Map<String, List<String>> pinned, Map<String, Boolean> required) {
        return new IntentConfig() {
            @Override
            public Map<String, List<String>> pinned() {
                return pinned;
            }

            @Override
            public Map<String, Boolean> required() {
                return required;
            }
        };
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Messages.json().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
