package io.offshoot.localstack.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.localstack.data.Secrets;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks for everything that the API document describes, rightly and wrongly, and looks that every answer is one that the
 * document knows. Replayed by <code>-Dseed=</code>; <code>-Drequests=</code> and <code>-Dseconds=</code> say how many, and
 * for how long at most.
 */
class FuzzIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String OWNER = "off_" + UUID.randomUUID();
    private static final int REQUESTS = Integer.getInteger("requests", 2_000);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("seconds", 60));
    private static final int AT_ONCE = 3;
    private static final int SHOWN = 20;

    /** What is nobody's business: classes, stack traces, statements, places on the disk. */
    private static final Pattern INSIDE = Pattern.compile(
            "\\bat [a-z][\\w$]*(\\.[\\w$]+)+\\(|[A-Z]\\w+Exception|\\b(io|org|com|java|jakarta)\\.[a-z]+\\.[a-zA-Z.]*[A-Z]"
                    + "|\\.java:\\d|SQLSTATE|(?i:select .+ from |insert into |violates |duplicate key value)"
                    + "|/(work|root|home|tmp|usr|var|deployments|app)/|target/classes|\\.jar\\b");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static JsonNode document;
    private static List<Operation> operations;
    private static final Map<String, String> KNOWN = new HashMap<>();

    private final long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong(1L << 48));
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> tally = new ConcurrentSkipListMap<>();

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(ROOT, data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(Map.of(
                        "gateway-service",
                        Map.of(
                                "offshoot.credentials.fuzz.hub", "example",
                                "offshoot.credentials.fuzz.role", "OWNER",
                                "offshoot.credentials.fuzz.token-sha256", Secrets.sha256(OWNER))));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
        document = JSON.readTree(say("GET", "/q/openapi?format=json", "", "").body());
        operations = Operation.of(document);
        var example = (ObjectNode) JSON.readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
        var api = new DeploymentApi(stack.gateway(), stack.token());
        var key = UUID.randomUUID().toString();
        // As any client does, it repeats what is not confirmed.
        var made = Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> api.create(example, key), Objects::nonNull);
        KNOWN.put("id", made.id().toString());
        KNOWN.put("deployment", made.id().toString());
        KNOWN.put("workflowId", made.id().toString());
        KNOWN.put("app", made.apps().get(0).appId());
        KNOWN.put("appId", made.apps().get(0).appId());
        KNOWN.put("action", "repository");
        KNOWN.put("actionId", "repository");
        KNOWN.put("workflow", "docs-site");
        KNOWN.put("hub", "example");
        KNOWN.put("provider", "github");
        KNOWN.put("plan", UUID.randomUUID().toString());
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void whateverIsAskedTheAnswerIsOneThatTheDocumentKnowsAndTellsNothingOfTheInside() throws Exception {
        System.out.printf("FuzzIT: %d operations, -Dseed=%d%n", operations.size(), seed);
        assertThat(operations).hasSizeGreaterThan(10);
        var log = data.resolve("data/logs/gateway-service.log");

        attack("operator", stack.token(), REQUESTS / 2, TIME.dividedBy(2), false);
        attack("owner", OWNER, REQUESTS / 2, TIME.dividedBy(2), false);
        attack("nobody", OWNER, Math.min(200, REQUESTS / 10), TIME.dividedBy(10), true);

        System.out.println("FuzzIT: answers " + new TreeMap<>(tally));
        assertThat(wrong.stream().limit(SHOWN))
                .as("of %d, with -Dseed=%d", wrong.size(), seed)
                .isEmpty();
        var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        assertThat(lines).noneMatch(line -> line.startsWith(Attack.INJECTED));
        assertThat(lines).noneMatch(line -> line.contains("in a way we did not foresee"));
        assertThat(say("GET", "/api/v1/workflows", "Authorization: Bearer " + stack.token() + "\r\n", "")
                        .status())
                .isIn(200, 429);
    }

    private void attack(String who, String token, int requests, Duration atMost, boolean pressing) throws Exception {
        var deadline = System.nanoTime() + atMost.toNanos();
        var next = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var work = new ArrayList<Future<?>>();
            for (int i = 0; i < AT_ONCE; i++) {
                work.add(threads.submit(() -> {
                    for (int n = next.getAndIncrement();
                            n < requests && System.nanoTime() < deadline;
                            n = next.getAndIncrement()) {
                        one(who, token, n, pressing);
                    }
                    return null;
                }));
            }
            for (Future<?> one : work) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.printf("FuzzIT: %d requests as %s%n", Math.min(next.get(), requests), who);
    }

    private void one(String who, String token, int n, boolean pressing) throws IOException {
        // Each by itself, so that the same seed asks the same whatever was faster.
        var random = new SplittableRandom(seed ^ who.hashCode() * 0x9E3779B97F4A7C15L + n);
        var operation = operations.get(random.nextInt(operations.size()));
        var attack = new Attack(random, document, operation, KNOWN, token, pressing);
        var answer = Wire.send(stack.gateway().getPort(), attack.bytes());
        tally.computeIfAbsent(who + " " + answer.status(), first -> new AtomicInteger())
                .incrementAndGet();
        var complaint = complaint(operation, attack, answer);
        if (complaint != null) {
            wrong.add("%s as %s: %s%n%s%n--> %d %s%n%s%n"
                    .formatted(complaint, who, operation, attack, answer.status(), answer.headers(), answer.body()));
        }
    }

    /** What is wrong with the answer; null if nothing is. */
    private static String complaint(Operation operation, Attack attack, Wire.Answer answer) throws IOException {
        var status = answer.status();
        if (attack.isNoHttp() && (status == 0 || status == 400 && answer.body().isEmpty())) {
            return null;
        }
        if (status == 414 && answer.body().isEmpty()) {
            // The server's own, before it has read the rest of a request: longer than 4 KiB.
            return null;
        }
        if (status < 200) {
            return "no answer";
        }
        if (status >= 500 && status != 503) {
            return "a failure of the server";
        }
        var told = answer.body().replaceAll("\"instance\":\"[^\"]*\"", "");
        if (attack.isOfDocument() && !operation.documents(status)) {
            return "an undocumented status";
        }
        if (status < 400) {
            return null;
        }
        if (INSIDE.matcher(told).find()) {
            return "something of the inside: "
                    + INSIDE.matcher(told).results().findFirst().orElseThrow().group();
        }
        if (attack.isHead()) {
            return null;
        }
        if (!answer.mediaType().equals("application/problem+json")) {
            return "an error that is no problem";
        }
        var problem = JSON.readTree(answer.body());
        var complete = problem.path("status").asInt() == status
                && problem.path("type").asText().startsWith("/problems/")
                && !problem.path("code").asText().isEmpty()
                && !problem.path("title").asText().isEmpty()
                && !problem.path("traceId").asText().isEmpty();
        return complete ? null : "an incomplete problem";
    }

    private static Wire.Answer say(String method, String path, String headers, String body) throws IOException {
        var request = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n%s"
                .formatted(method, path, headers, body);
        return Wire.send(stack.gateway().getPort(), request.getBytes(StandardCharsets.UTF_8));
    }
}
