package io.offshoot.workflows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The input of an action before all that it needs is done.
 *
 * @param input what is known of it, and made-up values for the rest
 * @param unknown the members that are made up; empty if none is
 */
public record Foresight(ObjectNode input, List<String> unknown) {

    public Foresight {
        unknown = List.copyOf(unknown);
    }

    /**
     * An input is a pure function of the outputs before it. So it is built twice, from different made-up outputs of
     * every step not done: the members in which the two differ are those that only a run would bring.
     *
     * @param connections as the deployment names them: entry to name
     * @param outputs of the app's steps that have succeeded, by step id
     * @throws RuntimeException if it cannot be built from anything made up
     */
    public static Foresight of(
            Workflow workflow,
            String stepId,
            String hub,
            String appId,
            Map<String, String> connections,
            ObjectNode config,
            ObjectNode part,
            Map<String, ObjectNode> outputs) {
        var one =
                Inputs.build(workflow, stepId, hub, appId, connections, config, part, completed(workflow, outputs, 1));
        var other =
                Inputs.build(workflow, stepId, hub, appId, connections, config, part, completed(workflow, outputs, 2));
        var unknown = new ArrayList<String>();
        one.fieldNames().forEachRemaining(member -> {
            if (!one.get(member).equals(other.get(member))) {
                unknown.add(member);
            }
        });
        return new Foresight(one, unknown);
    }

    private static Map<String, ObjectNode> completed(Workflow workflow, Map<String, ObjectNode> outputs, int variant) {
        var all = new HashMap<String, ObjectNode>();
        for (Step<?, ?, ?, ?> step : workflow.steps()) {
            var output = outputs.get(step.id());
            all.put(
                    step.id(),
                    output == null
                            ? Messages.json()
                                    .valueToTree(MadeUp.of(step.action().output(), variant))
                            : output);
        }
        return all;
    }
}
