package io.offshoot.workflows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.offshoot.contracts.message.Messages;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The part of JSON Schema that people can be asked by: what the console makes a form of. <code>docs/forms.md</code> tells it.
 * A form that left out what a schema says would send what is refused afterwards, so a schema that says more is no workflow's.
 */
final class FormSchema {

    private static final Set<String> WORDS = Set.of("title", "description", "default", "examples");
    private static final Set<String> FORMATS = Set.of("email", "uri", "date");
    private static final Map<String, Set<String>> KEYWORDS = Map.of(
            "object", Set.of("type", "properties", "required", "additionalProperties"),
            "array", Set.of("type", "items", "minItems", "maxItems"),
            "string", Set.of("type", "enum", "pattern", "format", "minLength", "maxLength"),
            "integer", Set.of("type", "minimum", "maximum"),
            "number", Set.of("type", "minimum", "maximum"),
            "boolean", Set.of("type"));

    private FormSchema() {}

    /** @throws IllegalArgumentException if no form can be made of it, naming the place and why */
    static void demand(String schema) {
        try {
            var root = Messages.json().readTree(schema);
            require("object".equals(type(root, "")), "", "is no object");
            object(root, "");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The schema is no JSON", e);
        }
    }

    private static void object(JsonNode schema, String place) {
        require(
                schema.path("additionalProperties").isMissingNode()
                        || schema.path("additionalProperties").equals(BooleanNode.FALSE),
                place,
                "allows members without a name");
        var named = new HashSet<String>();
        schema.path("properties").properties().forEach(member -> {
            var at = place + "/" + member.getKey();
            named.add(member.getKey());
            require(member.getValue().path("title").isTextual(), at, "has no title");
            value(member.getValue(), at);
        });
        for (JsonNode required : schema.path("required")) {
            require(
                    named.contains(required.asText()),
                    place,
                    "requires what it does not describe: " + required.asText());
        }
    }

    private static void value(JsonNode schema, String place) {
        switch (type(schema, place)) {
            case "object" -> object(schema, place);
            case "array" -> {
                var items = schema.path("items");
                require("string".equals(type(items, place + "/items")), place, "has items that are no text");
                string(items, place + "/items");
            }
            case "string" -> string(schema, place);
            default -> {
                // Numbers and booleans: their keywords are all there is to them.
            }
        }
    }

    private static void string(JsonNode schema, String place) {
        for (JsonNode choice : schema.path("enum")) {
            require(choice.isTextual(), place, "has a choice that is no text");
        }
        require(
                schema.path("format").isMissingNode()
                        || FORMATS.contains(schema.path("format").asText()),
                place,
                "has a format that the form does not know");
        try {
            Pattern.compile(schema.path("pattern").asText());
        } catch (PatternSyntaxException e) {
            throw refused(place, "has no pattern");
        }
    }

    /** The type; choices need not name theirs. */
    private static String type(JsonNode schema, String place) {
        var type = schema.has("type") ? schema.path("type").asText() : schema.has("enum") ? "string" : "";
        var keywords = KEYWORDS.get(type);
        require(keywords != null, place, "has no type that the form knows");
        schema.fieldNames()
                .forEachRemaining(keyword -> require(
                        keywords.contains(keyword)
                                || WORDS.contains(keyword)
                                || place.isEmpty() && keyword.equals("$schema"),
                        place,
                        "has the keyword %s, which the form does not know".formatted(keyword)));
        return type;
    }

    private static void require(boolean holds, String place, String flaw) {
        if (!holds) {
            throw refused(place, flaw);
        }
    }

    private static IllegalArgumentException refused(String place, String flaw) {
        return new IllegalArgumentException(
                "No form can be made of the schema: %s %s".formatted(place.isEmpty() ? "/" : place, flaw));
    }
}
