package io.offshoot.localstack.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A request that is nearly right: what the document says, with one to three things wrong, or none. All of it follows from
 * its seed. It does not press for what counts bad tries, unless it is told to: answers would all be that there were
 * too many.
 */
final class Attack {

    /** What must never begin a line of a log. */
    static final String INJECTED = "injected-line";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEPEST = 4;
    private static final int A_BODY_TOO_LARGE = 70_000;

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "null",
            "-1",
            "0",
            "1e309",
            "99999999999999999999999999",
            "-9223372036854775809",
            "NaN",
            "true",
            "[]",
            "{}",
            "é😀",
            "\u202Eevil",
            "\u0000",
            "a\u0000b",
            "\r\n" + INJECTED,
            "\n" + INJECTED + ": 1",
            "..",
            "../../../../etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "%00",
            "%",
            "%ff%fe",
            "%c0%ae%c0%ae",
            "%ed%a0%80",
            "' or '1'='1",
            "'; drop table deployment; --",
            "${jndi:ldap://x}",
            "{{7*7}}",
            "<script>alert(1)</script>",
            "a/b",
            "a;b=c",
            "a?b#c",
            "A".repeat(300),
            "a".repeat(5_000),
            "00000000-0000-0000-0000-000000000000",
            "0-0",
            "9999999999999999999-999999999999999999",
            "off_key_x_y");

    private final SplittableRandom random;
    private final JsonNode document;
    private final Operation operation;
    private final Map<String, String> known;

    private final String target;
    private String method;
    private String contentType = "application/json";
    private String authorization;
    private byte[] body;
    private boolean isBroken;
    private boolean strays;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Whether the request is one that HTTP itself does not allow, so that the server may end it before anybody else. */
    boolean isNoHttp() {
        return isBroken;
    }

    /** Whether it is still a call of that operation, and nothing that falls to another or none. */
    boolean isOfDocument() {
        return method.equals(operation.method()) && !strays;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** @param known values of parameters that exist, by name */
    Attack(
            SplittableRandom random,
            JsonNode document,
            Operation operation,
            Map<String, String> known,
            String token,
            boolean pressing) {
        this.random = random;
        this.document = document;
        this.operation = operation;
        this.known = known;
        this.method = operation.method();
        this.authorization = "Bearer " + token;
        var wrongs = random.nextInt(4);
        var path = path(wrongs > 0 && random.nextInt(3) == 0);
        var query = query(wrongs > 0 && random.nextInt(2) == 0);
        operation.body().ifPresent(schema -> body = bytes(instance(schema, 0)));
        for (int i = 0; i < wrongs; i++) {
            spoil();
        }
        if (pressing) {
            authorization = pick(List.of(
                    "",
                    "Bearer",
                    "Bearer ",
                    "Bearer x",
                    "Bearer \u00ff\u00fe",
                    "Bearer off_key_" + "a".repeat(4_000),
                    "Basic YTpi",
                    "bearer " + token + "x",
                    "Bearer " + token + " " + token,
                    "Bearer ' or '1'='1",
                    "Digest " + "a=b,".repeat(500)));
        }
        target = path + query;
    }

    byte[] bytes() {
        var head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (!authorization.isEmpty()) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null) {
            if (!contentType.isEmpty()) {
                head.append("Content-Type: ").append(contentType).append("\r\n");
            }
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        var text = new String(bytes(), StandardCharsets.UTF_8).replaceAll("Bearer \\S{12}\\S*", "Bearer …");
        return text.length() > 1_500 ? text.substring(0, 1_500) + "…" : text;
    }

    private String path(boolean hostile) {
        var path = operation.path();
        var names = operation.parameters().stream()
                .filter(parameter -> parameter.in().equals("path"))
                .map(Operation.Parameter::name)
                .toList();
        var victim = hostile && !names.isEmpty() ? pick(names) : null;
        strays = victim != null;
        for (String name : names) {
            var value = name.equals(victim) ? hostileInAddress() : encoded(known.getOrDefault(name, "some-" + name));
            path = path.replace("{" + name + "}", value);
        }
        return path;
    }

    /** Encoded as it should be, or as it stands: then it is the server that has to make sense of it. */
    private String hostileInAddress() {
        var value = pick(HOSTILE);
        if (random.nextBoolean()) {
            return encoded(value);
        }
        var raw = value.replaceAll("[^!-~]", "x");
        isBroken |= !raw.matches("(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]++|%[0-9a-fA-F]{2})*+");
        return raw;
    }

    private String query(boolean hostile) {
        var query = new StringBuilder();
        for (Operation.Parameter parameter : operation.parameters()) {
            if (!parameter.in().equals("query") || random.nextInt(3) == 0) {
                continue;
            }
            // Whoever waits as long as that is told to would not get far.
            var waits = parameter.name().equals("wait");
            var value =
                    waits ? pick(List.of("0", "-1", "x", "", "0.1")) : hostile ? hostileInAddress() : sample(parameter);
            query.append(query.isEmpty() ? '?' : '&')
                    .append(parameter.name())
                    .append('=')
                    .append(value);
            if (hostile && random.nextInt(8) == 0) {
                query.append('&').append(parameter.name()).append("=again");
            }
        }
        return query.toString();
    }

    private String sample(Operation.Parameter parameter) {
        var value = instance(parameter.schema(), 0);
        return encoded(value.isValueNode() ? value.asText() : value.toString());
    }

    private void spoil() {
        switch (random.nextInt(14)) {
            case 0 ->
                method = pick(List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "FOO"));
            case 1 ->
                contentType = pick(List.of(
                        "",
                        "text/plain",
                        "application/xml",
                        "application/json; charset=utf-16",
                        "*/*",
                        "multipart/form-data",
                        "application/x-www-form-urlencoded",
                        "application/json, text/html",
                        "a".repeat(300),
                        ";;;"));
            case 2 ->
                headers.put("Accept", pick(List.of("text/html", "image/png", "*", "", "text/event-stream", "a/b;q=x")));
            case 3 -> headers.put("Idempotency-Key", header());
            case 4 -> headers.put("Last-Event-ID", header());
            case 5 -> headers.put("If-None-Match", header());
            case 6 -> headers.put("traceparent", header());
            case 7 ->
                headers.put(
                        pick(List.of("X-Forwarded-For", "X-HTTP-Method-Override", "Range", "Expect-CT", "Cookie")),
                        header());
            case 8 ->
                operation.parameters().stream()
                        .filter(parameter -> parameter.in().equals("header"))
                        .filter(parameter -> !parameter.name().equalsIgnoreCase("Authorization"))
                        .filter(parameter -> !parameter.name().equalsIgnoreCase("Content-Type"))
                        .forEach(parameter -> headers.put(parameter.name(), header()));
            default -> spoilBody();
        }
    }

    private String header() {
        return pick(HOSTILE).replaceAll("[^ -~]", "?");
    }

    private void spoilBody() {
        if (body == null) {
            body = random.nextInt(4) == 0 ? bytes(JSON.createObjectNode().put("more", 1)) : null;
            return;
        }
        var text = new String(body, StandardCharsets.UTF_8);
        body = switch (random.nextInt(16)) {
            case 0 -> new byte[0];
            case 1 -> text.substring(0, random.nextInt(text.length() + 1)).getBytes(StandardCharsets.UTF_8);
            case 2 -> ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
            case 3 ->
                text.replaceFirst("\\{", "{\"a\":" + "{\"a\":".repeat(60) + "1" + "}".repeat(60) + ",")
                        .getBytes(StandardCharsets.UTF_8);
            case 4 -> text.replaceFirst("\\{(\"[^\"]*\":)", "{$1 1, $1").getBytes(StandardCharsets.UTF_8);
            case 5 -> ("[" + text + "]").getBytes(StandardCharsets.UTF_8);
            case 6 ->
                pick(List.of("null", "1", "\"x\"", "true", "1e999", "-", "{", "\u0000", "{}", "[]", "<a/>"))
                        .getBytes(StandardCharsets.UTF_8);
            case 7 -> bytes(TextNode.valueOf("x".repeat(A_BODY_TOO_LARGE)));
            case 8 ->
                text.replaceFirst(
                                ":\"[^\"]*\"",
                                ":\"" + pick(List.of("\\\\ud800", "\\\\udc00\\\\ud800", "\\\\u0000")) + "\"")
                        .getBytes(StandardCharsets.UTF_8);
            case 9 -> invalidUtf8(text);
            case 10 -> text.getBytes(StandardCharsets.UTF_16);
            default -> changed();
        };
    }

    private byte[] invalidUtf8(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 2) {
            bytes[random.nextInt(bytes.length)] =
                    pick(List.of(0xC0, 0xED, 0xFF, 0x00, 0x0D)).byteValue();
        }
        return bytes;
    }

    /** One value somewhere in it is another. */
    private byte[] changed() {
        try {
            var tree = JSON.readTree(body);
            var places = new ArrayList<Runnable>();
            collect(tree, places);
            if (places.isEmpty()) {
                return bytes(wrong());
            }
            pick(places).run();
            return bytes(tree);
        } catch (IOException e) {
            return body;
        }
    }

    private void collect(JsonNode node, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                places.add(() -> object.set(entry.getKey(), wrong()));
                places.add(() -> object.remove(entry.getKey()));
                collect(entry.getValue(), places);
            });
            places.add(() -> object.set(pick(HOSTILE), wrong()));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                var index = i;
                places.add(() -> array.set(index, wrong()));
                collect(array.get(i), places);
            }
            places.add(() -> array.add(wrong()));
        }
    }

    private JsonNode wrong() {
        var nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(10)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.numberNode(Long.MIN_VALUE);
            case 2 -> nodes.numberNode(new BigDecimal("1e400"));
            case 3 -> nodes.numberNode(-0.5);
            case 4 -> nodes.booleanNode(true);
            case 5 -> nodes.arrayNode().add(1).add("x");
            case 6 -> nodes.objectNode().put("x", 1);
            default -> nodes.textNode(pick(HOSTILE));
        };
    }

    /** What the schema describes, roughly. */
    private JsonNode instance(JsonNode listed, int depth) {
        var nodes = JsonNodeFactory.instance;
        var schema = Operation.resolved(document, listed);
        for (String choice : List.of("allOf", "oneOf", "anyOf")) {
            if (schema.path(choice).isArray() && !schema.path(choice).isEmpty()) {
                return instance(schema.path(choice).get(0), depth);
            }
        }
        if (schema.path("enum").isArray()) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        if (!schema.path("examples").isEmpty()) {
            return schema.path("examples").get(0);
        }
        var type = schema.path("type").isArray()
                ? schema.path("type").get(0).asText()
                : schema.path("type").asText();
        return switch (type) {
            case "integer" -> nodes.numberNode(random.nextInt(1, 50));
            case "number" -> nodes.numberNode(random.nextInt(100) / 10.0);
            case "boolean" -> nodes.booleanNode(random.nextBoolean());
            case "array" -> {
                var array = nodes.arrayNode();
                if (depth < DEEPEST) {
                    array.add(instance(schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "string" -> nodes.textNode(text(schema));
            default -> {
                var object = nodes.objectNode();
                schema.path("properties").properties().forEach(property -> {
                    if (depth < DEEPEST && random.nextInt(5) > 0) {
                        var value = known.get(property.getKey());
                        object.set(
                                property.getKey(),
                                value == null ? instance(property.getValue(), depth + 1) : nodes.textNode(value));
                    }
                });
                yield object;
            }
        };
    }

    private String text(JsonNode schema) {
        return switch (schema.path("format").asText()) {
            case "uuid" -> "01a20198-4d93-71d6-bea6-053a52fbe248";
            case "date-time" -> "2030-01-01T00:00:00Z";
            case "uri", "url" -> "https://example.org/";
            default -> pick(List.of("docs", "example", "a", "PLAN", "github", "some words"));
        };
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
