package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk under Kafka or PostgreSQL is full for a while. Either may end itself for it; then it is started again when
 * there is room, as whatever supervises it would. Needs the right to mount.
 */
@Tag("chaos")
class FullDiskIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration DISTANCE = Duration.ofMillis(1500);
    private static final int ROOM_MEGABYTES = 24;

    @TempDir
    private Path data;

    @ParameterizedTest
    @ValueSource(strings = {LocalStack.KAFKA, LocalStack.POSTGRES})
    void whatWasBegunEndsDoneWhenThereIsRoomAgainOnTheDiskOf(String backend) throws Exception {
        var options =
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next()).withTimeScale(0.02);
        var disk = data.resolve("data").resolve(backend);
        try (var stack = new LocalStack(options, new Terminal(System.out, false))) {
            stack.start();
            stack.stop(backend);
            moveToSmallDisk(disk);
            stack.start(backend);
            var pids = pids(stack);
            var example =
                    (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
            var api = new DeploymentApi(stack.gateway(), stack.token());
            var effects = new Effects(stack.sandbox(), "disk");
            var steps = new Checks(stack);
            try (var health = new HealthWatch(stack);
                    var load = new Load(api, example, "disk", 1)) {
                var again = example.deepCopy();
                ((ObjectNode) again.get("config")).put("slug", "disk-again");
                var key = UUID.randomUUID().toString();
                var repeated = patience().until(() -> api.create(again, key), Objects::nonNull);
                var runs = new Runs(stack, repeated.id());
                load.begin(DISTANCE);
                patience().until(() -> steps.steps() > 10);

                var ballast = fill(disk);
                var log = stack.data().resolve("logs").resolve(backend + ".log");
                // What it has allocated before it goes on filling; room it gives back is taken at once.
                patience().until(() -> refill(ballast) && runs.askNow().status() == 503 && complaints(log) > 0);
                System.out.printf("%s says %d times that the disk is full%n", backend, complaints(log));
                var ended = !stack.isAlive(backend);
                System.out.printf("%s with a full disk: %s%n", backend, ended ? "has ended" : "lives");
                Files.delete(ballast);
                var since = System.nanoTime();
                patience().until(() -> serves(stack, backend, runs));
                System.out.printf(
                        "%s: a trigger is accepted %.1f s after there is room; answers %s%n",
                        backend, (System.nanoTime() - since) / 1e9, runs.statuses());
                load.end();

                assertThat(load.awaitAll(PATIENCE)).as("all is done").isTrue();
                var found = effects.compare(load.deployments().values());
                assertThat(load.deployments().values()).isNotEmpty().allSatisfy(deployment -> assertThat(
                                deployment.status())
                        .isEqualTo(PublicStatus.DONE));
                assertThat(load.refusals()).isEmpty();
                assertThat(runs.statuses().keySet()).isSubsetOf(202, 503);
                assertThat(found.duplicates()).isEmpty();
                assertThat(found.lost()).isEmpty();
                assertThat(new Checks(stack).violations(load.accepted())).isEmpty();
                assertThat(pids(stack)).isEqualTo(pids);
                assertThat(health.notLive()).isEmpty();
            }
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    /** Starts it again if it has ended, as a supervisor does. */
    private static boolean serves(LocalStack stack, String backend, Runs runs)
            throws IOException, StackException, InterruptedException {
        if (!stack.isAlive(backend)) {
            System.out.println(backend + " has ended and is started again");
            stack.start(backend);
        }
        return runs.askNow().status() == 202;
    }

    private static void moveToSmallDisk(Path folder) throws IOException, InterruptedException {
        var before = folder.resolveSibling("moved");
        run("mv", folder.toString(), before.toString());
        run("mkdir", folder.toString());
        var size = megabytes(before) + ROOM_MEGABYTES;
        run("mount", "-t", "tmpfs", "-o", "size=" + size + "m", "tmpfs", folder.toString());
        run("cp", "-a", before + "/.", folder.toString());
        run("chown", "--reference=" + before, folder.toString());
        run("chmod", "--reference=" + before, folder.toString());
    }

    private static long megabytes(Path folder) throws IOException, InterruptedException {
        var process = new ProcessBuilder("du", "-sm", folder.toString()).start();
        var said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return Long.parseLong(said.split("\\s")[0]);
    }

    private static Path fill(Path disk) throws IOException {
        var ballast = disk.resolve("ballast");
        refill(ballast);
        return ballast;
    }

    /** Takes what room there is. */
    private static boolean refill(Path ballast) throws IOException {
        var block = new byte[4096];
        try (var file = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            return true;
        }
    }

    private static long complaints(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("No space left on device"))
                    .count();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    private static Map<String, Long> pids(LocalStack stack) {
        var pids = new TreeMap<String, Long>();
        stack.services()
                .forEach(service -> pids.put(service, stack.process(service).pid()));
        return pids;
    }

    private static ConditionFactory patience() {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class);
    }
}
