package io.offshoot.vercel.site;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VisitorTest {

    private static final WireMockServer SITE =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

    private final Visitor visitor = new Visitor(Duration.ofSeconds(10));

    @BeforeAll
    static void start() {
        SITE.start();
    }

    @AfterAll
    static void stop() {
        SITE.stop();
    }

    @BeforeEach
    void reset() {
        SITE.resetAll();
    }

    @Test
    void aRedirectOnTheSameHostIsFollowed() {
        SITE.stubFor(get("/").willReturn(temporaryRedirect("/index")));
        SITE.stubFor(get("/index").willReturn(ok("here")));

        assertThat(visitor.open(address("/"))).contains(new Visitor.Page(200, "here"));
    }

    @Test
    void aRedirectElsewhereIsNotFollowed() {
        SITE.stubFor(get("/").willReturn(temporaryRedirect("http://127.0.0.1:" + SITE.port() + "/index")));
        SITE.stubFor(get("/index").willReturn(ok("elsewhere")));

        assertThat(visitor.open(address("/")))
                .hasValueSatisfying(page -> assertThat(page.status()).isEqualTo(302));
        assertThat(SITE.getAllServeEvents()).hasSize(1);
    }

    @Test
    void redirectsInACircleEnd() {
        SITE.stubFor(get("/").willReturn(temporaryRedirect("/")));

        assertThat(visitor.open(address("/"))).isEmpty();
        assertThat(SITE.getAllServeEvents()).hasSize(4);
    }

    @Test
    void aPageWithoutEndIsReadToItsFirstMegabyte() {
        SITE.stubFor(get("/").willReturn(aResponse().withBody(new byte[10 * 1024 * 1024])));

        assertThat(visitor.open(address("/")))
                .hasValueSatisfying(page -> assertThat(page.text()).hasSize(1024 * 1024));
    }

    @Test
    void aPageThatDripsInIsNotWaitedFor() {
        SITE.stubFor(get("/").willReturn(ok("so slow").withChunkedDribbleDelay(100, 600_000)));
        var impatient = new Visitor(Duration.ofSeconds(1));

        assertThat(impatient.open(address("/"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE"})
    void withoutAnAnswerThereIsNoPage(Fault fault) {
        SITE.stubFor(get("/").willReturn(aResponse().withFault(fault)));

        assertThat(visitor.open(address("/"))).isEmpty();
    }

    private static URI address(String path) {
        return URI.create(SITE.baseUrl() + path);
    }
}
