package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.localstack.demo.Site;
import io.offshoot.localstack.sandbox.SandboxControl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as people type it. */
class InterruptedRunIT {

    @TempDir
    private Path temporary;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (var process : started) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void aRunInterruptedInTheMiddleOfABuildGoesOnInTheNextRunWithTheSameRepositories() throws Exception {
        var data = temporary.resolve("data");
        var port = Integer.toString(FreePorts.next());
        var first = run(data, "--port", port, "--time-scale", "1");
        Client.patience().until(() -> said(data, "1").contains("deployment   the provider is at it"));

        var repositories = repositories(data);

        interrupt(first);
        var second = run(data, "--port", port, "--time-scale", "0.02");

        Client.patience().until(() -> said(data, "2").contains("The deployment is done"));
        assertThat(said(data, "2")).contains("was under way and goes on");
        assertThat(repositories(data)).hasSize(2).isEqualTo(repositories);
        var mark = Messages.json()
                .readTree(Files.readString(data.resolve("demo.json")))
                .get("inputMark")
                .asText();
        assertThat(sites(said(data, "2")))
                .hasSize(2)
                .allSatisfy(site -> assertThat(site.missing(HttpClient.newHttpClient(), List.of(mark)))
                        .isEmpty());
        interrupt(second);
        assertThat(data.resolve("stack.json")).doesNotExist();
    }

    @Test
    void exitWhenDoneEndsWithZeroOnceBothSitesShowWhatWasPutInAndTheNextRunShowsTheSameDeployment() throws Exception {
        var data = temporary.resolve("data");
        var port = Integer.toString(FreePorts.next());

        var first = run(data, "--port", port, "--time-scale", "0.02", "--exit-when-done");
        assertThat(first.waitFor(3, TimeUnit.MINUTES)).isTrue();
        var second = run(data, "--port", port, "--time-scale", "0.02", "--exit-when-done");
        assertThat(second.waitFor(3, TimeUnit.MINUTES)).isTrue();

        assertThat(first.exitValue()).as(said(data, "1")).isZero();
        assertThat(second.exitValue()).as(said(data, "2")).isZero();
        assertThat(said(data, "2")).contains("from an earlier run");
    }

    /** The addresses that a run has printed. */
    private static List<Site> sites(String said) {
        return Pattern.compile("http://\\S+/sites/\\S+")
                .matcher(said)
                .results()
                .map(found -> found.group())
                .distinct()
                .map(address -> new Site(address, URI.create(address)))
                .toList();
    }

    private static JsonNode repositories(Path data) throws IOException, InterruptedException {
        var sandbox = Messages.json()
                .readTree(Files.readString(data.resolve("stack.json")))
                .get("sandbox");
        var control = new SandboxControl(
                HttpClient.newHttpClient(),
                URI.create(sandbox.get("control").asText()),
                sandbox.get("controlToken").asText());
        var repositories = Messages.json().createArrayNode();
        control.resources().path("repositories").forEach(repository -> {
            if (repository.path("fullName").asText().startsWith("example-hub/")) {
                repositories.addObject().put("id", repository.get("id").asLong());
            }
        });
        return repositories;
    }

    private Process run(Path data, String... options) throws IOException {
        var command = new ArrayList<>(List.of("../run", "--data", data.toString()));
        command.addAll(List.of(options));
        var output = temporary.resolve("run-" + (started.size() + 1) + ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process;
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private String said(Path data, String run) throws IOException {
        var log = data.resolveSibling("run-" + run + ".log");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
