package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka or PostgreSQL goes away under load and comes back; of our own services nobody restarts any. What is measured is
 * printed. <code>-Doutage=PT5M</code> makes the long one longer.
 */
class OutagesIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration DISTANCE = Duration.ofMillis(1500);
    private static final Duration EVERY = Duration.ofMillis(40);
    private static final Duration LONG_OUTAGE = Duration.parse(System.getProperty("outage", "PT15S"));
    private static final long MOST_GROWTH_MEGABYTES = 48;

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static ObjectNode example;

    private Map<String, Long> pids;
    private HealthWatch health;
    private Effects effects;
    private Load load;
    private UUID deployment;
    private Runs runs;

    @BeforeAll
    static void start() throws Exception {
        stack = new LocalStack(
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next()).withTimeScale(0.02),
                new Terminal(System.out, false));
        stack.start();
        var unlimited = Messages.json()
                .createObjectNode()
                .put("githubRateLimit", 1_000_000)
                .put("vercelRateLimit", 1_000_000);
        stack.sandbox().put("/settings", unlimited);
        example = (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @BeforeEach
    void putUnderLoad(TestInfo test) throws Exception {
        var slug = test.getTestMethod().orElseThrow().getName().substring(0, 12).toLowerCase();
        var api = new DeploymentApi(stack.gateway(), stack.token());
        pids = pids();
        health = new HealthWatch(stack);
        effects = new Effects(stack.sandbox(), slug);
        load = new Load(api, example, slug, 1);
        var body = example.deepCopy();
        ((ObjectNode) body.get("config")).put("slug", slug + "-again");
        var key = UUID.randomUUID().toString();
        deployment =
                patience().until(() -> api.create(body, key), Objects::nonNull).id();
        runs = new Runs(stack, deployment);
        load.begin(DISTANCE);
        var before = new Checks(stack).steps();
        patience().until(() -> new Checks(stack).steps() > before + 5);
    }

    @AfterEach
    void leave() {
        load.close();
        runs.close();
        health.close();
    }

    @Test
    void killedPostgresIsMissedForNoMoreThanFourSecondsAfterItsReturn() throws Exception {
        var api = new DeploymentApi(stack.gateway(), stack.token());
        stack.kill9(LocalStack.POSTGRES);
        patience().until(() -> health.ready("orchestrator-service") == 503);
        var refused = runs.askNow();
        health.readinessOf("gateway-service");

        var poll = firstOf(() -> answers(api, deployment));
        var trigger = firstOf(() -> runs.askNow().status() == 202);
        var reachable = firstOf(OutagesIT::acceptsConnections);
        stack.start(LocalStack.POSTGRES);
        var since = reachable.get(1, TimeUnit.MINUTES);
        var polled = seconds(since, poll.get(1, TimeUnit.MINUTES));
        var triggered = seconds(since, trigger.get(1, TimeUnit.MINUTES));

        System.out.printf(
                "Postgres killed: refused in %d ms meanwhile; after its return a poll is answered in %.2f s,"
                        + " a trigger accepted in %.2f s%n",
                refused.took().toMillis(), polled, triggered);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.saysWhen()).isTrue();
        assertThat(polled).isLessThanOrEqualTo(4);
        assertThat(triggered).isLessThanOrEqualTo(4);
        assertThat(health.readinessOf("gateway-service")).containsExactly(200);
        assertAllIsDoneOnceAndNothingWasRestarted();
    }

    @Test
    void triggersResumeByThemselvesWhenKilledKafkaReturns() throws Exception {
        stack.kill9(LocalStack.KAFKA);
        var refused = runs.askNow();
        patience().until(() -> runs.askNow().status() == 503);
        stack.start(LocalStack.KAFKA);
        var since = System.nanoTime();
        var steps = new Checks(stack).steps();

        var trigger = firstOf(() -> runs.askNow().status() == 202);
        var step = firstOf(() -> new Checks(stack).steps() > steps);
        System.out.printf(
                "Kafka killed: refused in %d ms meanwhile; after its return a trigger is accepted in %.2f s,"
                        + " a step succeeds in %.2f s%n",
                refused.took().toMillis(),
                seconds(since, trigger.get(1, TimeUnit.MINUTES)),
                seconds(since, step.get(1, TimeUnit.MINUTES)));
        assertAllIsDoneOnceAndNothingWasRestarted();
    }

    @Test
    void whileKafkaIsAwayForLongCallersHearItInTimeAndNothingPilesUp() throws Exception {
        var before = Memory.of(stack);
        stack.kill9(LocalStack.KAFKA);
        runs.begin(EVERY);
        // As long as it takes to ask that often.
        var asked = LONG_OUTAGE.dividedBy(EVERY);
        patience()
                .atMost(LONG_OUTAGE.multipliedBy(2).plus(PATIENCE))
                .until(() -> runs.answers().size() >= asked);
        var during = Memory.of(stack);
        var ready = new TreeMap<String, Integer>();
        stack.services().forEach(service -> ready.put(service, health.ready(service)));
        var meanwhile = runs.answers();
        var statuses = runs.statuses();
        stack.start(LocalStack.KAFKA);
        var since = System.nanoTime();
        var trigger = firstOf(() -> runs.askNow().status() == 202);
        var accepted = seconds(since, trigger.get(1, TimeUnit.MINUTES));
        runs.close();

        var slowest = meanwhile.stream()
                .map(Runs.Answered::took)
                .max(Duration::compareTo)
                .orElseThrow();
        System.out.printf(
                "Kafka away for %s: %d answers %s, the slowest in %d ms; ready: %s; after its return a trigger is"
                        + " accepted in %.2f s%n",
                LONG_OUTAGE, meanwhile.size(), statuses, slowest.toMillis(), ready, accepted);
        assertAllIsDoneOnceAndNothingWasRestarted();
        var after = Memory.of(stack);
        before.forEach((service, held) -> System.out.printf(
                "%-22s live heap %3d, %3d, %3d MB; PSS %3d, %3d, %3d MB (before, during, after)%n",
                service,
                held.liveMegabytes(),
                during.get(service).liveMegabytes(),
                after.get(service).liveMegabytes(),
                held.pssMegabytes(),
                during.get(service).pssMegabytes(),
                after.get(service).pssMegabytes()));
        assertThat(statuses).containsOnlyKeys(503);
        assertThat(meanwhile).allSatisfy(answer -> assertThat(answer.saysWhen()).isTrue());
        assertThat(slowest).isLessThanOrEqualTo(Duration.ofSeconds(2));
        // What is asked over HTTP is answered without Kafka, heartbeats too: nobody may be taken out of service for it.
        assertThat(ready)
                .allSatisfy((service, status) -> assertThat(status).as(service).isEqualTo(200));
        before.forEach((service, held) -> assertThat(during.get(service).liveMegabytes() - held.liveMegabytes())
                .as("what %s holds more than before", service)
                .isLessThan(MOST_GROWTH_MEGABYTES));
    }

    private void assertAllIsDoneOnceAndNothingWasRestarted() throws Exception {
        load.end();
        assertThat(load.awaitAll(PATIENCE)).as("all is done").isTrue();
        var found = effects.compare(load.deployments().values());
        assertThat(load.deployments().values()).isNotEmpty().allSatisfy(deployment -> assertThat(deployment.status())
                .isEqualTo(PublicStatus.DONE));
        assertThat(load.refusals()).isEmpty();
        assertThat(found.duplicates()).isEmpty();
        assertThat(found.lost()).isEmpty();
        var accepted = new ArrayList<>(load.accepted());
        accepted.addAll(runs.accepted());
        patience().untilAsserted(() -> assertThat(health.ready("orchestrator-service"))
                .isEqualTo(200));
        awaitDecided(accepted);
        assertThat(new Checks(stack).violations(accepted)).isEmpty();
        assertThat(pids()).isEqualTo(pids);
        assertThat(health.notLive()).isEmpty();
    }

    private static void awaitDecided(Collection<Load.Accepted> accepted) {
        var api = new DeploymentApi(stack.gateway(), stack.token());
        patience().untilAsserted(() -> assertThat(accepted).allSatisfy(one -> assertThat(
                        api.outcome(one.deployment(), one.request()).outcome())
                .isNotEqualTo(RequestView.Outcome.ACCEPTED)));
    }

    private static boolean answers(DeploymentApi api, UUID deployment) throws StackException, InterruptedException {
        try {
            api.deployment(deployment);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean acceptsConnections() {
        try (var connection = DriverManager.getConnection(stack.jdbc())) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** When it was first so. */
    private static CompletableFuture<Long> firstOf(Callable<Boolean> question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(20))
                            .until(question);
                    return System.nanoTime();
                },
                work -> {
                    var thread = new Thread(work, "first");
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    private static double seconds(long from, long to) {
        return Math.max(0, to - from) / 1e9;
    }

    private static Map<String, Long> pids() {
        var pids = new TreeMap<String, Long>();
        stack.services()
                .forEach(service -> pids.put(service, stack.process(service).pid()));
        return pids;
    }

    private static ConditionFactory patience() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
