package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions.DnsRecord;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class ConnectDomainTest {

    private static final String NAME = "docs.summit.example";
    private static final String DOMAIN = "/v9/projects/prj_1/domains/docs.summit.example?teamId=team_hub";
    private static final String ADD = "/v10/projects/prj_1/domains?teamId=team_hub";
    private static final String VERIFY = "/v9/projects/prj_1/domains/docs.summit.example/verify?teamId=team_hub";
    private static final String CONFIG = "/v6/domains/docs.summit.example/config?teamId=team_hub";
    private static final String VARIABLES = "/v10/projects/prj_1/env?teamId=team_hub";
    private static final String MISSING = "{\"error\":{\"code\":\"not_found\"}}";

    @Inject
    ConnectDomain action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void withoutADomainTheSitesAddressStandsAndThereIsNoCall() {
        var input = new VercelActions.ConnectDomain("prj_1", null, "a.vercel.app", URI.create("https://a.vercel.app"));

        var outcome = action.run(Attempts.first().of(VercelActions.CONNECT_DOMAIN, input));

        assertThat(outcome.output())
                .contains(new VercelActions.Address("a.vercel.app", URI.create("https://a.vercel.app")));
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void firstRunAddsTheDomainAndTellsWhichRecordsToSet() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(ADD).willReturn(jsonResponse(domain(false), 200)));
        vercel.stubFor(post(VERIFY).willReturn(jsonResponse("{\"error\":{\"code\":\"missing_txt_record\"}}", 400)));
        configIs(true);

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.lookAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(waiting.instructions().dnsRecords())
                .containsExactly(
                        new DnsRecord("TXT", "_vercel.summit.example", "vc-domain-verify=docs,1"),
                        new DnsRecord("CNAME", NAME, "cname.vercel-dns.com"));
        assertThat(waiting.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.CREATED);
    }

    @Test
    void anApexDomainGetsAnAddressRecord() {
        vercel.stubFor(get(DOMAIN)
                .willReturn(jsonResponse(domain(true).replace("\"summit.example\"", "\"" + NAME + "\""), 200)));
        configIs(true);

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.instructions().dnsRecords()).containsExactly(new DnsRecord("A", NAME, "76.76.21.21"));
    }

    @ParameterizedTest
    @CsvSource({"summit.example, CNAME, d1.vercel-dns.example", "docs.summit.example, A, 203.0.113.7"})
    void theRecordIsTheOneThatVercelPrefersForThisDomain(String apex, String type, String value) {
        vercel.stubFor(get(DOMAIN)
                .willReturn(jsonResponse(domain(true).replace("\"summit.example\"", "\"" + apex + "\""), 200)));
        vercel.stubFor(get(CONFIG).willReturn(jsonResponse("""
                        {"misconfigured": true,
                         "recommendedIPv4": [{"rank": 2, "value": ["76.76.21.21"]}, {"rank": 1, "value": ["203.0.113.7"]}],
                         "recommendedCNAME": [{"rank": 1, "value": "d1.vercel-dns.example."}, {"rank": 2, "value": "x"}]}
                        """, 200)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.instructions().dnsRecords()).containsExactly(new DnsRecord(type, NAME, value));
    }

    @Test
    void secondDeliveryTakesTheDomainUpAndAddsNone() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(true), 200)));
        configIs(false);

        var outcome = run(Attempts.first());

        assertThat(outcome.output())
                .contains(
                        new VercelActions.Address(NAME, URI.create(vercel.baseUrl() + "/sites/docs.summit.example/")));
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        vercel.verify(0, postRequestedFor(urlEqualTo(ADD)));
    }

    @Test
    void theLookAfterTheRecordsAreSetIsDone() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(false), 200)));
        vercel.stubFor(post(VERIFY).willReturn(jsonResponse(domain(true), 200)));
        configIs(false);

        var outcome = run(Attempts.looking(null));

        assertThat(outcome.output()).isPresent();
        assertThat(outcome.effects()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 409})
    void aDomainThatIsNotOnOurProjectAfterwardsIsTaken(int status) {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(ADD).willReturn(jsonResponse("{\"error\":{\"code\":\"domain_already_in_use\"}}", status)));

        var failure = failure(run(Attempts.first()));

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.code()).isEqualTo("domain-taken");
        assertThat(failure.message()).contains(NAME);
    }

    @Test
    void aConflictWithOurselvesIsDecidedByReading() {
        vercel.stubFor(get(DOMAIN)
                .inScenario("race")
                .willReturn(jsonResponse(MISSING, 404))
                .willSetStateTo("ours"));
        vercel.stubFor(
                get(DOMAIN).inScenario("race").whenScenarioStateIs("ours").willReturn(jsonResponse(domain(true), 200)));
        vercel.stubFor(post(ADD).willReturn(jsonResponse("{\"error\":{\"code\":\"domain_already_in_use\"}}", 409)));
        configIs(false);

        assertThat(run(Attempts.first()).output()).isPresent();
    }

    @Test
    void throttlingWhileVerifyingIsHandedOn() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(false), 200)));
        vercel.stubFor(post(VERIFY)
                .willReturn(jsonResponse("{\"error\":{\"code\":\"rate_limited\"}}", 429)
                        .withHeader("Retry-After", "3")));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.THROTTLED));
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        vercel.resetAll();
        vercel.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(vercel.getAllServeEvents()).hasSize(1);
    }

    @Test
    void aPlanWithoutADomainLeavesTheAddress() {
        var input = new VercelActions.ConnectDomain("prj_1", null, "a.vercel.app", URI.create("https://a.vercel.app"));

        assertThat(action.plan(Attempts.planning().of(VercelActions.CONNECT_DOMAIN, input))
                        .kind())
                .isEqualTo(Finding.Kind.LEAVE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aPlanWithoutTheProjectMakesNoCall() {
        assertThat(action.plan(attempt(Attempts.planning().without("projectId")))
                        .kind())
                .isEqualTo(Finding.Kind.CREATE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aPlanOfADomainThatNoProjectOfTheTeamHasIsToAddIt() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(urlPathMatching("/v1/domains/.*")).willReturn(jsonResponse(MISSING, 404)));

        assertThat(action.plan(attempt(Attempts.planning())).kind()).isEqualTo(Finding.Kind.CREATE);
    }

    @Test
    void aPlanTellsWhichProjectOfTheTeamHasTheDomain() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(urlPathEqualTo("/v1/domains/docs.summit.example/project-domains"))
                .willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(urlPathEqualTo("/v1/domains/summit.example/project-domains"))
                .willReturn(jsonResponse(
                        "{\"projectDomains\": [%s]}".formatted(domain(true).replace("prj_1", "prj_9")), 200)));

        var plan = action.plan(attempt(Attempts.planning()));

        assertThat(plan.code()).isEqualTo("domain-taken");
        assertThat(plan.message()).contains("prj_9", NAME);
    }

    @Test
    void aPlanAdoptsADomainThatTheProjectHas() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(false), 200)));

        var plan = action.plan(attempt(Attempts.planning()));

        assertThat(plan.kind()).isEqualTo(Finding.Kind.ADOPT);
        assertThat(plan.writes()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"true, false, SAME,", "false, false, CHANGED, /verified", "true, true, CHANGED, /configured"})
    void anObservationTellsWhetherItStillLeadsToTheSite(
            boolean verified, boolean misconfigured, Finding.Kind kind, String pointer) {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(verified), 200)));
        configIs(misconfigured);

        var seen = action.observe(attempt(Attempts.observing()), resource(Effect.Verb.CREATED, "team_hub"));

        assertThat(seen.kind()).isEqualTo(kind);
        assertThat(seen.changes())
                .extracting(Finding.Change::pointer)
                .containsExactlyElementsOf(pointer == null ? List.of() : List.of(pointer));
    }

    @Test
    void aDomainThatSendsItsVisitorsElsewhereIsChanged() {
        vercel.stubFor(get(DOMAIN)
                .willReturn(jsonResponse(
                        domain(true).replace("\"verified\"", "\"redirect\": \"other.example\", \"verified\""), 200)));
        configIs(false);

        assertThat(action.observe(attempt(Attempts.observing()), resource(Effect.Verb.CREATED, "team_hub"))
                        .changes())
                .containsExactly(new Finding.Change("/redirect", null, "other.example"));
    }

    @Test
    void aDomainThatTheProjectHasNotIsMissingAndItsUndoIsDone() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(MISSING, 404)));
        var resource = resource(Effect.Verb.CREATED, "team_hub");

        assertThat(action.observe(attempt(Attempts.observing()), resource).kind())
                .isEqualTo(Finding.Kind.MISSING);
        assertThat(undo(resource)).isEqualTo(Undone.removed());
    }

    @Test
    void aDomainThatWeAddedIsTakenFromOurProject() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(true), 200)));
        vercel.stubFor(get(VARIABLES)
                .willReturn(jsonResponse("{\"envs\":[{\"key\":\"OFFSHOOT_EFFECT\",\"value\":\"x\"}]}", 200)));
        vercel.stubFor(delete(DOMAIN).willReturn(jsonResponse("{}", 200)));

        assertThat(undo(resource(Effect.Verb.CREATED, "team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(1, deleteRequestedFor(urlEqualTo(DOMAIN)));
    }

    /** A step that is taken back after the project's step has failed anew is not told the project any more. */
    @Test
    void whereTheProjectIsNotKnownTheDomainIsFoundOnWhicheverHasIt() {
        vercel.stubFor(get(urlPathEqualTo("/v1/domains/docs.summit.example/project-domains"))
                .willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(urlPathEqualTo("/v1/domains/summit.example/project-domains"))
                .willReturn(jsonResponse("{\"projectDomains\": [%s]}".formatted(domain(true)), 200)));
        vercel.stubFor(get(VARIABLES)
                .willReturn(jsonResponse("{\"envs\":[{\"key\":\"OFFSHOOT_EFFECT\",\"value\":\"x\"}]}", 200)));
        vercel.stubFor(delete(DOMAIN).willReturn(jsonResponse("{}", 200)));
        configIs(false);
        var resource = resource(Effect.Verb.CREATED, "team_hub");

        assertThat(action.observe(attempt(Attempts.observing().without("projectId")), resource)
                        .kind())
                .isEqualTo(Finding.Kind.SAME);
        assertThat(action.undo(attempt(Attempts.undoing().without("projectId")), resource, Removal.DELETE))
                .isEqualTo(Undone.removed());
        vercel.verify(1, deleteRequestedFor(urlEqualTo(DOMAIN)));
    }

    @Test
    void aDomainThatSomebodyAddedByHandIsLeft() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(true), 200)));

        assertThat(undo(resource(Effect.Verb.ADOPTED, "team_hub")).verb()).isEqualTo(Effect.Verb.LEFT);
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void aDomainOnAProjectThatIsNotOursAnyMoreIsLeft() {
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(domain(true), 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("{\"envs\":[]}", 200)));

        assertThat(undo(resource(Effect.Verb.CREATED, "team_hub")).verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(undo(resource(Effect.Verb.CREATED, "team_other")).verb()).isEqualTo(Effect.Verb.LEFT);
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    private Undone undo(Effect resource) {
        return action.undo(attempt(Attempts.undoing()), resource, Removal.DELETE);
    }

    private static Effect resource(Effect.Verb verb, String team) {
        return new Effect("key", "domain", NAME, NAME, team, verb);
    }

    private static Attempt<VercelActions.ConnectDomain> attempt(Attempts attempts) {
        return attempts.of(
                VercelActions.CONNECT_DOMAIN,
                new VercelActions.ConnectDomain(
                        "prj_1", NAME, "summit-docs.vercel.app", URI.create("https://summit-docs.vercel.app")));
    }

    private Outcome<VercelActions.Address> run(Attempts attempts) {
        return action.run(attempt(attempts));
    }

    private void configIs(boolean misconfigured) {
        vercel.stubFor(get(CONFIG).willReturn(jsonResponse("{\"misconfigured\":%s}".formatted(misconfigured), 200)));
    }

    private static String domain(boolean verified) {
        var verification = verified ? "" : """
                , "verification": [{"type": "TXT", "domain": "_vercel.summit.example",
                    "value": "vc-domain-verify=docs,1", "reason": "pending"}]
                """;
        return """
                {"name": "docs.summit.example", "apexName": "summit.example", "projectId": "prj_1", "verified": %s %s}
                """.formatted(verified, verification);
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
