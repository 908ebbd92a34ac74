package io.offshoot.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.backends.FreePorts;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.process.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a real Kafka and PostgreSQL, and stand-ins for the services. */
class LocalStackIT {

    @TempDir
    private Path temporary;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8), false);

    @Test
    void whatRunsIsToldInAFileOnlyItsOwnerCanReadAndNothingIsLeftAfterTheEnd() throws Exception {
        var pids = new ArrayList<Long>();
        Path file;
        try (var stack = started(options().withReplicas(Map.of("vercel-executor", 2)))) {
            file = stack.stackFile();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            var told = new ObjectMapper().readTree(Files.readString(file));
            assertThat(told.fieldNames())
                    .toIterable()
                    .contains("gateway", "console", "token", "kafka", "postgres", "sandbox", "pids");
            assertThat(told.get("pids").get("vercel-executor")).hasSize(2);
            told.get("pids").forEach(pid -> collect(pid, pids));
            assertThat(pids).hasSize(8).allSatisfy(pid -> assertThat(ProcessHandle.of(pid))
                    .hasValueSatisfying(ProcessHandle::isAlive));
            assertDatabaseServes(told.get("postgres").asText());
        }

        assertThat(file).doesNotExist();
        assertThat(pids).noneMatch(LocalStackIT::isAlive);
    }

    @Test
    void everyCommitOfTheDatabaseReachesTheDisk() throws Exception {
        try (var stack = started(options());
                var connection = DriverManager.getConnection(jdbc(stack.postgres()));
                var statement = connection.createStatement()) {
            var setting = statement.executeQuery("show fsync");

            setting.next();
            assertThat(setting.getString(1)).isEqualTo("on");
        }
    }

    @Test
    void theSecondRunHasTheSameTokenAndTheSameAddresses() throws Exception {
        var options = options();
        String token;
        String postgres;
        try (var first = started(options)) {
            token = first.token();
            postgres = first.postgres();
        }

        try (var second = started(options)) {
            assertThat(second.token()).isEqualTo(token);
            assertThat(second.postgres()).isEqualTo(postgres);
        }
    }

    @Test
    void aServiceThatEndsByItselfIsToldAndTheRestKeepsRunningAndItCanBeStartedAgain() throws Exception {
        try (var stack = started(options())) {
            var first = stack.process("github-executor").pid();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> shown.toString(StandardCharsets.UTF_8)
                    .contains("github-executor (process %d) ended by itself".formatted(first)));
            assertThat(stack.process("gateway-service").isAlive()).isTrue();
            stack.start("github-executor");
            var told = new ObjectMapper().readTree(Files.readString(stack.stackFile()));
            assertThat(told.at("/pids/github-executor").asLong())
                    .isEqualTo(stack.process("github-executor").pid())
                    .isNotEqualTo(first);
        }
    }

    @Test
    void kafkaAndPostgresComeBackAfterAKill() throws Exception {
        try (var stack = started(options())) {
            stack.kill9(LocalStack.KAFKA);
            stack.kill9(LocalStack.POSTGRES);

            stack.start(LocalStack.POSTGRES);
            stack.start(LocalStack.KAFKA);

            assertDatabaseServes(stack.postgres());
            assertThat(stack.process(LocalStack.KAFKA).isAlive()).isTrue();
        }
    }

    @Test
    void aFolderInUseIsRefusedAndItsRunGoesOn() throws Exception {
        var options = options();
        try (var stack = started(options)) {
            var second = StackOptions.of(options.root(), options.data(), FreePorts.next());

            assertThatThrownBy(() -> started(second))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("in use by another run");

            assertThat(stack.stackFile()).exists();
            assertThat(stack.process("gateway-service").isAlive()).isTrue();
        }
    }

    @Test
    void aPortInUseIsRefusedInOneLineBeforeAnythingStarts() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var options = StackOptions.of(
                    StandInService.projectIn(temporary.resolve("project")),
                    temporary.resolve("data"),
                    taken.getLocalPort());

            assertThatThrownBy(() -> started(options))
                    .isInstanceOf(StackException.class)
                    .hasMessage("Port %d is in use by another program; stop it, or choose another port with --port."
                            .formatted(taken.getLocalPort()));
            assertThat(shown.toString(StandardCharsets.UTF_8)).isEmpty();
        }
    }

    @Test
    void aServiceThatIsNotBuiltIsNamed() throws Exception {
        var options = options();
        Files.delete(Service.GATEWAY_SERVICE.jar(options.root()));

        assertThatThrownBy(() -> started(options))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("gateway-service is not built");
    }

    private StackOptions options() throws Exception {
        return StackOptions.of(
                StandInService.projectIn(temporary.resolve("project")), temporary.resolve("data"), FreePorts.next());
    }

    private LocalStack started(StackOptions options) throws StackException {
        var stack = new LocalStack(options, terminal);
        stack.start();
        return stack;
    }

    private static void assertDatabaseServes(String address) throws Exception {
        try (var connection = DriverManager.getConnection(jdbc(address))) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    /** The JDBC form of <code>postgresql://user:password@host:port/database</code>. */
    private static String jdbc(String address) {
        var uri = URI.create(address);
        var user = uri.getUserInfo().split(":");
        return "jdbc:postgresql://%s:%d%s?user=%s&password=%s"
                .formatted(uri.getHost(), uri.getPort(), uri.getPath(), user[0], user[1]);
    }

    private static void collect(JsonNode pid, List<Long> into) {
        if (pid.isArray()) {
            pid.forEach(one -> into.add(one.asLong()));
        } else {
            into.add(pid.asLong());
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
