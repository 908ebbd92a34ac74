package io.offshoot.sandbox.aura;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.exchange.RateLimits;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The part of Neo4j Aura's API that a hub's database needs. */
public final class Aura implements Provider {

    /** Who may call; the secret is kept as a digest. */
    private record Client(String id, String secretDigest, String tenantId) {}

    private record Token(String clientId, Instant expiresAt) {}

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String ANONYMOUS = "anonymous";
    private static final String TOKEN_PATH = "/oauth/token";
    private static final int TOKEN_SECONDS = 3600;
    private static final int MINUTE = 60;
    private static final int LONGEST_NAME = 30;
    private static final List<String> REQUIRED =
            List.of("version", "region", "memory", "name", "type", "tenant_id", "cloud_provider");
    private static final Set<String> TYPES = Set.of(
            "free-db", "professional-db", "business-critical", "enterprise-db", "professional-ds", "enterprise-ds");
    private static final Set<String> CLOUDS = Set.of("gcp", "aws", "azure");

    private final Table<Client> clients;
    private final Table<Token> tokens;
    private final Table<Instance> instances;
    private final Map<String, Client> configured = new LinkedHashMap<>();
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final RateLimits limits;
    private final SecureRandom random = new SecureRandom();
    private final Routes<Client> routes = new Routes<>();

    public Aura(Store store, Supplier<Settings> settings, Clock clock) {
        this.clients = store.table("aura-clients", Client.class);
        this.tokens = store.table("aura-tokens", Token.class);
        this.instances = store.table("aura-instances", Instance.class);
        this.settings = settings;
        this.clock = clock;
        this.limits = new RateLimits(clock);
        routes.on("GET", "/v1/tenants", this::tenants)
                .on("GET", "/v1/tenants/{id}", this::tenant)
                .on("GET", "/v1/instances", this::list)
                .on("POST", "/v1/instances", this::create)
                .on("GET", "/v1/instances/{id}", this::instance)
                .on("PATCH", "/v1/instances/{id}", this::update)
                .on("DELETE", "/v1/instances/{id}", this::delete);
    }

    @Override
    public String name() {
        return "aura";
    }

    /** Every operation that is answered. */
    public Set<Routes.Known> known() {
        Set<Routes.Known> known = routes.known();
        known.add(new Routes.Known("POST", TOKEN_PATH));
        return known;
    }

    /** A client that is there from the start and stays over a reset. */
    public void configure(String id, String secret, String tenantId) {
        configured.put(id, new Client(id, Account.digest(secret), tenantId));
    }

    public void register(String id, String secret, String tenantId) {
        clients.put(id, new Client(id, Account.digest(secret), tenantId));
    }

    /** All tokens that were given out are from now on expired. */
    public void expireTokens() {
        tokens.entries().forEach((digest, token) -> tokens.put(digest, new Token(token.clientId(), clock.instant())));
    }

    public void clear() {
        clients.removeIf(client -> true);
        tokens.removeIf(token -> true);
        instances.removeIf(instance -> true);
        limits.clear();
    }

    /** What exists, for the control API. */
    public List<Map<String, Object>> inventory() {
        var all = new ArrayList<Map<String, Object>>();
        existing().forEach(instance -> {
            var row = new LinkedHashMap<String, Object>();
            row.put("id", instance.id());
            row.put("tenantId", instance.tenantId());
            row.put("name", instance.name());
            row.put("status", instance.statusAt(clock.instant()));
            all.add(row);
        });
        return all;
    }

    @Override
    public String credential(Call call) {
        return call.token()
                .flatMap(token -> tokens.get(Account.digest(token)))
                .map(Token::clientId)
                .or(() -> basic(call).map(Client::id))
                .map(id -> "client " + Account.digest(id).substring(0, 12))
                .orElse(ANONYMOUS);
    }

    @Override
    public Answer answer(Call call) {
        try {
            Optional<Answer> limited = limited(call);
            if (limited.isPresent()) {
                return limited.get();
            }
            if (call.path().equals(TOKEN_PATH) && call.method().equals("POST")) {
                return token(call);
            }
            var match = routes.find(call);
            if (match.isEmpty()) {
                return errors(404, "Not found", "not-found", null).asUnknown();
            }
            return match.get()
                    .operation()
                    .answer(caller(call), call, match.get().parameters());
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private Optional<Answer> limited(Call call) {
        String credential = credential(call);
        Duration minute = settings.get().scaled(MINUTE);
        int limit = settings.get().auraRateLimit();
        Optional<RateLimits.Pause> pausing = limits.pausing(credential);
        if (pausing.isEmpty()) {
            boolean ordered = call.fate() == Call.Fate.LIMIT_PRIMARY || call.fate() == Call.Fate.LIMIT_SECONDARY;
            if (ordered) {
                limits.exhaust(credential, limit, clock.instant().plus(minute));
            }
            var standing = limits.count(credential, limit, minute);
            if (standing.exceeded()) {
                limits.pause(credential, "calls a minute", standing.reset());
            }
        }
        return limits.pausing(credential).map(pause -> errors(429, "Too many requests", "rate-limit-exceeded", null)
                .header("Retry-After", String.valueOf(RateLimits.secondsUntil(clock.instant(), pause.until())))
                .limited(pause, pausing.isPresent()));
    }

    private Answer token(Call call) {
        Optional<Client> client = basic(call);
        if (call.body().isMissingNode()) {
            return Answer.empty(404);
        }
        if (!call.text("grant_type").orElse("").equals("client_credentials")) {
            return Answer.empty(403);
        }
        if (client.isEmpty() || call.fate() == Call.Fate.UNAUTHORIZED) {
            return Answer.empty(401);
        }
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        tokens.removeIf(old -> old.expiresAt().plusSeconds(TOKEN_SECONDS).isBefore(clock.instant()));
        tokens.put(
                Account.digest(token),
                new Token(client.get().id(), clock.instant().plusSeconds(TOKEN_SECONDS)));
        return Answer.ok(NODES.objectNode()
                .put("access_token", token)
                .put("expires_in", TOKEN_SECONDS)
                .put("token_type", "bearer"));
    }

    private Optional<Client> basic(Call call) {
        return call.authorization()
                .filter(given -> given.regionMatches(true, 0, "Basic ", 0, 6))
                .flatMap(given -> decoded(given.substring(6).trim()))
                .map(given -> given.split(":", 2))
                .filter(parts -> parts.length == 2)
                .flatMap(parts ->
                        client(parts[0]).filter(client -> client.secretDigest().equals(Account.digest(parts[1]))));
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private Optional<Client> client(String id) {
        return clients.get(id).or(() -> Optional.ofNullable(configured.get(id)));
    }

    /** An unknown token is unauthorized, one that has expired is forbidden. */
    private Client caller(Call call) {
        Token token = call.token()
                .flatMap(given -> tokens.get(Account.digest(given)))
                .filter(known -> call.fate() != Call.Fate.UNAUTHORIZED)
                .orElseThrow(() -> refusal(401, "Unauthorized", "unauthorized", null));
        if (!clock.instant().isBefore(token.expiresAt())) {
            throw new Refusal(Answer.of(403, NODES.objectNode().put("error", "The token has expired")));
        }
        return client(token.clientId()).orElseThrow(() -> refusal(401, "Unauthorized", "unauthorized", null));
    }

    private Answer tenants(Client client, Call call, Parameters path) {
        ArrayNode list = NODES.arrayNode();
        list.addObject().put("id", client.tenantId()).put("name", "Hubs");
        return data(200, list);
    }

    private Answer tenant(Client client, Call call, Parameters path) {
        if (!path.get("id").equals(client.tenantId())) {
            throw refusal(404, "Tenant not found: " + path.get("id"), "tenant-not-found", null);
        }
        ObjectNode tenant = NODES.objectNode().put("id", client.tenantId()).put("name", "Hubs");
        tenant.putArray("instance_configurations")
                .addObject()
                .put("type", "free-db")
                .put("cloud_provider", "gcp")
                .put("region", "europe-west1")
                .put("memory", "1GB")
                .put("storage", "2GB")
                .put("version", "5");
        return data(200, tenant);
    }

    private Answer list(Client client, Call call, Parameters path) {
        ArrayNode list = NODES.arrayNode();
        existing().stream()
                .filter(instance -> instance.tenantId().equals(client.tenantId()))
                .filter(instance -> call.query("tenantId").isEmpty()
                        || call.query("tenantId").get().equals(instance.tenantId()))
                .forEach(instance -> list.addObject()
                        .put("id", instance.id())
                        .put("name", instance.name())
                        .put("tenant_id", instance.tenantId())
                        .put("cloud_provider", instance.cloudProvider())
                        .put("created_at", instance.createdAt().toString()));
        return data(200, list);
    }

    /** Makes another one each time that it is asked, also under the same name. */
    private Answer create(Client client, Call call, Parameters path) {
        for (String field : REQUIRED) {
            if (call.text(field).filter(text -> !text.isBlank()).isEmpty()) {
                throw refusal(400, field + " is required", "validation-error", field);
            }
        }
        checkedName(call.text("name").orElseThrow());
        check(TYPES.contains(call.text("type").orElseThrow()), "type");
        check(CLOUDS.contains(call.text("cloud_provider").orElseThrow()), "cloud_provider");
        check(call.text("memory").orElseThrow().matches("\\d+GB"), "memory");
        check(call.text("version").orElseThrow().equals("5"), "version");
        check(call.text("tenant_id").orElseThrow().equals(client.tenantId()), "tenant_id");
        byte[] bytes = new byte[4 + 24];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes, 0, 4);
        String password =
                Base64.getUrlEncoder().withoutPadding().encodeToString(java.util.Arrays.copyOfRange(bytes, 4, 28));
        Instant now = clock.instant();
        String url = Optional.ofNullable(settings.get().auraConnectionUrl())
                .orElse("neo4j+s://" + id + ".databases.neo4j.io");
        var instance = new Instance(
                id,
                client.tenantId(),
                call.text("name").orElseThrow(),
                call.text("type").orElseThrow(),
                call.text("cloud_provider").orElseThrow(),
                call.text("region").orElseThrow(),
                call.text("memory").orElseThrow(),
                url,
                now,
                "creating",
                now.plus(settings.get().scaled(60 + 120 * random.nextDouble())),
                null);
        instances.put(id, instance);
        ObjectNode json = NODES.objectNode()
                .put("id", id)
                .put("name", instance.name())
                .put("tenant_id", instance.tenantId())
                .put("cloud_provider", instance.cloudProvider())
                .put("connection_url", url)
                .put("region", instance.region())
                .put("type", instance.type())
                .put("username", "neo4j")
                .put("password", password);
        return data(202, json).effect("instance " + instance.name() + " created", id);
    }

    private Answer instance(Client client, Call call, Parameters path) {
        return data(200, json(found(client, path)));
    }

    private Answer update(Client client, Call call, Parameters path) {
        Instance instance = idle(found(client, path));
        Optional<String> name = call.text("name").map(Aura::checkedName);
        Instance renamed = name.map(instance::named).orElse(instance);
        Optional<String> memory = call.text("memory");
        Instance changed = memory.map(size -> renamed.resized(
                        size, clock.instant().plus(settings.get().scaled(MINUTE))))
                .orElse(renamed);
        instances.put(changed.id(), changed);
        return data(memory.isPresent() ? 202 : 200, json(changed))
                .effect("instance " + changed.name() + " changed", changed.id());
    }

    private Answer delete(Client client, Call call, Parameters path) {
        Instance instance = idle(found(client, path));
        Instance destroyed =
                instance.destroyed(clock.instant().plus(settings.get().scaled(20)));
        instances.put(destroyed.id(), destroyed);
        return data(202, json(destroyed)).effect("instance " + instance.name() + " deleted", instance.id());
    }

    private List<Instance> existing() {
        return instances.values().stream()
                .filter(instance -> !instance.isGone(clock.instant()))
                .toList();
    }

    private Instance found(Client client, Parameters path) {
        return instances
                .get(path.get("id"))
                .filter(instance -> instance.tenantId().equals(client.tenantId()))
                .filter(instance -> !instance.isGone(clock.instant()))
                .orElseThrow(() -> refusal(404, "DB not found: " + path.get("id"), "db-not-found", null));
    }

    private Instance idle(Instance instance) {
        if (instance.isBusy(clock.instant())) {
            throw refusal(
                    409,
                    "The database is undergoing an operation, try again later.",
                    "ongoing-database-operation",
                    null);
        }
        return instance;
    }

    private ObjectNode json(Instance instance) {
        return NODES.objectNode()
                .put("id", instance.id())
                .put("name", instance.name())
                .put("status", instance.statusAt(clock.instant()))
                .put("tenant_id", instance.tenantId())
                .put("cloud_provider", instance.cloudProvider())
                .put("connection_url", instance.connectionUrl())
                .put("region", instance.region())
                .put("type", instance.type())
                .put("memory", instance.memory())
                .put("storage", "2GB")
                .put("created_at", instance.createdAt().toString());
    }

    private static String checkedName(String name) {
        check(!name.isBlank() && name.length() <= LONGEST_NAME, "name");
        return name;
    }

    private static void check(boolean fine, String field) {
        if (!fine) {
            throw refusal(400, field + " is not valid", "validation-error", field);
        }
    }

    private static Answer data(int status, com.fasterxml.jackson.databind.JsonNode data) {
        ObjectNode body = NODES.objectNode();
        body.set("data", data);
        return Answer.of(status, body);
    }

    private static Refusal refusal(int status, String message, String reason, String field) {
        return new Refusal(errors(status, message, reason, field));
    }

    private static Answer errors(int status, String message, String reason, String field) {
        ObjectNode body = NODES.objectNode();
        ObjectNode error =
                body.putArray("errors").addObject().put("message", message).put("reason", reason);
        if (field != null) {
            error.put("field", field);
        }
        return Answer.of(status, body);
    }
}
