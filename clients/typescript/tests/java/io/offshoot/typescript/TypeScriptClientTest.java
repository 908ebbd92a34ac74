package io.offshoot.typescript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The TypeScript client as it is published. Its own tests run in Node; each is told here. */
class TypeScriptClientTest {

    private static final int MOST_BYTES = 4096;
    private static final Pattern TOLD = Pattern.compile("(?m)^    (ok|not ok) \\d+ - (.*)$");

    @BeforeAll
    static void build() throws Exception {
        var prepared = run("node", "tool/prepare.mjs");
        assertThat(prepared.code()).withFailMessage(prepared.said()).isZero();
    }

    @Test
    void theDocumentIsFitToMakeClientsFrom() throws Exception {
        succeeds("npm", "run", "--silent", "lint:document");
    }

    @Test
    void theTypesAreThoseOfTheDocument() throws Exception {
        var types = Files.readString(Path.of("src/openapi.ts"));

        assertThat(run("npm", "run", "--silent", "generate", "--", "--check").code())
                .as("src/openapi.ts is not what contracts/openapi.yaml says; update it: npm run generate")
                .isZero();
        assertThat(types).contains("/api/v1/deployments/{id}/run");
    }

    @Test
    void thePackageIsInOrderForEveryToolThatTakesModules() throws Exception {
        succeeds("npm", "run", "--silent", "lint:package");
    }

    @Test
    void itIsSmall() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(Files.readAllBytes(Path.of("dist/index.js")));
        }

        assertThat(zipped.size()).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void itBringsNothingAlong() throws IOException {
        assertThat(Files.readString(Path.of("package.json"))).doesNotContain("\"dependencies\"");
        assertThat(Files.readString(Path.of("dist/index.js"))).doesNotContain("from\"", "node:");
    }

    @Test
    void itsVersionIsTheProjects() throws IOException {
        var project = Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");

        assertThat(Files.readString(Path.of("package.json"))).contains("\"version\": \"%s\"".formatted(project));
    }

    @TestFactory
    Stream<DynamicTest> againstAFakeGateway() throws Exception {
        var tests = run("node", "--test", "--test-reporter=tap", "--test-timeout=60000", "tests/fake-gateway/");
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
        assertThat(told).hasSizeGreaterThan(30);
        return told.stream();
    }

    private record Ended(int code, String said) {}

    private static void succeeds(String... command) throws Exception {
        var ended = run(command);
        assertThat(ended.code()).withFailMessage(ended.said()).isZero();
    }

    private static Ended run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            throw new AssertionError("The TypeScript client needs Node 20 or newer, and `" + command[0]
                    + "` was not found. See CONTRIBUTING.md.");
        }
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not end");
        }
        return new Ended(process.exitValue(), said);
    }
}
