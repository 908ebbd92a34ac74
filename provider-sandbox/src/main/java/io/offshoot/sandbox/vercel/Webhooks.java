package io.offshoot.sandbox.vercel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.outgoing.Signatures;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Vercel tells of deployments and domains to whoever asked for it, signed with the secret that it gave once. */
final class Webhooks implements Happening.Listener {

    /** @param projectIds the projects it is for; empty for all */
    record Webhook(
            String id,
            String accountId,
            String url,
            List<String> events,
            List<String> projectIds,
            String secret,
            Instant createdAt) {

        Webhook {
            events = List.copyOf(events);
            projectIds = List.copyOf(projectIds);
        }

        boolean wants(Happening happening) {
            return accountId.equals(happening.project().accountId())
                    && events.contains(happening.type())
                    && (projectIds.isEmpty()
                            || projectIds.contains(happening.project().id()));
        }
    }

    private final Table<Webhook> webhooks;
    private final Hosting hosting;
    private final Outbox outbox;

    /** That of the integration, which hears of every team; null for none. */
    private volatile Webhook ofTheIntegration;

    Webhooks(Store store, Hosting hosting, Outbox outbox) {
        this.webhooks = store.table("vercel-webhooks", Webhook.class);
        this.hosting = hosting;
        this.outbox = outbox;
        hosting.listen(this);
    }

    void addTo(Routes<Vercel.Caller> routes) {
        routes.on("POST", "/v1/webhooks", this::create)
                .on("GET", "/v1/webhooks", this::list)
                .on("GET", "/v1/webhooks/{id}", this::webhook)
                .on("DELETE", "/v1/webhooks/{id}", this::delete);
    }

    /** Told of everything, as the webhook of an integration is. */
    void ofTheIntegration(String url, String secret) {
        ofTheIntegration = new Webhook("hook_integration", "", url, List.of(), List.of(), secret, hosting.now());
    }

    void clear() {
        webhooks.removeIf(webhook -> true);
    }

    @Override
    public void happens(Happening happening) {
        for (Webhook webhook : webhooks.values()) {
            if (webhook.wants(happening)) {
                send(webhook, happening);
            }
        }
        if (ofTheIntegration != null) {
            send(ofTheIntegration, happening);
        }
    }

    @Override
    public void willNot(Deployment deployment) {
        outbox.withdraw(deployment.id());
    }

    private void send(Webhook webhook, Happening happening) {
        String body = payload(webhook, happening).toString();
        String about = happening.deployment() == null
                ? happening.domain().name()
                : happening.deployment().id();
        Map<String, String> headers = Map.of(
                "Content-Type", "application/json", "x-vercel-signature", Signatures.sha1(body, webhook.secret()));
        outbox.put("vercel", happening.type(), about, webhook.url(), headers, body, happening.at());
    }

    private ObjectNode payload(Webhook webhook, Happening happening) {
        Project project = happening.project();
        ObjectNode json = VercelJson.object()
                .put("id", hosting.id("evt_"))
                .put("type", happening.type())
                .put("createdAt", happening.at().toEpochMilli());
        ObjectNode payload = json.putObject("payload");
        payload.putObject("team").put("id", project.accountId());
        payload.putObject("project").put("id", project.id()).put("name", project.name());
        Optional.ofNullable(happening.domain()).ifPresent(domain -> payload.putObject("domain")
                .put("name", domain.name())
                .put("projectId", domain.projectId())
                .put("verified", domain.verified()));
        Optional.ofNullable(happening.deployment()).ifPresent(deployment -> {
            ObjectNode one = payload.putObject("deployment")
                    .put("id", deployment.id())
                    .put("name", deployment.name())
                    .put("url", deployment.url());
            ObjectNode meta = one.putObject("meta");
            deployment.meta().forEach(meta::put);
            payload.put("target", deployment.target());
        });
        return json;
    }

    private Answer create(Vercel.Caller caller, Call call, Parameters path) {
        String url = call.text("url")
                .filter(given -> given.startsWith("https://") || Outbox.isLoopback(given))
                .orElseThrow(() -> Vercel.badRequest("Invalid request: `url` should be an https address."));
        List<String> events = texts(call.body().path("events"));
        if (events.isEmpty()) {
            throw Vercel.missing("events");
        }
        Webhook webhook = new Webhook(
                hosting.id("account_hook_"),
                caller.accountId(),
                url,
                events,
                texts(call.body().path("projectIds")),
                hosting.id(""),
                hosting.now());
        webhooks.put(webhook.id(), webhook);
        return Answer.ok(json(webhook).put("secret", webhook.secret())).effect("webhook created", webhook.id());
    }

    private Answer list(Vercel.Caller caller, Call call, Parameters path) {
        ArrayNode list = VercelJson.array();
        webhooks.values().stream()
                .filter(webhook -> webhook.accountId().equals(caller.accountId()))
                .forEach(webhook -> list.add(json(webhook)));
        return Answer.ok(list);
    }

    private Answer webhook(Vercel.Caller caller, Call call, Parameters path) {
        return Answer.ok(json(found(caller, path)));
    }

    private Answer delete(Vercel.Caller caller, Call call, Parameters path) {
        Webhook webhook = found(caller, path);
        webhooks.remove(webhook.id());
        return Answer.noContent().effect("webhook deleted", webhook.id());
    }

    private Webhook found(Vercel.Caller caller, Parameters path) {
        return webhooks.get(path.get("id"))
                .filter(webhook -> webhook.accountId().equals(caller.accountId()))
                .orElseThrow(() -> Vercel.notFound("The webhook was not found"));
    }

    /** Without the secret, which is given only once. */
    private static ObjectNode json(Webhook webhook) {
        ObjectNode json = VercelJson.object().put("id", webhook.id()).put("url", webhook.url());
        json.set("events", VercelJson.texts(webhook.events()));
        if (!webhook.projectIds().isEmpty()) {
            json.set("projectIds", VercelJson.texts(webhook.projectIds()));
        }
        return json.put("ownerId", webhook.accountId())
                .put("createdAt", webhook.createdAt().toEpochMilli())
                .put("updatedAt", webhook.createdAt().toEpochMilli());
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}
