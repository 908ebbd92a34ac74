package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Access;
import io.offshoot.contracts.github.GitHubActions.NameIs;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class PreflightTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "repository", "repository");
    private static final String UPSTREAM = "/repos/offshoot/docs-site";
    private static final String INSTALLATION = "/app/installations/7";

    @Inject
    Preflight action;

    WireMockServer github;

    @BeforeEach
    void allIsWell() {
        github.resetAll();
        github.stubFor(get("/user").willReturn(jsonResponse("{\"login\":\"robot\"}", 200)));
        github.stubFor(get("/orgs/hub-org/repos?per_page=1").willReturn(jsonResponse("[]", 200)));
        installationIs("other-org", "\"administration\":\"write\",\"contents\":\"write\"", "all", "null");
        github.stubFor(post(INSTALLATION + "/access_tokens")
                .willReturn(jsonResponse("{\"token\":\"ghs_1\",\"expires_at\":\"2099-01-01T00:00:00Z\"}", 201)));
        upstreamIs("\"is_template\":true,\"allow_forking\":true");
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse("{}", 404)));
        github.stubFor(get("/repos/other-org/summit-docs").willReturn(jsonResponse("{}", 404)));
    }

    /** Whatever comes of it, nothing was changed: to get a token changes nothing. */
    @AfterEach
    void itOnlyReads() {
        assertThat(github.getAllServeEvents())
                .filteredOn(call -> !call.getRequest().getUrl().endsWith("/access_tokens"))
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }

    @Test
    void aTokensRightsAreNotKnownBeforehandAndNotClaimed() {
        assertThat(withToken(Source.TEMPLATE).output())
                .contains(new GitHubActions.Findings(
                        "hub-org", Access.TOKEN, List.of(), "offshoot/docs-site", NameIs.FREE));
    }

    @Test
    void anAppsRightsAreRead() {
        assertThat(withApp().output())
                .contains(new GitHubActions.Findings(
                        "other-org",
                        Access.APP,
                        List.of(Right.REPOSITORIES, Right.CONTENTS),
                        "offshoot/docs-site",
                        NameIs.FREE));
    }

    @Test
    void secondDeliveryFindsTheSame() {
        assertThat(withApp()).isEqualTo(withApp());
    }

    @Test
    void aRepositoryThatTheStepMadeIsOurs() {
        nameIs("Made by Offshoot for docs · offshoot:" + KEY);

        assertThat(withToken(Source.TEMPLATE).output().orElseThrow().name()).isEqualTo(NameIs.OURS);
    }

    @Test
    void aNameThatSomebodyHasIsRefused() {
        nameIs("Theirs");

        assertThatItIsRefused(withToken(Source.TEMPLATE), "name-taken", "hub-org/summit-docs");
    }

    @Test
    void anOrganisationThatTheTokenDoesNotSeeIsRefused() {
        github.stubFor(get("/orgs/hub-org/repos?per_page=1").willReturn(jsonResponse("{}", 404)));

        assertThatItIsRefused(withToken(Source.TEMPLATE), "organization-not-visible", "robot");
    }

    @Test
    void anUpstreamThatIsNotSeenIsRefused() {
        github.stubFor(get(UPSTREAM).willReturn(jsonResponse("{}", 404)));

        assertThatItIsRefused(withToken(Source.FORK), "upstream-not-visible", "offshoot/docs-site");
    }

    @Test
    void aRepositoryThatIsNoTemplateIsGoodForForksOnly() {
        upstreamIs("\"is_template\":false,\"allow_forking\":true");

        assertThatItIsRefused(withToken(Source.TEMPLATE), "not-a-template", "offshoot/docs-site");
        assertThat(withToken(Source.FORK).output()).isPresent();
    }

    @Test
    void anUpstreamThatForbidsForksIsGoodForTemplatesOnly() {
        upstreamIs("\"is_template\":true,\"allow_forking\":false");

        assertThatItIsRefused(withToken(Source.FORK), "forking-forbidden", "offshoot/docs-site");
        assertThat(withToken(Source.TEMPLATE).output()).isPresent();
    }

    @Test
    void everyMissingPermissionIsNamedWithThePageWhereItIsGiven() {
        installationIs("other-org", "\"administration\":\"read\",\"metadata\":\"read\"", "all", "null");

        assertThatItIsRefused(withApp(), "permission-missing", "administration, contents");
        assertThatItIsRefused(
                withApp(), "permission-missing", "https://github.com/organizations/other-org/settings/installations/7");
    }

    @Test
    void anInstallationForSelectedRepositoriesWouldNotCoverTheNewOne() {
        installationIs("other-org", "\"administration\":\"write\",\"contents\":\"write\"", "selected", "null");

        assertThatItIsRefused(withApp(), "repository-not-covered", "all repositories");
    }

    @Test
    void anInstallationAtAnotherOrganisationIsRefused() {
        installationIs("third-org", "\"administration\":\"write\",\"contents\":\"write\"", "all", "null");

        assertThatItIsRefused(withApp(), "other-organization", "third-org");
    }

    @Test
    void aSuspendedInstallationWaitsForAPerson() {
        installationIs("other-org", "\"administration\":\"write\"", "all", "\"2026-11-20T00:00:00Z\"");

        assertThatThrownBy(this::withApp).isInstanceOf(NeedsPersonException.class);
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> withToken(Source.TEMPLATE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private void installationIs(String account, String permissions, String selection, String suspendedAt) {
        github.stubFor(get(INSTALLATION)
                .willReturn(jsonResponse("""
                        {"id": 7, "account": {"login": "%s"}, "permissions": {%s}, "repository_selection": "%s",
                         "suspended_at": %s}""".formatted(account, permissions, selection, suspendedAt), 200)));
    }

    private void upstreamIs(String flags) {
        github.stubFor(get(UPSTREAM).willReturn(jsonResponse("""
                        {"id": 1, "full_name": "offshoot/docs-site", %s,
                         "html_url": "https://github.com/offshoot/docs-site"}""".formatted(flags), 200)));
    }

    private void nameIs(String description) {
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse("""
                        {"id": 42, "full_name": "hub-org/summit-docs", "description": "%s",
                         "html_url": "https://github.com/hub-org/summit-docs"}""".formatted(description), 200)));
    }

    private Outcome<GitHubActions.Findings> withToken(Source source) {
        return action.run(Attempts.first().of(GitHubActions.PREFLIGHT, input(source)));
    }

    private Outcome<GitHubActions.Findings> withApp() {
        return action.run(
                Attempts.first().over("app").forHub("hub-b", GitHubActions.PREFLIGHT, input(Source.TEMPLATE)));
    }

    private static GitHubActions.Preflight input(Source source) {
        return new GitHubActions.Preflight(
                source, "offshoot/docs-site", "summit-docs", "repository", List.of(Right.REPOSITORIES, Right.CONTENTS));
    }

    private static void assertThatItIsRefused(Outcome<?> outcome, String code, String words) {
        Failure failure = ((Outcome.Failed<?>) outcome).failure();
        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).contains(words);
    }
}
