package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import io.offshoot.sealing.Opener;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets go from the door to the provider, and are nowhere between: not in the databases, the topics, their files, the
 * logs, or any answer. The provider alone has them, and the executors' configuration their tokens.
 */
class SecretsIT {

    /** With what is written differently in every form that is searched for. */
    private static final String TAIL = "-sentinel/plus+and~more?é";

    private static final String HUB_SECRET = "hub-" + UUID.randomUUID() + TAIL;
    private static final String OWN_SECRET = "own-" + UUID.randomUUID() + TAIL;
    private static final String REFUSED_SECRET = "refused-" + UUID.randomUUID() + TAIL;
    private static final String VAULT_SECRET = "vault-" + UUID.randomUUID() + TAIL;
    private static final String VAULT_TOKEN = "hvs." + UUID.randomUUID();

    /** Each service is to name it in its log when it starts, for there is no such setting: taken out as a token. */
    private static final String IN_A_LOG = "ghp_" + "SentinelInALog".repeat(3).substring(0, 36);

    private static final List<String> OURS =
            List.of("orchestrator-service", "gateway-service", "github-executor", "vercel-executor");

    private static final String CONTROL = "control-" + UUID.randomUUID() + TAIL;
    private static final Account ACCOUNT = Account.of("second", "example", "second-hub", "team_second");
    private static final Pattern GENERATED =
            Pattern.compile("\"key\":\"SHARED\",\"value\":\"([A-Za-z0-9_-]{43})\",\"type\":\"sensitive\"");

    @TempDir
    private static Path data;

    private static FakeVault vault;
    private static LocalStack stack;
    private static Client client;
    private static Providers providers;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sentinels sentinels = new Sentinels();
    private final List<String> answers = new ArrayList<>();
    private final String slug =
            "secret-" + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 28, 1 << 30));

    @BeforeAll
    static void start() throws Exception {
        vault = new FakeVault(VAULT_TOKEN, "offshoot/example/bots/news", Map.of("token", VAULT_SECRET));
        var settings = new HashMap<String, Map<String, String>>();
        for (String service : OURS) {
            settings.put(service, new HashMap<>(Map.of("quarkus.nobody-knows." + IN_A_LOG, "1")));
        }
        settings.get("github-executor").putAll(ACCOUNT.gitHubSettings());
        settings.get("vercel-executor").putAll(ACCOUNT.vercelSettings());
        settings.get("vercel-executor")
                .putAll(Map.of(
                        "quarkus.vault.url", vault.url(), "quarkus.vault.authentication.client-token", VAULT_TOKEN));
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(settings);
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
        vault.close();
    }

    @Test
    void secretsReachTheProviderAndNothingElse() throws Exception {
        // Given: a secret of the hub, one of the deployment, one that is made, and what cannot be taken
        ask("PUT", "api/v1/secrets/OF_HUB", "{\"value\": \"%s\"}".formatted(HUB_SECRET), 200);
        ask("PUT", "api/v1/secrets/IN_VAULT", "{\"vault\": {\"path\": \"bots/news\", \"key\": \"token\"}}", 200);
        ask("PUT", "api/v1/secrets/TOO_LONG", "{\"value\": \"%s\"}".formatted(REFUSED_SECRET.repeat(600)), 400);
        ask("PUT", "api/v1/secrets/OF_HUB", "{\"value\": \"x\", \"%s\": 1}".formatted(REFUSED_SECRET), 400);
        ask("POST", "api/v1/deployments", refused(), 400);
        ask("POST", "api/v1/deployments?dryRun=true", body().toString(), 200);
        var deployment = create();

        // When: it runs, with a step that is tried again, a build that fails, an executor that dies, records that come
        // twice
        providers.fault("vercel", "POST", "/env$", "{\"status\":500}");
        providers.fault("vercel", "POST", "/deployments$", "{\"buildError\":true}");
        client.run(deployment.id());
        client.awaitStatus(deployment.id(), PublicStatus.ERROR);
        rotate("vercel");
        stack.kill9("vercel-executor");
        client.resume(deployment.id());
        stack.start("vercel-executor");
        client.awaitStatus(deployment.id(), PublicStatus.DONE);
        deliverAgain(Topics.commands("vercel"));
        deliverAgain(Topics.TRIGGERS);
        var later = create();
        client.run(later.id());
        client.awaitStatus(later.id(), PublicStatus.DONE);

        // Then: the provider has them
        var atProvider = everythingIn(stack.data().resolve("sandbox"));
        assertThat(atProvider)
                .contains(
                        "\"key\":\"HUB_TOKEN\",\"value\":\"" + HUB_SECRET,
                        "\"key\":\"BOT_TOKEN\",\"value\":\"" + OWN_SECRET,
                        "\"key\":\"NEWS_TOKEN\",\"value\":\"" + VAULT_SECRET);
        assertThat(vault.asked()).isNotEmpty().containsOnly("GET /v1/secret/data/offshoot/example/bots/news");
        var generated = GENERATED
                .matcher(atProvider)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        // One for each deployment, and in it the same for both apps.
        assertThat(generated).hasSize(2);

        // And nothing else has
        sentinels.plant("the hub's secret", HUB_SECRET);
        sentinels.plant("the deployment's secret", OWN_SECRET);
        sentinels.plant("the vault's secret", VAULT_SECRET);
        sentinels.plant("the vault's token", VAULT_TOKEN);
        sentinels.plant("what each log was to have", IN_A_LOG);
        sentinels.plant("the refused secret", REFUSED_SECRET);
        generated.forEach(value -> sentinels.plant("the generated secret", value));
        sentinels.plant("GitHub's token", ACCOUNT.gitHubToken());
        sentinels.plant("Vercel's token", ACCOUNT.vercelToken());
        sentinels.plant("the control", CONTROL);
        collect(deployment);
        plantControl();

        lookEverywhere();

        var controls = sentinels.found().stream()
                .filter(place -> place.contains("the control"))
                .toList();
        for (String service : OURS) {
            assertThat(Files.readString(stack.data().resolve("logs").resolve(service + ".log")))
                    .as("what was taken out of the log")
                    .contains("quarkus.nobody-knows.•••");
        }
        assertThat(sentinels.found()).as("found outside the provider").containsExactlyInAnyOrderElementsOf(controls);
        for (String place :
                List.of("orchestrator.control", "gateway.control", "topic control", "postgres/", "kafka/", "logs/")) {
            for (String form : List.of("in clear", "in base64", "in base64url", "in hex", "in HEX", "in a URL")) {
                assertThat(controls)
                        .as("the search itself")
                        .anyMatch(found -> found.contains(place) && found.contains(form));
            }
        }
    }

    private ObjectNode body() throws IOException {
        var body = Client.example(slug);
        var variables = (ObjectNode) body.get("envVars");
        variables.putObject("HUB_TOKEN").put("secret", "OF_HUB");
        variables.putObject("NEWS_TOKEN").put("secret", "IN_VAULT");
        variables.putObject("SHARED").put("secret", "SESSION");
        var own = (ObjectNode) body.at("/apps/0");
        var ofApp = own.has("envVars") ? (ObjectNode) own.get("envVars") : own.putObject("envVars");
        ofApp.putObject("BOT_TOKEN").put("secret", "BOT");
        var secrets = body.putObject("secrets");
        secrets.put("BOT", OWN_SECRET);
        secrets.putObject("SESSION").put("generate", 32);
        var connections = (ObjectNode) body.get("connections");
        connections.put("github", ACCOUNT.connection()).put("vercel", ACCOUNT.connection());
        return body;
    }

    private String refused() throws IOException {
        var body = body();
        ((ObjectNode) body.get("secrets")).put("NOBODY_REFERS_TO_IT", REFUSED_SECRET);
        return body.toString();
    }

    private DeploymentView create() throws IOException, InterruptedException {
        var body = body();
        ((ObjectNode) body.get("config")).put("slug", slug + "-" + answers.size());
        return Messages.json().readValue(ask("POST", "api/v1/deployments", body.toString(), 201), DeploymentView.class);
    }

    /** As it is done where it runs: a new key in the same file, and nothing is restarted for it. */
    private static void rotate(String provider) throws IOException {
        var file = stack.data().resolve("keysets").resolve(provider + ".json");
        Opener.read(provider, file).rotated().write(file);
    }

    /** What a broker may do at any time. */
    private void deliverAgain(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka());
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var record : records(topic)) {
                producer.send(new ProducerRecord<>(topic, record.partition(), record.key(), record.value()));
            }
        }
    }

    /** All that the API tells of it, in answers and in the stream of its events. */
    private void collect(DeploymentView deployment) throws Exception {
        var here = "api/v1/deployments/" + deployment.id();
        for (var app : deployment.apps()) {
            for (var action : app.actions()) {
                var there = "%s/apps/%s/actions/%s".formatted(here, app.appId(), action.actionId());
                look("GET", there);
                look("GET", there + "/attempts");
            }
        }
        for (String path : List.of(
                here,
                here + "/resources?all=true",
                here + "/receipt",
                "api/v1/deployments",
                "api/v1/secrets",
                "api/v1/secrets/OF_HUB",
                "api/v1/secrets/OF_HUB/value",
                "api/v1/providers",
                "api/v1/workflows",
                "api/v1/audit",
                "api/v1/admin/dead-letters",
                "q/openapi",
                "q/metrics",
                "q/health")) {
            look("GET", path);
        }
        for (String service : stack.services()) {
            for (String path : List.of("q/metrics", "q/health")) {
                answers.add(http.send(
                                HttpRequest.newBuilder(stack.address(service).resolve(path))
                                        .build(),
                                BodyHandlers.ofString())
                        .body());
            }
        }
        answers.add(client.survey(
                        deployment.id(),
                        "plan",
                        "{\"for\": \"teardown\", \"app\": \"docs\", \"repositories\": \"delete\"}")
                .toString());
        answers.add(client.survey(deployment.id(), "observe", "{}").toString());
        var seq = client.deployment(deployment.id()).seq();
        try (var lines = new DeploymentApi(stack.gateway(), stack.token()).events(deployment.id(), 0)) {
            var last = "\"seq\":" + seq;
            lines.peek(answers::add).anyMatch(line -> line.contains(last));
        }
    }

    private void look(String method, String path) throws IOException, InterruptedException {
        answers.add(send(method, path, null).body());
    }

    private String ask(String method, String path, String body, int status) throws IOException, InterruptedException {
        var answer = send(method, path, body);
        answers.add(answer.body());
        answers.add(answer.headers().map().toString());
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        return answer.body();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(stack.gateway().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + stack.token())
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Where a search that works must find it. */
    private void plantControl() throws Exception {
        var forms = Sentinels.everyForm(CONTROL).stream()
                .filter(form -> form.indexOf(0) < 0)
                .toList();
        for (String database : List.of("orchestrator", "gateway")) {
            try (var connection = connect(database);
                    var create = connection.createStatement()) {
                create.execute("create table control (form text)");
                try (var insert = connection.prepareStatement("insert into control values (?)")) {
                    for (String form : forms) {
                        insert.setString(1, utf8(form));
                        insert.executeUpdate();
                    }
                }
                create.execute("checkpoint");
            }
        }
        Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka());
        try (var admin = org.apache.kafka.clients.admin.Admin.create(config)) {
            admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic("control", 1, (short) 1)))
                    .all()
                    .get();
        }
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String form : forms) {
                producer.send(new ProducerRecord<>("control", form.getBytes(StandardCharsets.ISO_8859_1)))
                        .get();
            }
        }
        Files.write(
                stack.data().resolve("logs").resolve("control.log"),
                String.join("\n", forms).getBytes(StandardCharsets.ISO_8859_1),
                StandardOpenOption.CREATE);
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void lookEverywhere() throws Exception {
        var rows = lookInTables("orchestrator") + lookInTables("gateway");
        var records = 0;
        for (String topic : topics()) {
            for (var record : records(topic)) {
                records++;
                sentinels.look("the topic " + topic, record.value() == null ? new byte[0] : record.value());
                sentinels.look("the topic " + topic, record.key() == null ? new byte[0] : record.key());
                record.headers().forEach(header -> sentinels.look("the topic " + topic, header.value()));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            sentinels.look("answer %d".formatted(i), answers.get(i));
        }
        var files = sentinels.lookInFiles(stack.data().resolve("postgres"), file -> true)
                // Indexes have offsets and times alone, and are mostly empty.
                + sentinels.lookInFiles(
                        stack.data().resolve("kafka"),
                        file -> !file.toString().endsWith(".index")
                                && !file.toString().endsWith(".timeindex"))
                + sentinels.lookInFiles(stack.data().resolve("logs"), file -> true);
        System.out.printf("Searched %d rows, %d records, %d answers, %d files%n", rows, records, answers.size(), files);
        assertThat(rows).isGreaterThan(100);
        assertThat(records).isGreaterThan(50);
        assertThat(files).isGreaterThan(100);
    }

    private int lookInTables(String database) throws SQLException, IOException {
        var rows = 0;
        try (var connection = connect(database)) {
            for (String table : tables(connection)) {
                try (var select = connection.createStatement();
                        var found = select.executeQuery("select t::text from %s t".formatted(table))) {
                    while (found.next()) {
                        rows++;
                        // As text, quotes within are doubled and what is bytes is hexadecimal.
                        sentinels.look(
                                "the table %s.%s".formatted(database, table),
                                found.getString(1).replace("\"\"", "\""));
                    }
                }
            }
        }
        return rows;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        var tables = new ArrayList<String>();
        try (var select = connection.createStatement();
                var found = select.executeQuery(
                        "select table_name from information_schema.tables where table_schema = 'public'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return tables;
    }

    /** As the superuser, from whom no policy hides a row. */
    private static Connection connect(String database) throws SQLException, IOException {
        var passwords =
                Messages.json().readTree(stack.data().resolve("secrets.json").toFile());
        return DriverManager.getConnection(
                stack.jdbc().replaceFirst("/orchestrator\\?.*", "/" + database),
                "postgres",
                passwords.path("postgres").textValue());
    }

    private static List<String> topics() {
        try (var consumer = consumer()) {
            return consumer.listTopics().keySet().stream()
                    .filter(topic -> !topic.startsWith("__"))
                    .sorted()
                    .toList();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (var consumer = consumer()) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka(), "enable.auto.commit", "false");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static String everythingIn(Path folder) throws IOException {
        var text = new StringBuilder();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }
}
