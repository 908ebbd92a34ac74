package io.offshoot.orchestrator.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.AttemptKey;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.proof.statement.Statement;
import io.offshoot.workflows.DocsSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceTest {

    private static final UUID ID = UUID.fromString("01939f1e-0000-7000-8000-000000000001");
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final String UPSTREAM_COMMIT = "ab".repeat(20);
    private static final String COMMIT = "cd".repeat(20);

    private final Deployment deployment = deployment();
    private final List<StepRow> steps = new ArrayList<>();
    private final List<AttemptRow> attempts = new ArrayList<>();
    private final List<ResourceView> resources = new ArrayList<>();

    ProvenanceTest() {
        DocsSite.WORKFLOW.steps().forEach(step -> {
            var row = StepRow.idle(new StepKey(ID, "docs", step.id()));
            row.state = StepState.SUCCEEDED;
            row.generation = 1;
            steps.add(row);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "SUCCEEDED SUCCEEDED, 1, SUCCEEDED",
        "SUCCEEDED FAILED SKIPPED, 1, FAILED",
        "FAILED CANCELLED, 1, FAILED",
        "CANCELLED SKIPPED, 1, CANCELLED",
        "SKIPPED SUCCEEDED, 1, FAILED",
        "SUCCEEDED IDLE, 1, UNFINISHED",
        "IDLE IDLE, 1, TORN_DOWN",
        "IDLE IDLE, 0, NOT_BEGUN"
    })
    void theOutcomeOfAnAppIsThatOfItsSteps(String states, int generation, Provenance.Outcome outcome) {
        var rows = Arrays.stream(states.split(" "))
                .map(state -> {
                    var row = StepRow.idle(new StepKey(ID, "docs", state));
                    row.state = StepState.valueOf(state);
                    row.generation = generation;
                    return row;
                })
                .toList();

        assertThat(Provenance.outcome(rows)).isEqualTo(outcome);
    }

    @Test
    void theSameFactsAreTheSameBytes() {
        assertThat(statement().toJson()).isEqualTo(statement().toJson());
    }

    @Test
    void noValueOfTheEnvironmentNoArgumentNoMessageAndNoPrivateOutputIsInIt() {
        step("repository").outputs =
                json("{\"fullName\": \"a/b\", \"code\": \"sentinel-1\", \"url\": {\"x\": \"sentinel-2\"}}");
        step("contents").args = json("{\"text\": \"sentinel-3\"}");
        step("contents").state = StepState.FAILED;
        step("contents").error = new Failure(FailureClass.REFUSED, "no", "sentinel-4");
        step("contents").checkpoint = json("{\"x\": \"sentinel-5\"}");
        attempt("contents", new Failure(FailureClass.REFUSED, "no", "sentinel-6"));

        var text = new String(statement().toJson());

        assertThat(text)
                .doesNotContain("sentinel")
                .contains("\"NOTICE\"", "\"APP_NAME\"", "\"a/b\"", "\"code\":\"no\"");
    }

    @Test
    void theRequestsDigestCanBeComputedFromWhatWasAskedFor() {
        var asked = json("""
                {"apps": [{"appId": "docs", "envVars": {"APP_NAME": "sentinel"}, "input":
                   {"repository": {"source": "FORK", "upstream": "up/docs-site"}}}],
                 "config": {"slug": "gathering"}, "connections": {"github": "main"}, "envVars": {"NOTICE": "sentinel"},
                 "workflow": "docs-site"}""");

        assertThat(predicate()
                        .at("/buildDefinition/externalParameters/request/sha256")
                        .asText())
                .isEqualTo(CanonicalJson.sha256(asked));
    }

    @Test
    void aForksUpstreamHasTheCommitThatItWasForkedAt() {
        step("contents").outputs = json("{\"headSha\": \"%s\"}".formatted(UPSTREAM_COMMIT));

        var dependency = predicate().at("/buildDefinition/resolvedDependencies/0");

        assertThat(dependency.path("uri").asText()).isEqualTo("git+https://github.com/up/docs-site");
        assertThat(dependency.at("/digest/gitCommit").asText()).isEqualTo(UPSTREAM_COMMIT);
    }

    @Test
    void whatIsOwnedIsASubjectOnceAndWhatIsNotIsOnlyListed() {
        resources.add(resource("repository", "7", "hub-a/docs", Verb.CREATED));
        resources.add(resource("commit", COMMIT, "hub-a/docs", Verb.CREATED));
        resources.add(resource("commit", COMMIT, "hub-a/docs", Verb.ADOPTED));
        resources.add(resource("repository", "8", "hub-a/other", Verb.OBSERVED));
        resources.add(resource("project", "prj_1", "docs", Verb.REMOVED));

        var statement = statement();

        assertThat(statement.subject())
                .extracting(Statement.Subject::name)
                .containsExactly("offshoot/deployment/" + ID, "github/repository/7", "github/commit/" + COMMIT);
        assertThat(statement.subject().get(1).digest()).containsEntry("gitCommit", COMMIT);
        assertThat(statement.predicate().at("/runDetails/offshoot_resources")).hasSize(5);
    }

    @Test
    void everyAttemptIsThereWithHowItEnded() {
        attempt("repository", new Failure(FailureClass.RETRYABLE, "busy", "Busy."));
        attempt("repository", null);

        var shown = predicate().at("/runDetails/offshoot_apps/0/steps/0/attempts");

        assertThat(shown).hasSize(2);
        assertThat(shown.at("/0/outcome").asText()).isEqualTo("FAILED");
        assertThat(shown.at("/0/failure").asText()).isEqualTo("busy");
        assertThat(shown.at("/1/outcome").asText()).isEqualTo("DONE");
        assertThat(predicate().at("/runDetails/metadata/startedOn").asText())
                .isEqualTo(NOW.minusSeconds(60).toString());
    }

    @Test
    void withoutASignedIntentItSaysThatThereWasNone() {
        assertThat(predicate().at("/runDetails").has("offshoot_intent")).isTrue();
        assertThat(predicate().at("/runDetails/offshoot_intent").isNull()).isTrue();
    }

    @Test
    void theHeadOfTheChainIsAByproduct() {
        var log = predicate().at("/runDetails/byproducts/0");

        assertThat(log.at("/digest/sha256").asText())
                .isEqualTo(EventChain.of(ID).headHex());
        assertThat(log.at("/annotations/rule").asText()).isEqualTo("offshoot.events.v1");
    }

    private JsonNode predicate() {
        return statement().predicate();
    }

    private Statement statement() {
        var app = new App();
        app.key = new AppKey(ID, "docs");
        app.input = json("{\"repository\": {\"source\": \"FORK\", \"upstream\": \"up/docs-site\"}}");
        app.env = Map.of("APP_NAME", "sentinel");
        return Provenance.statement(new Provenance.Facts(
                deployment,
                DocsSite.WORKFLOW,
                List.of(app),
                steps,
                attempts,
                resources,
                URI.create("https://example.org/platform"),
                null,
                NOW));
    }

    private static Deployment deployment() {
        var deployment = new Deployment();
        deployment.id = ID;
        deployment.hub = "hub-a";
        deployment.workflow = "docs-site";
        deployment.version = 1;
        deployment.digest = DocsSite.WORKFLOW.digest();
        deployment.config = json("{\"slug\": \"gathering\"}");
        deployment.connections = Map.of("github", "main");
        deployment.env = Map.of("NOTICE", "sentinel");
        deployment.createdAt = NOW.minusSeconds(120);
        return deployment;
    }

    private StepRow step(String id) {
        return steps.stream()
                .filter(step -> step.key.stepId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void attempt(String step, Failure failure) {
        var row = new AttemptRow();
        row.key = new AttemptKey(ID, "docs", step, attempts.size() + 1);
        row.generation = 1;
        row.mode = AttemptMode.EXECUTE;
        row.phase = Phase.ENDED;
        row.executor = "executor-1";
        row.createdAt = NOW.minusSeconds(60L - attempts.size());
        row.endedAt = NOW;
        row.outcome = failure == null ? StepResult.Outcome.DONE : StepResult.Outcome.FAILED;
        row.failure = failure;
        attempts.add(row);
    }

    private static ResourceView resource(String kind, String id, String name, Verb verb) {
        return new ResourceView(
                "docs",
                "repository",
                "github",
                kind,
                id,
                name,
                "hub-a",
                verb,
                verb == Verb.CREATED || verb == Verb.ADOPTED,
                "offshoot:key",
                null,
                NOW,
                NOW,
                List.of());
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) Messages.json().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
