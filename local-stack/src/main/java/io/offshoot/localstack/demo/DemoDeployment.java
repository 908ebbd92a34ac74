package io.offshoot.localstack.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.data.PrivateFiles;
import io.offshoot.localstack.data.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The example as one data folder deploys it, kept in <code>demo.json</code>: sent again with the same key, it is the
 * same deployment.
 *
 * @param key the Idempotency-Key
 * @param inputMark a random word that stands in each app's welcome text
 * @param envMark a random word that stands in the environment variable NOTICE
 * @param body what is sent
 * @param example the digest of the example it was made of
 */
public record DemoDeployment(String key, String inputMark, String envMark, ObjectNode body, String example) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOTICE = "NOTICE";

    /**
     * The one that the file holds, or a new one of the example, which the file holds from now on.
     *
     * @param upstream replaces the example's upstream; empty to keep it
     */
    public static DemoDeployment keptIn(Path file, Path example, Optional<String> upstream) throws StackException {
        try {
            if (Files.exists(file)) {
                return JSON.readValue(Files.readString(file), DemoDeployment.class);
            }
            var demo = of(Files.readString(example), word(), upstream);
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(demo) + "\n");
            return demo;
        } catch (JsonProcessingException e) {
            var damaged = Files.exists(file) ? file : example;
            throw new StackException(
                    "%s is not the JSON it should be: %s".formatted(damaged, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new StackException("The example cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether the example has been edited since. */
    public boolean isOlderThan(Path exampleFile) throws IOException {
        return !example.equals(Secrets.sha256(Files.readString(exampleFile)));
    }

    static DemoDeployment of(String example, String word, Optional<String> upstream) throws JsonProcessingException {
        var inputMark = "welcome-" + word;
        var envMark = "notice-" + word;
        var body = (ObjectNode) JSON.readTree(example);
        mark(body, NOTICE, "envVars", envMark);
        for (var app : body.withArray("apps")) {
            mark((ObjectNode) app.path("input").path("content"), "welcome", null, inputMark);
            if (app.path("envVars").has(NOTICE)) {
                mark((ObjectNode) app, NOTICE, "envVars", envMark);
            }
            upstream.ifPresent(
                    repository -> ((ObjectNode) app.path("input").path("repository")).put("upstream", repository));
        }
        return new DemoDeployment("demo-" + UUID.randomUUID(), inputMark, envMark, body, Secrets.sha256(example));
    }

    private static void mark(ObjectNode object, String field, String within, String mark) {
        var owner = within == null ? object : object.withObject("/" + within);
        owner.put(field, "%s (%s)".formatted(owner.path(field).asText(""), mark).strip());
    }

    private static String word() {
        var bytes = new byte[5];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
