package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.contracts.vercel.VercelActions.GitHubAccess;
import io.offshoot.contracts.vercel.VercelActions.NameIs;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class PreflightTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "project-step", "project");

    @Inject
    Preflight action;

    WireMockServer vercel;

    @BeforeEach
    void allIsWell() {
        vercel.resetAll();
        vercel.stubFor(
                get("/v2/user").willReturn(jsonResponse("{\"user\":{\"username\":\"bot\",\"softBlock\":null}}", 200)));
        vercel.stubFor(get("/v2/teams/team_hub").willReturn(jsonResponse("""
                        {"id": "team_hub", "slug": "hub", "name": "Summit Hub", "membership": {"role": "OWNER"},
                         "resourceConfig": {"concurrentBuilds": 1}}
                        """, 200)));
        vercel.stubFor(get("/v1/integrations/git-namespaces?provider=github")
                .willReturn(jsonResponse("[{\"slug\":\"hub-org\"}]", 200)));
        vercel.stubFor(get("/v9/projects/summit-docs?teamId=team_hub").willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(get(urlPathMatching("/v1/domains/.*")).willReturn(jsonResponse("{}", 404)));
    }

    @Test
    void whereAllIsWellItTellsWhatItFound() {
        assertThat(run().output())
                .contains(new VercelActions.Findings("Summit Hub", "OWNER", 1, GitHubAccess.YES, NameIs.FREE));
    }

    @Test
    void secondDeliveryReadsTheSameAgain() {
        assertThat(run()).isEqualTo(run());
        assertThat(vercel.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }

    @Test
    void aTeamThatTheTokenMayNotSeeIsToldWithTheTokensOwner() {
        vercel.stubFor(get("/v2/teams/team_hub").willReturn(jsonResponse("{\"error\":{\"code\":\"forbidden\"}}", 403)));

        assertThat(failure().code()).isEqualTo("team-not-visible");
        assertThat(failure().message()).contains("team_hub", "bot");
    }

    @Test
    void aRefusedTokenIsTheOperators() {
        vercel.stubFor(get("/v2/user").willReturn(jsonResponse("{}", 401)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureClass.CREDENTIAL));
    }

    @Test
    void aStoppedAccountIsToldWithItsReason() {
        vercel.stubFor(get("/v2/user")
                .willReturn(jsonResponse("{\"user\":{\"softBlock\":{\"reason\":\"FAIR_USE_LIMITS_EXCEEDED\"}}}", 200)));

        assertThat(failure().code()).isEqualTo("account-blocked");
        assertThat(failure().message()).contains("FAIR_USE_LIMITS_EXCEEDED");
    }

    @Test
    void aRoleThatMayOnlyLookIsRefused() {
        vercel.stubFor(get("/v2/teams/team_hub")
                .willReturn(jsonResponse("{\"id\":\"team_hub\",\"membership\":{\"role\":\"VIEWER\"}}", 200)));

        assertThat(failure().code()).isEqualTo("role-too-low");
    }

    @Test
    void withoutVercelsAppThePlanNamesThePageWhereItIsGivenAccess() {
        vercel.stubFor(get("/v1/integrations/git-namespaces?provider=github").willReturn(jsonResponse("[]", 200)));

        assertThat(failure().code()).isEqualTo("needs-link");
        assertThat(plan().link()).isEqualTo(URI.create("https://github.com/apps/vercel"));
        assertThat(plan().fixedBy()).isEqualTo(Finding.FixedBy.HUB);
    }

    @Test
    void whatVercelDoesNotTellIsUnknownAndNoReasonToStop() {
        vercel.stubFor(get("/v1/integrations/git-namespaces?provider=github").willReturn(jsonResponse("{}", 403)));

        assertThat(run().output())
                .hasValueSatisfying(found -> assertThat(found.gitHub()).isEqualTo(GitHubAccess.UNKNOWN));
    }

    @ParameterizedTest
    @CsvSource({"true, ", "false, name-taken"})
    void aNameIsOursWithTheMarkOfTheStepThatMakesItAndElseTaken(boolean ours, String code) {
        projectIsThere(ours ? KEY : "another");

        if (code == null) {
            assertThat(run().output())
                    .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(NameIs.OURS));
        } else {
            assertThat(failure().code()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({"prj_1, true", "prj_9, false"})
    void aDomainIsTakenUnlessOurOwnProjectHasIt(String project, boolean fine) {
        projectIsThere(KEY);
        vercel.stubFor(get(urlPathEqualTo("/v1/domains/summit.example/project-domains"))
                .willReturn(jsonResponse("""
                        {"projectDomains": [{"name": "docs.summit.example", "projectId": "%s", "verified": true}]}
                        """.formatted(project), 200)));

        if (fine) {
            assertThat(run().output()).isPresent();
        } else {
            assertThat(failure().code()).isEqualTo("domain-taken");
            assertThat(failure().message()).contains("prj_9");
        }
    }

    @Test
    void withoutRepositoryAndDomainNobodyIsAskedAboutThem() {
        var outcome = action.run(Attempts.first()
                .of(VercelActions.PREFLIGHT, new VercelActions.Preflight("summit-docs", "project-step", null, null)));

        assertThat(outcome.output())
                .hasValueSatisfying(found -> assertThat(found.gitHub()).isEqualTo(GitHubAccess.NOT_ASKED));
        assertThat(vercel.getAllServeEvents()).hasSize(3);
    }

    @Test
    void aPlanThatLacksItsInputMakesNoCall() {
        action.plan(attempt(Attempts.planning().without("name")));

        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    private void projectIsThere(String mark) {
        vercel.stubFor(get("/v9/projects/summit-docs?teamId=team_hub")
                .willReturn(jsonResponse("{\"id\":\"prj_1\",\"name\":\"summit-docs\"}", 200)));
        vercel.stubFor(get("/v10/projects/prj_1/env?teamId=team_hub")
                .willReturn(jsonResponse(
                        "{\"envs\":[{\"key\":\"OFFSHOOT_EFFECT\",\"value\":\"%s\"}]}".formatted(mark), 200)));
    }

    private Outcome<VercelActions.Findings> run() {
        return action.run(attempt(Attempts.first()));
    }

    private Finding plan() {
        return action.plan(attempt(Attempts.planning()));
    }

    private Failure failure() {
        return ((Outcome.Failed<?>) run()).failure();
    }

    private static Attempt<VercelActions.Preflight> attempt(Attempts attempts) {
        return attempts.of(
                VercelActions.PREFLIGHT,
                new VercelActions.Preflight("summit-docs", "project-step", "hub-org", "docs.summit.example"));
    }
}
