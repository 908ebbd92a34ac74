package io.offshoot.proof.intent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The very lines of <code>docs/intents.md</code>: a hub needs nothing of ours to sign. */
class DocumentedLinesTest {

    private static final Pattern LINES = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void signWithOpensslAndJqWhatWeVerify() throws Exception {
        Files.writeString(folder.resolve("request.json"), """
                {"workflow": "docs-site", "config": {"slug": "gathering", "language": "fr"},
                 "envVars": {"TOKEN": {"secret": "TOKEN"}, "NOTICE": "Portes à 9 h — \\"bienvenue\\" \\u0001 \\/ 🙂"},
                 "apps": [{"appId": "docs", "input": {"domain": {}}}, {"appId": "bot", "input": {}}],
                 "secrets": {"TOKEN": "s3cret", "SEED": {"generate": 32}}}""");
        Files.writeString(folder.resolve("workflow.json"), """
                {"id": "docs-site", "version": 1, "title": "Docs", "digest": "%s", "steps": []}""".formatted("d1".repeat(32)));

        var ended = run(String.join("\n", lines()));

        assertThat(ended).isZero();
        var sent = (ObjectNode) JSON.readTree(Files.readAllBytes(folder.resolve("signed-request.json")));
        var key = SigningKey.ofPem(Files.readString(folder.resolve("hub-key.pem")));
        var request = CanonicalRequest.of(sent);
        assertThat(Files.readString(folder.resolve("canonical.json"))).isEqualTo(request.text());
        assertThat(request.text()).doesNotContain("s3cret");
        var intent = Intent.verified(
                        Envelope.read(sent.get("intent").toString().getBytes(UTF_8)),
                        List.of(Signer.ofJwk(JSON.readTree(Files.readAllBytes(folder.resolve("hub-key.jwk.json"))))))
                .of(request)
                .by("makerspace")
                .at("https://offshoot.example")
                .within(Instant.now())
                .with(new Intent.Definition("docs-site", 1, "d1".repeat(32)));
        assertThat(intent.secrets()).containsExactly("SEED", "TOKEN");
        assertThat(sent.at("/intent/signatures/0/keyid").asText()).isEqualTo(key.id());
    }

    private static List<String> lines() throws IOException {
        return LINES.matcher(Files.readString(Path.of("../docs/intents.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    private int run(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
                .directory(folder.toFile())
                .inheritIO();
        builder.environment().put("hub", "makerspace");
        builder.environment().put("gateway", "https://offshoot.example");
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
