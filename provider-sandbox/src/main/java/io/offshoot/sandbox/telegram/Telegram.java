package io.offshoot.sandbox.telegram;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.offshoot.sandbox.outgoing.Delivery;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of Telegram's Bot API that a hub's bot needs. People write to a bot by the control API. */
public final class Telegram implements Provider {

    /** A message from a bot to a person. */
    public record Sent(long botId, long chatId, String text) {}

    private interface Method {
        Answer answer(Bot bot, Call call);
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern PATH = Pattern.compile("/bot([^/]+)/(\\w+)");
    private static final Pattern TOKEN = Pattern.compile("(\\d{1,18}):[A-Za-z0-9_-]+");
    private static final Set<Integer> PORTS = Set.of(-1, 80, 88, 443, 8443);
    /** What a bot can be able to do, and these are not. */
    private static final List<String> ABILITIES = List.of(
            "can_read_all_group_messages",
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
            "has_topics_enabled",
            "allows_users_to_create_topics",
            "can_manage_bots",
            "supports_join_request_queries");

    private static final int CONNECTIONS = 40;
    private static final int COMMANDS = 100;

    private final Table<Bot> bots;
    private final Table<Sent> sent;
    private final Table<Long> counters;
    private final Map<Long, Bot> configured = new LinkedHashMap<>();
    private final Outbox outbox;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final RateLimits limits;
    private final Map<String, Method> methods = new LinkedHashMap<>();

    public Telegram(Store store, Outbox outbox, Supplier<Settings> settings, Clock clock) {
        this.bots = store.table("telegram-bots", Bot.class);
        this.sent = store.table("telegram-messages", Sent.class);
        this.counters = store.table("telegram-counters", Long.class);
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
        this.limits = new RateLimits(clock);
        methods.put("getMe", this::getMe);
        methods.put("setWebhook", this::setWebhook);
        methods.put("deleteWebhook", this::deleteWebhook);
        methods.put("getWebhookInfo", this::getWebhookInfo);
        methods.put("setMyCommands", this::setMyCommands);
        methods.put("getMyCommands", this::getMyCommands);
        methods.put("deleteMyCommands", this::deleteMyCommands);
        methods.put("setMyName", this::setMyName);
        methods.put("setMyDescription", this::setMyDescription);
        methods.put("sendMessage", this::sendMessage);
    }

    @Override
    public String name() {
        return "telegram";
    }

    /** Every operation that is answered; each by GET as well. */
    public Set<Routes.Known> known() {
        var known = new LinkedHashSet<Routes.Known>();
        methods.keySet().forEach(method -> {
            known.add(new Routes.Known("POST", "/bot{token}/" + method));
            known.add(new Routes.Known("GET", "/bot{token}/" + method));
        });
        return known;
    }

    /** A bot that is there from the start and stays over a reset. */
    public void configure(String token, String username) {
        Bot bot = bot(token, username);
        configured.put(bot.id(), bot);
    }

    /** @throws IllegalArgumentException if a token is not made like this */
    public void register(String token, String username) {
        keep(bot(token, username));
    }

    public void clear() {
        bots.removeIf(bot -> true);
        sent.removeIf(message -> true);
        limits.clear();
    }

    /** What bots wrote to people, for the control API. */
    public List<Sent> messages() {
        return List.copyOf(sent.values());
    }

    /**
     * A person writes to a bot; their chat has their number.
     *
     * @throws IllegalArgumentException if there is no such bot
     */
    public void write(long botId, long personId, String firstName, String text) {
        Bot bot = find(botId).orElseThrow(() -> new IllegalArgumentException("there is no such bot"));
        counters.put("chat " + botId + " " + personId, personId);
        boolean wanted = bot.webhook() == null
                || bot.webhook().allowed().isEmpty()
                || bot.webhook().allowed().contains("message");
        if (!wanted) {
            return;
        }
        ObjectNode update = NODES.objectNode().put("update_id", next("update"));
        ObjectNode message = update.putObject("message").put("message_id", next("message"));
        message.putObject("from").put("id", personId).put("is_bot", false).put("first_name", firstName);
        message.put("date", clock.instant().getEpochSecond());
        message.putObject("chat").put("id", personId).put("type", "private").put("first_name", firstName);
        message.put("text", text);
        String url = bot.webhook() == null ? null : bot.webhook().url();
        Map<String, String> headers =
                bot.webhook() == null ? Map.of() : bot.webhook().headers();
        outbox.put("telegram", "message", bot.about(), url, headers, update.toString(), clock.instant());
    }

    /** The token is a part of the path. */
    @Override
    public String shown(String path) {
        return path.replaceFirst("^/bot(\\d+)?[^/]*", "/bot$1:[redacted]");
    }

    @Override
    public String credential(Call call) {
        return caller(call).map(Bot::about).orElse("anonymous");
    }

    @Override
    public Answer answer(Call call) {
        Matcher path = PATH.matcher(call.path());
        if (!path.matches() || !TOKEN.matcher(path.group(1)).matches()) {
            Answer answer = error(404, "Not Found");
            return path.matches() ? answer : answer.asUnknown();
        }
        Optional<Bot> bot = caller(call);
        if (bot.isEmpty() || call.fate() == Call.Fate.UNAUTHORIZED) {
            return error(401, "Unauthorized");
        }
        Method method = methods.get(path.group(2));
        if (method == null || !Set.of("GET", "POST").contains(call.method())) {
            return error(404, "Not Found").asUnknown();
        }
        try {
            return limited(bot.get(), call).orElseGet(() -> method.answer(bot.get(), withQuery(call)));
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    /** Parameters may also stand in the query. */
    private static Call withQuery(Call call) {
        ObjectNode all = NODES.objectNode();
        call.query().forEach((name, values) -> all.put(name, values.get(0)));
        if (call.body() instanceof ObjectNode body) {
            all.setAll(body);
        }
        return call.with(all);
    }

    /** Setting the webhook over and over, as each replica of a bot may do, meets the flood control. */
    private Optional<Answer> limited(Bot bot, Call call) {
        Optional<RateLimits.Pause> pausing = limits.pausing(bot.about());
        boolean ordered = call.fate() == Call.Fate.LIMIT_PRIMARY || call.fate() == Call.Fate.LIMIT_SECONDARY;
        boolean flood = call.path().endsWith("/setWebhook")
                && limits.count(bot.about(), 1, settings.get().scaled(1)).exceeded();
        if (pausing.isEmpty() && (ordered || flood)) {
            limits.pause(bot.about(), "flood control", clock.instant().plusSeconds(1));
        }
        return limits.pausing(bot.about()).map(pause -> {
            long seconds = RateLimits.secondsUntil(clock.instant(), pause.until());
            Answer answer = error(429, "Too Many Requests: retry after " + seconds);
            ((ObjectNode) answer.body().orElseThrow()).putObject("parameters").put("retry_after", seconds);
            return answer.limited(pause, pausing.isPresent());
        });
    }

    private Answer getMe(Bot bot, Call call) {
        ObjectNode user = user(bot).put("can_join_groups", true);
        ABILITIES.forEach(ability -> user.put(ability, false));
        return ok(user);
    }

    private Answer setWebhook(Bot bot, Call call) {
        String url = call.text("url").orElse("");
        if (url.isEmpty()) {
            return deleteWebhook(bot, call);
        }
        boolean loopback = Outbox.isLoopback(url);
        if (!loopback) {
            checkAddress(url);
        }
        Optional<String> secret = call.text("secret_token").filter(given -> !given.isEmpty());
        if (secret.filter(given -> !given.matches("[A-Za-z0-9_-]{1,256}")).isPresent()) {
            throw refusal("Bad Request: secret token contains unallowed characters");
        }
        int connections = call.body().path("max_connections").asInt(CONNECTIONS);
        var allowed = new ArrayList<String>();
        call.body().path("allowed_updates").forEach(kind -> allowed.add(kind.asText()));
        var webhook = new Bot.Webhook(url, secret.orElse(null), Math.max(1, Math.min(100, connections)), allowed);
        dropIfAsked(bot, call);
        boolean same = webhook.equals(bot.webhook());
        keep(bot.with(webhook));
        outbox.redirect(bot.about(), url, webhook.headers());
        String said = (same ? "Webhook is already set" : "Webhook was set")
                + (loopback ? " (sandbox: to this machine, without TLS or one of Telegram's ports)" : "");
        return described(said).effect("webhook of " + bot.username() + " set", bot.id());
    }

    private static void checkAddress(String url) {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw refusal("Bad Request: bad webhook: invalid webhook URL specified");
        }
        if (!"https".equals(address.getScheme())) {
            throw refusal("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
        }
        if (!PORTS.contains(address.getPort())) {
            throw refusal("Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
        }
        String host = Optional.ofNullable(address.getHost()).orElse("");
        if (!host.contains(".") || host.endsWith(".invalid")) {
            throw refusal("Bad Request: bad webhook: Failed to resolve host: Name or service not known");
        }
    }

    private Answer deleteWebhook(Bot bot, Call call) {
        dropIfAsked(bot, call);
        if (bot.webhook() == null) {
            return described("Webhook is already deleted");
        }
        keep(bot.with((Bot.Webhook) null));
        outbox.redirect(bot.about(), null, Map.of());
        return described("Webhook was deleted").effect("webhook of " + bot.username() + " deleted", bot.id());
    }

    private void dropIfAsked(Bot bot, Call call) {
        if (call.flag("drop_pending_updates")) {
            outbox.drop(bot.about());
        }
    }

    private Answer getWebhookInfo(Bot bot, Call call) {
        List<Delivery> updates = outbox.about(bot.about());
        long pending = updates.stream().filter(Delivery::isPending).count();
        ObjectNode info = NODES.objectNode()
                .put("url", bot.webhook() == null ? "" : bot.webhook().url())
                .put("has_custom_certificate", false)
                .put("pending_update_count", pending);
        if (bot.webhook() != null) {
            info.put("max_connections", bot.webhook().maxConnections());
            if (!bot.webhook().allowed().isEmpty()) {
                var allowed = info.putArray("allowed_updates");
                bot.webhook().allowed().forEach(allowed::add);
            }
            updates.stream()
                    .map(Delivery::lastFailure)
                    .filter(failure -> failure != null)
                    .max(Comparator.comparing(Delivery.Failure::at))
                    .ifPresent(
                            failure -> info.put("last_error_date", failure.at().getEpochSecond())
                                    .put("last_error_message", failure.message()));
        }
        return ok(info);
    }

    private Answer setMyCommands(Bot bot, Call call) {
        JsonNode commands = call.body().path("commands");
        if (!commands.isArray() || commands.size() > COMMANDS) {
            throw refusal("Bad Request: can't parse commands");
        }
        for (JsonNode command : commands) {
            if (!command.path("command").asText().matches("[a-z0-9_]{1,32}")) {
                throw refusal("Bad Request: BOT_COMMAND_INVALID");
            }
            String description = command.path("description").asText();
            if (description.isBlank() || description.length() > 256) {
                throw refusal("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
            }
        }
        keep(bot.with(scope(call), commands));
        return yes().effect("commands of " + bot.username() + " set", bot.id());
    }

    private Answer getMyCommands(Bot bot, Call call) {
        return ok(Optional.ofNullable(bot.commands().get(scope(call))).orElse(NODES.arrayNode()));
    }

    private Answer deleteMyCommands(Bot bot, Call call) {
        keep(bot.with(scope(call), null));
        return yes().effect("commands of " + bot.username() + " deleted", bot.id());
    }

    private static String scope(Call call) {
        JsonNode scope = call.body().path("scope");
        return scope.path("type").asText("default") + " "
                + scope.path("chat_id").asText("") + " "
                + call.text("language_code").orElse("");
    }

    private Answer setMyName(Bot bot, Call call) {
        keep(bot.called(call.text("name").filter(name -> !name.isBlank()).orElse(bot.username())));
        return yes().effect("name of " + bot.username() + " set", bot.id());
    }

    private Answer setMyDescription(Bot bot, Call call) {
        keep(bot.described(call.text("description").orElse("")));
        return yes().effect("description of " + bot.username() + " set", bot.id());
    }

    /** A bot can only write to people who wrote to it before. */
    private Answer sendMessage(Bot bot, Call call) {
        long chat = call.body().path("chat_id").asLong();
        if (counters.get("chat " + bot.id() + " " + chat).isEmpty()) {
            throw refusal("Bad Request: chat not found");
        }
        String text = call.text("text").filter(given -> !given.isBlank()).orElse("");
        if (text.isEmpty()) {
            throw refusal("Bad Request: message text is empty");
        }
        long number = next("message");
        sent.put(String.valueOf(number), new Sent(bot.id(), chat, text));
        ObjectNode message = NODES.objectNode().put("message_id", number);
        message.set("from", user(bot));
        message.putObject("chat").put("id", chat).put("type", "private").put("first_name", "Somebody");
        message.put("date", clock.instant().getEpochSecond()).put("text", text);
        return ok(message).effect("message of " + bot.username() + " sent", number);
    }

    private static ObjectNode user(Bot bot) {
        return NODES.objectNode()
                .put("id", bot.id())
                .put("is_bot", true)
                .put("first_name", bot.firstName())
                .put("username", bot.username());
    }

    private Optional<Bot> caller(Call call) {
        Matcher path = PATH.matcher(call.path());
        if (!path.matches()) {
            return Optional.empty();
        }
        Matcher token = TOKEN.matcher(path.group(1));
        return token.matches()
                ? find(Long.parseLong(token.group(1)))
                        .filter(bot -> bot.tokenDigest().equals(Account.digest(path.group(1))))
                : Optional.empty();
    }

    private Optional<Bot> find(long id) {
        return bots.get(String.valueOf(id)).or(() -> Optional.ofNullable(configured.get(id)));
    }

    private void keep(Bot bot) {
        bots.put(String.valueOf(bot.id()), bot);
    }

    private long next(String counter) {
        long next = counters.get(counter).orElse(1L);
        counters.put(counter, next + 1);
        return next;
    }

    private static Bot bot(String token, String username) {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches() || !username.matches("[A-Za-z0-9_]{5,32}")) {
            throw new IllegalArgumentException(
                    "a bot has a token like 123:abc and a username of at least five letters");
        }
        long id = Long.parseLong(matcher.group(1));
        return new Bot(id, Account.digest(token), username, username, "", Map.of(), null);
    }

    private static Answer yes() {
        return ok(NODES.booleanNode(true));
    }

    private static Answer described(String description) {
        Answer answer = yes();
        ((ObjectNode) answer.body().orElseThrow()).put("description", description);
        return answer;
    }

    private static Answer ok(JsonNode result) {
        ObjectNode body = NODES.objectNode().put("ok", true);
        body.set("result", result);
        return Answer.ok(body);
    }

    private static Refusal refusal(String description) {
        return new Refusal(error(400, description));
    }

    private static Answer error(int status, String description) {
        return Answer.of(
                status,
                NODES.objectNode().put("ok", false).put("error_code", status).put("description", description));
    }
}
