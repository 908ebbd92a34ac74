package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site is made in the network's accounts, and moves to the hub's own. */
class HandoverIT {

    private static final String ORGANIZATION = "our-own-hub";
    private static final String TEAM = "team_own";
    private static final Account ACCOUNT = Account.of("own", "example", ORGANIZATION, TEAM);

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static Client client;
    private static Providers providers;

    private final String slug =
            "hand-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(Map.of("github-executor", gitHubSettings(), "vercel-executor", ACCOUNT.vercelSettings()));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        ACCOUNT.openAt(stack.sandbox());
        client = new Client(stack);
        providers = new Providers(stack.sandbox());
    }

    private static Map<String, String> gitHubSettings() {
        var settings = new HashMap<>(ACCOUNT.gitHubSettings());
        settings.put("offshoot.github.person-look-after", "500ms");
        return settings;
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void anAppMovesWithItsRepositoryItsProjectAndItsAddress() throws Exception {
        var made = deployed();
        var page = client.page(Client.site(made, "docs"));
        var over = client.create(handover(made)).id();
        var plan = client.survey(over, "plan", "{}");

        client.run(over);
        var waiting = awaitPerson(over);
        assertThat(Client.action(waiting, "docs", "repository-offer")
                        .instructions()
                        .what())
                .contains(ORGANIZATION)
                .contains("accepts it");
        acceptRepository();
        client.awaitStatus(over, PublicStatus.DONE);

        assertThat(plan.complete()).isTrue();
        assertThat(plan.findings())
                .noneMatch(found -> found.finding().kind() == Kind.BLOCKED)
                .noneMatch(found -> found.finding().toString().contains("unknown-"));
        assertThat(plan.costs())
                .extracting(SurveyView.Cost::provider, SurveyView.Cost::connection)
                .containsExactly(
                        tuple("github", "example"),
                        tuple("github", "own"),
                        tuple("vercel", "example"),
                        tuple("vercel", "own"));
        assertThat(providers.repositoriesOf(slug)).containsExactly(ORGANIZATION + "/" + slug + "-docs");
        assertThat(providers.projectsOf(slug)).singleElement().satisfies(project -> assertThat(project.toString())
                .contains(TEAM));
        assertThat(client.page(Client.site(made, "docs")))
                .contains("Everything you need to take part")
                .contains("The new doors open at ten.")
                .isNotEqualTo(page);
        assertThat(client.resources(over, true))
                .filteredOn(one -> List.of("repository", "project").contains(one.kind()))
                .extracting(ResourceView::kind, ResourceView::account, ResourceView::verb)
                .containsExactly(
                        tuple("repository", ORGANIZATION, Effect.Verb.ADOPTED),
                        tuple("project", TEAM, Effect.Verb.ADOPTED));

        assertThat(found(made.id(), "repository")).isEqualTo(Kind.MOVED);
        assertThat(found(made.id(), "project")).isEqualTo(Kind.MISSING);
        takeDown(made.id());
        assertThat(providers.repositoriesOf(slug)).containsExactly(ORGANIZATION + "/" + slug + "-docs");
        assertThat(providers.projectsOf(slug)).hasSize(1);
        assertThat(client.page(Client.site(made, "docs"))).contains("The new doors open at ten.");
        assertThat(client.resources(made.id(), true))
                .filteredOn(one -> one.kind().equals("repository"))
                .extracting(ResourceView::verb)
                .containsExactly(Effect.Verb.LEFT);
    }

    @Test
    void whileNobodyHasAcceptedACancelLeavesEverythingWhereItWasAndSaysWhatStaysOpen() throws Exception {
        var made = deployed();
        var over = client.create(handover(made)).id();
        client.run(over);
        awaitPerson(over);

        client.ask(over, "cancel", "{}", 202);
        var cancelled = Client.patience()
                .until(
                        () -> client.deployment(over),
                        view -> Client.action(view, "docs", "repository-offer").error() != null);

        assertThat(Client.action(cancelled, "docs", "repository-offer").error().message())
                .contains("lapses after a day");
        assertThat(providers.repositoriesOf(slug)).containsExactly("example-hub/" + slug + "-docs");
        assertThat(providers.effects("vercel", "POST", "transfer-request"))
                .noneMatch(call -> call.toString().contains(slug));
        assertThat(client.page(Client.site(made, "docs"))).contains("Everything you need to take part");
    }

    @Test
    void whatCannotMoveIsSaidBeforeAnythingIsOffered() throws Exception {
        var made = deployed();
        var body = handover(made);
        ((ObjectNode) body.at("/apps/0/input/repository")).put("name", "example-hub/" + slug + "-nonesuch");
        var over = client.create(body).id();

        client.run(over);
        var failed = Client.patience()
                .until(
                        () -> client.deployment(over),
                        view -> Client.action(view, "docs", "repository-check").error() != null);

        assertThat(Client.action(failed, "docs", "repository-check").error().message())
                .contains("may be private");
        assertThat(Client.action(failed, "docs", "repository-offer").attempt()).isZero();
        assertThat(client.resources(over, true)).isEmpty();
    }

    private DeploymentView deployed() throws Exception {
        var body = Client.example(slug);
        ((ArrayNode) body.get("apps")).remove(1);
        var id = client.create(body).id();
        client.run(id);
        return client.awaitStatus(id, PublicStatus.DONE);
    }

    /** What the ledger and the outputs of the first deployment show, and values that the network has not seen. */
    private ObjectNode handover(DeploymentView made) throws IOException, InterruptedException {
        var body = (ObjectNode) Messages.json().readTree(Files.readString(Path.of("../examples/handover.json")));
        ((ObjectNode) body.get("connections"))
                .put("github", "example")
                .put("vercel", "example")
                .put("github-receiver", "own")
                .put("vercel-receiver", "own");
        ((ObjectNode) body.get("envVars")).put("NOTICE", "The new doors open at ten.");
        var input = body.at("/apps/0/input");
        for (ResourceView one : client.resources(made.id(), true)) {
            if (List.of("repository", "project").contains(one.kind())) {
                ((ObjectNode) input.get(one.kind()))
                        .put("id", one.id())
                        .put("name", one.name())
                        .put("mark", one.mark());
            }
        }
        var commit = Client.outputs(made, "docs", "customise");
        ((ObjectNode) input.get("build"))
                .put("branch", commit.path("branch").asText())
                .put("commit", commit.path("sha").asText());
        ((ObjectNode) input.get("site"))
                .put("host", Client.outputs(made, "docs", "domain").path("host").asText())
                .put("text", "Everything you need to take part");
        return body;
    }

    private DeploymentView awaitPerson(UUID over) {
        return Client.patience()
                .until(
                        () -> client.deployment(over),
                        view -> Client.action(view, "docs", "repository-offer").instructions() != null);
    }

    /** What an owner of the organisation does from GitHub's email. */
    private void acceptRepository() throws IOException, InterruptedException {
        stack.sandbox()
                .post(
                        "/repositories/example-hub/%s-docs/accept".formatted(slug),
                        Messages.json().createObjectNode());
    }

    private Kind found(UUID id, String action) throws Exception {
        return client.survey(id, "observe", "{}").findings().stream()
                .filter(found -> found.actionId().equals(action))
                .findFirst()
                .orElseThrow()
                .finding()
                .kind();
    }

    private void takeDown(UUID id) throws Exception {
        var plan =
                client.survey(id, "plan", "{\"for\": \"teardown\", \"app\": \"docs\", \"repositories\": \"delete\"}");
        client.ask(
                id,
                "teardown",
                "{\"plan\": \"%s\", \"name\": \"docs\", \"repositories\": \"delete\"}".formatted(plan.hash()),
                202);
        Client.patience().until(() -> client.deployment(id), view -> Client.app(view, "docs") == PublicStatus.IDLE);
    }
}
