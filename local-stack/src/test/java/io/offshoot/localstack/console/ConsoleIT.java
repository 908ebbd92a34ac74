package io.offshoot.localstack.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.FreePorts;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser, against a whole stack. The tests themselves are in src/test/browser, one file for each
 * page; this starts the stack, gets what they need, and tells what they said.
 */
class ConsoleIT {

    private static final Path SOURCE = Path.of("src/test/browser");
    private static final Path TARGET = Path.of("target/browser");
    private static final List<Path> CHROMIUM = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    @TempDir
    private static Path data;

    /** Where a page of another origin is served that the gateway lets in. */
    private static int embedder;

    private static Path chromium;
    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        requireNode();
        chromium = chromium();
        install();
        embedder = FreePorts.next();
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withSettings(
                        Map.of("gateway-service", Map.of("offshoot.browser.origins", "http://127.0.0.1:" + embedder)));
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void theConsoleDoesWhatItsTestsSay() throws Exception {
        var command = new ArrayList<>(List.of("node", "--test", "--test-concurrency=2", "--test-timeout=300000"));
        try (var files = Files.list(TARGET)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .forEach(command::add);
        }
        var node = new ProcessBuilder(command).directory(TARGET.toFile()).redirectErrorStream(true);
        node.environment().put("OFFSHOOT_STACK", stack.stackFile().toString());
        node.environment().put("OFFSHOOT_EMBEDDER", Integer.toString(embedder));
        node.environment().put("OFFSHOOT_CHROMIUM", chromium.toString());
        var screenshots = System.getProperty("screenshots");
        node.environment()
                .put(
                        "OFFSHOOT_SCREENSHOTS",
                        (screenshots == null ? TARGET.resolve("screenshots") : Path.of("..", screenshots))
                                .toAbsolutePath()
                                .normalize()
                                .toString());

        var said = finish(node.start(), 10);

        System.out.println(said.words());
        assertThat(said.exitCode()).as(said.words()).isZero();
    }

    private record Said(int exitCode, String words) {}

    private static Said finish(Process process, int minutes) throws IOException, InterruptedException {
        process.getOutputStream().close();
        var words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Said(process.waitFor(), words);
    }

    private static void requireNode() throws InterruptedException {
        try {
            var version =
                    finish(new ProcessBuilder("node", "--version").start(), 1).words();
            if (Integer.parseInt(version.replaceAll("(?s)^v(\\d+).*", "$1")) >= 20) {
                return;
            }
        } catch (IOException | NumberFormatException missing) {
            // Said below.
        }
        throw new AssertionError("The tests of the console need Node 20 or newer; see CONTRIBUTING.md");
    }

    private static Path chromium() {
        var named = System.getenv("OFFSHOOT_CHROMIUM");
        return (named == null ? CHROMIUM : List.of(Path.of(named)))
                .stream()
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElseThrow(
                                () -> new AssertionError(
                                        "The tests of the console need Chromium (the Debian package chromium); see CONTRIBUTING.md"));
    }

    /** Once for each lock file; the tests are copied each time. */
    private static void install() throws IOException, InterruptedException {
        var lock = Files.readString(SOURCE.resolve("package-lock.json"));
        var installed = TARGET.resolve("node_modules/installed");
        var isInstalled = Files.exists(installed) && Files.readString(installed).equals(lock);
        Files.createDirectories(TARGET);
        try (var old = Files.list(TARGET)) {
            for (var file : old.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (var files = Files.list(SOURCE)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, TARGET.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!isInstalled) {
            var npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
                    .directory(TARGET.toFile())
                    .redirectErrorStream(true);
            var said = finish(npm.start(), 3);
            assertThat(said.exitCode()).as("npm ci: " + said.words()).isZero();
            Files.writeString(installed, lock);
        }
    }
}
