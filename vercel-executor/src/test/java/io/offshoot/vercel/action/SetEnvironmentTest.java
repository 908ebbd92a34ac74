package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
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
@QuarkusTestResource(VercelResource.class)
class SetEnvironmentTest {

    private static final String VARIABLES = "/v10/projects/prj_1/env?teamId=team_hub&upsert=true";
    private static final Map<String, String> ENVIRONMENT = Map.of("SITE_NAME", "Summit", "API_URL", "planted-value");

    @Inject
    SetEnvironment action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void everyVariableIsSetOrReplacedInOneCall() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));

        var outcome = run(ENVIRONMENT);

        assertThat(outcome.output()).contains(new VercelActions.Environment(List.of("API_URL", "SITE_NAME")));
        vercel.verify(postRequestedFor(urlEqualTo(VARIABLES)).withRequestBody(equalToJson("""
                        [{"key": "API_URL", "value": "planted-value", "type": "plain", "target": ["production", "preview"]},
                         {"key": "SITE_NAME", "value": "Summit", "type": "plain", "target": ["production", "preview"]}]
                        """)));
    }

    @Test
    void secondDeliverySetsTheSameAgain() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        var first = run(ENVIRONMENT);

        var second = run(ENVIRONMENT);

        assertThat(second).isEqualTo(first);
        vercel.verify(2, postRequestedFor(urlEqualTo(VARIABLES)));
    }

    @Test
    void theLedgerIsToldTheNamesAndNothingThatFollowsFromAValue() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));

        var settings = run(Map.of("A", "one")).effects().get(0).settings();

        assertThat(settings).matches("[0-9a-f]{64}");
        assertThat(run(Map.of("A", "two")).effects().get(0).settings()).isEqualTo(settings);
        assertThat(run(Map.of("B", "one")).effects().get(0).settings()).isNotEqualTo(settings);
    }

    @Test
    void withoutVariablesThereIsNoCall() {
        assertThat(run(Map.of()).output()).contains(new VercelActions.Environment(List.of()));
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aVariableThatWasNotTakenIsAFailureThatNamesItAndNotItsValue() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("""
                        {"created": [], "failed": [{"error": {"code": "X", "message": "planted-value is bad",
                          "envVarKey": "API_URL", "value": "planted-value"}}]}
                        """, 201)));

        var failure = failure(run(ENVIRONMENT));

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.message()).contains("API_URL").doesNotContain("planted-value");
    }

    @Test
    void aRefusalDoesNotQuoteWhatTheProviderSays() {
        vercel.stubFor(post(VARIABLES)
                .willReturn(jsonResponse("{\"error\":{\"code\":\"bad_request\",\"message\":\"planted-value\"}}", 400)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .hasMessageContaining("API_URL")
                .hasMessageNotContaining("planted-value");
    }

    @Test
    void anUpdateThatIsStillGoingOnIsWorthAnotherTry() {
        vercel.stubFor(post(VARIABLES)
                .willReturn(jsonResponse("{\"error\":{\"message\":\"There is an ongoing update\"}}", 400)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.RETRYABLE));
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, UNCERTAIN"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        vercel.resetAll();
        vercel.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(vercel.getAllServeEvents()).hasSize(1);
    }

    private Outcome<VercelActions.Environment> run(Map<String, String> environment) {
        return action.run(Attempts.first()
                .with(environment)
                .of(VercelActions.SET_ENVIRONMENT, new VercelActions.SetEnvironment("prj_1")));
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
