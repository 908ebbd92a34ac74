package io.offshoot.orchestrator.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem.Invalid;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The schemas of the workflows, ready to check input with. Thread-safe. */
@ApplicationScoped
@Startup
public class Schemas {

    /** These errors are about a member of the place they name. */
    private static final Set<String> ABOUT_A_MEMBER = Set.of("required", "additionalProperties");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> compiled = new HashMap<>();

    Schemas(Workflows workflows) {
        for (Workflow workflow : workflows.all()) {
            compile(workflow.configSchema());
            compile(workflow.inputSchema());
            for (String part : workflow.parts().keySet()) {
                compile(partSchema(workflow, part).toString());
            }
        }
    }

    private void compile(String schema) {
        compiled.computeIfAbsent(schema, text -> registry.getSchema(text, InputFormat.JSON));
    }

    /** The errors of the configuration, each at a pointer that begins with the given one. */
    List<Invalid> config(Workflow workflow, JsonNode config, String pointer) {
        return check(workflow.configSchema(), config, pointer);
    }

    /** The errors of an app's input. */
    List<Invalid> input(Workflow workflow, JsonNode input, String pointer) {
        return check(workflow.inputSchema(), input, pointer);
    }

    /** The errors of one part of an app's input. */
    List<Invalid> part(Workflow workflow, String part, JsonNode value, String pointer) {
        return check(partSchema(workflow, part).toString(), value, pointer);
    }

    private List<Invalid> check(String schema, JsonNode value, String pointer) {
        return compiled.get(schema).validate(value).stream()
                .map(error -> new Invalid(pointer + place(error), error.getMessage()))
                .toList();
    }

    private static String place(Error error) {
        var place = error.getInstanceLocation().toString();
        return ABOUT_A_MEMBER.contains(error.getKeyword())
                ? place + "/" + error.getProperty().replace("~", "~0").replace("/", "~1")
                : place;
    }

    private static JsonNode partSchema(Workflow workflow, String part) {
        return tree(workflow.inputSchema()).path("properties").path(part);
    }

    public static ObjectNode tree(String schema) {
        try {
            return (ObjectNode) Messages.json().readTree(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
