package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A workflow as the catalogue shows it.
 *
 * @param digest of the definition: equal digests run alike
 * @param prepare what to have ready, in plain words
 * @param actions in an order that satisfies their needs
 * @param config JSON Schema 2020-12 of what the apps share
 * @param input JSON Schema 2020-12 of an app's input
 * @param secretsFor the providers whose steps are given the secrets among the environment variables
 * @param connections the accounts a deployment needs: the entries of its connections, each with its provider
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        requiredProperties = {
            "id",
            "version",
            "digest",
            "title",
            "description",
            "prepare",
            "actions",
            "config",
            "input",
            "secretsFor",
            "connections"
        })
public record WorkflowView(
        String id,
        int version,
        String digest,
        String title,
        String description,
        List<String> prepare,
        List<Step> actions,
        ObjectNode config,
        ObjectNode input,
        List<String> secretsFor,
        SortedMap<String, String> connections) {

    public WorkflowView {
        secretsFor = secretsFor == null ? List.of() : List.copyOf(secretsFor);
        connections = connections == null
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(connections));
    }

    /** One whose steps need no accounts and are given no secrets. */
    public WorkflowView(
            String id,
            int version,
            String digest,
            String title,
            String description,
            List<String> prepare,
            List<Step> actions,
            ObjectNode config,
            ObjectNode input) {
        this(id, version, digest, title, description, prepare, actions, config, input, List.of(), null);
    }

    /** @param inputKey the part of the app's input that the step is given, and that a trigger's args override */
    @Schema(
            name = "WorkflowStep",
            requiredProperties = {"id", "title", "action", "inputKey", "needs"})
    public record Step(String id, String title, String action, String inputKey, List<String> needs) {}
}
