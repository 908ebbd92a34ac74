package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class SetVariablesTest {

    private static final String VARIABLES = "/repos/hub-org/docs/actions/variables";
    private static final String SITE = VARIABLES + "/SITE";
    private static final String WANTED = "{\"name\":\"SITE\",\"value\":\"https://docs.test\"}";

    @Inject
    SetVariables action;

    WireMockServer github;

    @BeforeEach
    void repository() {
        github.resetAll();
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse("""
                        {"id": 42, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""", 200)));
        thereIs(jsonResponse("{}", 404));
        github.stubFor(post(VARIABLES).willReturn(jsonResponse("{}", 201)));
        github.stubFor(patch(urlEqualTo(SITE)).willReturn(aResponse().withStatus(204)));
    }

    @Test
    void aVariableThatIsNotThereIsMade() {
        var outcome = run();

        assertThat(outcome.output()).contains(new GitHubActions.Variables(List.of("SITE")));
        assertThat(outcome.effects()).containsExactly(effect(Effect.Verb.CREATED));
        github.verify(postRequestedFor(urlEqualTo(VARIABLES)).withRequestBody(equalToJson(WANTED)));
    }

    @Test
    void secondDeliveryFindsTheValueAndWritesNothing() {
        thereIs(jsonResponse(WANTED, 200));

        var outcome = run();

        assertThat(outcome.effects()).containsExactly(effect(Effect.Verb.OBSERVED));
        github.verify(0, postRequestedFor(urlEqualTo(VARIABLES)));
        github.verify(0, patchRequestedFor(urlEqualTo(SITE)));
    }

    @Test
    void aVariableWithAnotherValueIsChangedAndNotClaimed() {
        thereIs(jsonResponse("{\"name\":\"SITE\",\"value\":\"old\"}", 200));

        var outcome = run();

        assertThat(outcome.effects()).containsExactly(effect(Effect.Verb.OBSERVED));
        github.verify(0, postRequestedFor(urlEqualTo(VARIABLES)));
        github.verify(patchRequestedFor(urlEqualTo(SITE)).withRequestBody(equalToJson(WANTED)));
    }

    @Test
    void aVariableThatAppearedInBetweenIsChanged() {
        github.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"message\":\"Already exists\"}", 409)));

        var outcome = run();

        assertThat(outcome.effects()).containsExactly(effect(Effect.Verb.OBSERVED));
        github.verify(1, patchRequestedFor(urlEqualTo(SITE)));
    }

    @Test
    void aRefusalDoesNotQuoteWhatGitHubSays() {
        github.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"message\":\"https://docs.test is bad\"}", 422)));

        assertThatThrownBy(this::run).hasMessageContaining("SITE").hasMessageNotContaining("docs.test");
    }

    @Test
    void anotherRepositoryOfTheSameNameGetsNoVariable() {
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse("""
                        {"id": 43, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""", 200)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.code())
                .isEqualTo("other-repository"));
        assertThat(github.getAllServeEvents()).hasSize(1);
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

    private void thereIs(ResponseDefinitionBuilder answer) {
        github.stubFor(get(SITE).willReturn(answer));
    }

    private Outcome<GitHubActions.Variables> run() {
        return action.run(Attempts.first()
                .of(
                        GitHubActions.SET_VARIABLES,
                        new GitHubActions.SetVariables("hub-org/docs", 42, Map.of("SITE", "https://docs.test"))));
    }

    private static Effect effect(Effect.Verb verb) {
        var key = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "variable/SITE");
        return new Effect(key, "variable", "SITE", "hub-org/docs", "hub-org", verb);
    }
}
