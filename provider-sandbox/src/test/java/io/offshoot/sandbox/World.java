package io.offshoot.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.control.Faults;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.documents.Documents;
import io.offshoot.sandbox.documents.Exchange;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.outgoing.Delivery;
import io.offshoot.sandbox.state.Store;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;

/** A sandbox without a wire, whose time passes only when a test says so; the time scale is 1. */
public final class World implements AutoCloseable {

    public static final String GITHUB = "Bearer github-token";
    public static final String VERCEL = "Bearer vercel-token";

    /** The token of a bot at Telegram. */
    public static final String BOT = "123456:bot-token";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SettableClock clock;
    private final Sandbox sandbox;

    private World(Store store, SettableClock clock) {
        this.clock = clock;
        var account = Account.of("example-hub", "github-token", "team_example", "example", "vercel-token");
        this.sandbox =
                new Sandbox(store, clock, account, Optional.empty(), "offshoot-upstream", Settings.withTimeScale(1));
        sandbox.telegram().configure(BOT, "hub_bot");
        sandbox.aura().configure("client", "secret", "tenant-1");
    }

    public static World inMemory() {
        return new World(Store.inMemory(), new SettableClock());
    }

    public static World over(Store store) {
        return new World(store, new SettableClock());
    }

    /** The same time over another store, as after a restart. */
    public World restartedOver(Store store) {
        return new World(store, clock);
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public void pass(double seconds) {
        clock.now = clock.now.plus(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** Changes the settings that are named. */
    public void settings(String changes) {
        sandbox.store().write(() -> sandbox.settings().change(json(changes)));
    }

    /** Orders a fault, as the control API takes it. */
    public void fault(String fault) {
        try {
            sandbox.faults().add(JSON.treeToValue(json(fault), Faults.Fault.class));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    public Answer github(String method, String path) {
        return github(method, path, "");
    }

    public Answer github(String method, String path, String body) {
        return call("github", method, path, GITHUB, body);
    }

    public Answer vercel(String method, String path) {
        return vercel(method, path, "");
    }

    public Answer telegram(String method, String body) {
        return call("telegram", "POST", "/bot" + BOT + "/" + method, null, body);
    }

    /** A call that the provider may have, but the sandbox has not; it is held against nothing. */
    public Answer unknown(String provider, String method, String path, String authorization) {
        return sandbox.answer(provider, Call.of(method, path, authorization)).answer();
    }

    /** For the team, unless the path has a query of its own account, or is the same for all. */
    public Answer vercel(String method, String path, String body) {
        String scope = path.contains("teamId=") || path.contains("slug=") || path.equals("/v2/user")
                ? ""
                : "teamId=team_example";
        String whole = path + (scope.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + scope);
        return call("vercel", method, whole, VERCEL, body);
    }

    /** Fails if the call or its answer is not as the provider documents it, unless a fault spoilt it. */
    public Answer call(String provider, String method, String path, String authorization, String body) {
        int question = path.indexOf('?');
        String bare = question < 0 ? path : path.substring(0, question);
        Map<String, List<String>> query = new HashMap<>();
        if (question >= 0) {
            Arrays.stream(path.substring(question + 1).split("&"))
                    .map(pair -> pair.split("=", 2))
                    .forEach(pair -> query.put(pair[0], List.of(pair[1])));
        }
        Call call = Call.of(method, bare, authorization).with(query);
        Optional<JsonNode> sent = body.isEmpty() ? Optional.empty() : Optional.of(json(body));
        Answer answer =
                sandbox.answer(provider, sent.map(call::with).orElse(call)).answer();
        var plainQuery = new HashMap<String, String>();
        query.forEach((name, values) -> plainQuery.put(name, values.get(0)));
        boolean spoilt = sandbox.journal().last().fault() != null;
        if (!spoilt) {
            Documents.check(new Exchange(provider, method, bare, plainQuery, sent, answer.status(), answer.body()));
        }
        return answer;
    }

    /** A repository made from the template, with everything in it to be seen. */
    public JsonNode repository(String name) {
        Answer made = github(
                "POST",
                "/repos/offshoot-upstream/docs-site/generate",
                "{'owner':'example-hub','name':'" + name + "','description':'run 1'}");
        Assertions.assertThat(made.status()).isEqualTo(201);
        pass(4);
        return body(made);
    }

    /** Changes one file in one commit on main, and returns the commit. */
    public String change(String repository, String path, String content) {
        String base = "/repos/example-hub/" + repository;
        String head = head(repository);
        String tree = body(github("GET", base + "/git/commits/" + head))
                .at("/tree/sha")
                .asText();
        ObjectNode entry = JSON.createObjectNode()
                .put("path", path)
                .put("mode", "100644")
                .put("type", "blob")
                .put("content", content);
        ObjectNode asked = JSON.createObjectNode().put("base_tree", tree);
        asked.putArray("tree").add(entry);
        String newTree = body(github("POST", base + "/git/trees", asked.toString()))
                .get("sha")
                .asText();
        String commit = body(github(
                        "POST",
                        base + "/git/commits",
                        "{'message':'Change','tree':'" + newTree + "','parents':['" + head + "']}"))
                .get("sha")
                .asText();
        Answer moved = github("PATCH", base + "/git/refs/heads/main", "{'sha':'" + commit + "'}");
        Assertions.assertThat(moved.status()).isEqualTo(200);
        pass(2);
        return commit;
    }

    public String head(String repository) {
        return body(github("GET", "/repos/example-hub/" + repository + "/git/ref/heads/main"))
                .at("/object/sha")
                .asText();
    }

    public JsonNode project(String name) {
        Answer made = vercel(
                "POST",
                "/v11/projects",
                "{'name':'" + name + "','gitRepository':{'type':'github','repo':'example-hub/" + name + "'}}");
        Assertions.assertThat(made.status()).isEqualTo(200);
        return body(made);
    }

    /** Begins a production build of main. */
    public JsonNode deploy(String name) {
        Answer made = vercel(
                "POST",
                "/v13/deployments",
                "{'name':'" + name + "','target':'production','meta':{'run':'7'},'gitSource':{'type':'github','org':"
                        + "'example-hub','repo':'" + name + "','ref':'main'}}");
        Assertions.assertThat(made.status()).isEqualTo(200);
        return body(made);
    }

    /** What the providers send out by now; fails if it is not as they document it. */
    public List<Delivery> sent() {
        List<Delivery> sent = sandbox.store().write(() -> sandbox.outbox().take());
        sent.stream().filter(one -> !one.provider().equals("vercel")).forEach(Documents::check);
        return sent;
    }

    public String site(String host, String path) {
        return sandbox.hosting()
                .file(host, path)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    public static JsonNode body(Answer answer) {
        return answer.body().orElseThrow();
    }

    /** JSON in which single quotes stand for double ones. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text.contains("\"") ? text : text.replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
