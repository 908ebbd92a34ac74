package io.offshoot.sandbox.documents;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An API as an OpenAPI document describes it. */
final class OpenApiDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /** Whole areas of GitHub are left out for the time it takes to read them; a call to one is an objection as any other. */
    private static final Pattern GITHUB = Pattern.compile("/(user|rate_limit|app|app/installations.*|installation/.*"
            + "|orgs/\\{org}/(installation|repos)|repos/\\{(owner|template_owner)}/\\{(repo|template_repo)}"
            + "(/(installation|generate|forks|topics|contents.*|branches|branches/\\{branch}|commits|commits/\\{ref}"
            + "|git/.*|actions/secrets.*|actions/variables.*|merge-upstream|compare/.*|pulls|pulls/\\{pull_number}"
            + "|pulls/\\{pull_number}/merge|hooks.*|transfer))?)");

    /** Parameters that may have a slash, which a document cannot say. */
    private static final Pattern SLASHES =
            Pattern.compile("(/repos/[^/]+/[^/]+/(?:contents|git/refs?|git/trees|branches|commits|compare)/)(.+)");

    private final OpenApiInteractionValidator validator;
    private final List<String> operations = new ArrayList<>();

    private OpenApiDocument(ObjectNode whole, Pattern used) {
        ObjectNode paths = JSON.createObjectNode();
        whole.get("paths").properties().forEach(path -> {
            path.getValue().properties().stream()
                    .filter(one -> METHODS.contains(one.getKey()))
                    .forEach(one -> operations.add(one.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()));
            if (used.matcher(path.getKey()).matches()) {
                paths.set(path.getKey(), path.getValue());
            }
        });
        ObjectNode cut = withComponents(whole, paths);
        // They only say which of several schemas to try first, and the validator has rules about them that GitHub
        // breaks.
        cut.findParents("discriminator").forEach(schema -> ((ObjectNode) schema).remove("discriminator"));
        // Who may call is for the tests to say; the validator only looks whether some header is there.
        cut.findParents("security").forEach(operation -> ((ObjectNode) operation).remove("security"));
        this.validator = OpenApiInteractionValidator.createForInlineApiSpecification(cut.toString())
                .build();
    }

    /** GitHub's own description of its REST API. */
    static OpenApiDocument ofGitHub() {
        return read(Npm.directory().resolve("node_modules/@octokit/openapi/generated/api.github.com.json"), GITHUB);
    }

    /** What is known of Aura's API; Neo4j's own document is served on its site only. */
    static OpenApiDocument ofAura() {
        return read(Path.of("src/test/resources/aura.openapi.json"), Pattern.compile(".*"));
    }

    private static OpenApiDocument read(Path file, Pattern used) {
        try {
            return new OpenApiDocument((ObjectNode) JSON.readTree(file.toFile()), used);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Every operation as "METHOD /path/{with}/{placeholders}". */
    List<String> operations() {
        return operations;
    }

    /** What in an exchange is not in the document. */
    List<String> objections(Exchange exchange) {
        var request = new SimpleRequest.Builder(exchange.method(), escaped(exchange.path()));
        exchange.query().forEach(request::withQueryParam);
        exchange.body()
                .ifPresent(body -> request.withContentType(type(exchange)).withBody(text(exchange, body)));
        var response = SimpleResponse.Builder.status(exchange.status());
        exchange.answer().ifPresent(body -> response.withContentType("application/json; charset=utf-8")
                .withBody(body.toString()));
        var method = Request.Method.valueOf(exchange.method());
        var asked = exchange.status() < 400
                ? validator.validateRequest(request.build()).getMessages()
                : List.<com.atlassian.oai.validator.report.ValidationReport.Message>of();
        var answered = validator
                .validateResponse(escaped(exchange.path()), method, response.build())
                .getMessages();
        return Stream.concat(asked.stream(), answered.stream())
                .map(message -> message.getKey() + " " + message.getMessage())
                .distinct()
                .toList();
    }

    /** Aura's token is asked for with a form, as OAuth has it. */
    private static String type(Exchange exchange) {
        return isForm(exchange) ? "application/x-www-form-urlencoded" : "application/json";
    }

    private static String text(Exchange exchange, JsonNode body) {
        return isForm(exchange)
                ? body.properties().stream()
                        .map(one -> one.getKey() + "=" + one.getValue().asText())
                        .collect(Collectors.joining("&"))
                : body.toString();
    }

    private static boolean isForm(Exchange exchange) {
        return exchange.path().equals("/oauth/token");
    }

    private static String escaped(String path) {
        Matcher matcher = SLASHES.matcher(path);
        return matcher.matches() ? matcher.group(1) + matcher.group(2).replace("/", "%2F") : path;
    }

    /** A document of these paths and whatever they refer to. */
    private static ObjectNode withComponents(ObjectNode whole, ObjectNode paths) {
        ObjectNode cut = JSON.createObjectNode();
        cut.set("openapi", whole.get("openapi"));
        cut.set("info", whole.get("info"));
        cut.set("paths", paths);
        ObjectNode components = cut.putObject("components");
        var waiting = new ArrayDeque<String>();
        var seen = new HashSet<String>();
        references(paths, waiting);
        while (!waiting.isEmpty()) {
            String reference = waiting.poll();
            if (seen.add(reference)) {
                String[] parts = reference.split("/");
                JsonNode component = whole.at(reference.substring(1));
                components.withObjectProperty(parts[2]).set(parts[3], component);
                references(component, waiting);
            }
        }
        return cut;
    }

    private static void references(JsonNode node, ArrayDeque<String> found) {
        if (node.path("$ref").isTextual()) {
            found.add(node.get("$ref").asText());
        }
        node.forEach(child -> references(child, found));
    }
}
