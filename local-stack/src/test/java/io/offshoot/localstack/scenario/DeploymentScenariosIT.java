package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.PublicStatus;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A scenario per promise, with the real services in their own processes; two replicas of the Vercel executor. */
class DeploymentScenariosIT {

    private static final List<String> APPS = List.of("docs", "handbook");

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static Client client;
    private static Providers providers;

    private final String slug =
            "hub-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withFailpoints()
                .withReplicas(Map.of("vercel-executor", 2));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
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
    void aDeploymentThatTheServerWasAskedToRunEndsWithBothSitesServed() throws Exception {
        var deployment = client.create(slug);

        client.run(deployment.id());

        var done = client.awaitStatus(deployment.id(), PublicStatus.DONE);
        assertThat(client.page(Client.site(done, "docs"))).contains("Everything you need to take part", "Doors open");
        assertThat(client.page(Client.site(done, "handbook"))).contains("For those who prepare the rooms");
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
        assertThat(providers.projectsOf(slug)).hasSize(2);
        assertThat(providers.deploymentsOf(slug)).hasSize(2);
    }

    @Test
    void whatWasDoneHasAReceiptThatTheCommandLineVerifiesWithItsEvents(@TempDir Path folder) throws Exception {
        var id = client.create(slug).id();
        client.run(id);
        var done = client.awaitStatus(id, PublicStatus.DONE);

        var receipt = client.receipt(id);

        Files.writeString(folder.resolve("receipt.json"), receipt);
        Files.writeString(folder.resolve("keys.json"), client.open("api/v1/receipts/jwks.json"));
        Files.writeString(folder.resolve("events.txt"), client.eventsUpTo(id, done.seq()));
        assertThat(verify(folder)).isZero();
        var commit = Client.outputs(done, "docs", "customise").get("sha").asText();
        assertThat(Files.readString(folder.resolve("said")))
                .startsWith("VALID")
                .contains(id.toString(), "App docs: succeeded", "App handbook: succeeded")
                .contains("github/commit/" + commit, "vercel/deployment/")
                .contains("the %d events in the file are those of the deployment".formatted(done.seq()));
        Files.writeString(folder.resolve("receipt.json"), receipt.replaceFirst("\"payload\":\"...", "$0A"));
        assertThat(verify(folder)).isEqualTo(1);
    }

    private static int verify(Path folder) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of("../clients/cli/offshoot").toAbsolutePath().toString(),
                        "receipt",
                        "verify",
                        "receipt.json",
                        "--keys",
                        "keys.json",
                        "--events",
                        "events.txt")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void theFirstClientsLoopWorksUnchangedForTwoAppsInParallel() throws Exception {
        var init = client.deploy(Client.example(slug).put("mode", "init"));
        var workflowId = init.get("workflowId").asText();
        var threads = Executors.newFixedThreadPool(APPS.size());

        var apps = new ArrayList<Future<?>>();
        init.get("apps")
                .forEach(app -> apps.add(threads.submit(() -> {
                    for (var action : app.get("actions")) {
                        triggerAndPollAction(
                                workflowId,
                                app.get("appId").asText(),
                                action.get("id").asText());
                    }
                    return null;
                })));

        awaitAll(apps, threads);
        var done = client.deployment(UUID.fromString(workflowId));
        assertThat(done.status()).isEqualTo(PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
    }

    @Test
    void aSecondTriggerMakesNoSecondRepository() throws Exception {
        var workflowId = client.create(slug).id().toString();
        triggerAndPollAction(workflowId, "docs", "repository");

        triggerAndPollAction(workflowId, "docs", "repository");
        client.deploy(Client.call("trigger", workflowId, "docs", "repository"));

        assertThat(providers.repositoriesOf(slug)).hasSize(1);
        assertThat(repositoriesMade()).hasSize(1);
    }

    @Test
    void anExecutorKilledAfterTheEffectAndBeforeItsResultFinishesWithOneEffect() throws Exception {
        var deployment = client.create(slug);
        providers.fault("github", "POST", "/generate$", "{\"delayAfterMs\":60000}");
        client.deploy(Client.call("trigger", deployment.id().toString(), "docs", "repository"));
        Client.patience().until(() -> providers.repositoriesOf(slug).size() == 1);

        stack.kill9("github-executor");
        stack.start("github-executor");

        awaitAction(deployment.id(), "docs", "repository", PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug)).hasSize(1);
        assertThat(repositoriesMade()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Failpoint.class,
            names = {"GATEWAY_BEFORE_PUBLISH", "GATEWAY_AFTER_PUBLISH"})
    void aGatewayKilledBeforeItAnswersAndARepeatWithTheKeyAreOneRun(Failpoint point) throws Exception {
        var deployment = client.create(slug).id();
        var run = "api/v1/deployments/%s/run".formatted(deployment);
        var key = UUID.randomUUID().toString();
        stack.haltAt("gateway-service", point);

        assertThatThrownBy(() -> client.post(run, key)).isInstanceOf(IOException.class);
        Client.patience().until(() -> !stack.isAlive("gateway-service"));
        stack.start("gateway-service");
        // For three seconds the killed gateway counts as still at work on it.
        var first = Client.patience().until(() -> client.post(run, key), answer -> answer.statusCode() == 202);
        var second = client.post(run, key);

        client.awaitStatus(deployment, PublicStatus.DONE);
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(second.headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(requestsOf(deployment)).singleElement().satisfies(request -> assertThat(
                        first.headers().firstValue("Location"))
                .get()
                .asString()
                .endsWith(request));
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
        assertThat(providers.deploymentsOf(slug)).hasSize(2);
    }

    /** What clients asked for: the providers' webhooks hint at it too. */
    private static List<String> requestsOf(UUID deployment) throws SQLException {
        try (var connection = DriverManager.getConnection(stack.jdbc());
                var query = connection.prepareStatement(
                        "select id::text from request where deployment_id = ? and kind <> 'HINT'")) {
            query.setObject(1, deployment);
            var rows = query.executeQuery();
            var ids = new ArrayList<String>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }

    @Test
    void twoReplicasOfAnExecutorShareItsCommandsWithOneEffectEach() throws Exception {
        var deployments = new ArrayList<UUID>();
        for (int number = 0; number < 4; number++) {
            deployments.add(client.create(slug + number).id());
        }

        for (var deployment : deployments) {
            client.run(deployment);
        }

        for (var deployment : deployments) {
            client.awaitStatus(deployment, PublicStatus.DONE);
        }
        for (int number = 0; number < 4; number++) {
            assertThat(providers.projectsOf(slug + number)).hasSize(2);
            assertThat(providers.deploymentsOf(slug + number)).hasSize(2);
        }
        assertThat(membersWithPartitionsOf("vercel.commands")).isEqualTo(2);
        assertThat(executorsThatRan("vercel", deployments)).hasSize(2);
    }

    @Test
    void whileKafkaIsAwayRequestsAreNotConfirmedAndWhatWasBegunEndsDoneOnceItIsBack() throws Exception {
        var deployment = client.create(slug);
        client.run(deployment.id());
        stack.kill9("kafka");

        var refused = client.post("/api/v1/deployments/" + deployment.id() + "/run");
        stack.start("kafka");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        client.awaitStatus(deployment.id(), PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
        assertThat(repositoriesMade()).hasSize(2);
        assertThat(providers.deploymentsOf(slug)).hasSize(2);
    }

    @Test
    void whilePostgresIsAwayNothingIsHalfDoneAndWhatWasBegunEndsDoneOnceItIsBack() throws Exception {
        var deployment = client.create(slug);
        client.run(deployment.id());
        stack.kill9(LocalStack.POSTGRES);

        var refused = client.post("/api/v1/deployments/" + deployment.id() + "/run");
        stack.start(LocalStack.POSTGRES);

        assertThat(refused.statusCode()).isEqualTo(503);
        client.awaitStatus(deployment.id(), PublicStatus.DONE);
        assertThat(repositoriesMade()).hasSize(2);
        assertThat(providers.deploymentsOf(slug)).hasSize(2);
    }

    @Test
    void aSubscriberOutsideOurModulesSeesEveryTransitionOfBothApps() throws Exception {
        try (var subscriber = SubscriberProcess.start(stack.kafka())) {
            var deployment = client.create(slug);

            client.run(deployment.id());

            var done = client.awaitStatus(deployment.id(), PublicStatus.DONE);
            Client.patience().until(() -> subscriber.seqs(deployment.id()).size() >= done.seq());
            assertThat(subscriber.seqs(deployment.id()))
                    .isEqualTo(new TreeSet<>(
                            LongStream.rangeClosed(1, done.seq()).boxed().toList()));
            assertThat(subscriber.lastStates(deployment.id()))
                    .hasSize(2 * done.actions().size())
                    .containsValues("SUCCEEDED")
                    .allSatisfy((step, state) -> assertThat(state).isEqualTo("SUCCEEDED"));
        }
    }

    @Test
    void aFailedBuildEndsInErrorWithTheProvidersMessageAndResumeAfterTheFixEndsDone() throws Exception {
        var deployment = client.create(slug);
        providers.fault("vercel", "POST", "/deployments$", "{\"buildError\":true}");

        client.run(deployment.id());

        var failed = client.awaitStatus(deployment.id(), PublicStatus.ERROR);
        var errors = failed.apps().stream()
                .map(app -> Client.action(failed, app.appId(), "deployment").error())
                .filter(Objects::nonNull)
                .map(Failure::message)
                .toList();
        assertThat(errors).singleElement().asString().contains("Command \"npm run build\" exited with 1");

        client.resume(deployment.id());

        client.awaitStatus(deployment.id(), PublicStatus.DONE);
        assertThat(providers.deploymentsOf(slug))
                .extracting(one -> one.get("state").asText())
                .containsExactlyInAnyOrder("ERROR", "READY", "READY");
        assertThat(providers.repositoriesOf(slug)).hasSize(2);
    }

    @Test
    void aSecondForkOfAnUpstreamEndsInErrorNamingTheForkFound() throws Exception {
        var body = Client.example(slug);
        body.get("apps").forEach(app -> ((ObjectNode) app.at("/input/repository")).put("source", "FORK"));
        var deployment = client.create(body).id();

        triggerAndPollAction(deployment.toString(), "docs", "repository");
        client.run(deployment);

        var ended = client.awaitStatus(deployment, PublicStatus.ERROR);
        var error = Client.action(ended, "handbook", "repository").error();
        assertThat(error.code()).isEqualTo("fork-exists");
        assertThat(error.message()).contains(slug + "-docs");
        Client.patience().until(() -> Client.app(client.deployment(deployment), "docs") == PublicStatus.DONE);
        assertThat(providers.repositoriesOf(slug)).hasSize(1);
    }

    @Test
    void aDomainWaitsForItsRecordsAndIsDoneWhenTheyAreSet() throws Exception {
        var domain = "docs.%s.example.org".formatted(slug);
        var body = Client.example(slug);
        ((ArrayNode) body.get("apps")).remove(1);
        ((ObjectNode) body.at("/apps/0/input")).putObject("domain").put("name", domain);
        var deployment = client.create(body).id();

        client.run(deployment);

        Client.patience().until(() -> Client.action(client.deployment(deployment), "docs", "domain")
                .state()
                .equals("WAITING"));
        var instructions =
                Client.action(client.deployment(deployment), "docs", "domain").instructions();
        assertThat(instructions.dnsRecords())
                .extracting(record -> record.type())
                .contains("TXT", "CNAME");
        for (var record : instructions.dnsRecords()) {
            providers.setDns(record);
        }
        var done = client.awaitStatus(deployment, PublicStatus.DONE);
        assertThat(Client.outputs(done, "docs", "domain").get("host").asText()).isEqualTo(domain);
        assertThat(client.page(Client.site(done, "docs"))).contains("Everything you need to take part");
    }

    /** The first system's function, with its interval. */
    private static void triggerAndPollAction(String workflowId, String appId, String actionId)
            throws IOException, InterruptedException {
        client.deploy(Client.call("trigger", workflowId, appId, actionId));
        var last = new ConcurrentHashMap<String, JsonNode>();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    last.put("status", client.deploy(Client.call("status", workflowId, appId, actionId)));
                    return List.of("done", "error")
                            .contains(last.get("status").get("status").asText());
                });
        assertThat(last.get("status").get("status").asText())
                .as("%s %s: %s", appId, actionId, last.get("status"))
                .isEqualTo("done");
    }

    private void awaitAction(UUID deployment, String app, String action, PublicStatus status) {
        Client.patience().until(() -> client.deployment(deployment).apps().stream()
                .filter(one -> one.appId().equals(app))
                .flatMap(one -> one.actions().stream())
                .anyMatch(one -> one.actionId().equals(action) && one.status() == status));
    }

    private List<JsonNode> repositoriesMade() throws IOException, InterruptedException {
        return providers.effects("github", "POST", "/generate").stream()
                .filter(entry -> entry.path("body").path("name").asText().startsWith(slug + "-"))
                .toList();
    }

    private static List<String> executorsThatRan(String provider, List<UUID> deployments) throws SQLException {
        var address = stack.postgres()
                .replaceFirst("postgresql://([^:]+):([^@]+)@(.*)", "jdbc:postgresql://$3?user=$1&password=$2");
        try (var connection = DriverManager.getConnection(address);
                var statement = connection.prepareStatement(
                        "select distinct executor from attempt where provider = ? and deployment_id = any(?)")) {
            statement.setString(1, provider);
            statement.setArray(2, connection.createArrayOf("uuid", deployments.toArray()));
            var executors = new ArrayList<String>();
            for (var rows = statement.executeQuery(); rows.next(); ) {
                executors.add(rows.getString(1));
            }
            return executors;
        }
    }

    private static long membersWithPartitionsOf(String topic) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
            var groups = admin.listGroups().all().get(20, TimeUnit.SECONDS).stream()
                    .map(group -> group.groupId())
                    .toList();
            return admin.describeConsumerGroups(groups).all().get(20, TimeUnit.SECONDS).values().stream()
                    .flatMap(group -> group.members().stream())
                    .filter(member -> member.assignment().topicPartitions().stream()
                            .anyMatch(partition -> partition.topic().equals(topic)))
                    .count();
        }
    }

    private static void awaitAll(List<Future<?>> work, ExecutorService threads) throws Exception {
        try {
            for (var one : work) {
                one.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
