package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Change;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A repository on its way from one owner to another: the offer, and the waiting at the other side. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class HandoverTest {

    private static final String MARK = "offshoot:0123456789abcdef0123456789abcdef";
    private static final String BY_ID = "/repositories/42";
    private static final String TRANSFER = "/repos/hub-org/docs/transfer";

    @Inject
    OfferRepository offer;

    @Inject
    AwaitRepository arrival;

    WireMockServer github;

    @BeforeEach
    void theGiverHasIt() {
        github.resetAll();
        repositoryIsAt("hub-org", MARK);
        github.stubFor(get("/repos/new-org/docs").willReturn(jsonResponse("{}", 404)));
        github.stubFor(post(TRANSFER).willReturn(jsonResponse(repository("hub-org", MARK), 202)));
    }

    @Test
    void anOfferIsWaitedForFirstForGitHubAndThenForAPerson() {
        var offered = waiting(offer(Attempts.first()));
        var looked = waiting(offer(Attempts.looking(offered.checkpoint())));

        assertThat(offered.instructions()).isNull();
        assertThat(offered.effects())
                .extracting(Effect::kind, Effect::id, Effect::verb)
                .containsExactly(tuple("repository-offer", "42", Effect.Verb.CREATED));
        assertThat(looked.instructions().what()).contains("new-org", "hub-org/docs", "a day");
        assertThat(looked.instructions().link()).isEqualTo(URI.create("https://github.com/hub-org/docs"));
        github.verify(
                1, postRequestedFor(urlEqualTo(TRANSFER)).withRequestBody(equalToJson("{\"new_owner\":\"new-org\"}")));
    }

    @Test
    void whatIsAtItsNewOwnerIsDoneAndTheOfferIsOver() {
        repositoryIsAt("new-org", MARK);

        for (var attempts : List.of(
                Attempts.first(),
                Attempts.probing(),
                Attempts.looking(JsonNodeFactory.instance.objectNode().put("offered", true)))) {
            var outcome = offer(attempts);

            assertThat(outcome.output().orElseThrow().fullName()).isEqualTo("new-org/docs");
            assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.LEFT);
        }
        assertNothingWasWritten();
    }

    @Test
    void anOfferWhoseAnswerWasLostIsMadeAgainAndARefusalMeansThatItIsOpen() {
        github.stubFor(post(TRANSFER).willReturn(jsonResponse("{\"message\":\"Validation Failed\"}", 422)));

        assertThat(waiting(offer(Attempts.probing()))
                        .checkpoint()
                        .path("offered")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void anOfferThatGitHubDoesNotTakeIsRefusedInItsWords() {
        github.stubFor(post(TRANSFER).willReturn(jsonResponse("{\"message\":\"Validation Failed\"}", 422)));

        var failure = failure(offer(Attempts.first()));

        assertThat(failure.code()).isEqualTo("offer-refused");
        assertThat(failure.message()).contains("Validation Failed", "may make repositories");
    }

    @Test
    void aResetWhileOfferingIsUncertain() {
        github.stubFor(post(TRANSFER).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> offer(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void nothingIsOfferedWithoutALease() {
        assertThatThrownBy(() -> offer(Attempts.first().withoutLease())).isInstanceOf(LeaseLostException.class);
        assertNothingWasWritten();
    }

    @Test
    void whatIsNotOursAnyMoreIsNotGivenAway() {
        repositoryIsAt("hub-org", "Mine");
        assertThat(failure(offer(Attempts.first())).code()).isEqualTo("not-ours-any-more");

        repositoryIsAt("third-org", MARK);
        assertThat(failure(offer(Attempts.first())).code()).isEqualTo("not-ours-any-more");

        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));
        assertThat(failure(offer(Attempts.first())).code()).isEqualTo("repository-missing");
        assertNothingWasWritten();
    }

    @Test
    void aCancelSaysThatNothingCanBeCalledAndWhatIsAcceptedStands() {
        var cancelled = failure(offer.cancel(offerAttempt(Attempts.undoing())));

        assertThat(cancelled.code()).isEqualTo("cancelled");
        assertThat(cancelled.message()).contains("no call", "https://github.com/hub-org/docs");

        repositoryIsAt("new-org", MARK);

        assertThat(offer.cancel(offerAttempt(Attempts.undoing())).output()).isPresent();
        assertNothingWasWritten();
    }

    @Test
    void aPlanSaysWhereItGoesAndWhatIsInTheWayThere() {
        var plan = offer.plan(offerAttempt(Attempts.planning()));

        assertThat(plan.kind()).isEqualTo(Kind.CHANGE);
        assertThat(plan.changes()).containsExactly(new Change("/full_name", "hub-org/docs", "new-org/docs"));

        github.stubFor(get("/repos/new-org/docs").willReturn(jsonResponse(repository("new-org", "Theirs"), 200)));

        assertThat(offer.plan(offerAttempt(Attempts.planning())).code()).isEqualTo("name-taken");
    }

    @Test
    void aPlanNamesNoNewOwnerThatOnlyARunWouldBring() {
        var plan = offer.plan(offerAttempt(Attempts.planning().notKnowing("newOwner")));

        assertThat(plan.kind()).isEqualTo(Kind.CHANGE);
        assertThat(plan.message()).isEqualTo("Offers the repository to its new owner.");
        assertThat(plan.changes()).isEmpty();
        assertNothingWasWritten();
    }

    @Test
    void aFormerNameAtTheNewOwnerIsFree() {
        github.stubFor(get("/repos/new-org/docs")
                .willReturn(jsonResponse("{}", 301).withHeader("Location", "https://api.github.com/repositories/9")));
        github.stubFor(get("/repositories/9").willReturn(jsonResponse(repository("new-org", "Renamed"), 200)));

        assertThat(offer.plan(offerAttempt(Attempts.planning())).kind()).isEqualTo(Kind.CHANGE);
    }

    @Test
    void aPlanOfWhatIsNotOursBlocks() {
        repositoryIsAt("hub-org", "Mine");

        assertThat(offer.plan(offerAttempt(Attempts.planning())).code()).isEqualTo("not-ours-any-more");
    }

    @Test
    void anOpenOfferIsLeftWithTheWayAPersonTakesItBack() {
        var open = offer.undo(offerAttempt(Attempts.undoing()), offered(), Removal.DELETE);
        repositoryIsAt("new-org", MARK);
        var accepted = offer.undo(offerAttempt(Attempts.undoing()), offered(), Removal.DELETE);

        assertThat(open.verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(open.why()).contains("lapses after a day", "settings");
        assertThat(accepted.why()).contains("new-org/docs");
        assertNothingWasWritten();
    }

    @Test
    void anOfferIsObservedByWhereTheRepositoryIs() {
        assertThat(offer.observe(offerAttempt(Attempts.observing()), offered()).kind())
                .isEqualTo(Kind.SAME);

        repositoryIsAt("new-org", MARK);

        assertThat(offer.observe(offerAttempt(Attempts.observing()), offered()).kind())
                .isEqualTo(Kind.MOVED);
    }

    @Test
    void theReceiverWaitsUntilItIsThere() {
        repositoryIsAt("giver-org", MARK);

        var waiting = waiting(await(Attempts.first()));

        assertThat(waiting.instructions().what()).contains("docs", "hub-org");

        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(waiting(await(Attempts.looking(null))).effects()).isEmpty();
    }

    @Test
    void theReceiverEntersItAsItsOwnWithTheMarkThatItCarries() {
        var outcome = await(Attempts.first());
        var again = await(Attempts.first());

        assertThat(outcome.output().orElseThrow().id()).isEqualTo(42);
        assertThat(outcome.effects()).singleElement().satisfies(effect -> {
            assertThat(effect.verb()).isEqualTo(Effect.Verb.ADOPTED);
            assertThat(effect.account()).isEqualTo("hub-org");
            assertThat(effect.name()).isEqualTo("hub-org/docs");
            assertThat(effect.mark()).isEqualTo(MARK);
        });
        assertThat(again).isEqualTo(outcome);
        assertNothingWasWritten();
    }

    @Test
    void theReceiverTakesBackWhatItTookOverByTheMarkThatItCarries() {
        github.stubFor(
                patch(urlEqualTo("/repos/hub-org/docs")).willReturn(jsonResponse(repository("hub-org", MARK), 200)));
        var effect = await(Attempts.first()).effects().get(0);

        var undone =
                arrival.undo(Attempts.undoing().of(GitHubActions.AWAIT_REPOSITORY, awaited()), effect, Removal.ARCHIVE);

        assertThat(undone).isEqualTo(Undone.retired());
        assertThat(arrival.observe(Attempts.observing().of(GitHubActions.AWAIT_REPOSITORY, awaited()), effect)
                        .kind())
                .isEqualTo(Kind.SAME);
    }

    @Test
    void theReceiverDoesNotTakeOverWhatHasLostItsMark() {
        repositoryIsAt("hub-org", "Mine");

        assertThat(failure(await(Attempts.first())).code()).isEqualTo("exists-and-is-not-ours");
    }

    @Test
    void theReceiversPlanSaysBeforeTheOfferThatTheNameIsTaken() {
        repositoryIsAt("giver-org", MARK);
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse("{}", 404)));
        assertThat(planned().kind()).isEqualTo(Kind.ADOPT);

        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse(repository("hub-org", "Other"), 200)));
        assertThat(planned().code()).isEqualTo("name-taken");
    }

    private Outcome<GitHubActions.Repository> offer(Attempts attempts) {
        return offer.run(offerAttempt(attempts));
    }

    private static Attempt<GitHubActions.OfferRepository> offerAttempt(Attempts attempts) {
        return attempts.of(GitHubActions.OFFER_REPOSITORY, new GitHubActions.OfferRepository(42, MARK, "new-org"));
    }

    private static Effect offered() {
        return new Effect("key", "repository-offer", "42", "hub-org/docs", "hub-org", Effect.Verb.CREATED);
    }

    private Outcome<GitHubActions.Repository> await(Attempts attempts) {
        return arrival.run(attempts.of(GitHubActions.AWAIT_REPOSITORY, awaited()));
    }

    private Finding planned() {
        return arrival.plan(Attempts.planning().of(GitHubActions.AWAIT_REPOSITORY, awaited()));
    }

    private static GitHubActions.AwaitRepository awaited() {
        return new GitHubActions.AwaitRepository(42, "docs", MARK);
    }

    private void repositoryIsAt(String owner, String description) {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(repository(owner, description), 200)));
    }

    private static String repository(String owner, String description) {
        return """
                {"id": 42, "full_name": "%1$s/docs", "html_url": "https://github.com/%1$s/docs",
                 "default_branch": "main", "description": "%2$s"}""".formatted(owner, description);
    }

    private static Outcome.Waiting<?> waiting(Outcome<?> outcome) {
        return (Outcome.Waiting<?>) outcome;
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }

    private void assertNothingWasWritten() {
        assertThat(github.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }
}
