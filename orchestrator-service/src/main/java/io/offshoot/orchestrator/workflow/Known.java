package io.offshoot.orchestrator.workflow;

import java.util.Map;

/**
 * What a step may build its input from.
 *
 * @param config what the deployment's apps share
 * @param part the step's part of the app's input, with the request's arguments over it
 * @param outputs of the app's steps that have succeeded, by step id
 */
public record Known<C extends Record, P>(String hub, String appId, C config, P part, Map<String, Record> outputs) {

    public Known {
        outputs = Map.copyOf(outputs);
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
