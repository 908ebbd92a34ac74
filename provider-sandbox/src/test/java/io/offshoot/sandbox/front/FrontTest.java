package io.offshoot.sandbox.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.documents.Documents;
import io.offshoot.sandbox.documents.Exchange;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class FrontTest {

    private static final String GENERATE = "/github/repos/offshoot-upstream/docs-site/generate";
    private static final String GITHUB = "Bearer github-token-for-tests";
    private static final String VERCEL = "Bearer vercel-token-for-tests";
    private static final String TEAM = "?teamId=team_example";

    @TestHTTPResource("/")
    URI base;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void reset() throws Exception {
        control("POST", "reset", "");
    }

    /** As GitHub's page "About the setup URL" has it, and "Sharing your GitHub App" for the state. */
    @Test
    void whoInstallsTheAppIsSentToItsSetupUrlWithTheNumberAndTheState() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA");
        pair.initialize(2048);
        String key = "-----BEGIN PUBLIC KEY-----\\n"
                + Base64.getEncoder()
                        .encodeToString(pair.generateKeyPair().getPublic().getEncoded())
                + "\\n-----END PUBLIC KEY-----";
        control(
                "PUT",
                "github-app",
                "{'id':7,'publicKey':'" + key
                        + "','setupUrl':'http://127.0.0.1:9/api/v1/connections/github/installed'}");
        String page = "/github/apps/offshoot-sandbox/installations/new";

        HttpResponse<String> choice = send("GET", page + "?state=a%22b", "none", "");
        HttpResponse<String> first = send("POST", page + "?organization=example-hub&state=a%26b", "none", "");
        HttpResponse<String> again = send("POST", page + "?organization=example-hub", "none", "");
        HttpResponse<String> nowhere = send("POST", page + "?organization=nowhere&state=s", "none", "");

        assertThat(choice.body()).contains("example-hub").doesNotContain("a\"b");
        assertThat(first.statusCode()).isEqualTo(302);
        assertThat(first.headers().firstValue("Location").orElseThrow())
                .matches("http://127.0.0.1:9/api/v1/connections/github/installed"
                        + "\\?installation_id=\\d+&setup_action=install&state=a%26b");
        assertThat(again.headers().firstValue("Location").orElseThrow())
                .contains("setup_action=update")
                .doesNotContain("state");
        assertThat(nowhere.statusCode()).isEqualTo(404);
    }

    @Test
    void resetAfterTheEffectKeepsTheEffect() throws Exception {
        control("POST", "faults", "{'match':{'provider':'github','path':'/generate$'},'then':{'resetAfter':true}}");

        assertThatThrownBy(() -> generate("docs-r")).isInstanceOf(IOException.class);

        assertThat(github("GET", "/github/repos/example-hub/docs-r", "").statusCode())
                .isEqualTo(200);
        String journal = control("GET", "journal", "").body();
        assertThat(journal).contains("\"answered\":false", "repository example-hub/docs-r created from a template");
    }

    @Test
    void resetBeforeTheEffectPreventsIt() throws Exception {
        control("POST", "faults", "{'match':{'path':'/generate$'},'then':{'resetBefore':true}}");

        assertThatThrownBy(() -> generate("docs-r")).isInstanceOf(IOException.class);

        assertThat(github("GET", "/github/repos/example-hub/docs-r", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void bodyIsCutAndAProxysPageShownOnDemand() throws Exception {
        control("POST", "faults", "{'match':{'path':'/user'},'then':{'cutBody':true}}");
        control("POST", "faults", "{'match':{'path':'/rate_limit'},'then':{'html502':true}}");

        assertThatThrownBy(() -> github("GET", "/github/user", "")).isInstanceOf(IOException.class);
        HttpResponse<String> page = send("GET", "/github/rate_limit", GITHUB, "");

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html");
    }

    @Test
    void controlNeedsItsToken() throws Exception {
        assertThat(send("GET", "/_sandbox/journal", "Bearer wrong", "").statusCode())
                .isEqualTo(401);
        assertThat(control("GET", "resources", "").statusCode()).isEqualTo(200);
    }

    @Test
    void settingsChangeOnlyWhereNamed() throws Exception {
        String changed =
                control("PUT", "settings", "{'vercelAppInstalled':false}").body();

        assertThat(changed).contains("\"vercelAppInstalled\":false", "\"timeScale\":0.02");
    }

    @Test
    void readyDeploymentIsServedUnderItsAddressAndSaysThatItIsASandbox() throws Exception {
        assertThat(generate("hub-docs").statusCode()).isEqualTo(201);
        await().until(() -> github("GET", "/github/repos/example-hub/hub-docs/contents/site.json", "")
                        .statusCode()
                == 200);
        String project = "{'name':'hub-docs','gitRepository':{'type':'github','repo':'example-hub/hub-docs'}}";
        vercel("POST", "/vercel/v11/projects" + TEAM, project);
        String deploy = "{'name':'hub-docs','target':'production','gitSource':{'type':'github','org':'example-hub',"
                + "'repo':'hub-docs','ref':'main'}}";
        await().until(() ->
                vercel("POST", "/vercel/v13/deployments" + TEAM, deploy).statusCode() == 200);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> page("/sites/hub-docs.vercel.app/").statusCode() == 200);

        HttpResponse<String> page = page("/sites/hub-docs.vercel.app/guides/offline-kit.html");
        assertThat(page.body()).contains("Offline kit", "provider sandbox – nothing here is real");
        assertThat(page.headers().firstValue("x-offshoot-sandbox")).contains("true");
        assertThat(page("/").body()).contains("nothing here is real", "/sites/hub-docs.vercel.app/");
        assertThat(page("/sites/nobody.vercel.app/").statusCode()).isEqualTo(404);
    }

    @Test
    void journalNamesWhatTheSandboxDoesNotKnow() throws Exception {
        HttpResponse<String> answer = send("GET", "/github/orgs/example-hub", GITHUB, "");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(control("GET", "journal", "").body()).contains("\"unknown\":true");
    }

    @Test
    void dnsIsWrittenAndForgotten() throws Exception {
        control("PUT", "dns/docs.example.org", "[{'type':'A','value':'76.76.21.21'}]");
        String config = vercel("GET", "/vercel/v6/domains/docs.example.org/config" + TEAM, "")
                .body();
        control("DELETE", "dns/docs.example.org", "");

        assertThat(config).contains("\"misconfigured\":false");
        assertThat(control("GET", "dns", "").body()).isEqualTo("{}");
    }

    @Test
    void publishedLimitsAreTurnedOnByOneCall() throws Exception {
        String usual = control("GET", "settings", "").body();
        String published = control("POST", "settings/published-limits", "").body();
        String changed =
                control("PUT", "settings", "{'githubContentPerMinute':7}").body();

        assertThat(usual).contains("\"githubContentPerMinute\":0", "\"githubWriteSpacingMillis\":0");
        assertThat(published).contains("\"githubContentPerMinute\":80", "\"githubContentPerHour\":500");
        assertThat(changed).contains("\"githubContentPerMinute\":7", "\"githubContentPerHour\":500");
        assertThat(control("PUT", "settings", "{'githubContentPerDay':7}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void journalTellsTheCredentialAndTheLimitOfACall() throws Exception {
        control("PUT", "settings", "{'githubRateLimit':1}");
        github("GET", "/github/user", "");
        github("GET", "/github/user", "");
        github("GET", "/github/user", "");

        String journal = control("GET", "journal", "").body();

        assertThat(journal)
                .containsPattern("\"credential\":\"token [0-9a-f]{12}\"")
                .containsPattern("\"limited\":\\{\"limit\":\"primary\",[^}]*\"again\":false}")
                .containsPattern("\"limited\":\\{\"limit\":\"primary\",[^}]*\"again\":true}")
                .doesNotContain("github-token-for-tests");
    }

    @Test
    void faultsComeByChanceUntilTheyAreForgotten() throws Exception {
        HttpResponse<String> unknown = control("PUT", "faults/random", "{'seed':7,'share':1,'kinds':['earthquake']}");
        control("PUT", "faults/random", "{'seed':7,'share':1,'kinds':['serverError']}");
        int spoilt = send("GET", "/github/user", GITHUB, "").statusCode();
        control("DELETE", "faults", "");

        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(spoilt).isEqualTo(500);
        assertThat(github("GET", "/github/user", "").statusCode()).isEqualTo(200);
    }

    @Test
    void misspeltFaultIsRefused() throws Exception {
        assertThat(control("POST", "faults", "{'then':{'limit':'tertiary'}}").statusCode())
                .isEqualTo(400);
        assertThat(control("POST", "faults", "{'then':{'delay':1}}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void callThatIsDelayedAfterItsEffectHasIt() throws Exception {
        control("POST", "faults", "{'match':{'path':'/generate$'},'then':{'delayAfterMs':60000}}");
        var request = HttpRequest.newBuilder(base.resolve(GENERATE))
                .header("Authorization", GITHUB)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(1))
                .POST(BodyPublishers.ofString("{\"owner\":\"example-hub\",\"name\":\"docs-d\"}"))
                .build();

        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(github("GET", "/github/repos/example-hub/docs-d", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void callThatIsDelayedBeforeItsEffectIsNotYetLookedAt() throws Exception {
        control("POST", "faults", "{'match':{'path':'/generate$'},'then':{'delayMs':60000}}");
        var request = HttpRequest.newBuilder(base.resolve(GENERATE))
                .header("Authorization", GITHUB)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(1))
                .POST(BodyPublishers.ofString("{\"owner\":\"example-hub\",\"name\":\"docs-d\"}"))
                .build();

        assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString())).isInstanceOf(IOException.class);

        assertThat(github("GET", "/github/repos/example-hub/docs-d", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void clientOfAuraGetsATokenForAForm() throws Exception {
        control("POST", "aura-clients", "{'clientId':'hub','clientSecret':'hush','tenantId':'t'}");
        var request = HttpRequest.newBuilder(base.resolve("/aura/oauth/token"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("hub:hush".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();

        HttpResponse<String> given = client.send(request, BodyHandlers.ofString());
        String token = World.json(given.body()).get("access_token").asText();
        int usable = checked("aura", "GET", "/aura/v1/instances", "Bearer " + token, "")
                .statusCode();
        control("DELETE", "aura-tokens", "");

        assertThat(given.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(usable).isEqualTo(200);
        assertThat(checked("aura", "GET", "/aura/v1/instances", "Bearer " + token, "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(control("GET", "journal", "").body()).doesNotContain(token, "hush");
    }

    @Test
    void personWritesToABotByTheControlApi() throws Exception {
        control("POST", "telegram-bots", "{'token':'77:abc-def','username':'kibera_bot'}");
        int written = control("POST", "telegram-bots/77/messages", "{'from':42,'name':'Amina','text':'Hello'}")
                .statusCode();
        int nobody = control("POST", "telegram-bots/78/messages", "{'from':42,'name':'Amina','text':'Hello'}")
                .statusCode();
        HttpResponse<String> info = checked("telegram", "GET", "/telegram/bot77:abc-def/getWebhookInfo", "none", "");

        assertThat(written).isEqualTo(204);
        assertThat(nobody).isEqualTo(400);
        assertThat(info.body()).contains("\"pending_update_count\":1");
        assertThat(info.headers().firstValue("x-offshoot-sandbox")).contains("true");
        assertThat(control("GET", "journal", "").body()).doesNotContain("abc-def");
        assertThat(control("GET", "deliveries", "").body()).contains("Hello").doesNotContain("abc-def");
    }

    @Test
    void secretOfABotsUpdatesIsNotShown() throws Exception {
        control("POST", "telegram-bots", "{'token':'77:abc-def','username':'kibera_bot'}");
        checked(
                "telegram",
                "POST",
                "/telegram/bot77:abc-def/setWebhook",
                "none",
                "{'url':'http://127.0.0.1:1/x','secret_token':'hush'}");
        control("POST", "telegram-bots/77/messages", "{'from':42,'name':'Amina','text':'Hello'}");

        assertThat(control("GET", "deliveries", "").body()).contains("Hello").doesNotContain("hush");
        assertThat(control("GET", "journal", "").body()).doesNotContain("hush");
    }

    @Test
    void firstPageSaysThatAllFourAreStandIns() throws Exception {
        assertThat(page("/").body())
                .contains("nothing here is real", "/github", "/vercel", "/telegram", "/aura", "sandbox");
    }

    @Test
    void addedAccountIsApartFromTheFirst() throws Exception {
        control(
                "POST",
                "accounts",
                "{'organization':'other-hub','githubToken':'other-github','teamId':'team_other','teamSlug':'other',"
                        + "'vercelToken':'other-vercel'}");

        HttpResponse<String> made =
                send("POST", GENERATE, "Bearer other-github", "{'owner':'other-hub','name':'docs-o'}");

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(github("DELETE", "/github/repos/other-hub/docs-o", "").statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> generate(String name) throws Exception {
        return github("POST", GENERATE, "{'owner':'example-hub','name':'" + name + "'}");
    }

    private HttpResponse<String> github(String method, String path, String body) throws Exception {
        return checked("github", method, path, GITHUB, body);
    }

    private HttpResponse<String> vercel(String method, String path, String body) throws Exception {
        return checked("vercel", method, path, VERCEL, body);
    }

    /** Sends, and holds what went over the wire against the provider's documents. */
    private HttpResponse<String> checked(String provider, String method, String path, String authorization, String body)
            throws Exception {
        HttpResponse<String> response = send(method, path, authorization, body);
        String bare = path.substring(provider.length() + 1).replaceAll("\\?.*", "");
        Documents.check(new Exchange(
                provider,
                method,
                bare,
                path.endsWith(TEAM) ? Map.of("teamId", "team_example") : Map.of(),
                Optional.of(body).filter(text -> !text.isEmpty()).map(World::json),
                response.statusCode(),
                Optional.of(response.body()).filter(text -> !text.isEmpty()).map(World::json)));
        return response;
    }

    private HttpResponse<String> control(String method, String path, String body) throws Exception {
        return send(method, "/_sandbox/" + path, "Bearer control-token-for-tests", body);
    }

    private HttpResponse<String> page(String path) throws Exception {
        return send("GET", path, "none", "");
    }

    private HttpResponse<String> send(String method, String path, String authorization, String body) throws Exception {
        var publisher = body.isEmpty()
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(World.json(body).toString());
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
