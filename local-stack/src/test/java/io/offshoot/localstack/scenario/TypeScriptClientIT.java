package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.FreePorts;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The TypeScript client, in Node, with the real services. */
class TypeScriptClientIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CLIENT = ROOT.resolve("clients/typescript");
    private static final Pattern TOLD = Pattern.compile("(?m)^    (ok|not ok) \\d+ - (.*)$");

    @TempDir
    private static Path data;

    private static LocalStack stack;

    private record Ended(int code, String said) {}

    @BeforeAll
    static void start() throws Exception {
        var prepared = node("tool/prepare.mjs");
        assertThat(prepared.code()).withFailMessage(prepared.said()).isZero();
        var options =
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next()).withTimeScale(0.02);
        stack = new LocalStack(options, new Terminal(System.out, false));
        stack.start();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> itsTests() throws Exception {
        var tests = node("--test", "--test-reporter=tap", "--test-timeout=120000", "tests/stack/");
        var told = new ArrayList<DynamicTest>();
        var results = TOLD.matcher(tests.said());
        while (results.find()) {
            var good = results.group(1).equals("ok");
            told.add(DynamicTest.dynamicTest(
                    results.group(2),
                    () -> assertThat(good).withFailMessage(tests.said()).isTrue()));
        }
        told.add(DynamicTest.dynamicTest(
                "all in all",
                () -> assertThat(tests.code()).withFailMessage(tests.said()).isZero()));
        assertThat(told).as(tests.said()).hasSizeGreaterThan(5);
        return told.stream();
    }

    private static Ended node(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(CLIENT.toFile()).redirectErrorStream(true);
        if (stack != null) {
            builder.environment().put("OFFSHOOT_GATEWAY", stack.gateway().toString());
            builder.environment().put("OFFSHOOT_TOKEN", stack.token());
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new AssertionError(
                    "The TypeScript client needs Node 20 or newer, and `node` was not found. See CONTRIBUTING.md.");
        }
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("node did not end");
        }
        return new Ended(process.exitValue(), said);
    }
}
