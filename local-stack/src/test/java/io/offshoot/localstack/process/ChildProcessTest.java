package io.offshoot.localstack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    private final CompletableFuture<ChildProcess> died = new CompletableFuture<>();
    private final List<ChildProcess> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(ChildProcess::kill);
    }

    @Test
    void whatItSaysGoesToTheTerminalUnderItsNameAndToItsLog() throws Exception {
        var child = start("stay");

        child.saysReady().get(20, TimeUnit.SECONDS);

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("chatter             | hello");
        assertThat(folder.resolve("chatter.log")).content().contains("hello");
    }

    @Test
    void itsOwnEndIsToldWithExitCodeAndLastLines() throws Exception {
        start("fall");

        var dead = died.get(20, TimeUnit.SECONDS);

        assertThat(dead.exitCode()).isEqualTo(3);
        assertThat(dead.lastLines()).endsWith("this is why");
        assertThatThrownBy(() -> dead.saysReady().get()).isInstanceOf(ExecutionException.class);
    }

    @Test
    void anEndThatWasAskedForIsNotTold() throws Exception {
        var child = start("stay");
        child.saysReady().get(20, TimeUnit.SECONDS);

        child.terminate();
        child.awaitEnd(Duration.ofSeconds(20));

        assertThat(child.isAlive()).isFalse();
        assertThat(died).isNotDone();
    }

    @Test
    void oneThatDoesNotStopIsKilled() throws Exception {
        var child = start("stubborn");
        child.saysReady().get(20, TimeUnit.SECONDS);

        child.terminate();
        child.awaitEnd(Duration.ofMillis(100));

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void whatAKilledRunLeftOnTheFolderIsFoundAndEndedAndNothingElse() throws Exception {
        var left = start("stay", Leftovers.mark(folder));
        var other = start("stay", Leftovers.mark(folder.resolve("other")));
        left.saysReady().get(20, TimeUnit.SECONDS);
        other.saysReady().get(20, TimeUnit.SECONDS);

        var ended = Leftovers.end(folder);

        assertThat(ended).isEqualTo(1);
        assertThat(left.isAlive()).isFalse();
        assertThat(other.isAlive()).isTrue();
    }

    @Test
    void theNewestJavaIsNotOlderThanThisOne() {
        assertThat(Jdk.newest().feature())
                .isGreaterThanOrEqualTo(Runtime.version().feature());
    }

    private ChildProcess start(String how, String... flags) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("-Xmx16m");
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", "target/test-classes", Chatter.class.getName(), how));
        var child = ChildProcess.start(
                "chatter", command, Map.of(), folder.resolve("chatter.log"), terminal, died::complete);
        started.add(child);
        return child;
    }
}
