package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class VerifySiteTest {

    private static final String SITE = "/sites/docs.summit.example/";

    @Inject
    VerifySite action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void aSiteThatShowsTheTextIsDone() {
        vercel.stubFor(get(SITE).willReturn(ok("<h1>Summit docs</h1>")));

        assertThat(run().output()).contains(new VercelActions.SeenSite(URI.create(vercel.baseUrl() + SITE)));
        vercel.verify(getRequestedFor(urlEqualTo(SITE)).withHeader("Authorization", absent()));
    }

    @Test
    void secondDeliveryLooksAgainAndChangesNothing() {
        vercel.stubFor(get(SITE).willReturn(ok("<h1>Summit docs</h1>")));

        assertThat(run()).isEqualTo(run());
        vercel.verify(2, getRequestedFor(urlEqualTo(SITE)));
    }

    @Test
    void aSiteThatDoesNotShowTheTextYetIsAwaited() {
        vercel.stubFor(get(SITE).willReturn(ok("<h1>Another</h1>")));

        assertThat(run()).isInstanceOf(Outcome.Waiting.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500, 503})
    void aSiteThatIsNotThereYetIsAwaited(int status) {
        vercel.stubFor(get(SITE).willReturn(aResponse().withStatus(status).withBody("Summit docs")));

        assertThat(run()).isInstanceOf(Outcome.Waiting.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aSiteBehindASignInIsAPersonsToOpen(int status) {
        vercel.stubFor(get(SITE).willReturn(aResponse().withStatus(status)));

        assertThat(((Outcome.Failed<?>) run()).failure().code()).isEqualTo("site-protected");
        assertThat(action.plan(attempt(Attempts.planning())).fixedBy()).isEqualTo(Finding.FixedBy.HUB);
    }

    @Test
    void aPlanWithoutTheHostMakesNoCall() {
        assertThat(action.plan(attempt(Attempts.planning().without("host"))).kind())
                .isEqualTo(Finding.Kind.LEAVE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    private Outcome<VercelActions.SeenSite> run() {
        return action.run(attempt(Attempts.first()));
    }

    private static Attempt<VercelActions.VerifySite> attempt(Attempts attempts) {
        return attempts.of(
                VercelActions.VERIFY_SITE, new VercelActions.VerifySite("docs.summit.example", "Summit docs"));
    }
}
