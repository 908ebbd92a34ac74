package io.offshoot.localstack.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One call that the API document describes.
 *
 * @param body the schema of its body; empty if it has none
 * @param statuses that it says it answers with, <code>default</code> among them
 */
record Operation(
        String method, String path, List<Parameter> parameters, Optional<JsonNode> body, Set<String> statuses) {

    /** @param in path, query or header */
    record Parameter(String name, String in, JsonNode schema) {}

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head");

    static List<Operation> of(JsonNode document) {
        var operations = new ArrayList<Operation>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(entry -> {
                    if (METHODS.contains(entry.getKey())) {
                        operations.add(of(document, path.getKey(), path.getValue(), entry.getKey(), entry.getValue()));
                    }
                }));
        return operations;
    }

    /** Follows a reference within the document. */
    static JsonNode resolved(JsonNode document, JsonNode node) {
        var reference = node.path("$ref");
        return reference.isTextual()
                ? resolved(document, document.at(reference.asText().substring(1)))
                : node;
    }

    private static Operation of(JsonNode document, String path, JsonNode shared, String method, JsonNode operation) {
        var parameters = new ArrayList<Parameter>();
        for (JsonNode from : List.of(shared.path("parameters"), operation.path("parameters"))) {
            from.forEach(listed -> {
                var parameter = resolved(document, listed);
                parameters.add(new Parameter(
                        parameter.path("name").asText(),
                        parameter.path("in").asText(),
                        resolved(document, parameter.path("schema"))));
            });
        }
        var statuses = new TreeSet<String>();
        operation.path("responses").fieldNames().forEachRemaining(statuses::add);
        var content = resolved(document, operation.path("requestBody"))
                .path("content")
                .properties();
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                parameters,
                content.stream().findFirst().map(media -> media.getValue().path("schema")),
                statuses);
    }

    boolean documents(int status) {
        return statuses.contains(Integer.toString(status)) || status >= 400 && statuses.contains("default");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
