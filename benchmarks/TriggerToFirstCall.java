import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How long it takes from a trigger leaving the client to the executor's first call reaching the provider, one at a
 * time on an idle system. Both times are of this machine's clock.
 *
 * <pre>
 * ./run --no-demo --time-scale 0.001 &amp;
 * java benchmarks/TriggerToFirstCall.java .offshoot/stack.json 200
 * </pre>
 */
public final class TriggerToFirstCall {

    private static final int WARM_UP = 50;
    private static final Pattern FIRST_LOOK =
            Pattern.compile("\"at\":\"([^\"]+)\",\"provider\":\"github\",\"method\":\"GET\",\"path\":\"/repos/[^/\"]+/(t[0-9]+-docs)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final String stack;

    private TriggerToFirstCall(String stack) {
        this.stack = stack;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: TriggerToFirstCall STACK_JSON RUNS");
            System.exit(2);
        }
        new TriggerToFirstCall(Files.readString(Path.of(args[0]))).measure(Integer.parseInt(args[1]));
    }

    private void measure(int runs) throws IOException, InterruptedException {
        var triggered = new HashMap<String, Instant>();
        var from = System.currentTimeMillis() % 1_000_000_000L;
        for (int i = 0; i < WARM_UP + runs; i++) {
            var slug = "t" + (from + i);
            var id = create(slug);
            var at = trigger(id);
            awaitDone(id);
            if (i >= WARM_UP) {
                triggered.put(slug + "-docs", at);
            }
        }
        var latencies = latencies(triggered);
        System.out.printf(
                "trigger to first provider call, %d of %d runs after %d to warm up: p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
                latencies.size(),
                runs,
                WARM_UP,
                percentile(latencies, 50),
                percentile(latencies, 99),
                percentile(latencies, 100));
    }

    private String create(String slug) throws IOException, InterruptedException {
        var body =
                """
                {"workflow": "docs-site", "connections": {"github": "example", "vercel": "example"},
                 "config": {"slug": "%s"}, "apps": [{"appId": "docs", "input": {
                   "repository": {"source": "TEMPLATE", "upstream": "%s"}, "content": {"title": "Measured"}}}]}"""
                        .formatted(slug, value("upstream"));
        return field(send("POST", "/api/v1/deployments", body), "id");
    }

    private Instant trigger(String id) throws IOException, InterruptedException {
        var at = Instant.now();
        send("POST", "/api/v1/deployments/" + id + "/apps/docs/actions/repository", "{}");
        return at;
    }

    private void awaitDone(String id) throws IOException, InterruptedException {
        var path = "/api/v1/deployments/" + id + "/apps/docs/actions/repository?wait=10";
        for (int polls = 0; polls < 100; polls++) {
            var status = field(send("GET", path, null), "status");
            if (status.equals("done")) {
                return;
            }
            if (status.equals("error")) {
                throw new IOException("A run failed");
            }
        }
        throw new IOException("A run did not end");
    }

    private List<Double> latencies(Map<String, Instant> triggered) throws IOException, InterruptedException {
        var journal = http.send(
                        HttpRequest.newBuilder(URI.create(value("control") + "/journal"))
                                .header("Authorization", "Bearer " + value("controlToken"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        var latencies = new ArrayList<Double>();
        var looks = FIRST_LOOK.matcher(journal);
        while (looks.find()) {
            var at = triggered.remove(looks.group(2));
            if (at != null) {
                latencies.add(Duration.between(at, Instant.parse(looks.group(1))).toNanos() / 1e6);
            }
        }
        latencies.sort(null);
        return latencies;
    }

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(value("gateway").replaceAll("/$", "") + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + value("token"))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("%s %s answered %d: %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    private String value(String name) {
        return field(stack, name);
    }

    private static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("No " + name + " in " + json);
        }
        return found.group(1);
    }

    private static double percentile(List<Double> sorted, int percent) {
        return sorted.get((int) Math.max(0, Math.ceil(sorted.size() * percent / 100.0) - 1));
    }
}
