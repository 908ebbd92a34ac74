package io.offshoot.workflows;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {

    private static final String PROJECT = """
            {"id": "prj_1", "name": "gathering-docs", "mark": "OFFSHOOT_EFFECT=cafe"}""";
    private static final String REPOSITORY = """
            {"id": "7", "name": "network/gathering-docs", "mark": "offshoot:cafe"}""";

    /** A definition that was ever released keeps its digest: change it only together with the version. */
    @Test
    void versionOneIsWhatItWas() {
        assertThat(Handover.WORKFLOW.version()).isEqualTo(1);
        assertThat(Handover.WORKFLOW.digest())
                .isEqualTo("3d13a5ecf87d819e8449361644fdfc0129f038f25ae9d3d5659b741352061ff5");
    }

    @Test
    void theSchemasNameTheVeryFieldsOfTheRecords() throws IOException {
        var input = read(Handover.WORKFLOW.inputSchema()).path("properties");
        var config = read(Handover.WORKFLOW.configSchema()).path("properties");

        assertThat(names(config)).containsExactlyInAnyOrderElementsOf(fields(Handover.Config.class));
        assertThat(names(input))
                .containsExactlyInAnyOrderElementsOf(Handover.WORKFLOW.parts().keySet());
        Handover.WORKFLOW.parts().forEach((key, part) -> assertThat(
                        names(input.path(key).path("properties")))
                .containsExactlyInAnyOrderElementsOf(fields(part)));
    }

    @Test
    void onlyTheOffersAreMadeByTheGiver() {
        assertThat(Handover.WORKFLOW.connections())
                .containsExactly(
                        entry("github", "github"),
                        entry("github-receiver", "github"),
                        entry("vercel", "vercel"),
                        entry("vercel-receiver", "vercel"));
        assertThat(Handover.WORKFLOW.steps().stream().collect(toMap(Step::id, Step::connection)))
                .containsOnly(
                        entry("repository-check", "github-receiver"),
                        entry("project-check", "vercel-receiver"),
                        entry("repository-offer", "github"),
                        entry("repository", "github-receiver"),
                        entry("project-offer", "vercel"),
                        entry("project", "vercel-receiver"),
                        entry("relink", "vercel-receiver"),
                        entry("environment", "vercel-receiver"),
                        entry("deployment", "vercel-receiver"),
                        entry("site", "vercel-receiver"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"repository-offer", "project-offer"})
    void nothingIsOfferedBeforeBothReceiversHaveBeenLookedAt(String offer) {
        assertThat(Handover.WORKFLOW.allNeeds(offer)).contains("repository-check", "project-check");
    }

    @Test
    void theRepositoryIsOfferedToTheOrganisationThatTheReceiversConnectionIsFor() throws IOException {
        var input = input("repository-offer", REPOSITORY, Map.of("repository-check", read("""
                {"organization": "our-hub", "access": "TOKEN", "rights": [], "upstream": "x/y", "name": "FREE"}""")));

        assertThat(input.toString()).isEqualTo("""
                {"repositoryId":7,"mark":"offshoot:cafe","newOwner":"our-hub"}""");
    }

    @Test
    void theAcceptanceNamesTheGiversConnectionToOpenTheOfferWith() throws IOException {
        var offer = Map.of("project-offer", read("{\"code\": \"sealed\"}"));

        assertThat(input("project", PROJECT, offer).path("giver").asText()).isEqualTo("network");
        assertThat(Inputs.build(
                                Handover.WORKFLOW,
                                "project",
                                "our-hub",
                                "docs",
                                Map.of(),
                                read("{}"),
                                read(PROJECT),
                                offer)
                        .path("giver")
                        .asText())
                .isEqualTo("our-hub");
    }

    @Test
    void aStepInAnotherRoleIsAnotherDefinition() {
        var steps = new ArrayList<Step<?, ?, ?, ?>>(Handover.WORKFLOW.steps());
        steps.set(0, steps.get(0).as(null));
        var other = new Workflow(
                "handover",
                1,
                "",
                "",
                List.of(),
                Handover.Config.class,
                Handover.WORKFLOW.configSchema(),
                Handover.WORKFLOW.inputSchema(),
                steps);

        assertThat(other.digest()).isNotEqualTo(Handover.WORKFLOW.digest());
    }

    private static ObjectNode input(String step, String part, Map<String, ObjectNode> outputs) throws IOException {
        var connections = Map.of("github", "network", "vercel", "network");
        return Inputs.build(Handover.WORKFLOW, step, "our-hub", "docs", connections, read("{}"), read(part), outputs);
    }

    private static ObjectNode read(String json) throws IOException {
        return (ObjectNode) Messages.json().readTree(json);
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
