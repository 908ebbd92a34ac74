package io.offshoot.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.proof.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the lines that docs/webhooks.md tells receivers to verify with. */
class WebhookDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "webhooks.md");
    private static final Pattern SCRIPT = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final UUID webhook = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private final byte[] body = "{\"specversion\": \"1.0\", \"data\": \"é\"}\n".getBytes(StandardCharsets.UTF_8);

    private Signer signer() throws Exception {
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        var secrets =
                Files.writeString(folder.resolve("secrets"), Base64.getEncoder().encodeToString(random));
        var signing = Files.writeString(
                folder.resolve("signing"), SigningKey.generate().toPem());
        return new Signer(Optional.of(secrets), Optional.of(signing));
    }

    private String run(int script, Map<String, String> values) throws Exception {
        var found = SCRIPT.matcher(Files.readString(DOCUMENT)).results().toList();
        assertThat(found).hasSize(2);
        Files.write(folder.resolve("body"), body);
        var shell = new ProcessBuilder("sh", "-c", found.get(script).group(1))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(values);
        var running = shell.start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @Test
    void theLinesForTheSecretTellWhatIsRightFromWhatIsNot() throws Exception {
        var signer = signer();
        var secret = signer.newSecret();
        var before = signer.newSecret();
        var signature = signer.signature(
                webhook, List.of(signer.close(webhook, before), signer.close(webhook, secret)), id, 4711, body);
        var values = Map.of("SECRET", secret, "ID", id.toString(), "TIMESTAMP", "4711", "SIGNATURE", signature);

        assertThat(run(0, values)).contains("v1 is right");

        var other = new HashMap<>(values);
        other.put("TIMESTAMP", "4712");
        assertThat(run(0, other)).contains("v1 is wrong");
    }

    @Test
    void theLinesForThePublicKeyTellItToo() throws Exception {
        var signer = signer();
        var signature = signer.signature(webhook, List.of(signer.close(webhook, signer.newSecret())), id, 4711, body);
        var values =
                Map.of("PUBLIC", signer.publicKey(), "ID", id.toString(), "TIMESTAMP", "4711", "SIGNATURE", signature);

        assertThat(run(1, values)).contains("Verified Successfully");

        var other = new HashMap<>(values);
        other.put("ID", UUID.randomUUID().toString());
        assertThat(run(1, other)).contains("Failure");
    }

    @Test
    void aSecretOpensForItsWebhookAlone() throws Exception {
        var signer = signer();
        var closed = signer.close(webhook, signer.newSecret());

        assertThatThrownBy(() -> signer.signature(UUID.randomUUID(), List.of(closed), id, 4711, body))
                .isInstanceOf(GeneralSecurityException.class);
    }
}
