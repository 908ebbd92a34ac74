package io.offshoot.sandbox.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.outgoing.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the providers, or others who know them, say about their APIs. Every call of these tests is held against it; what the providers do but do
 * not document stands in {@code undocumented.txt}, each line with its source.
 */
public final class Documents {

    /** One line of the list: which exchanges, which objections to them, and who says that it is so. */
    record Allowed(Pattern call, Pattern objection, String source) {

        boolean fits(Exchange exchange, String said) {
            return call.matcher(exchange.toString()).matches()
                    && objection.matcher(said).find();
        }
    }

    private static final Map<String, String> MESSAGES = Map.of(
            "telegram message", "Update",
            "github ping", "PingEvent",
            "github push", "PushEvent",
            "github deployment_status", "DeploymentStatusCreatedEvent");

    private static final Documents ALL = new Documents();

    private final OpenApiDocument github = OpenApiDocument.ofGitHub();
    private final OpenApiDocument aura = OpenApiDocument.ofAura();
    private final Judge vercel = Judge.open("judge.mjs");
    private final Judge telegram = Judge.open("types-judge.mjs");
    private final List<Allowed> allowed = allowed();

    private Documents() {}

    /** @throws AssertionError if something in the exchange is neither documented nor on the list */
    public static void check(Exchange exchange) {
        List<String> objections = ALL.objections(exchange).stream()
                .filter(said -> ALL.allowed.stream().noneMatch(one -> one.fits(exchange, said)))
                .toList();
        if (!objections.isEmpty()) {
            throw new AssertionError(exchange + " is not as documented:\n" + String.join("\n", objections)
                    + exchange.answer().map(body -> "\n" + body).orElse(""));
        }
    }

    /**
     * Vercel's messages are described nowhere that a machine could read.
     *
     * @throws AssertionError if the provider would not send such a message
     */
    public static void check(Delivery delivery) {
        String type = MESSAGES.get(delivery.provider() + " " + delivery.event());
        if (type == null) {
            throw new AssertionError("no type is known for " + delivery.provider() + " " + delivery.event());
        }
        String from = delivery.provider().equals("telegram") ? "@grammyjs/types" : "@octokit/webhooks-types";
        List<String> objections = ALL.telegram.objections(from, type, json(delivery.body()));
        if (!objections.isEmpty()) {
            throw new AssertionError(delivery + " is not as documented:\n" + String.join("\n", objections));
        }
    }

    /** A form has the JSON as its one value. */
    private static JsonNode json(String body) {
        return World.json(
                body.startsWith("payload=") ? URLDecoder.decode(body.substring(8), StandardCharsets.UTF_8) : body);
    }

    /** Every operation of a provider as "METHOD /path/{with}/{placeholders}". */
    static List<String> operations(String provider) {
        return switch (provider) {
            case "github" -> ALL.github.operations();
            case "vercel" -> ALL.vercel.operations();
            case "telegram" -> ALL.telegram.operations();
            case "aura" -> ALL.aura.operations();
            default -> throw new IllegalArgumentException(provider);
        };
    }

    static List<Allowed> list() {
        return ALL.allowed;
    }

    private List<String> objections(Exchange exchange) {
        return switch (exchange.provider()) {
            case "github" -> github.objections(exchange);
            case "vercel" -> vercel.objections(exchange);
            case "telegram" -> telegram.objections(exchange);
            case "aura" -> aura.objections(exchange);
            default -> throw new IllegalArgumentException(exchange.provider());
        };
    }

    private static List<Allowed> allowed() {
        try (var file = Documents.class.getResourceAsStream("/undocumented.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| "))
                    .map(parts ->
                            new Allowed(Pattern.compile(parts[0].strip()), Pattern.compile(parts[1].strip()), parts[2]))
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
