package io.offshoot.gateway.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.paging.Paging;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The webhooks of the caller's hub. */
@Path(WebhookResource.HERE)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks")
class WebhookResource {

    static final String HERE = "/api/v1/webhooks";

    private static final int MAX_DESCRIPTION = 200;
    private static final String TEST_TYPE = "io.offshoot.webhook-test.v1";

    /**
     * @param events such as <code>step.succeeded</code>; left out for all
     * @param deployment the id of the only one it is about; left out for all of the hub's
     */
    @Schema(requiredProperties = {"url"})
    record NewWebhook(String url, List<String> events, String deployment, String description) {}

    /** What is left out stays. @param state <code>active</code> or <code>paused</code> */
    @Schema(name = "WebhookChange")
    record Change(String url, List<String> events, String description, String state) {}

    /** The gateway's public keys: one of them verifies each <code>v1a</code> signature. */
    @Schema(
            name = "WebhookKeys",
            requiredProperties = {"keys"})
    record PublicKeys(List<String> keys) {}

    /** @param delivery the id of what is sent */
    @Schema(requiredProperties = {"delivery"})
    record Sent(UUID delivery) {}

    private final Caller caller;
    private final Database database;
    private final Webhooks webhooks;
    private final Deliveries deliveries;
    private final Receivers receivers;
    private final Signer signer;
    private final Sender sender;
    private final Audit audit;
    private final Clock clock;

    WebhookResource(
            Caller caller,
            Database database,
            Webhooks webhooks,
            Deliveries deliveries,
            Receivers receivers,
            Signer signer,
            Sender sender,
            Audit audit,
            Clock clock) {
        this.caller = caller;
        this.database = database;
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.receivers = receivers;
        this.signer = signer;
        this.sender = sender;
        this.audit = audit;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createWebhook",
            summary = "Have events sent to an address",
            description = "The answer has the secret that signs, this once. See docs/webhooks.md.")
    @RequestBody(content = @Content(schema = @Schema(implementation = NewWebhook.class)))
    @APIResponse(
            responseCode = "201",
            description = "Made; its secret is shown now and never again",
            content = @Content(schema = @Schema(implementation = Webhook.class)))
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewWebhook.class))) byte[] body) {
        caller.must(Permission.WEBHOOKS);
        signer.mustBeSetUp();
        var hub = caller.hub();
        var wanted = JsonBody.read(body, NewWebhook.class);
        if (wanted.url() == null) {
            throw invalid("/url", "A webhook needs an address.");
        }
        checkEvents(wanted.events());
        checkDescription(wanted.description());
        var deployment = wanted.deployment() == null ? null : Ids.deployment(wanted.deployment());
        var id = Messages.newId();
        var entry = Audit.Entry.of(caller, hub, "webhook.create", id.toString());
        var by = caller.credential().name();
        var secret = signer.newSecret();
        return checked(wanted.url())
                .chain(() -> database.change(connection -> {
                    webhooks.insert(connection, hub, id, wanted, deployment, signer.close(id, secret), by);
                    audit.record(connection, entry);
                    return webhooks.one(connection, hub, id);
                }))
                .map(made -> noStore(Response.status(Response.Status.CREATED)
                        .header(HttpHeaders.LOCATION, HERE + "/" + id)
                        .entity(made.showing(secret))));
    }

    @GET
    @Operation(
            operationId = "listWebhooks",
            summary = "List the hub's webhooks",
            description = "Without their secrets.")
    public Uni<Webhook.Page> all() {
        caller.must(Permission.WEBHOOKS);
        var hub = caller.hub();
        return database.ask(connection -> new Webhook.Page(webhooks.all(connection, hub)));
    }

    @GET
    @Path("/keys")
    @Operation(
            operationId = "getWebhookKeys",
            summary = "Show the public keys that verify deliveries",
            description = "A signature `v1a` is by one of them, whichever the webhook.")
    public Uni<PublicKeys> keys() {
        caller.must(Permission.WEBHOOKS);
        return Uni.createFrom().item(new PublicKeys(List.of(signer.publicKey())));
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getWebhook",
            summary = "Show one webhook",
            description = "Without its secret. A disabled one says why.")
    public Uni<Webhook> one(@PathParam("id") String id) {
        caller.must(Permission.WEBHOOKS);
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        return database.ask(connection -> webhooks.one(connection, hub, webhook));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changeWebhook",
            summary = "Change, pause or resume a webhook",
            description = "What happens while it is paused is held, and sent when it is active again. A disabled one "
                    + "becomes active again too; what happened meanwhile was not kept.")
    @RequestBody(content = @Content(schema = @Schema(implementation = Change.class)))
    public Uni<Webhook> change(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Change.class))) byte[] body) {
        caller.must(Permission.WEBHOOKS);
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var change = JsonBody.read(body, Change.class);
        checkEvents(change.events());
        checkDescription(change.description());
        var state = state(change.state());
        var entry = Audit.Entry.of(caller, hub, "webhook.change", webhook.toString());
        Uni<Void> address = change.url() == null ? Uni.createFrom().voidItem() : checked(change.url());
        return address.chain(() -> database.change(connection -> {
                    var before = webhooks.locked(connection, hub, webhook);
                    var after = changed(before, change, state);
                    webhooks.update(connection, after);
                    if (after.state() != before.state()) {
                        deliveries.hold(connection, webhook, after.state() == WebhookState.PAUSED);
                    }
                    audit.record(connection, entry);
                    return webhooks.one(connection, hub, webhook);
                }))
                .invoke(sender::wake);
    }

    private static Webhook changed(Webhook before, Change change, WebhookState state) {
        return new Webhook(
                before.id(),
                change.url() == null ? before.url() : change.url(),
                change.description() == null ? before.description() : change.description(),
                change.events() == null ? before.events() : change.events(),
                before.deployment(),
                state == null ? before.state() : state,
                before.reason(),
                before.failingSince(),
                before.createdAt(),
                before.createdBy(),
                null);
    }

    @DELETE
    @Path("/{id}")
    @Operation(operationId = "deleteWebhook", summary = "Delete a webhook, and what was still to be sent to it")
    @APIResponse(responseCode = "204", description = "Deleted")
    public Uni<Void> delete(@PathParam("id") String id) {
        caller.must(Permission.WEBHOOKS);
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var entry = Audit.Entry.of(caller, hub, "webhook.delete", webhook.toString());
        return database.change(connection -> {
            webhooks.delete(connection, hub, webhook);
            audit.record(connection, entry);
            return null;
        });
    }

    @POST
    @Path("/{id}/rotate")
    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "Replace the secret",
            description = "The answer has the new one, this once. For a day deliveries are signed by both.")
    @APIResponse(
            responseCode = "200",
            description = "The webhook with its new secret",
            content = @Content(schema = @Schema(implementation = Webhook.class)))
    public Uni<Response> rotate(@PathParam("id") String id) {
        caller.must(Permission.WEBHOOKS);
        signer.mustBeSetUp();
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var secret = signer.newSecret();
        var entry = Audit.Entry.of(caller, hub, "webhook.rotate", webhook.toString());
        return database.change(connection -> {
                    var rotated = webhooks.locked(connection, hub, webhook);
                    webhooks.rotate(connection, webhook, signer.close(webhook, secret));
                    audit.record(connection, entry);
                    return rotated;
                })
                .map(rotated -> noStore(Response.ok(rotated.showing(secret))));
    }

    @POST
    @Path("/{id}/test")
    @Operation(
            operationId = "testWebhook",
            summary = "Send a test event, once",
            description = "Its type is `io.offshoot.webhook-test.v1`. The webhook's deliveries show what became of it.")
    @APIResponse(
            responseCode = "202",
            description = "It is being sent",
            content = @Content(schema = @Schema(implementation = Sent.class)))
    public Uni<Response> test(@PathParam("id") String id) {
        caller.must(Permission.WEBHOOKS);
        signer.mustBeSetUp();
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var event = Messages.newId();
        var body = testEvent(event, hub, webhook);
        return database.change(connection -> {
                    mustBeActive(webhooks.locked(connection, hub, webhook));
                    deliveries.addTest(connection, webhook, event, body);
                    return null;
                })
                .map(added -> sent(webhook, event));
    }

    @GET
    @Path("/{id}/deliveries")
    @Operation(
            operationId = "listDeliveries",
            summary = "List what was or is to be sent, the newest first",
            description = "Each with its tries. Of a receiver's answer only the status is kept.")
    @APIResponse(
            responseCode = "200",
            description = "One page; the header Link leads to the next",
            content = @Content(schema = @Schema(implementation = Delivery.Page.class)))
    public Uni<Response> deliveries(
            @PathParam("id") String id,
            @QueryParam("limit") @DefaultValue("20") String limit,
            @QueryParam("cursor") String cursor) {
        caller.must(Permission.WEBHOOKS);
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var size = Paging.limit(limit);
        var before = cursor == null ? null : Ids.request(cursor);
        return database.ask(connection -> {
                    webhooks.one(connection, hub, webhook);
                    // One more than asked for tells whether there are more.
                    return deliveries.page(connection, webhook, before, size + 1);
                })
                .map(found -> {
                    var page = found.stream().limit(size).toList();
                    var next = found.size() > size ? page.get(size - 1).id().toString() : null;
                    return Paging.answer(
                            new Delivery.Page(page, next), next, HERE + "/" + webhook + "/deliveries", size);
                });
    }

    @POST
    @Path("/{id}/deliveries/{delivery}/redeliver")
    @Operation(
            operationId = "redeliver",
            summary = "Send a delivery once more, whatever became of it",
            description = "Under the same `webhook-id`; it is tried as often as a new one.")
    @APIResponse(
            responseCode = "202",
            description = "It is being sent",
            content = @Content(schema = @Schema(implementation = Sent.class)))
    public Uni<Response> redeliver(@PathParam("id") String id, @PathParam("delivery") String delivery) {
        caller.must(Permission.WEBHOOKS);
        signer.mustBeSetUp();
        var hub = caller.hub();
        var webhook = Ids.webhook(id);
        var event = Ids.delivery(delivery);
        var entry = Audit.Entry.of(caller, hub, "webhook.redeliver", webhook + "/" + event);
        return database.change(connection -> {
                    mustBeActive(webhooks.locked(connection, hub, webhook));
                    deliveries.again(connection, webhook, event);
                    audit.record(connection, entry);
                    return null;
                })
                .map(again -> sent(webhook, event));
    }

    private Response sent(UUID webhook, UUID event) {
        sender.wake();
        return Response.accepted(new Sent(event))
                .header(HttpHeaders.LOCATION, HERE + "/" + webhook + "/deliveries")
                .build();
    }

    private Uni<Void> checked(String url) {
        return Uni.createFrom()
                .<Void>item(() -> {
                    try {
                        receivers.target(url);
                        return null;
                    } catch (ReceiverUrl.Refused e) {
                        throw new ProblemException(Problem.of(
                                ProblemType.WEBHOOK_ADDRESS_REFUSED,
                                ProblemType.WEBHOOK_ADDRESS_REFUSED.cause(),
                                List.of(new Problem.Invalid("/url", e.getMessage()))));
                    }
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private static void mustBeActive(Webhook webhook) {
        if (webhook.state() != WebhookState.ACTIVE) {
            throw new ProblemException(ProblemType.WEBHOOK_NOT_ACTIVE, ProblemType.WEBHOOK_NOT_ACTIVE.cause());
        }
    }

    private static WebhookState state(String state) {
        if (state == null) {
            return null;
        }
        return switch (state) {
            case "active" -> WebhookState.ACTIVE;
            case "paused" -> WebhookState.PAUSED;
            default -> throw invalid("/state", "The state must be active or paused.");
        };
    }

    private static void checkEvents(List<String> events) {
        if (events == null) {
            return;
        }
        if (events.isEmpty()) {
            throw invalid("/events", "Leave the events out for all of them.");
        }
        for (int i = 0; i < events.size(); i++) {
            if (!Webhook.allEvents().contains(events.get(i))) {
                throw invalid("/events/" + i, "An event is one of " + String.join(", ", Webhook.allEvents()) + ".");
            }
        }
    }

    private static void checkDescription(String description) {
        if (description != null
                && (description.length() > MAX_DESCRIPTION
                        || description.chars().anyMatch(Character::isISOControl))) {
            throw invalid("/description", "A description is one line of %d characters.".formatted(MAX_DESCRIPTION));
        }
    }

    private static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(Problem.of(
                ProblemType.INVALID_REQUEST,
                ProblemType.INVALID_REQUEST.title() + ".",
                List.of(new Problem.Invalid(pointer, detail))));
    }

    private byte[] testEvent(UUID id, String hub, UUID webhook) {
        try {
            return Messages.json()
                    .writeValueAsBytes(Map.of(
                            "specversion",
                            "1.0",
                            "id",
                            id,
                            "source",
                            "/gateway",
                            "type",
                            TEST_TYPE,
                            "time",
                            clock.instant(),
                            "datacontenttype",
                            "application/json",
                            "hubid",
                            hub,
                            "data",
                            Map.of("webhookId", webhook)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A test event is always writable", e);
        }
    }

    private static Response noStore(Response.ResponseBuilder answer) {
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
