package io.offshoot.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.contracts.query.WaitingStep;
import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.contracts.secret.PublicKeyset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * An orchestrator that does as the test says: one deployment of the hub <code>north</code>, with one app of two
 * actions, the second needing the first.
 */
public final class FakeOrchestrator implements AutoCloseable {

    public static final String ID = "01939f1e-0000-7000-8000-000000000001";
    public static final UUID DEPLOYMENT = UUID.fromString(ID);
    public static final UUID LETTER = UUID.fromString("01939f1e-0000-7000-8000-000000000009");
    public static final String TOKEN = "internal";
    private static final String HUB = "/internal/hubs/north";
    private static final Pattern ACTION =
            Pattern.compile(HUB + "/deployments/([^/]+)/apps/docs/actions/([^/]+)(/attempts)?");
    private static final Pattern REQUEST = Pattern.compile(HUB + "/deployments/([^/]+)/requests/([^/]+)");
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<DeploymentView.Needs> NEEDS = List.of(
            new DeploymentView.Needs("repository", List.of()),
            new DeploymentView.Needs("project", List.of("repository")));

    /** One call as it arrived. */
    public record Call(String method, String path, String query, Map<String, List<String>> headers, JsonNode body) {

        public String header(String name) {
            var values = headers.get(
                    name.substring(0, 1).toUpperCase() + name.substring(1).toLowerCase());
            return values == null ? null : values.get(0);
        }
    }

    public static final UUID SURVEY = UUID.fromString("019aa600-0000-7000-8000-00000000000e");
    public static final String PLAN = "5e".repeat(32);

    private final HttpServer server;
    private final Map<String, ActionView> actions = new ConcurrentHashMap<>();
    private final Map<UUID, RequestView> words = new ConcurrentHashMap<>();
    private final List<JsonNode> log = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile List<PublicKeyset> keysets = List.of();
    private volatile List<String> secretsFor = List.of();
    private volatile Problem refusal;
    private volatile boolean away;
    private volatile List<WaitingStep> waiting = List.of();
    private volatile boolean looked;
    private volatile ReceiptView receipt;
    private volatile JsonNode keys;
    private volatile Verdict.State standing;
    private volatile Map<String, String> made;
    private volatile boolean isTheOperators;
    private volatile boolean isTaken;
    private volatile UnaryOperator<RequestView> deciding;

    public FakeOrchestrator() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
        reset();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** As it was at first. */
    public void reset() {
        refusal = null;
        keysets = List.of();
        secretsFor = List.of();
        away = false;
        looked = false;
        waiting = List.of();
        receipt = null;
        standing = Verdict.State.CHECKING;
        made = Map.of();
        isTheOperators = false;
        isTaken = false;
        deciding = word -> word;
        words.clear();
        log.clear();
        calls.clear();
        stands("repository", StepState.IDLE);
        stands("project", StepState.IDLE);
    }

    public List<Call> calls() {
        return calls;
    }

    /** The workflow's steps at these providers are given secrets. */
    public void givesSecretsTo(String... providers) {
        secretsFor = List.of(providers);
    }

    /** These executors have announced with what secrets are sealed for them. */
    public void announces(PublicKeyset... published) {
        keysets = List.of(published);
    }

    /** Whomever a hint is about, it is these. */
    public void waits(WaitingStep... steps) {
        waiting = List.of(steps);
    }

    /** From now on calls are cut off without an answer. */
    public void goesAway() {
        away = true;
    }

    public void returns() {
        away = false;
    }

    /** What is checked or created from now on is refused. */
    public void refuses(ProblemType type, Problem.Invalid... errors) {
        refusal = Problem.of(type, "As the test wants it.", List.of(errors));
    }

    /** Every request has this outcome when it is first asked for. */
    public void decides(RequestView.Outcome outcome, String code) {
        deciding = word -> new RequestView(word.id(), outcome, code, code == null ? null : "As the test wants it.");
    }

    public void stands(String action, StepState state) {
        stands(action, state, null);
    }

    public void stands(String action, StepState state, Failure error) {
        actions.put(
                action,
                new ActionView(
                        "docs",
                        action,
                        state.status(),
                        state.name(),
                        1,
                        state == StepState.IDLE ? 0 : 1,
                        log.size(),
                        LONG_AGO,
                        null,
                        state == StepState.SUCCEEDED
                                ? Messages.json().createObjectNode().put("id", 7)
                                : null,
                        error,
                        null,
                        null));
    }

    /** Appends an event to the log and returns it, as it would go to the topic. */
    public CloudEvent<DeploymentEvent> logs(String action, StepState state) {
        var event = event("north", DEPLOYMENT, action, log.size() + 1, state);
        log.add(Messages.json().valueToTree(event));
        return event;
    }

    public static CloudEvent<DeploymentEvent> event(
            String hub, UUID deployment, String action, long seq, StepState state) {
        var data = new DeploymentEvent(
                deployment,
                "docs-site",
                "docs",
                action,
                seq,
                state,
                state.status(),
                1,
                null,
                1,
                LONG_AGO,
                null,
                null,
                null,
                null,
                null);
        return new CloudEvent<>(
                "1.0",
                Messages.newId(),
                "/orchestrator",
                "io.offshoot.deployment-event.v1",
                deployment + "/docs/" + action,
                LONG_AGO,
                "application/json",
                hub,
                Messages.newId(),
                null,
                null,
                Long.toString(seq),
                data);
    }

    private static ProviderView provider(String hub) {
        var lane = new ProviderView.Lane(
                3,
                1,
                1,
                LONG_AGO,
                List.of(new ProviderView.Window(3600, 500, 12)),
                List.of(new ProviderView.Allowance("core", 5000L, 4988, LONG_AGO)));
        return new ProviderView(
                "github", true, LONG_AGO, List.of(new ProviderView.Connection(hub, hub, hub + "-org", LONG_AGO, lane)));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var bytes = exchange.getRequestBody().readAllBytes();
        var query = query(exchange);
        calls.add(new Call(
                exchange.getRequestMethod(),
                path,
                exchange.getRequestURI().getQuery(),
                Map.copyOf(exchange.getRequestHeaders()),
                bytes.length == 0 ? null : Messages.json().readTree(bytes)));
        if (away) {
            exchange.close();
            return;
        }
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, Map.of());
            return;
        }
        var here = HUB + "/deployments/" + DEPLOYMENT;
        var action = ACTION.matcher(path);
        var request = REQUEST.matcher(path);
        if (path.equals("/internal/hints")) {
            send(exchange, 200, waiting);
        } else if (path.equals("/internal/dead-letters")) {
            send(
                    exchange,
                    200,
                    new DeadLetterView.Page(
                            List.of(letter(false, null)), query.containsKey("cursor") ? null : LETTER.toString()));
        } else if (path.equals("/internal/dead-letters/" + LETTER)) {
            send(exchange, 200, letter(true, null));
        } else if (path.equals("/internal/dead-letters/" + LETTER + "/replay")) {
            if (refusal == null) {
                var by = Messages.json().readTree(bytes).path("by").asText();
                send(exchange, 200, letter(true, by));
            } else {
                send(exchange, refusal.status(), refusal);
            }
        } else if (path.startsWith("/internal/dead-letters/")) {
            refuse(exchange, ProblemType.UNKNOWN_DEAD_LETTER);
        } else if (path.equals("/internal/providers")) {
            send(exchange, 200, List.of(provider("north"), provider("south")));
        } else if (path.startsWith("/internal/hubs/") && path.endsWith("/providers")) {
            send(exchange, 200, List.of(provider(path.split("/")[3])));
        } else if (path.equals("/internal/keysets")) {
            send(exchange, 200, keysets);
        } else if (path.equals("/internal/installations")) {
            if (refusal == null) {
                send(
                        exchange,
                        200,
                        new InstallationLink.Outcome("north", "north-owner", isTaken ? null : connection()));
            } else {
                send(exchange, refusal.status(), refusal);
            }
        } else if (path.startsWith(HUB + "/connections")) {
            connections(exchange, path);
        } else if (path.startsWith("/internal/hubs/") && path.contains("/connections")) {
            if (path.endsWith("/connections")) {
                send(exchange, 200, List.of());
            } else {
                refuse(exchange, ProblemType.UNKNOWN_CONNECTION);
            }
        } else if (path.equals("/internal/workflows")) {
            send(exchange, 200, List.of(workflow()));
        } else if (path.equals("/internal/workflows/docs-site")) {
            send(exchange, 200, workflow());
        } else if (path.startsWith("/internal/workflows/")) {
            refuse(exchange, ProblemType.UNKNOWN_WORKFLOW);
        } else if (path.equals(HUB + "/deployments")
                && exchange.getRequestMethod().equals("POST")) {
            create(exchange, query);
        } else if (path.equals(HUB + "/deployments")) {
            send(
                    exchange,
                    200,
                    new DeploymentView.Page(
                            List.of(new DeploymentView.Summary(
                                    DEPLOYMENT, "docs-site", PublicStatus.IDLE, LONG_AGO, List.of("docs"))),
                            query.containsKey("cursor") ? null : "a+b"));
        } else if (path.equals(here)) {
            send(exchange, 200, deployment(DEPLOYMENT));
        } else if (path.equals(here + "/check")) {
            if (refusal == null) {
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            } else {
                send(exchange, refusal.status(), refusal);
            }
        } else if (path.equals(here + "/resources")) {
            send(exchange, 200, resources(query.getOrDefault("all", "false").equals("true")));
        } else if (path.equals(here + "/intent")) {
            var envelope = Messages.json().createObjectNode().put("payloadType", "application/vnd.in-toto+json");
            send(exchange, 200, new IntentView("1d".repeat(32), "{}", envelope, List.of()));
        } else if (path.equals(here + "/surveys")) {
            if (refusal == null) {
                send(exchange, 200, survey(Messages.json().readValue(bytes, AskSurvey.class)));
            } else {
                send(exchange, refusal.status(), refusal);
            }
        } else if (path.equals(here + "/surveys/" + SURVEY)) {
            send(exchange, 200, survey(new AskSurvey(SurveyView.Kind.PLAN, null, null, "north-owner")));
        } else if (path.startsWith(here + "/surveys/")) {
            refuse(exchange, ProblemType.UNKNOWN_PLAN);
        } else if (path.equals("/internal/receipts/keys")) {
            send(exchange, 200, keys);
        } else if (path.equals(here + "/receipt") && receipt != null) {
            send(exchange, 200, receipt);
        } else if (path.equals(here + "/receipt")) {
            refuse(exchange, ProblemType.NO_RECEIPT_YET);
        } else if (receipt != null && path.equals(here + "/receipt/" + receipt.seq() + "/signatures")) {
            signed(Messages.json().readValue(bytes, CounterSignature.class));
            send(exchange, 200, receipt);
        } else if (path.equals(here + "/events")) {
            var after = Long.parseLong(query.get("after"));
            page(exchange, Math.toIntExact(after));
        } else if (path.equals(HUB + "/events")) {
            var after = query.getOrDefault("after", "");
            page(exchange, after.isEmpty() ? log.size() : Integer.parseInt(after.substring(1)));
        } else if (request.matches() && request.group(1).equals(DEPLOYMENT.toString())) {
            send(exchange, 200, word(UUID.fromString(request.group(2))));
        } else if (action.matches() && action.group(1).equals(DEPLOYMENT.toString())) {
            var view = actions.get(action.group(2));
            if (view == null) {
                refuse(exchange, ProblemType.UNKNOWN_ACTION);
            } else if (action.group(3) != null) {
                send(exchange, 200, List.of(attempt()));
            } else {
                send(exchange, 200, query.containsKey("request") ? after(view, query.get("request")) : view);
            }
        } else {
            refuse(exchange, ProblemType.UNKNOWN_DEPLOYMENT);
        }
    }

    /** The connection stands like that, and the next version is 4. */
    public void connectionStands(Verdict.State state) {
        standing = state;
    }

    /** A request with that key has made version 3. */
    public void hasEntered(String key, String digest) {
        made = Map.of(key, digest);
    }

    /** The connection is the operator's. */
    public void connectionIsTheOperators() {
        isTheOperators = true;
    }

    /** Installations belong to another hub. */
    public void installationsAreTaken() {
        isTaken = true;
    }

    private ConnectionView connection() {
        return new ConnectionView(
                "github",
                "main",
                "north-org",
                isTheOperators ? ConnectionView.Owner.OPERATOR : ConnectionView.Owner.HUB,
                ConnectionView.Kind.TOKEN,
                3L,
                null,
                standing,
                standing == Verdict.State.REFUSED ? "bad-credential" : null,
                standing == Verdict.State.REFUSED ? "GitHub does not accept the token." : null,
                LONG_AGO,
                LONG_AGO,
                "north-owner");
    }

    private void connections(HttpExchange exchange, String path) throws IOException {
        var method = exchange.getRequestMethod();
        if (refusal != null) {
            send(exchange, refusal.status(), refusal);
        } else if (path.equals(HUB + "/connections")) {
            send(exchange, 200, List.of(connection()));
        } else if (path.endsWith("/next")) {
            var key = query(exchange).get("key");
            var digest = key == null ? null : made.get(key);
            send(exchange, 200, new EnterConnection.Next(4, digest == null ? null : 3L, digest));
        } else if (method.equals("DELETE") || method.equals("POST")) {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        } else {
            send(exchange, 200, connection());
        }
    }

    private static DeadLetterView letter(boolean withValue, String replayedBy) {
        var value = "{not json".getBytes(StandardCharsets.UTF_8);
        return new DeadLetterView(
                LETTER,
                "deployment.triggers",
                2,
                41,
                ID,
                "unreadable",
                "Not JSON",
                "/orchestrator",
                value.length,
                withValue ? value : null,
                LONG_AGO,
                LONG_AGO,
                1,
                true,
                replayedBy == null ? 0 : 1,
                replayedBy == null ? null : LONG_AGO,
                replayedBy);
    }

    /** From now on the deployment has this receipt, and the platform these keys. */
    public void hasReceipt(ReceiptView made, JsonNode published) {
        receipt = made;
        keys = published;
    }

    private void signed(CounterSignature more) {
        var signatures = new ArrayList<>(receipt.signatures());
        signatures.add(new ReceiptView.Signature(more.keyid(), more.sig()));
        receipt = new ReceiptView(
                receipt.deploymentId(),
                receipt.seq(),
                receipt.previous(),
                receipt.madeAt(),
                receipt.payload(),
                receipt.payloadType(),
                signatures);
    }

    /** From now on all surveys are done. */
    public void hasLooked() {
        looked = true;
    }

    private SurveyView survey(AskSurvey asked) {
        var finding = Finding.of(Finding.Kind.CREATE, "repository", null, "north/docs", "It would be made.");
        return new SurveyView(
                SURVEY,
                DEPLOYMENT,
                asked.kind(),
                asked.appId(),
                asked.removal(),
                looked,
                looked ? true : null,
                looked ? PLAN : null,
                asked.by(),
                LONG_AGO,
                looked ? LONG_AGO : null,
                List.of(new SurveyView.Found("docs", "repository", null, finding)),
                List.of());
    }

    private static List<ResourceView> resources(boolean all) {
        return all
                ? List.of(resource("7", Effect.Verb.CREATED), resource("8", Effect.Verb.OBSERVED))
                : List.of(resource("7", Effect.Verb.CREATED));
    }

    private static ResourceView resource(String id, Effect.Verb verb) {
        return new ResourceView(
                "docs",
                "repository",
                "github",
                "repository",
                id,
                "north/docs",
                "north",
                verb,
                verb == Effect.Verb.CREATED,
                "offshoot:key",
                null,
                LONG_AGO,
                LONG_AGO,
                List.of(new ResourceView.Report(1, verb, "key", "north", "offshoot:key", null, null, LONG_AGO)));
    }

    private static AttemptView attempt() {
        return new AttemptView(
                1,
                1,
                AttemptMode.EXECUTE,
                "github-executor-1",
                LONG_AGO,
                LONG_AGO,
                LONG_AGO,
                StepResult.Outcome.FAILED,
                new Failure(FailureClass.RETRYABLE, "no", "No."));
    }

    private void create(HttpExchange exchange, Map<String, String> query) throws IOException {
        if (refusal != null) {
            send(exchange, refusal.status(), refusal);
            return;
        }
        if ("true".equals(query.get("dryRun"))) {
            send(exchange, 200, deployment(null));
            return;
        }
        send(exchange, 201, deployment(DEPLOYMENT));
    }

    private void page(HttpExchange exchange, int after) throws IOException {
        var all = List.copyOf(log);
        var events = all.subList(Math.min(after, all.size()), all.size());
        send(exchange, 200, new EventPage(events, "c" + all.size()));
    }

    private RequestView word(UUID id) {
        return words.compute(
                id,
                (key, known) -> known != null && known.outcome() != RequestView.Outcome.ACCEPTED
                        ? known
                        : deciding.apply(new RequestView(id, RequestView.Outcome.ACCEPTED, null, null)));
    }

    private ActionView after(ActionView view, String request) {
        var word = word(UUID.fromString(request));
        var undecided = word.outcome() == RequestView.Outcome.ACCEPTED;
        return new ActionView(
                view.appId(),
                view.actionId(),
                undecided ? PublicStatus.RUNNING : view.status(),
                undecided ? "ACCEPTED" : view.state(),
                view.generation(),
                view.attempt(),
                view.seq(),
                view.since(),
                view.dueAt(),
                view.outputs(),
                view.error(),
                view.instructions(),
                word);
    }

    private DeploymentView deployment(UUID id) {
        return new DeploymentView(
                id,
                "docs-site",
                1,
                "sha256:1",
                PublicStatus.IDLE,
                log.size(),
                LONG_AGO,
                NEEDS,
                List.of(new DeploymentView.App(
                        "docs", PublicStatus.IDLE, List.of(actions.get("repository"), actions.get("project")))));
    }

    private WorkflowView workflow() {
        return new WorkflowView(
                "docs-site",
                1,
                "sha256:1",
                "Docs",
                "A site",
                List.of(),
                List.of(),
                null,
                Messages.json().createObjectNode(),
                secretsFor,
                null);
    }

    private static void refuse(HttpExchange exchange, ProblemType type) throws IOException {
        send(exchange, type.status(), Problem.of(type, "The fake knows no such thing."));
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", status < 400 ? "application/json" : Problem.MEDIA_TYPE);
        var bytes = write(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static byte[] write(Object body) throws JsonProcessingException {
        return Messages.json().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = new HashMap<String, String>();
        var text = exchange.getRequestURI().getQuery();
        if (text != null) {
            for (String pair : text.split("&")) {
                var parts = pair.split("=", 2);
                query.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        }
        return query;
    }
}
