package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.key.SigningKey;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two hubs on one system: each deploys into its own organisation and team, with its own tokens, and sees its own. */
class TwoHubsIT {

    private static final String FIRST = "example";
    private static final String SECOND = "second";
    private static final String SECOND_ORGANIZATION = "second-hub";
    private static final String SECOND_TEAM = "team_second";
    private static final Account ACCOUNT = Account.of(SECOND, SECOND, SECOND_ORGANIZATION, SECOND_TEAM);
    private static final String SECOND_OWNER = "off_" + UUID.randomUUID();

    /** A hub that signs what it wants; its executors know by themselves with which key. */
    private static final String SIGNING = "signing";

    private static final Account SIGNERS = Account.of(SIGNING, SIGNING, "signing-hub", "team_signing");
    private static final String SIGNERS_TOKEN = "off_" + UUID.randomUUID();
    private static final SigningKey KEY = SigningKey.generate();
    private static final Map<String, String> PINNED =
            Map.of("offshoot.intents.pinned." + SIGNING, KEY.id(), "offshoot.intents.required." + SIGNING, "true");

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static DeploymentApi first;
    private static DeploymentApi second;
    private static Providers providers;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String slug =
            "hubs-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(Map.of(
                        "gateway-service",
                        Map.of(
                                "offshoot.limits.head-within",
                                "2s",
                                "offshoot.credentials.second.hub",
                                SECOND,
                                "offshoot.credentials.second.role",
                                "OWNER",
                                "offshoot.credentials.second.token-sha256",
                                sha256(SECOND_OWNER),
                                "offshoot.credentials.signing.hub",
                                SIGNING,
                                "offshoot.credentials.signing.role",
                                "OWNER",
                                "offshoot.credentials.signing.token-sha256",
                                sha256(SIGNERS_TOKEN)),
                        "github-executor",
                        together(ACCOUNT.gitHubSettings(), SIGNERS.gitHubSettings(), PINNED),
                        "vercel-executor",
                        hardlyLooking(together(ACCOUNT.vercelSettings(), SIGNERS.vercelSettings(), PINNED))));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        ACCOUNT.openAt(stack.sandbox());
        SIGNERS.openAt(stack.sandbox());
        first = new DeploymentApi(stack.gateway(), stack.token());
        second = new DeploymentApi(stack.gateway(), SECOND_OWNER);
        providers = new Providers(stack.sandbox());
    }

    /** Looks at a build again after ten minutes: nothing here would end in time but for what Vercel tells us. */
    private static Map<String, String> hardlyLooking(Map<String, String> settings) {
        var hardly = new HashMap<>(settings);
        hardly.put("offshoot.vercel.look-after", "PT10M");
        return hardly;
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void whatIsForOperatorsAndDevelopersIsNotOnThePortThatAServiceIsCalledOn() throws Exception {
        for (var service : List.of("gateway-service", "orchestrator-service", "github-executor", "vercel-executor")) {
            for (var path :
                    List.of("q/health", "q/health/ready", "q/metrics", "q/dev", "q/dev-ui", "q/arc", "q/swagger-ui")) {
                assertThat(status(stack.address(service).resolve(path)))
                        .as(service + " " + path)
                        .isIn(401, 404);
            }
            assertThat(status(stack.health(service).resolve("live"))).isEqualTo(200);
        }
        assertThat(status(stack.gateway().resolve("/q/openapi"))).isEqualTo(200);
    }

    @Test
    void aHeadThatDoesNotComeIsNotWaitedForHoweverManyBytesOfItDo() throws Exception {
        try (var socket = new Socket(stack.gateway().getHost(), stack.gateway().getPort())) {
            socket.setSoTimeout(250);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nX-A: ".getBytes(StandardCharsets.US_ASCII));
            var closed = false;
            for (int i = 0; i < 80 && !closed; i++) {
                try {
                    closed = socket.getInputStream().read() < 0;
                } catch (SocketTimeoutException e) {
                    socket.getOutputStream().write('a');
                } catch (SocketException e) {
                    closed = true;
                }
            }

            assertThat(closed).isTrue();
        }
    }

    private int status(URI address) throws Exception {
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void eachHubDeploysIntoItsOwnOrganisationAndTeam() throws Exception {
        var ofFirst = create(first, FIRST, FIRST).id();
        var ofSecond = create(second, SECOND, SECOND).id();

        run(first, ofFirst);
        run(second, ofSecond);

        await(first, ofFirst, PublicStatus.DONE);
        await(second, ofSecond, PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug))
                .containsExactly(
                        "example-hub/" + slug + "-docs",
                        "example-hub/" + slug + "-handbook",
                        SECOND_ORGANIZATION + "/" + slug + "-docs",
                        SECOND_ORGANIZATION + "/" + slug + "-handbook");
        assertThat(resources(stack.token(), ofFirst))
                .extracting(ResourceView::account)
                .containsOnly("example-hub", "team_example");
        assertThat(resources(SECOND_OWNER, ofSecond))
                .extracting(ResourceView::account)
                .containsOnly(SECOND_ORGANIZATION, SECOND_TEAM);
    }

    @Test
    void aBuildIsLookedAtSoonAfterVercelTellsThatItIsOver() throws Exception {
        var deployment = create(first, FIRST, FIRST).id();
        providers.fault("vercel", "POST", "/v13/deployments", "{\"buildSlow\": true}");
        run(first, deployment);

        await(first, deployment, PublicStatus.DONE);

        var done = Instant.now();
        var told = StreamSupport.stream(stack.sandbox().get("/deliveries").spliterator(), false)
                .filter(one -> one.path("event").asText().equals("deployment.succeeded"))
                .filter(one -> one.path("body").asText().contains(slug))
                .map(one -> Instant.parse(one.path("dueAt").asText()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        var took = Duration.between(told, done);
        System.getLogger("hooks")
                .log(System.Logger.Level.INFO, "Done {0} after Vercel told that the build was over", took);
        assertThat(took).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void theLedgerHasEveryThingThatWasMadeWithItsMarkAndForItsHubOnly() throws Exception {
        var deployment = create(second, SECOND, SECOND).id();
        run(second, deployment);
        await(second, deployment, PublicStatus.DONE);

        var resources = resources(SECOND_OWNER, deployment);

        assertThat(resources)
                .filteredOn(one -> one.appId().equals("docs"))
                .allMatch(one -> one.owned() && one.verb() == Effect.Verb.CREATED && one.settings() != null)
                .extracting(ResourceView::kind)
                .containsExactly("repository", "commit", "project", "environment", "deployment");
        assertThat(resources)
                .filteredOn(one ->
                        List.of("repository", "project", "deployment", "commit").contains(one.kind()))
                .allSatisfy(one ->
                        assertThat(one.mark()).contains(one.history().get(0).key()));
        assertThat(ledger(stack.token(), deployment).statusCode()).isEqualTo(404);
    }

    /** One is the other hub's, one is nobody's; a hub cannot tell which. */
    @ParameterizedTest
    @CsvSource({
        "example, second,  github",
        "nowhere, second,  github",
        "second,  example, vercel",
        "second,  nowhere, vercel",
    })
    void aDeploymentWithAConnectionThatIsNotTheHubsIsNotRegistered(String github, String vercel, String provider)
            throws Exception {
        var answer = post(SECOND_OWNER, body(github, vercel));

        var problem = Messages.json().readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(problem.path("code").asText()).isEqualTo("unknown-connection");
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/connections/" + provider);
        assertThat(stack.sandbox().journal().toString()).doesNotContain(slug);
    }

    @Test
    void aHubThatSignsDeploysAndAStolenApiKeyDoesNot() throws Exception {
        signersRequire("required");
        var body = body(SIGNING, SIGNING);

        var unsigned = post(SIGNERS_TOKEN, body);
        var forged = post(SIGNERS_TOKEN, signed(body, SigningKey.generate()));
        var signed = signed(body, KEY);
        var made = post(SIGNERS_TOKEN, signed);
        var replayed = post(SIGNERS_TOKEN, signed);

        assertThat(code(unsigned)).isEqualTo("intent-required");
        assertThat(code(forged)).isEqualTo("intent-not-signed");
        assertThat(stack.sandbox().journal().toString()).doesNotContain(slug);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(code(replayed)).isEqualTo("intent-replayed");
        var hub = new DeploymentApi(stack.gateway(), SIGNERS_TOKEN);
        var id = Messages.json().readValue(made.body(), DeploymentView.class).id();
        run(hub, id);
        await(hub, id, PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug))
                .containsExactly("signing-hub/" + slug + "-docs", "signing-hub/" + slug + "-handbook");
    }

    /** As a gateway would do it that is not honest: it says the hub requires nothing. */
    @Test
    void whatAHubDidNotSignIsNotDoneByExecutorsThatKnowItsKey() throws Exception {
        signersRequire("off");
        var hub = new DeploymentApi(stack.gateway(), SIGNERS_TOKEN);
        var id = create(hub, SIGNING, SIGNING).id();

        run(hub, id);

        var failed = await(hub, id, PublicStatus.ERROR);
        assertThat(failed.apps().get(0).actions().get(0).error().code()).isEqualTo("intent-missing");
        assertThat(stack.sandbox().journal().toString()).doesNotContain(slug);
    }

    private void signersRequire(String policy) throws IOException, InterruptedException {
        var hub = "api/v1/hubs/" + SIGNING;
        if (!operator("GET", hub + "/keys/" + KEY.id(), null).path("kid").isTextual()) {
            var jwk = Messages.json().valueToTree(KEY.verifying().toJwk());
            var asked = operator("POST", hub + "/keys/challenge", object().set("jwk", jwk));
            var text = asked.path("challenge").textValue().getBytes(StandardCharsets.UTF_8);
            var registered = operator(
                    "POST",
                    hub + "/keys",
                    object().put("name", "office")
                            .put("nonce", asked.path("nonce").textValue())
                            .put("signature", Base64.getEncoder().encodeToString(KEY.sign(text)))
                            .set("jwk", jwk));
            assertThat(registered.path("kid").textValue())
                    .as(registered.toString())
                    .isEqualTo(KEY.id());
        }
        var decided = operator("PUT", hub + "/policy", object().put("intents", policy));
        assertThat(decided.at("/policy/intents").textValue())
                .as(decided.toString())
                .isEqualTo(policy);
    }

    private JsonNode operator(String method, String path, JsonNode body) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(stack.gateway().resolve(path))
                        .header("Authorization", "Bearer " + stack.token())
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
        return Messages.json().readTree(answer.body());
    }

    private static ObjectNode object() {
        return Messages.json().createObjectNode();
    }

    private ObjectNode signed(ObjectNode body, SigningKey key) throws Exception {
        var workflow = Messages.json()
                .readTree(http.send(
                                HttpRequest.newBuilder(stack.gateway().resolve("api/v1/workflows/docs-site"))
                                        .header("Authorization", "Bearer " + SIGNERS_TOKEN)
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
        var now = Instant.now();
        var intent = Intent.of(
                CanonicalRequest.of(body),
                new Intent.Definition(
                        "docs-site",
                        workflow.path("version").intValue(),
                        workflow.path("digest").textValue()),
                UUID.randomUUID().toString().replace("-", ""),
                now,
                now.plus(Duration.ofHours(1)),
                "http://127.0.0.1:" + stack.gateway().getPort(),
                SIGNING);
        var sent = body.deepCopy();
        sent.set("intent", Messages.json().readTree(intent.signed(key).toJson()));
        return sent;
    }

    private HttpResponse<String> post(String token, ObjectNode body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(stack.gateway().resolve("api/v1/deployments"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String code(HttpResponse<String> answer) throws IOException {
        return Messages.json().readTree(answer.body()).path("code").asText();
    }

    @SafeVarargs
    private static Map<String, String> together(Map<String, String>... parts) {
        var all = new HashMap<String, String>();
        for (Map<String, String> part : parts) {
            all.putAll(part);
        }
        return all;
    }

    private DeploymentView create(DeploymentApi hub, String github, String vercel) throws Exception {
        var body = body(github, vercel);
        var key = UUID.randomUUID().toString();
        return Client.patience().until(() -> hub.create(body, key), Objects::nonNull);
    }

    private ObjectNode body(String github, String vercel) throws IOException {
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", github).put("vercel", vercel);
        return body;
    }

    private static void run(DeploymentApi hub, UUID deployment) {
        var key = UUID.randomUUID().toString();
        Client.patience().until(() -> hub.run(deployment, key), Objects::nonNull);
    }

    private static DeploymentView await(DeploymentApi hub, UUID deployment, PublicStatus status) {
        return Client.patience().until(() -> hub.deployment(deployment), view -> view.status() == status);
    }

    private List<ResourceView> resources(String token, UUID deployment) throws IOException, InterruptedException {
        return List.of(Messages.json().readValue(ledger(token, deployment).body(), ResourceView[].class));
    }

    private HttpResponse<String> ledger(String token, UUID deployment) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        stack.gateway().resolve("api/v1/deployments/%s/resources".formatted(deployment)))
                .header("Authorization", "Bearer " + token)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
