package io.offshoot.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocsSiteTest {

    /** A definition that was ever released keeps its digest: change it only together with the version. */
    @Test
    void versionOneIsWhatItWas() {
        assertThat(DocsSite.WORKFLOW.version()).isEqualTo(1);
        assertThat(DocsSite.WORKFLOW.digest())
                .isEqualTo("717d7670b35e8582cc8479aeff4546a233d03244f03f500ba5316c9c66d973d4");
    }

    @Test
    void theSchemasNameTheVeryFieldsOfTheRecords() throws Exception {
        var input = Messages.json().readTree(DocsSite.WORKFLOW.inputSchema()).path("properties");
        var config = Messages.json().readTree(DocsSite.WORKFLOW.configSchema()).path("properties");

        assertThat(names(config)).containsExactlyInAnyOrderElementsOf(fields(DocsSite.Config.class));
        assertThat(names(input))
                .containsExactlyInAnyOrderElementsOf(DocsSite.WORKFLOW.parts().keySet());
        DocsSite.WORKFLOW.parts().forEach((key, part) -> assertThat(
                        names(input.path(key).path("properties")))
                .containsExactlyInAnyOrderElementsOf(fields(part)));
    }

    private static final String FORM = "{\"type\": \"object\"}";

    @Test
    void aStepListedBeforeOneItNeedsIsNoWorkflow() {
        var steps = new ArrayList<>(DocsSite.WORKFLOW.steps());
        steps.add(steps.remove(0));

        assertThatThrownBy(() -> new Workflow("x", 1, "", "", List.of(), DocsSite.Config.class, FORM, FORM, steps))
                .hasMessageContaining("is listed before one it needs");
    }

    @Test
    void theDigestChangesWithTheDefinition() {
        var other = new Workflow(
                "docs-site",
                1,
                "",
                "",
                List.of(),
                DocsSite.Config.class,
                DocsSite.WORKFLOW.configSchema(),
                DocsSite.WORKFLOW.inputSchema(),
                DocsSite.WORKFLOW.steps().subList(0, 3));

        assertThat(other.digest()).isNotEqualTo(DocsSite.WORKFLOW.digest());
        assertThat(new Workflows(List.of(other)).pinned("docs-site", 1, DocsSite.WORKFLOW.digest()))
                .isEmpty();
    }

    private static List<String> names(JsonNode properties) {
        var names = new ArrayList<String>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> fields(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }
}
