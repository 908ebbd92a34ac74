package io.offshoot.localstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.CreateDeployment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDeploymentTest {

    private static final Path EXAMPLE = Path.of("../examples/docs-site.json");

    @TempDir
    private Path folder;

    @Test
    void theSecondRunSendsTheSameKeyAndBody() throws Exception {
        var first = DemoDeployment.keptIn(folder.resolve("demo.json"), EXAMPLE, Optional.empty());

        assertThat(DemoDeployment.keptIn(folder.resolve("demo.json"), EXAMPLE, Optional.empty()))
                .isEqualTo(first);
    }

    @Test
    void anotherFolderSendsAnotherKeyAndOtherMarks() throws Exception {
        var one = DemoDeployment.keptIn(folder.resolve("one.json"), EXAMPLE, Optional.empty());
        var two = DemoDeployment.keptIn(folder.resolve("two.json"), EXAMPLE, Optional.empty());

        assertThat(two.key()).isNotEqualTo(one.key());
        assertThat(two.inputMark()).isNotEqualTo(one.inputMark());
        assertThat(two.envMark()).isNotEqualTo(one.envMark());
    }

    @Test
    void theMarksStandInEveryAppsInputAndEnvironment() throws Exception {
        var demo = DemoDeployment.of(Files.readString(EXAMPLE), "word", Optional.empty());

        var sent = Messages.json().treeToValue(demo.body(), CreateDeployment.class);
        assertThat(sent.envVars().get("NOTICE").asText()).contains(demo.envMark());
        assertThat(sent.apps()).hasSize(2).allSatisfy(app -> assertThat(
                        app.input().at("/content/welcome").asText())
                .contains(demo.inputMark()));
    }

    @Test
    void liveAccountsBringTheirOwnUpstream() throws Exception {
        var demo = DemoDeployment.of(Files.readString(EXAMPLE), "word", Optional.of("network/docs-site"));

        assertThat(demo.body().findValuesAsText("upstream")).containsExactly("network/docs-site", "network/docs-site");
    }

    @Test
    void anExampleEditedSinceIsNoticed() throws Exception {
        var demo = DemoDeployment.of(Files.readString(EXAMPLE), "word", Optional.empty());
        var edited = Files.writeString(folder.resolve("edited.json"), Files.readString(EXAMPLE) + "\n");

        assertThat(demo.isOlderThan(EXAMPLE)).isFalse();
        assertThat(demo.isOlderThan(edited)).isTrue();
    }
}
