package io.offshoot.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.MessageType;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages as each released version wrote them: a folder a version, whose files never change. They lie in topics and
 * dead letters, and services of that version go on writing them during an upgrade.
 */
class ReleasedMessagesTest {

    private static final Map<String, Class<? extends Record>> TYPES = Map.of(
            MessageType.DEPLOYMENT_REQUEST.type(), DeploymentRequest.class,
            MessageType.STEP_COMMAND.type(), StepCommand.class,
            MessageType.STEP_RESULT.type(), StepResult.class,
            MessageType.DEPLOYMENT_EVENT.type(), DeploymentEvent.class,
            MessageType.DEAD_LETTER.type(), DeadLetter.class);

    static Stream<Path> files() throws IOException, URISyntaxException {
        return versions().flatMap(ReleasedMessagesTest::list);
    }

    static Stream<Path> versions() throws IOException, URISyntaxException {
        var golden = Path.of(ReleasedMessagesTest.class.getResource("/golden").toURI());
        return list(golden).filter(Files::isDirectory);
    }

    @Test
    void thereIsAFolderOfTheFirstVersion() throws Exception {
        assertThat(versions())
                .extracting(folder -> folder.getFileName().toString())
                .contains("v0.1");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aVersionHasAFileOfEveryMessageItKnew(Path version) {
        assertThat(list(version).map(file -> tree(file).path("type").asText()).distinct())
                .containsExactlyInAnyOrderElementsOf(TYPES.keySet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void aReleasedMessageIsReadWithNothingLost(Path file) throws Exception {
        var written = tree(file);

        var read = Messages.json().valueToTree(read(written));

        assertContains(read, written, "");
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatALaterVersionAddsAnywhereIsIgnored(Path file) throws Exception {
        var written = tree(file);
        var later = (ObjectNode) tree(file);
        add(later);

        assertThat(Messages.json().<JsonNode>valueToTree(read(later)))
                .isEqualTo(Messages.json().<JsonNode>valueToTree(read(written)));
    }

    private static CloudEvent<?> read(JsonNode message) throws Exception {
        return Messages.read(
                Messages.json().writeValueAsBytes(message),
                TYPES.get(message.path("type").asText()));
    }

    /** To our own objects only: what an action brings is its own, and is kept as it is. */
    private static void add(ObjectNode message) {
        message.put("addedLater", "x");
        var data = (ObjectNode) message.get("data");
        data.put("addedLater", 1);
        for (String part : new String[] {"waiting", "failure", "error", "instructions"}) {
            if (data.get(part) instanceof ObjectNode object) {
                object.putObject("addedLater").put("deep", true);
            }
        }
        data.path("effects").forEach(effect -> ((ObjectNode) effect).put("addedLater", 2));
    }

    /** Fields may have been added since, and none may be gone or different. */
    private static void assertContains(JsonNode read, JsonNode written, String at) {
        if (written.isObject()) {
            written.fieldNames()
                    .forEachRemaining(name -> assertContains(read.path(name), written.get(name), at + "/" + name));
        } else if (written.isArray()) {
            assertThat(read.size()).as(at).isEqualTo(written.size());
            for (int i = 0; i < written.size(); i++) {
                assertContains(read.get(i), written.get(i), at + "/" + i);
            }
        } else {
            assertThat(read.asText()).as(at).isEqualTo(written.asText());
        }
    }

    private static JsonNode tree(Path file) {
        try {
            return Messages.json().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> list(Path folder) {
        try (var files = Files.list(folder)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
