package io.offshoot.orchestrator.receipt;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.proof.statement.Statement;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Workflow;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a receipt says: an in-toto statement whose predicate is
 * <a href="https://slsa.dev/spec/v1.0/provenance">SLSA provenance v1</a>. Pure. What every member means stands in
 * <code>docs/receipts.md</code>.
 *
 * <p>It is made to be handed on. So of environment variables it has the names, of outputs those of a list, of
 * failures their codes, and never an argument.
 */
final class Provenance {

    static final String PREDICATE = "https://slsa.dev/provenance/v1";
    static final String BUILD_TYPE = "https://offshoot.io/receipts/deployment/v1";

    /** Outputs that anybody may see who may see the site: names and addresses. Whatever else there is stays out. */
    private static final Set<String> PUBLIC_OUTPUTS =
            Set.of("alias", "branch", "defaultBranch", "deploymentId", "fullName", "headSha", "host", "sha", "url");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern FULL_NAME = Pattern.compile("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+");

    /**
     * What it is made from.
     *
     * @param apps in the order of the request
     * @param attempts those of one step in their order
     * @param resources the ledger
     * @param builder names the installation
     * @param intent the SHA-256 of the signed intent that it was created with; null if there was none
     */
    record Facts(
            Deployment deployment,
            Workflow workflow,
            List<App> apps,
            List<StepRow> steps,
            List<AttemptRow> attempts,
            List<ResourceView> resources,
            URI builder,
            String intent,
            Instant now) {}

    /** What became of an app, and of the whole. */
    enum Outcome {
        SUCCEEDED,
        FAILED,
        CANCELLED,
        TORN_DOWN,
        /** Some of it was done, and the rest was not asked for. */
        UNFINISHED,
        NOT_BEGUN
    }

    private final Facts facts;
    private final Map<StepKey, StepRow> steps;
    private final Map<StepKey, List<AttemptRow>> attempts;

    private Provenance(Facts facts) {
        this.facts = facts;
        steps = facts.steps().stream().collect(toMap(step -> step.key, step -> step));
        attempts = facts.attempts().stream().collect(groupingBy(attempt -> attempt.key.step()));
    }

    static Statement statement(Facts facts) {
        var provenance = new Provenance(facts);
        return Statement.of(provenance.subjects(), PREDICATE, provenance.predicate());
    }

    /** Names a thing at a provider: the SHA-256 of the canonical form of these three members. */
    static String digest(String provider, String kind, String id) {
        return CanonicalJson.sha256(JsonNodeFactory.instance
                .objectNode()
                .put("provider", provider)
                .put("kind", kind)
                .put("id", id));
    }

    private List<Statement.Subject> subjects() {
        var id = facts.deployment().id.toString();
        var found = new LinkedHashMap<String, Statement.Subject>();
        found.put(
                "offshoot/deployment/" + id,
                new Statement.Subject(
                        "offshoot/deployment/" + id, Map.of("sha256", digest("offshoot", "deployment", id))));
        var owned = facts.resources().stream().filter(ResourceView::owned).toList();
        for (ResourceView resource : owned) {
            var sha256 = digest(resource.provider(), resource.kind(), resource.id());
            var digests = new TreeMap<String, String>(Map.of("sha256", sha256));
            var commit = commit(resource, owned);
            if (commit != null) {
                digests.put("gitCommit", commit);
            }
            var name = "%s/%s/%s".formatted(resource.provider(), resource.kind(), resource.id());
            found.putIfAbsent(name, new Statement.Subject(name, digests));
        }
        return List.copyOf(found.values());
    }

    /** The commit that a thing is, or that we left a repository at; null if none is known. */
    private static String commit(ResourceView resource, List<ResourceView> owned) {
        if (resource.kind().equals("commit")) {
            return COMMIT.matcher(resource.id()).matches() ? resource.id() : null;
        }
        return !resource.kind().equals("repository")
                ? null
                : owned.stream()
                        .filter(other -> other.kind().equals("commit")
                                && other.provider().equals(resource.provider())
                                && resource.name() != null
                                && resource.name().equals(other.name())
                                && COMMIT.matcher(other.id()).matches())
                        .map(ResourceView::id)
                        .reduce(null, (before, after) -> after);
    }

    private ObjectNode predicate() {
        var predicate = JsonNodeFactory.instance.objectNode();
        var definition = predicate.putObject("buildDefinition");
        definition.put("buildType", BUILD_TYPE);
        externalParameters(definition.putObject("externalParameters"));
        definition.putObject("internalParameters").put("hub", facts.deployment().hub);
        dependencies(definition);
        var run = predicate.putObject("runDetails");
        run.putObject("builder").put("id", facts.builder().toString());
        run.putObject("metadata")
                .put("invocationId", facts.deployment().id.toString())
                .put("startedOn", startedOn().toString())
                .put("finishedOn", facts.now().toString());
        events(run);
        run.put("offshoot_outcome", word(together()));
        run.put("offshoot_intent", facts.intent());
        facts.apps().forEach(app -> app(app, run.withArray("offshoot_apps").addObject()));
        facts.resources()
                .forEach(resource ->
                        resource(resource, run.withArray("offshoot_resources").addObject()));
        return predicate;
    }

    private void externalParameters(ObjectNode parameters) {
        var deployment = facts.deployment();
        parameters
                .putObject("workflow")
                .put("id", deployment.workflow)
                .put("version", deployment.version)
                .put("sha256", deployment.digest);
        parameters.putObject("request").put("sha256", CanonicalJson.sha256(request()));
        var connections = parameters.putObject("connections");
        deployment.connections.forEach(connections::put);
        names(parameters, deployment.env);
        for (App app : facts.apps()) {
            names(parameters.withArray("apps").addObject().put("appId", app.key.appId()), app.env);
        }
    }

    private static void names(ObjectNode parameters, Map<String, String> env) {
        var names = parameters.putArray("environment");
        new TreeSet<>(env.keySet()).forEach(names::add);
    }

    /** What was asked for, as it is kept: every member is there, and nothing that is sealed. */
    private ObjectNode request() {
        var deployment = facts.deployment();
        var request = JsonNodeFactory.instance.objectNode().put("workflow", deployment.workflow);
        deployment.connections.forEach(request.putObject("connections")::put);
        request.set("config", deployment.config);
        deployment.env.forEach(request.putObject("envVars")::put);
        for (App app : facts.apps()) {
            var asked = request.withArray("apps").addObject().put("appId", app.key.appId());
            asked.set("input", app.input);
            app.env.forEach(asked.putObject("envVars")::put);
        }
        return request;
    }

    /** The upstream of each app that has one; with its commit where it was forked, for a copy does not tell. */
    private void dependencies(ObjectNode definition) {
        var found = new TreeMap<String, String>();
        for (App app : facts.apps()) {
            var repository = app.input.path("repository");
            var upstream = repository.path("upstream").asText();
            if (FULL_NAME.matcher(upstream).matches()) {
                var uri = "git+https://github.com/" + upstream;
                var commit = repository.path("source").asText().equals("FORK") ? output(app, "headSha") : null;
                if (commit != null || !found.containsKey(uri)) {
                    found.put(uri, commit);
                }
            }
        }
        var dependencies = definition.putArray("resolvedDependencies");
        found.forEach((uri, commit) -> {
            var dependency = dependencies.addObject().put("uri", uri);
            if (commit != null) {
                dependency.putObject("digest").put("gitCommit", commit);
            }
        });
    }

    private String output(App app, String name) {
        return steps.values().stream()
                .filter(step -> step.key.appId().equals(app.key.appId()) && step.outputs != null)
                .map(step -> step.outputs.path(name).asText())
                .filter(text -> COMMIT.matcher(text).matches())
                .findFirst()
                .orElse(null);
    }

    private Instant startedOn() {
        return facts.attempts().stream()
                .map(attempt -> attempt.createdAt)
                .min(Instant::compareTo)
                .orElse(facts.deployment().createdAt);
    }

    private void events(ObjectNode run) {
        var chain = facts.deployment().chain();
        var log = run.putArray("byproducts").addObject().put("name", "events");
        log.putObject("digest").put("sha256", chain.headHex());
        log.putObject("annotations").put("seq", chain.seq()).put("rule", EventChain.RULE);
    }

    private void app(App app, ObjectNode shown) {
        shown.put("appId", app.key.appId()).put("outcome", word(outcome(of(app))));
        for (Step<?, ?, ?, ?> step : facts.workflow().steps()) {
            var row = steps.get(new StepKey(facts.deployment().id, app.key.appId(), step.id()));
            step(step, row, shown.withArray("steps").addObject());
        }
    }

    private void step(Step<?, ?, ?, ?> step, StepRow row, ObjectNode shown) {
        shown.put("id", step.id()).put("action", step.action().name()).put("state", row.state.name());
        if (row.undoing != null) {
            shown.put("undoing", row.undoing.name());
        }
        if (row.error != null) {
            shown.putObject("error").put("kind", row.error.kind().name()).put("code", row.error.code());
        }
        if (row.outputs != null) {
            var outputs = shown.putObject("outputs");
            row.outputs.properties().stream()
                    .filter(output -> PUBLIC_OUTPUTS.contains(output.getKey()))
                    .filter(output -> output.getValue().isTextual())
                    .forEach(output -> outputs.set(output.getKey(), output.getValue()));
        }
        for (AttemptRow attempt : attempts.getOrDefault(row.key, List.of())) {
            attempt(attempt, shown.withArray("attempts").addObject());
        }
    }

    private static void attempt(AttemptRow attempt, ObjectNode shown) {
        shown.put("number", attempt.key.number())
                .put("generation", attempt.generation)
                .put("mode", attempt.mode.name());
        put(shown, "executor", attempt.executor);
        put(shown, "claimedOn", attempt.claimedAt);
        put(shown, "endedOn", attempt.endedAt);
        put(shown, "outcome", attempt.outcome);
        put(shown, "failure", attempt.failure == null ? null : attempt.failure.code());
    }

    private static void resource(ResourceView resource, ObjectNode shown) {
        shown.put("appId", resource.appId())
                .put("step", resource.actionId())
                .put("provider", resource.provider())
                .put("kind", resource.kind())
                .put("id", resource.id())
                .put("account", resource.account())
                .put("verb", resource.verb().name())
                .put("owned", resource.owned());
        put(shown, "name", resource.name());
    }

    private static void put(ObjectNode node, String name, Object value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    private List<StepRow> of(App app) {
        return facts.steps().stream()
                .filter(step -> step.key.appId().equals(app.key.appId()))
                .toList();
    }

    private Outcome together() {
        var apps = facts.apps().stream().map(app -> outcome(of(app))).distinct().toList();
        for (var worst : new Outcome[] {Outcome.FAILED, Outcome.CANCELLED, Outcome.UNFINISHED}) {
            if (apps.contains(worst)) {
                return worst;
            }
        }
        if (apps.size() == 1) {
            return apps.get(0);
        }
        return apps.contains(Outcome.NOT_BEGUN) ? Outcome.UNFINISHED : Outcome.SUCCEEDED;
    }

    static Outcome outcome(Collection<StepRow> steps) {
        var states = new ArrayList<StepState>();
        steps.forEach(step -> states.add(step.state));
        if (states.contains(StepState.FAILED)) {
            return Outcome.FAILED;
        }
        if (states.contains(StepState.CANCELLED)) {
            return Outcome.CANCELLED;
        }
        if (states.contains(StepState.SKIPPED)) {
            return Outcome.FAILED;
        }
        if (states.stream().allMatch(state -> state == StepState.SUCCEEDED)) {
            return Outcome.SUCCEEDED;
        }
        if (states.contains(StepState.SUCCEEDED)) {
            return Outcome.UNFINISHED;
        }
        return steps.stream().anyMatch(step -> step.generation > 0) ? Outcome.TORN_DOWN : Outcome.NOT_BEGUN;
    }

    /** As it is written: lower case, with hyphens. */
    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
