package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would happen, what is there, and how it is taken back: with the real services and the sandbox's accounts. */
class PlansIT {

    private static final String ORGANIZATION = "planning-hub";
    private static final String TEAM = "team_planning";
    private static final Account ACCOUNT = Account.of("planning", "example", ORGANIZATION, TEAM);

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static Client client;
    private static Providers providers;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String slug =
            "plan-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(Map.of(
                        "github-executor", ACCOUNT.gitHubSettings(), "vercel-executor", ACCOUNT.vercelSettings()));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        ACCOUNT.openAt(stack.sandbox());
        client = new Client(stack);
        providers = new Providers(stack.sandbox());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aRunDoesWhatItsPlanSaidAndThePlanChangedNothing() throws Exception {
        var id = create();

        var plan = client.survey(id, "plan", "{}");

        assertThat(plan.complete()).isTrue();
        assertThat(plan.findings())
                .hasSize(14)
                .allMatch(found ->
                        found.finding().kind() == Kind.CREATE || found.finding().kind() == Kind.LEAVE);
        assertThat(providers.repositoriesOf(slug)).isEmpty();
        client.ask(id, "run", "{\"plan\": \"%s\"}".formatted(plan.hash()), 202);
        client.awaitStatus(id, PublicStatus.DONE);
        assertThat(client.survey(id, "plan", "{}").findings())
                .allMatch(found -> found.finding().kind() == Kind.LEAVE);
        assertThat(client.ask(id, "run", "{\"plan\": \"%s\"}".formatted("0".repeat(64)), 202))
                .as("all is done, whatever the plan")
                .contains("requestId");
    }

    @Test
    void whatIsInTheWayStandsInThePlanWithWhoCanMendIt() throws Exception {
        var id = create();
        github(
                "POST",
                "/repos/offshoot-upstream/docs-site/generate",
                "{\"owner\": \"%s\", \"name\": \"%s-docs\"}".formatted(ORGANIZATION, slug));

        var plan = client.survey(id, "plan", "{}");

        assertThat(finding(plan, "docs", "repository"))
                .extracting(Finding::kind, Finding::code, Finding::fixedBy)
                .containsExactly(Kind.BLOCKED, "exists-and-is-not-ours", Finding.FixedBy.HUB);
        assertThat(finding(plan, "handbook", "repository").kind()).isEqualTo(Kind.CREATE);
    }

    @Test
    void aPlanOfFortyFiveAppsTakesSeconds() throws Exception {
        var body = example();
        var apps = body.withArray("apps");
        var app = apps.get(0).deepCopy();
        apps.removeAll();
        for (int i = 1; i <= 45; i++) {
            apps.add(((ObjectNode) app.deepCopy()).put("appId", "app-" + i));
        }
        var id = client.create(body).id();
        var began = System.nanoTime();

        var plan = client.survey(id, "plan", "{}");

        System.out.printf(
                "A plan of 45 apps and %d steps: %.1f s until it was read; %d reads and %d writes ahead%n",
                plan.findings().size(),
                (System.nanoTime() - began) / 1e9,
                plan.findings().stream()
                        .mapToInt(found -> found.finding().reads())
                        .sum(),
                plan.findings().stream()
                        .mapToInt(found -> found.finding().writes())
                        .sum());
        assertThat(plan.complete()).isTrue();
        assertThat(plan.findings()).hasSize(45 * 7);
    }

    @Test
    void anObservationFindsWhatSomebodyChangedOrTookAwayAndRepairsNothing() throws Exception {
        var id = deployed();
        assertThat(client.survey(id, "observe", "{}").findings())
                .allMatch(found -> found.finding().kind() == Kind.SAME);
        github("PATCH", "/repos/" + ORGANIZATION + "/" + slug + "-docs", "{\"description\": \"Mine now\"}");
        vercel("DELETE", "/v9/projects/" + slug + "-handbook");

        var found = client.survey(id, "observe", "{}").findings();

        assertThat(found)
                .filteredOn(one -> one.appId().equals("docs") && one.actionId().equals("repository"))
                .extracting(one -> one.finding().kind())
                .containsExactly(Kind.CHANGED);
        assertThat(found)
                .filteredOn(
                        one -> one.appId().equals("handbook") && one.actionId().equals("project"))
                .extracting(one -> one.finding().kind())
                .containsExactly(Kind.MISSING);
        assertThat(providers.projectsOf(slug)).hasSize(1);
    }

    @Test
    void aTeardownLeavesNothingOfItsAppAndAllOfTheOther() throws Exception {
        var id = deployed();

        takeDown(id, "docs", "delete");

        assertThat(providers.repositoriesOf(slug)).containsExactly(ORGANIZATION + "/" + slug + "-handbook");
        assertThat(providers.projectsOf(slug)).hasSize(1);
        assertThat(client.resources(id, false)).isNotEmpty().allMatch(one -> one.appId()
                .equals("handbook"));
    }

    @Test
    void anArchivedRepositoryIsTakenUpAgainByTheNextRun() throws Exception {
        var id = deployed();
        takeDown(id, "docs", "archive");
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
        assertThat(providers.projectsOf(slug)).hasSize(1);

        client.run(id);

        var done = client.awaitStatus(id, PublicStatus.DONE);
        assertThat(client.page(Client.site(done, "docs"))).contains("Everything you need to take part");
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
    }

    @Test
    void whatIsNotOursAnyMoreIsNamedByThePlanAndNotTouched() throws Exception {
        var id = deployed();
        github("PATCH", "/repos/" + ORGANIZATION + "/" + slug + "-docs", "{\"description\": \"Mine now\"}");

        var plan =
                client.survey(id, "plan", "{\"for\": \"teardown\", \"app\": \"docs\", \"repositories\": \"delete\"}");
        takeDown(id, "docs", "delete");

        assertThat(plan.findings())
                .filteredOn(found -> found.actionId().equals("repository"))
                .extracting(found -> found.finding().kind(), found -> found.finding()
                        .name())
                .containsExactly(tuple(Kind.LEAVE, ORGANIZATION + "/" + slug + "-docs"));
        assertThat(providers.repositoriesOf(slug)).contains(ORGANIZATION + "/" + slug + "-docs");
        assertThat(providers.effects("github", "DELETE", slug)).isEmpty();
    }

    @Test
    void aTeardownUnderAnotherNameOrOfAnOlderPlanIsRefusedAndNothingIsCalled() throws Exception {
        var id = deployed();
        var plan = client.survey(id, "plan", "{\"for\": \"teardown\", \"app\": \"docs\"}");

        assertThat(client.ask(id, "teardown", teardown(plan.hash(), "dosc", "archive"), 422))
                .contains("name-mismatch");
        assertThat(client.ask(id, "teardown", teardown("0".repeat(64), "docs", "archive"), 409))
                .contains("stale-plan");
        assertThat(client.ask(id, "teardown", teardown(plan.hash(), "docs", "delete"), 409))
                .contains("stale-plan");
        assertThat(providers.projectsOf(slug)).hasSize(2);
    }

    private void takeDown(UUID id, String app, String repositories) throws Exception {
        var plan = client.survey(
                id,
                "plan",
                "{\"for\": \"teardown\", \"app\": \"%s\", \"repositories\": \"%s\"}".formatted(app, repositories));
        assertThat(plan.complete()).isTrue();
        client.ask(id, "teardown", teardown(plan.hash(), app, repositories), 202);
        Client.patience().until(() -> client.deployment(id), view -> Client.app(view, app) == PublicStatus.IDLE);
    }

    private static String teardown(String plan, String name, String repositories) {
        return "{\"plan\": \"%s\", \"name\": \"%s\", \"repositories\": \"%s\"}".formatted(plan, name, repositories);
    }

    private UUID deployed() throws Exception {
        var id = create();
        client.run(id);
        client.awaitStatus(id, PublicStatus.DONE);
        return id;
    }

    private UUID create() throws IOException {
        return client.create(example()).id();
    }

    private ObjectNode example() throws IOException {
        var body = Client.example(slug);
        ((ObjectNode) body.get("connections")).put("github", "planning").put("vercel", "planning");
        return body;
    }

    private static Finding finding(SurveyView survey, String app, String action) {
        return survey.findings().stream()
                .filter(found -> found.appId().equals(app) && found.actionId().equals(action))
                .findFirst()
                .orElseThrow()
                .finding();
    }

    /** What a person of the hub does at GitHub. */
    private void github(String method, String path, String body) throws IOException, InterruptedException {
        provider("github" + path, ACCOUNT.gitHubToken(), method, body);
    }

    private void vercel(String method, String path) throws IOException, InterruptedException {
        provider("vercel" + path + "?teamId=" + TEAM, ACCOUNT.vercelToken(), method, null);
    }

    private void provider(String path, String token, String method, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/%s".formatted(stack.sandboxPort(), path)))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .header("User-Agent", "a-person")
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
    }
}
