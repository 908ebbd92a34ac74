package io.offshoot.sandbox.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.control.Faults;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Brings calls from the wire to the providers and their answers back, or does to them what a fault says.
 *
 * <p>Plain routes and no resources: a provider owns every path under its prefix and every byte of its answers, and a
 * fault needs the connection itself.
 */
@ApplicationScoped
class Front {

    /** Under which header a provider names each of its answers. */
    private static final Map<String, String> REQUEST_ID =
            Map.of("github", "x-github-request-id", "vercel", "x-vercel-id", "aura", "X-Request-Id");

    private static final long LARGEST_BODY = 100L * 1024 * 1024;

    private final Sandbox sandbox;
    private final Vertx vertx;
    private final ObjectMapper json;

    Front(Sandbox sandbox, Vertx vertx, ObjectMapper json) {
        this.sandbox = sandbox;
        this.vertx = vertx;
        this.json = json;
    }

    void routes(@Observes Router router) {
        for (String provider : sandbox.names()) {
            router.route("/" + provider + "/*")
                    .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                    .handler(context -> handle(provider, context));
        }
    }

    private void handle(String provider, RoutingContext context) {
        JsonNode body;
        try {
            Buffer sent = context.body().buffer();
            if (sent == null || sent.length() == 0) {
                body = MissingNode.getInstance();
            } else if (context.request().path().equals("/vercel/v2/files")) {
                body = BinaryNode.valueOf(sent.getBytes());
            } else {
                body = isForm(context) ? form(sent.toString()) : json.readTree(sent.getBytes());
            }
        } catch (JsonProcessingException malformed) {
            send(context, Answer.of(400, json.createObjectNode().put("message", "Problems parsing JSON")), false);
            return;
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        Call call = call(provider, context, body);
        Faults.Then fault = sandbox.fault(provider, call);
        after(delay(fault.delayMs()), () -> vertx.executeBlocking(() -> sandbox.answer(provider, call, fault), false)
                .onSuccess(outcome -> finish(context, outcome, fault))
                .onFailure(broken -> {
                    Log.errorf(
                            broken, "%s %s failed in the sandbox itself", call.method(), sandbox.shown(provider, call));
                    send(context, Answer.of(500, json.createObjectNode().put("message", "sandbox failure")), false);
                }));
    }

    private void finish(RoutingContext context, Sandbox.Outcome outcome, Faults.Then fault) {
        long latency = sandbox.settings()
                .get()
                .scaled(ThreadLocalRandom.current().nextDouble(0.05, 0.15))
                .toMillis();
        after(delay(fault.delayAfterMs()) + latency, () -> {
            if (outcome.reset()) {
                context.request().connection().close();
            } else if (Boolean.TRUE.equals(fault.html502())) {
                context.response().putHeader("Content-Type", "text/html");
                write(context, 502, Buffer.buffer("<html><body><h1>502 Bad Gateway</h1></body></html>"), false);
            } else {
                send(context, outcome.answer(), Boolean.TRUE.equals(fault.cutBody()));
            }
        });
    }

    private void send(RoutingContext context, Answer answer, boolean cut) {
        HttpServerResponse response = context.response();
        answer.headers().forEach(response::putHeader);
        String provider = context.request().path().split("/")[1];
        Optional.ofNullable(REQUEST_ID.get(provider))
                .ifPresent(
                        header -> response.putHeader(header, UUID.randomUUID().toString()));
        answer.body().ifPresent(body -> response.putHeader("Content-Type", "application/json; charset=utf-8"));
        Buffer body = answer.body()
                .map(node -> Buffer.buffer(node.toString().getBytes(StandardCharsets.UTF_8)))
                .orElse(Buffer.buffer());
        write(context, answer.status(), body, cut);
    }

    private static void write(RoutingContext context, int status, Buffer body, boolean cut) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("x-offshoot-sandbox", "true");
        if (cut) {
            response.putHeader("Content-Length", String.valueOf(body.length()));
            response.write(body.slice(0, body.length() / 2))
                    .onComplete(done -> context.request().connection().close());
        } else if (status == 204) {
            response.end();
        } else {
            response.end(body);
        }
    }

    private static boolean isForm(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader("Content-Type"))
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
    }

    private JsonNode form(String sent) {
        ObjectNode form = json.createObjectNode();
        for (String pair : sent.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
        }
        return form;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Call call(String provider, RoutingContext context, JsonNode body) {
        String prefix = "/" + provider;
        String host = Optional.ofNullable(context.request().getHeader("Host")).orElse("localhost");
        Map<String, List<String>> query = new HashMap<>();
        context.queryParams()
                .names()
                .forEach(name -> query.put(name, context.queryParams().getAll(name)));
        return new Call(
                context.request().scheme() + "://" + host + prefix,
                context.request().method().name(),
                context.request().path().substring(prefix.length()),
                query,
                Optional.ofNullable(context.request().getHeader("Authorization")),
                Optional.ofNullable(context.request().getHeader("x-vercel-digest"))
                        .or(() -> Optional.ofNullable(context.request().getHeader("x-now-digest"))),
                body,
                Call.Fate.AS_EVER);
    }

    private void after(long millis, Runnable work) {
        if (millis <= 0) {
            work.run();
        } else {
            vertx.setTimer(millis, timer -> work.run());
        }
    }

    private static long delay(Long millis) {
        return millis == null ? 0 : millis;
    }
}
