package io.offshoot.workflows;

import io.offshoot.contracts.action.Action;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A workflow: an ordered list of steps. Static, immutable, and checked when it is built.
 *
 * <p>A step is listed after every step it needs. That one rule makes a cycle impossible to write.
 *
 * @param version grows with every change of what a run does, the building of inputs included
 * @param prepare what to have ready, in plain words
 * @param config the type of what all apps share
 * @param configSchema JSON Schema of that, as text; of the part that a form can be made of, as the next one
 * @param inputSchema JSON Schema of an app's input, as text; a step's part is the property its inputKey names
 */
public record Workflow(
        String id,
        int version,
        String title,
        String description,
        List<String> prepare,
        Class<? extends Record> config,
        String configSchema,
        String inputSchema,
        List<Step<?, ?, ?, ?>> steps) {

    public Workflow {
        prepare = List.copyOf(prepare);
        steps = List.copyOf(steps);
        FormSchema.demand(configSchema);
        FormSchema.demand(inputSchema);
        var listed = new HashSet<String>();
        for (Step<?, ?, ?, ?> step : steps) {
            if (!listed.containsAll(step.needs())) {
                throw new IllegalArgumentException("Step '%s' is listed before one it needs".formatted(step.id()));
            }
            if (!listed.add(step.id())) {
                throw new IllegalArgumentException("Step '%s' is listed twice".formatted(step.id()));
            }
        }
    }

    /**
     * The step of that id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Step<?, ?, ?, ?> step(String stepId) {
        return steps.stream()
                .filter(step -> step.id().equals(stepId))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No step " + stepId));
    }

    /** Every step that must have succeeded before this one, the needs of its needs included. */
    public Set<String> allNeeds(String stepId) {
        var all = new HashSet<String>();
        for (String need : step(stepId).needs()) {
            all.add(need);
            all.addAll(allNeeds(need));
        }
        return all;
    }

    /** The accounts a deployment needs: the entries of its connections, each with its provider. */
    public SortedMap<String, String> connections() {
        var connections = new TreeMap<String, String>();
        steps.forEach(step -> connections.put(step.connection(), step.action().provider()));
        return connections;
    }

    /** The providers whose steps are given the secrets among the environment variables, in alphabetical order. */
    public List<String> secretsFor() {
        return steps.stream()
                .map(Step::action)
                .filter(Action::givenSecrets)
                .map(Action::provider)
                .distinct()
                .sorted()
                .toList();
    }

    /** Digest of the definition: SHA-256 over its id, version, schemas and steps, in hexadecimal. */
    public String digest() {
        var text = new StringBuilder("%s/%d\n".formatted(id, version));
        for (Step<?, ?, ?, ?> step : steps) {
            text.append("%s %s %s %s%s\n"
                    .formatted(
                            step.id(),
                            step.action().name(),
                            step.inputKey(),
                            new TreeSet<>(step.needs()),
                            // Definitions from before there were roles keep their digests.
                            step.role() == null ? "" : " as " + step.role()));
        }
        text.append(configSchema).append(inputSchema);
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    /** The types of the app's input, by input key. */
    public Map<String, Class<? extends Record>> parts() {
        var parts = new LinkedHashMap<String, Class<? extends Record>>();
        for (Step<?, ?, ?, ?> step : steps) {
            if (step.inputKey() != null) {
                parts.put(step.inputKey(), step.part());
            }
        }
        return parts;
    }
}
