package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that enters its accounts itself, with two replicas of each executor. */
class EnteredConnectionsIT {

    private static final String HUB = "newcomer";
    private static final String ORGANIZATION = "newcomer-org";
    private static final String TEAM = "team_newcomer";
    private static final String OWNER = "off_" + UUID.randomUUID();
    private static final List<String> TOKENS = new ArrayList<>();

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static DeploymentApi owner;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String slug =
            "entered-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var app = rsa();
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.1)
                .withReplicas(Map.of("github-executor", 2, "vercel-executor", 2))
                .withSettings(Map.of(
                        "gateway-service",
                        Map.of(
                                "offshoot.credentials.newcomer.hub",
                                HUB,
                                "offshoot.credentials.newcomer.role",
                                "OWNER",
                                "offshoot.credentials.newcomer.token-sha256",
                                sha256(OWNER),
                                "offshoot.gateway.github-app.slug",
                                "offshoot-sandbox"),
                        "github-executor",
                        Map.of(
                                "offshoot.github.app.id",
                                "77",
                                "offshoot.github.app.private-key",
                                pem("PRIVATE KEY", app.getPrivate().getEncoded())
                                        .replace("\n", "\\n"),
                                "offshoot.github.person-look-after",
                                "1s")));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        stack.sandbox()
                .put(
                        "/github-app",
                        Messages.json()
                                .createObjectNode()
                                .put("id", 77)
                                .put(
                                        "publicKey",
                                        pem("PUBLIC KEY", app.getPublic().getEncoded()))
                                .put(
                                        "setupUrl",
                                        stack.gateway()
                                                .resolve("api/v1/connections/github/installed")
                                                .toString()));
        owner = new DeploymentApi(stack.gateway(), OWNER);
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aTokenIsEnteredRevokedInTheMiddleOfARunReplacedAndTheRunGoesOn() throws Exception {
        var account = opened();
        put("github", account.gitHubToken(), ORGANIZATION);
        put("vercel", account.vercelToken(), TEAM);
        assertThat(checked("github/" + HUB).path("state").asText()).isEqualTo("READY");
        assertThat(checked("vercel/" + HUB).path("state").asText()).isEqualTo("READY");
        var id = create(HUB);
        run(id);
        Client.patience()
                .until(
                        () -> owner.deployment(id),
                        view -> Client.action(view, "docs", "repository").status() == PublicStatus.DONE);

        // Another token for the same team at the sandbox: the one that was entered is refused from now on.
        var renewed = new Account(HUB, HUB, ORGANIZATION, TEAM, account.gitHubToken(), "vcs_" + UUID.randomUUID());
        TOKENS.add(renewed.vercelToken());
        renewed.openAt(stack.sandbox());
        var failed = Client.patience().until(() -> owner.deployment(id), view -> view.status() == PublicStatus.ERROR);
        assertThat(failed.apps().stream()
                        .flatMap(app -> app.actions().stream())
                        .filter(action -> action.error() != null))
                .isNotEmpty()
                .allMatch(action -> action.error().kind() == FailureClass.CREDENTIAL);
        Client.patience().until(() -> one("vercel/" + HUB), view -> view.path("code")
                .asText()
                .equals("bad-credential"));
        put("vercel", renewed.vercelToken(), TEAM);
        assertThat(checked("vercel/" + HUB).path("state").asText()).isEqualTo("READY");
        var key = UUID.randomUUID().toString();
        Client.patience().until(() -> owner.resume(id, key), Objects::nonNull);

        Client.patience().until(() -> owner.deployment(id), view -> view.status() == PublicStatus.DONE);
        assertThat(resources(id)).extracting(ResourceView::account).containsOnly(ORGANIZATION, TEAM);
        assertThat(one("vercel/" + HUB).path("version").asInt()).isEqualTo(2);
        assertThat(filesWithAToken()).isEmpty();
    }

    @Test
    void theAppIsInstalledWithALinkAndADeploymentUsesTheInstallation() throws Exception {
        var account = opened();
        put("vercel/spare", account.vercelToken(), TEAM);
        var link = link("app");

        var page = install(link, ORGANIZATION);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("You can close this page").contains(ORGANIZATION);
        assertThat(checked("github/app").path("state").asText()).isEqualTo("READY");
        assertThat(checked("vercel/spare").path("state").asText()).isEqualTo("READY");
        assertThat(install(link, ORGANIZATION).statusCode()).isEqualTo(404);
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", "app").put("vercel", "spare");
        var id = create(body);
        run(id);
        Client.patience().until(() -> owner.deployment(id), view -> view.status() == PublicStatus.DONE);
        assertThat(resources(id)).extracting(ResourceView::account).containsOnly(ORGANIZATION, TEAM);
    }

    @Test
    void anInstallationOfAnotherOrganisationIsRefusedAndNoDeploymentCanNameIt() throws Exception {
        opened();
        var other = Account.of("other", "other", "other-org", "team_other");
        other.openAt(stack.sandbox());
        var link = link("mistaken");

        var page = install(link, "other-org");

        assertThat(page.statusCode()).isEqualTo(200);
        var view = checked("github/mistaken");
        assertThat(view.path("state").asText()).isEqualTo("REFUSED");
        assertThat(view.path("code").asText()).isEqualTo("wrong-account");
        assertThat(view.toString()).doesNotContain("other-org");
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", "mistaken").put("vercel", "nowhere");
        var refused = call("POST", "api/v1/deployments", body);
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(stack.sandbox().journal().toString()).doesNotContain(slug);
    }

    @Test
    void aTokenOfAnotherAccountIsRefusedAndNothingIsMadeWithIt() throws Exception {
        opened();
        var other = Account.of("third", "third", "third-org", "team_third");
        other.openAt(stack.sandbox());
        TOKENS.add(other.vercelToken());

        put("vercel/wrong", other.vercelToken(), TEAM);

        assertThat(checked("vercel/wrong").path("code").asText()).isEqualTo("wrong-account");
    }

    /** The same account with tokens of its own each time: those before are refused from then on. */
    private static Account opened() throws Exception {
        var account = Account.of(HUB, HUB, ORGANIZATION, TEAM);
        TOKENS.add(account.gitHubToken());
        TOKENS.add(account.vercelToken());
        account.openAt(stack.sandbox());
        return account;
    }

    private void put(String path, String token, String account) throws Exception {
        var body = Messages.json().createObjectNode().put("token", token).put("account", account);
        var answer = Client.patience()
                .until(() -> call("PUT", "api/v1/connections/" + path, body), done -> done.statusCode() == 202);
        assertThat(answer.body()).doesNotContain(token);
    }

    private JsonNode one(String path) throws Exception {
        return Messages.json()
                .readTree(call("GET", "api/v1/connections/" + path, null).body());
    }

    private JsonNode checked(String path) {
        return Client.patience()
                .until(
                        () -> Messages.json()
                                .readTree(call("GET", "api/v1/connections/" + path + "?wait=20", null)
                                        .body()),
                        view -> view.hasNonNull("state")
                                && !view.path("state").asText().equals("CHECKING"));
    }

    /** The link leads to GitHub; here the sandbox stands for it. */
    private URI link(String name) throws Exception {
        var body = Messages.json().createObjectNode().put("organization", ORGANIZATION);
        var answer = Client.patience()
                .until(
                        () -> call("POST", "api/v1/connections/github/%s/installation".formatted(name), body),
                        done -> done.statusCode() == 201);
        var url = Messages.json().readTree(answer.body()).path("url").asText();
        return URI.create(
                url.replace("https://github.com", "http://127.0.0.1:%d/github".formatted(stack.sandboxPort())));
    }

    /** As the browser of an owner: chooses the organisation, and is sent on. */
    private HttpResponse<String> install(URI link, String organization) throws Exception {
        var sent = http.send(
                HttpRequest.newBuilder(URI.create(link + "&organization=" + organization))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        return http.send(
                HttpRequest.newBuilder(
                                URI.create(sent.headers().firstValue("Location").orElseThrow()))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
    }

    private UUID create(String connection) throws Exception {
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", connection).put("vercel", connection);
        return create(body);
    }

    private static UUID create(ObjectNode body) {
        var key = UUID.randomUUID().toString();
        return Client.patience()
                .until(() -> owner.create(body, key), Objects::nonNull)
                .id();
    }

    private static void run(UUID deployment) {
        var key = UUID.randomUUID().toString();
        Client.patience().until(() -> owner.run(deployment, key), Objects::nonNull);
    }

    private List<ResourceView> resources(UUID deployment) throws Exception {
        var answer = call("GET", "api/v1/deployments/%s/resources".formatted(deployment), null);
        return List.of(Messages.json().readValue(answer.body(), ResourceView[].class));
    }

    private HttpResponse<String> call(String method, String path, JsonNode body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path))
                .header("Authorization", "Bearer " + OWNER)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Of the databases, the topics, the logs, and whatever else the stack has written. */
    private static List<Path> filesWithAToken() throws IOException {
        try (var files = Files.walk(stack.data())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> TOKENS.stream().anyMatch(token -> contains(file, token)))
                    .toList();
        }
    }

    private static boolean contains(Path file, String token) {
        try {
            var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            var base64 = Base64.getEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
            return text.contains(token) || text.contains(base64.substring(0, base64.length() - 2));
        } catch (IOException goneSince) {
            return false;
        }
    }

    private static KeyPair rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
