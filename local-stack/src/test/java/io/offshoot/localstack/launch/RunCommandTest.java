package io.offshoot.localstack.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.localstack.StackException;
import io.offshoot.localstack.stack.StackOptions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {

    private static final Path ROOT = Path.of("/project");

    private static final Map<String, String> ACCOUNTS = Map.of(
            "GITHUB_TOKEN", "g-token",
            "OFFSHOOT_GITHUB_ORG", "our-hub",
            "VERCEL_TOKEN", "v-token",
            "OFFSHOOT_VERCEL_TEAM", "team_ours",
            "OFFSHOOT_UPSTREAM", "network/docs-site");

    @Test
    void withoutOptionsEverythingHasItsDefault() throws StackException {
        var options = parse();

        assertThat(options.data()).isEqualTo(Path.of("/project/.offshoot"));
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.timeScale()).isEqualTo(0.2);
        assertThat(options.replicas()).isEmpty();
        assertThat(options.live()).isEmpty();
    }

    @Test
    void theLinkToTheConsoleHasTheTokenWhereNoRequestHasIt() {
        var link = RunCommand.readyLink(URI.create("http://127.0.0.1:8080/"), "local_0123");

        assertThat(link).hasToString("http://127.0.0.1:8080/#token=local_0123").hasNoQuery();
    }

    @Test
    void everyOptionIsTakenIn() throws StackException {
        var options = parse(
                "--port",
                "9090",
                "--data",
                "/elsewhere",
                "--time-scale=0.02",
                "--scale",
                "vercel-executor=2",
                "--scale",
                "github-executor=3");

        assertThat(options.port()).isEqualTo(9090);
        assertThat(options.data()).isEqualTo(Path.of("/elsewhere"));
        assertThat(options.timeScale()).isEqualTo(0.02);
        assertThat(options.replicas()).containsOnly(Map.entry("vercel-executor", 2), Map.entry("github-executor", 3));
    }

    @ParameterizedTest
    @CsvSource({
        "--bogus, --bogus",
        "--port=many, --port",
        "--port=0, --port",
        "--port=65536, --port",
        "--time-scale=0, --time-scale",
        "--time-scale=NaN, --time-scale",
        "--scale=gateway-service=2, gateway-service",
        "--scale=vercel-executor=0, vercel-executor",
        "--scale=vercel-executor, --scale",
        "--data, --data",
        "surplus, surplus",
        "--exit-when-done --no-demo, --no-demo",
        "chaos --minutes=0, --minutes",
        "chaos --seed=many, --seed"
    })
    void whatIsNotUnderstoodIsRefusedInOneLine(String line, String named) {
        var errors = new StringWriter();
        var commandLine = Main.commandLine(ROOT).setErr(new PrintWriter(errors));

        var exitCode = commandLine.execute(line.split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString().lines()).singleElement().asString().contains(named);
    }

    @Test
    void liveTakesTheAccountsFromTheEnvironmentAndAFolderOfItsOwn() throws StackException {
        var options = parseIn(ACCOUNTS, "--live");

        assertThat(options.live().orElseThrow().organization()).isEqualTo("our-hub");
        assertThat(options.data()).isEqualTo(Path.of("/project/.offshoot-live"));
    }

    @Test
    void liveNamesTheVariableThatIsMissing() {
        assertThatThrownBy(() -> parseIn(Map.of("GITHUB_TOKEN", "g-token"), "--live"))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("OFFSHOOT_GITHUB_ORG");
    }

    @Test
    void liveAccountsDoNotPrintTheirTokens() throws StackException {
        assertThat(parseIn(ACCOUNTS, "--live").toString()).doesNotContain("g-token", "v-token");
    }

    @Test
    void liveListsEverythingItCreatesAndGoesOnOnlyAfterAYes() throws Exception {
        var options = parseIn(ACCOUNTS, "--live");
        var example = Path.of("../examples/docs-site.json");
        var listed = new ByteArrayOutputStream();
        var out = new PrintStream(listed, true, StandardCharsets.UTF_8);

        var yes = LiveConsent.given(options, example, out, answering("yes\n"));
        var silence = LiveConsent.given(options, example, out, answering(""));

        assertThat(yes).isTrue();
        assertThat(silence).isFalse();
        assertThat(listed.toString(StandardCharsets.UTF_8))
                .contains("our-hub/example-gathering-docs", "our-hub/example-gathering-handbook", "team_ours");
    }

    private static BufferedReader answering(String text) {
        return new BufferedReader(new StringReader(text));
    }

    private static StackOptions parse(String... line) throws StackException {
        return parseIn(Map.of(), line);
    }

    private static StackOptions parseIn(Map<String, String> environment, String... line) throws StackException {
        var commandLine = Main.commandLine(ROOT);
        commandLine.parseArgs(line);
        RunCommand command = commandLine.getCommand();
        return command.options(environment);
    }
}
