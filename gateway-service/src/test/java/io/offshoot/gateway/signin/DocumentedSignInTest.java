package io.offshoot.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.gateway.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the very lines of <code>docs/security.md</code>, one block after the other, as a reader would. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class DocumentedSignInTest {

    private static final Path DOCUMENT = Path.of("../docs/security.md");
    private static final Pattern LINES = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @Inject
    DataSource database;

    @TempDir
    Path directory;

    @Test
    void theDocumentedLinesRegisterAKeySignInAndRotateIt() throws Exception {
        var steps = new SignInSteps(database).begin();

        var said = run(documentedLines() + "\necho; echo \"$KID $TOKEN\"\n");

        var last =
                said.strip().lines().reduce((one, other) -> other).orElseThrow().split(" ");
        var kid = last[0];
        assertThat(last[1]).startsWith("off_tok_");
        assertThat(steps.audited("key:" + kid, "sign-in", "DONE")).isEqualTo(1);
        assertThat(steps.count("select count(*) from hub_key where kid = ? and retired_at is not null", kid))
                .isEqualTo(1);
        assertThat(steps.count("select count(*) from hub_key where predecessor = ? and retired_at is null", kid))
                .isEqualTo(1);
    }

    /** Those about signing in and keys: the blocks that use a key of the hub. */
    private static String documentedLines() throws IOException {
        return LINES.matcher(Files.readString(DOCUMENT))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("hub-key.pem"))
                .collect(Collectors.joining("\n"));
    }

    private String run(String lines) throws IOException, InterruptedException {
        var output = directory.resolve("output.txt");
        var shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", lines)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().put("GATEWAY", "http://127.0.0.1:" + RestAssured.port);
        shell.environment().put("HUB", "north");
        shell.environment().put("TOKEN", "north-owner");
        var process = shell.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        var said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
