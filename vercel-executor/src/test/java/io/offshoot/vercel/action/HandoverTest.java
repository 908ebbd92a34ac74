package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class HandoverTest {

    private static final String MARK = "OFFSHOOT_EFFECT=key";
    private static final String OFFER = "/projects/prj_1/transfer-request?teamId=team_hub";
    private static final String ACCEPT = "/projects/transfer-request/planted-code?teamId=team_new";
    private static final String THERE =
            "{\"id\":\"prj_1\",\"name\":\"summit-docs\",\"link\":{\"type\":\"github\",\"repoId\":42}}";

    @Inject
    OfferProject offering;

    @Inject
    AcceptProject accepting;

    @Inject
    RelinkProject relinking;

    WireMockServer vercel;

    @BeforeEach
    void theGiverHasTheProjectAndTheReceiverHasNot() {
        vercel.resetAll();
        isAt("team_hub", true);
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_new").willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(get("/v9/projects/new-docs?teamId=team_new").willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(post(OFFER).willReturn(jsonResponse("{\"code\":\"planted-code\"}", 200)));
    }

    @Test
    void anOffersCodeLeavesSealedAndTheReceiverCanOpenIt() {
        var offer = offer();
        acceptedShows();

        var outcome = accept(offer.code());

        assertThat(offer.code()).doesNotContain("planted-code");
        assertThat(outcome.output()).contains(new VercelActions.Project("prj_1", "summit-docs"));
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "project"),
                        "project",
                        "prj_1",
                        "summit-docs",
                        "team_new",
                        Effect.Verb.ADOPTED,
                        MARK,
                        null));
        vercel.verify(
                1,
                putRequestedFor(urlEqualTo(ACCEPT)).withRequestBody(equalToJson("{\"newProjectName\":\"new-docs\"}")));
    }

    @Test
    void secondDeliveryOfAnOfferIsAnotherOneAsGood() {
        var first = offer();

        var second = offer();

        assertThat(first.code()).isNotEqualTo(second.code());
        vercel.verify(2, postRequestedFor(urlEqualTo(OFFER)));
    }

    @Test
    void aProjectWithoutOurMarkIsNotOffered() {
        isAt("team_hub", false);

        assertThat(failure(offering.run(offerAttempt(Attempts.first()))).code()).isEqualTo("not-ours-any-more");
        assertThat(offering.plan(offerAttempt(Attempts.planning())).code()).isEqualTo("not-ours-any-more");
        vercel.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void aProjectThatIsGoneIsNotOffered() {
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_hub").willReturn(jsonResponse("{}", 404)));

        assertThat(failure(offering.run(offerAttempt(Attempts.first()))).code()).isEqualTo("project-gone");
    }

    @Test
    void secondDeliveryOfAnAcceptanceTakesUpWhatIsThere() {
        var offer = offer();
        isAt("team_new", true);

        var outcome = accept(offer.code());

        assertThat(outcome.effects()).extracting(Effect::account).containsExactly("team_new");
        vercel.verify(0, putRequestedFor(anyUrl()));
    }

    @Test
    void anotherProjectOfThatIdIsNotTakenUpWithoutTheMark() {
        isAt("team_new", false);

        assertThat(failure(accept("x")).code()).isEqualTo("exists-and-is-not-ours");
    }

    @Test
    void aNameThatTheReceiverHasAlreadyIsToldBeforeAnythingIsAccepted() {
        vercel.stubFor(get("/v9/projects/new-docs?teamId=team_new")
                .willReturn(jsonResponse("{\"id\":\"prj_7\",\"name\":\"new-docs\"}", 200)));

        assertThat(failure(accept(offer().code())).code()).isEqualTo("name-taken");
        assertThat(accepting.plan(acceptAttempt(Attempts.planning(), "x")).code())
                .isEqualTo("name-taken");
        vercel.verify(0, putRequestedFor(anyUrl()));
    }

    @Test
    void anOfferThatLapsedIsToldSo() {
        vercel.stubFor(put(urlEqualTo(ACCEPT)).willReturn(jsonResponse("{}", 404)));

        assertThat(failure(accept(offer().code())).code()).isEqualTo("offer-gone");
    }

    @Test
    void anOfferThatWasAcceptedUnheardIsAwaited() {
        var offer = offer();
        vercel.stubFor(put(urlEqualTo(ACCEPT)).willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_hub").willReturn(jsonResponse("{}", 404)));

        assertThat(accept(offer.code())).isInstanceOf(Outcome.Waiting.class);
    }

    @Test
    void aCodeThatWasNotSealedForThisProjectIsNotUsed() {
        assertThat(failure(accept("bm90LW91cnMtYXQtYWxs")).code()).isEqualTo("offer-unreadable");
        vercel.verify(0, putRequestedFor(anyUrl()));
    }

    @Test
    void aGiverOfAnotherHubIsUnknown() {
        var input = new VercelActions.AcceptProject("prj_1", MARK, "new-docs", "x", "foreign");

        assertThatThrownBy(
                        () -> accepting.run(Attempts.first().over("receiver").of(VercelActions.ACCEPT_PROJECT, input)))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("unknown-connection"));
    }

    @Test
    void whatIsOnItsWayIsAwaitedAndNotAcceptedAgain() {
        vercel.stubFor(put(urlEqualTo(ACCEPT)).willReturn(jsonResponse("{}", 202)));
        var offer = offer();
        var waiting = (Outcome.Waiting<?>) accept(offer.code());

        var again = accepting.run(acceptAttempt(Attempts.looking(waiting.checkpoint()), offer.code()));

        assertThat(again).isInstanceOf(Outcome.Waiting.class);
        vercel.verify(1, putRequestedFor(anyUrl()));
    }

    @Test
    void aLostAnswerToAnAcceptanceIsUncertain() {
        vercel.stubFor(put(urlEqualTo(ACCEPT)).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> accept(offer().code()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void whatWasHandedOverStaysWhereItIs() {
        var resource = new Effect("key", "project", "prj_1", "new-docs", "team_new", Effect.Verb.ADOPTED, MARK, null);

        assertThat(accepting
                        .undo(acceptAttempt(Attempts.undoing(), "x"), resource, Removal.DELETE)
                        .verb())
                .isEqualTo(Effect.Verb.LEFT);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void whatWasHandedOverIsObservedInItsNewTeam() {
        isAt("team_new", true);
        var resource =
                new Effect("key", "project", "prj_1", "summit-docs", "team_new", Effect.Verb.ADOPTED, MARK, null);

        assertThat(accepting
                        .observe(acceptAttempt(Attempts.observing(), "x"), resource)
                        .kind())
                .isEqualTo(Finding.Kind.SAME);
    }

    @Test
    void aProjectIsAwaitedUntilAPersonHasConnectedItsRepository() {
        assertThat(relinking.run(relinkAttempt(Attempts.first(), 42)).output()).isPresent();
        assertThat(relinking.plan(relinkAttempt(Attempts.planning(), 7)).code()).isEqualTo("not-linked");

        var waiting = (Outcome.Waiting<?>) relinking.run(relinkAttempt(Attempts.first(), 7));

        assertThat(waiting.instructions().what()).contains("summit-docs", "new-org/docs");
    }

    private void isAt(String team, boolean marked) {
        vercel.stubFor(get("/v9/projects/prj_1?teamId=" + team).willReturn(jsonResponse(THERE, 200)));
        vercel.stubFor(get("/v10/projects/prj_1/env?teamId=" + team)
                .willReturn(jsonResponse(
                        marked ? "{\"envs\":[{\"key\":\"OFFSHOOT_EFFECT\",\"value\":\"key\"}]}" : "{}", 200)));
    }

    /** From the acceptance on the receiver sees the project. */
    private void acceptedShows() {
        vercel.stubFor(put(urlEqualTo(ACCEPT))
                .inScenario("handover")
                .willReturn(jsonResponse("{}", 202))
                .willSetStateTo("accepted"));
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_new")
                .inScenario("handover")
                .whenScenarioStateIs("accepted")
                .willReturn(okJson(THERE)));
    }

    private VercelActions.Offer offer() {
        return offering.run(offerAttempt(Attempts.first())).output().orElseThrow();
    }

    private Outcome<VercelActions.Project> accept(String code) {
        return accepting.run(acceptAttempt(Attempts.first(), code));
    }

    private static Attempt<VercelActions.OfferProject> offerAttempt(Attempts attempts) {
        return attempts.of(VercelActions.OFFER_PROJECT, new VercelActions.OfferProject("prj_1", MARK));
    }

    private static Attempt<VercelActions.AcceptProject> acceptAttempt(Attempts attempts, String code) {
        return attempts.over("receiver")
                .of(
                        VercelActions.ACCEPT_PROJECT,
                        new VercelActions.AcceptProject("prj_1", MARK, "new-docs", code, "main"));
    }

    private static Attempt<VercelActions.RelinkProject> relinkAttempt(Attempts attempts, long repository) {
        return attempts.of(
                VercelActions.RELINK_PROJECT, new VercelActions.RelinkProject("prj_1", "new-org/docs", repository));
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
