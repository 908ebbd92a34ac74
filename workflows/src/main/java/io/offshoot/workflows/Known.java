package io.offshoot.workflows;

import java.util.Map;

/**
 * What a step may build its input from.
 *
 * @param connections as the deployment names them: entry to name
 * @param config what the deployment's apps share
 * @param part the step's part of the app's input, with the request's arguments over it
 * @param outputs of the app's steps that have succeeded, by step id
 */
public record Known<C extends Record, P>(
        String hub, String appId, Map<String, String> connections, C config, P part, Map<String, Record> outputs) {

    public Known {
        connections = Map.copyOf(connections);
        outputs = Map.copyOf(outputs);
    }

    /** The name of the connection that a step works with; the hub's own name where none was given. */
    public String connection(Step<?, ?, ?, ?> step) {
        return connections.getOrDefault(step.connection(), hub);
    }

    /**
     * What an earlier step brought.
     *
     * @throws IllegalStateException if it has not succeeded
     */
    public <O extends Record> O of(Step<?, ?, ?, O> step) {
        var output = outputs.get(step.id());
        if (output == null) {
            throw new IllegalStateException("The step %s has no output yet".formatted(step.id()));
        }
        return step.action().output().cast(output);
    }
}
