package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import com.goterl.lazysodium.SodiumJava;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class SetSecretsTest {

    private static final SodiumJava SODIUM = new SodiumJava();
    private static final String SECRETS = "/repos/hub-org/docs/actions/secrets";
    private static final Map<String, String> VALUES = Map.of("API_TOKEN", "planted-ü", "BOT_TOKEN", "planted-2");

    private final byte[] key = new byte[32];
    private final byte[] secretKey = new byte[32];

    @Inject
    SetSecrets action;

    WireMockServer github;

    @BeforeEach
    void repository() {
        github.resetAll();
        SODIUM.crypto_box_keypair(key, secretKey);
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse("""
                        {"id": 42, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""", 200)));
        keyIs("key-1");
        github.stubFor(put(urlMatching(SECRETS + "/.*")).willReturn(jsonResponse("{}", 201)));
    }

    @Test
    void everySecretIsSealedSoThatTheRepositorysKeyOpensIt() throws Exception {
        var outcome = run();

        assertThat(outcome.output()).contains(new GitHubActions.Secrets(List.of("API_TOKEN", "BOT_TOKEN"), "key-1"));
        assertThat(outcome.effects())
                .containsExactly(effect("API_TOKEN", Effect.Verb.CREATED), effect("BOT_TOKEN", Effect.Verb.CREATED));
        assertThat(opened("API_TOKEN")).isEqualTo("planted-ü");
        assertThat(opened("BOT_TOKEN")).isEqualTo("planted-2");
    }

    @Test
    void secondDeliverySetsTheSameAgainAndClaimsNothing() {
        github.stubFor(put(urlMatching(SECRETS + "/.*")).willReturn(aResponse().withStatus(204)));

        var outcome = run();

        assertThat(outcome.output()).isPresent();
        assertThat(outcome.effects()).extracting(Effect::verb).containsOnly(Effect.Verb.OBSERVED);
    }

    @Test
    void aKeyThatIsStaleIsFetchedAgain() {
        github.stubFor(put(urlMatching(SECRETS + "/.*"))
                .withRequestBody(matchingJsonPath("$.key_id", equalTo("key-1")))
                .willReturn(jsonResponse("{\"message\":\"stale\"}", 422)));
        github.stubFor(get(SECRETS + "/public-key")
                .inScenario("keys")
                .willReturn(jsonResponse(keyNamed("key-1"), 200))
                .willSetStateTo("replaced"));
        github.stubFor(get(SECRETS + "/public-key")
                .inScenario("keys")
                .whenScenarioStateIs("replaced")
                .willReturn(jsonResponse(keyNamed("key-2"), 200)));

        var outcome = run();

        assertThat(outcome.output().orElseThrow().keyId()).isEqualTo("key-2");
        github.verify(3, puts());
    }

    @Test
    void aSecretThatIsNotTakenWithTheCurrentKeyIsRefusedByName() {
        github.stubFor(put(SECRETS + "/BOT_TOKEN").willReturn(jsonResponse("{\"message\":\"planted\"}", 422)));

        var outcome = run();

        assertThat(failure(outcome).code()).isEqualTo("secret-refused");
        assertThat(failure(outcome).message()).contains("BOT_TOKEN").doesNotContain("planted");
        assertThat(outcome.effects()).containsExactly(effect("API_TOKEN", Effect.Verb.CREATED));
        github.verify(2, puts());
    }

    @Test
    void aRefusalDoesNotQuoteWhatGitHubSays() {
        github.stubFor(put(urlMatching(SECRETS + "/.*")).willReturn(jsonResponse("{\"message\":\"planted\"}", 403)));

        assertThatThrownBy(this::run).hasMessageContaining("API_TOKEN").hasMessageNotContaining("planted");
    }

    @Test
    void noResultTellsAValue() throws Exception {
        var outcome = run();

        assertThat(Messages.json().writeValueAsString(outcome.output().orElseThrow()))
                .doesNotContain("planted");
        assertThat(outcome.toString()).doesNotContain("planted");
    }

    @Test
    void aSecretWithoutAValueIsNamedBeforeAnyCall() {
        var outcome = run(Map.of("BOT_TOKEN", "planted-2"));

        assertThat(failure(outcome).code()).isEqualTo("value-missing");
        assertThat(failure(outcome).message()).contains("API_TOKEN").doesNotContain("BOT_TOKEN");
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void aSecretThatIsTooLongIsNamedBeforeAnyCall() {
        var outcome = run(Map.of("API_TOKEN", "x".repeat(48 * 1024 + 1), "BOT_TOKEN", "x".repeat(48 * 1024)));

        assertThat(failure(outcome).code()).isEqualTo("value-too-long");
        assertThat(failure(outcome).message()).contains("API_TOKEN").doesNotContain("BOT_TOKEN");
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void anotherRepositoryOfTheSameNameGetsNoSecret() {
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse("""
                        {"id": 43, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""", 200)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.code())
                .isEqualTo("other-repository"));
        github.verify(0, puts());
    }

    @Test
    void anotherOrganisationsRepositoryGetsNoSecret() {
        var foreign = new GitHubActions.SetSecrets("other-org/docs", 42, List.of("API_TOKEN"));

        assertThatThrownBy(() -> action.run(Attempts.first().with(VALUES).of(GitHubActions.SET_SECRETS, foreign)))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("other-organization"));
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void aKeyOfAnotherLengthIsUnusable() {
        github.stubFor(
                get(SECRETS + "/public-key").willReturn(jsonResponse("{\"key_id\":\"key-1\",\"key\":\"AAAA\"}", 200)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.code())
                .isEqualTo("provider-answer-unusable"));
    }

    @Test
    void nothingIsWrittenWithoutALease() {
        assertThatThrownBy(() ->
                        action.run(Attempts.first().withoutLease().with(VALUES).of(GitHubActions.SET_SECRETS, input())))
                .isInstanceOf(LeaseLostException.class);
        github.verify(0, puts());
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private void keyIs(String id) {
        github.stubFor(get(SECRETS + "/public-key").willReturn(jsonResponse(keyNamed(id), 200)));
    }

    private String keyNamed(String id) {
        return "{\"key_id\":\"%s\",\"key\":\"%s\"}"
                .formatted(id, Base64.getEncoder().encodeToString(key));
    }

    private String opened(String name) throws Exception {
        var put = github.findAll(putRequestedFor(urlEqualTo(SECRETS + "/" + name)))
                .get(0);
        var body = Messages.json().readTree(put.getBody());
        assertThat(body.path("key_id").asText()).isEqualTo("key-1");
        var box = Base64.getDecoder().decode(body.path("encrypted_value").asText());
        var message = new byte[box.length];
        assertThat(SODIUM.crypto_box_seal_open(message, box, box.length, key, secretKey))
                .isZero();
        return new String(Arrays.copyOf(message, box.length - 48), StandardCharsets.UTF_8);
    }

    private static RequestPatternBuilder puts() {
        return putRequestedFor(urlMatching(".*"));
    }

    private Outcome<GitHubActions.Secrets> run() {
        return run(VALUES);
    }

    private Outcome<GitHubActions.Secrets> run(Map<String, String> values) {
        return action.run(Attempts.first().with(values).of(GitHubActions.SET_SECRETS, input()));
    }

    private static GitHubActions.SetSecrets input() {
        return new GitHubActions.SetSecrets("hub-org/docs", 42, List.of("BOT_TOKEN", "API_TOKEN"));
    }

    private static Effect effect(String name, Effect.Verb verb) {
        var key = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "secret/" + name);
        return new Effect(key, "secret", name, "hub-org/docs", "hub-org", verb);
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
