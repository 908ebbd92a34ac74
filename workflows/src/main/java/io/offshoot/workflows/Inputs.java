package io.offshoot.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import java.util.HashMap;
import java.util.Map;

/** Builds an action's input from what the app was asked for and what earlier steps brought. Pure. */
public final class Inputs {

    private static final ObjectMapper JSON = Messages.json();

    private Inputs() {}

    /** A step's part of the app's input, with the request's arguments over it, field by field. */
    public static ObjectNode part(Step<?, ?, ?, ?> step, ObjectNode appInput, ObjectNode args) {
        var part = JsonNodeFactory.instance.objectNode();
        if (step.inputKey() != null && appInput.get(step.inputKey()) instanceof ObjectNode given) {
            part.setAll(given);
        }
        if (args != null) {
            part.setAll(args);
        }
        return part;
    }

    /**
     * The input of a step's action.
     *
     * @param connections as the deployment names them: entry to name
     * @param outputs of the app's steps that have succeeded, by step id
     * @throws IllegalArgumentException if what is stored does not fit the definition
     */
    public static ObjectNode build(
            Workflow workflow,
            String stepId,
            String hub,
            String appId,
            Map<String, String> connections,
            ObjectNode config,
            ObjectNode part,
            Map<String, ObjectNode> outputs) {
        return build(workflow, workflow.step(stepId), hub, appId, connections, config, part, outputs);
    }

    @SuppressWarnings("unchecked")
    private static <C extends Record, P extends Record, I extends Record, O extends Record> ObjectNode build(
            Workflow workflow,
            Step<C, P, I, O> step,
            String hub,
            String appId,
            Map<String, String> connections,
            ObjectNode config,
            ObjectNode part,
            Map<String, ObjectNode> outputs) {
        var typed = new HashMap<String, Record>();
        for (Step<?, ?, ?, ?> other : workflow.steps()) {
            JsonNode output = outputs.get(other.id());
            if (output != null) {
                typed.put(other.id(), JSON.convertValue(output, other.action().output()));
            }
        }
        // All steps of a workflow are given its one type of configuration.
        var shared = (C) JSON.convertValue(config, workflow.config());
        var known = new Known<C, P>(hub, appId, connections, shared, JSON.convertValue(part, step.part()), typed);
        return JSON.valueToTree(step.input().apply(known));
    }
}
