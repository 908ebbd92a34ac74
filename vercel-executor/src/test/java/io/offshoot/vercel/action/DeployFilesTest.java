package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
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

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class DeployFilesTest {

    private static final String KEY = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "deployment");
    private static final String LIST = "/v7/deployments?teamId=team_hub&projectId=prj_1&target=production&limit=100";
    private static final String CREATE = "/v13/deployments?teamId=team_hub&skipAutoDetectionConfirmation=1";
    private static final String UPLOAD = "/v2/files?teamId=team_hub";
    private static final String HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
    private static final Map<String, String> FILES = Map.of("index.html", "hello", "copy.html", "hello", "b.txt", "b");

    @Inject
    DeployFiles action;

    WireMockServer vercel;

    @BeforeEach
    void nothingIsThere() {
        vercel.resetAll();
        vercel.stubFor(get(LIST).willReturn(jsonResponse("{\"deployments\":[]}", 200)));
        vercel.stubFor(post(UPLOAD).willReturn(jsonResponse("{\"urls\":[]}", 200)));
    }

    @Test
    void firstRunUploadsEachContentOnceAndBeginsTheBuildWithItsMark() {
        vercel.stubFor(post(CREATE).willReturn(jsonResponse("{\"id\":\"dpl_1\",\"readyState\":\"QUEUED\"}", 200)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.CREATED);
        vercel.verify(2, postRequestedFor(urlEqualTo(UPLOAD)));
        vercel.verify(postRequestedFor(urlEqualTo(UPLOAD))
                .withHeader("x-vercel-digest", equalTo(HELLO))
                .withHeader("Content-Type", equalTo("application/octet-stream"))
                .withHeader("Content-Length", equalTo("5"))
                .withRequestBody(equalTo("hello")));
        vercel.verify(postRequestedFor(urlEqualTo(CREATE)).withRequestBody(equalToJson("""
                        {"name": "summit-docs", "project": "prj_1", "target": "production",
                         "projectSettings": {"framework": null},
                         "files": [
                           {"file": "b.txt", "sha": "e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98", "size": 1},
                           {"file": "copy.html", "sha": "%1$s", "size": 5},
                           {"file": "index.html", "sha": "%1$s", "size": 5}],
                         "meta": {"offshootEffect": "%2$s", "offshootDeployment": "%3$s", "offshootApp": "docs",
                           "offshootFiles": "%4$s"}}
                        """.formatted(
                        HELLO, KEY, Attempts.DEPLOYMENT, SettingsDigest.of(FILES)))));
    }

    @Test
    void filesThatVercelHasLostAreUploadedAgain() {
        vercel.stubFor(post(CREATE)
                .inScenario("lost")
                .willReturn(jsonResponse(
                        "{\"error\":{\"code\":\"missing_files\",\"missing\":[\"%s\"]}}".formatted(HELLO), 400))
                .willSetStateTo("found"));
        vercel.stubFor(post(CREATE)
                .inScenario("lost")
                .whenScenarioStateIs("found")
                .willReturn(jsonResponse("{\"id\":\"dpl_1\",\"readyState\":\"QUEUED\"}", 200)));

        assertThat(run(Attempts.first())).isInstanceOf(Outcome.Waiting.class);

        vercel.verify(3, postRequestedFor(urlEqualTo(UPLOAD)));
        vercel.verify(2, postRequestedFor(urlEqualTo(UPLOAD)).withHeader("x-vercel-digest", equalTo(HELLO)));
    }

    @Test
    void filesThatVercelKeepsLosingAreWorthAnotherAttempt() {
        vercel.stubFor(post(CREATE)
                .willReturn(jsonResponse(
                        "{\"error\":{\"code\":\"missing_files\",\"missing\":[\"%s\"]}}".formatted(HELLO), 400)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.RETRYABLE));
        vercel.verify(2, postRequestedFor(urlEqualTo(CREATE)));
    }

    @Test
    void secondDeliveryAdoptsTheBuildAndUploadsNothing() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse("""
                        {"deployments": [{"uid": "dpl_1", "readyState": "BUILDING", "created": 1, "meta": {"offshootEffect": "%s"}}]}
                        """.formatted(KEY), 200)));
        vercel.stubFor(get("/v13/deployments/dpl_1?teamId=team_hub")
                .willReturn(jsonResponse("{\"id\":\"dpl_1\",\"readyState\":\"BUILDING\"}", 200)));

        assertThat(run(Attempts.probing()).effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        vercel.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void cancellingStopsTheBuild() {
        vercel.stubFor(patch(urlEqualTo("/v12/deployments/dpl_1/cancel?teamId=team_hub"))
                .willReturn(jsonResponse("{}", 200)));
        var checkpoint = JsonNodeFactory.instance.objectNode().put("deploymentId", "dpl_1");

        var outcome = (Outcome.Failed<?>) action.cancel(attempt(Attempts.cancelling(checkpoint)));

        assertThat(outcome.failure().code()).isEqualTo("cancelled");
        vercel.verify(1, patchRequestedFor(anyUrl()));
    }

    @Test
    void aPlanCountsEachContentOnce() {
        assertThat(action.plan(attempt(Attempts.planning())).writes()).isEqualTo(3);
    }

    private Outcome<VercelActions.Site> run(Attempts attempts) {
        return action.run(attempt(attempts));
    }

    private static Attempt<VercelActions.DeployFiles> attempt(Attempts attempts) {
        return attempts.of(VercelActions.DEPLOY_FILES, new VercelActions.DeployFiles("prj_1", "summit-docs", FILES));
    }
}
