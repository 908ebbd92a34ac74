package io.offshoot.gateway.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.gateway.Surroundings;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the console comes over the line. What it does there is told by the scenarios of the module local-stack. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class ConsoleTest {

    private static final int FIRST_LOAD = 40 * 1024;
    private static final int ALL_OF_IT = 100 * 1024;
    private static final int ELEMENT = 30 * 1024;

    private static final Pattern LINKED = Pattern.compile("<(/static/bundle/[^>]+)>; rel=modulepreload");
    private static final Pattern IN_PAGE = Pattern.compile("(?:src|href)=\"(/static/bundle/[^\"]+)\"");
    private static final Pattern STATIC =
            Pattern.compile("(?:from|import)\\s*[\"'](?:\\./|/static/bundle/)([\\w.-]+)[\"']");
    private static final Pattern ON_DEMAND =
            Pattern.compile("import\\(\\s*[\"'](?:\\./|/static/bundle/)([\\w.-]+)[\"']");

    @TestHTTPResource
    URI gateway;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Loaded> loaded = new LinkedHashMap<>();

    /** @param bytes how many came over the line */
    private record Loaded(String text, int bytes) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/catalogue",
                "/new/docs-site",
                "/deployments/0199c2f4-6a80-7000-8000-000000000000",
                "/deployments/0199c2f4-6a80-7000-8000-000000000000/plan",
                "/deployments",
                "/no/such/page"
            })
    void everyAddressThatAPersonMayTypeGivesTheConsoleWhichIsAskedForEachTime(String path) {
        given().accept("text/html,application/xhtml+xml,*/*;q=0.8")
                .get(path)
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Cache-Control", is("no-cache"))
                .body(containsString("offshoot-console"), containsString("/q/openapi"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/q/nothing",
                "/static/nothing",
                "/static/bundle/app-AAAAAAAA.js",
                "/favicon.ico"
            })
    void whatPeopleDoNotTypeIsStillNotThere(String path) {
        var status = given().accept("text/html").get(path).statusCode();

        assertThat(status).isIn(401, 404);
    }

    @Test
    void programsAreRefusedAsEver() {
        given().accept("application/json")
                .get("/deployments")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void whatBearsItsHashIsKeptForEver() {
        for (String path : inPage()) {
            given().get(path).then().statusCode(200).header("Cache-Control", is("public, max-age=31536000, immutable"));
        }
    }

    @Test
    void theElementForOtherPagesHasAnAddressThatStays() {
        given().redirects()
                .follow(false)
                .get("/static/bundle/progress.js")
                .then()
                .statusCode(302)
                .header("Cache-Control", is("no-cache"))
                .header("Location", containsString("/static/bundle/progress-"));
    }

    @Test
    void pagesLoadNothingInlineAndNothingFromElsewhere() {
        var page = load("/").text();

        assertThat(page).doesNotContain("<style", "style=", "://", "onclick");
        given().accept("text/html")
                .get("/")
                .then()
                .header("Content-Security-Policy", containsString("style-src 'self';"))
                .header("Content-Security-Policy", containsString("script-src 'self';"));
    }

    @Test
    void allThatAPageBeginsWithIsAskedForAtOnce() {
        var asked = given().accept("text/html")
                .header("Accept-Language", "sw-KE, en;q=0.5")
                .get("/deployments/one")
                .header("Link");
        var needed = new LinkedHashMap<String, Integer>();
        inPage().forEach(path -> takeIn(path, needed));
        var onDemand = onDemand(needed.keySet().stream().toList());
        takeIn(named(onDemand, "deployment-"), needed);
        takeIn(named(onDemand, "sw-"), needed);

        assertThat(LINKED.matcher(asked).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(needed.keySet().stream()
                        .filter(path -> path.endsWith(".js"))
                        .toList());
        // A slow line waits for each six files once more.
        assertThat(needed).hasSizeLessThanOrEqualTo(9);
    }

    /** A line that is paid by the byte: see decision 0034. */
    @Test
    void theFirstLoadAndAllOfTheConsoleKeepWithinTheirBudgets() {
        var shell = new LinkedHashMap<String, Integer>();
        shell.put("/", load("/").bytes());
        inPage().forEach(path -> takeIn(path, shell));
        var onDemand = onDemand(shell.keySet().stream().toList());
        takeIn(language(onDemand, "/static/bundle/"), shell);
        var first = Stream.of("deployment-", "new-")
                .map(page -> {
                    var with = new LinkedHashMap<>(shell);
                    takeIn(named(onDemand, page), with);
                    return with;
                })
                .max(Comparator.comparing(ConsoleTest::sum))
                .orElseThrow();
        var all = new LinkedHashMap<>(first);
        for (var left = onDemand;
                !left.isEmpty();
                left = onDemand(all.keySet().stream().toList()).stream()
                        .filter(it -> !all.containsKey(it) && !isLanguage(it))
                        .toList()) {
            left.stream().filter(it -> !isLanguage(it)).forEach(path -> takeIn(path, all));
        }
        takeIn(language(onDemand(all.keySet().stream().toList()), "/static/bundle/hub-"), all);
        var element = new LinkedHashMap<String, Integer>();
        var entry = given().redirects()
                .follow(false)
                .get("/static/bundle/progress.js")
                .header("Location");
        takeIn(URI.create(entry).getPath(), element);
        takeIn(language(onDemand, "/static/bundle/"), element);

        System.out.printf(
                "Console, gzip: first load %,d bytes, all of it %,d, the element by itself %,d%n",
                sum(first), sum(all), sum(element));
        assertThat(sum(first)).as(first.toString()).isLessThanOrEqualTo(FIRST_LOAD);
        assertThat(sum(all)).as(all.toString()).isLessThanOrEqualTo(ALL_OF_IT);
        assertThat(sum(element)).as(element.toString()).isLessThanOrEqualTo(ELEMENT);
    }

    private List<String> inPage() {
        return IN_PAGE.matcher(load("/").text())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** A file with all that it cannot begin without. */
    private void takeIn(String path, Map<String, Integer> into) {
        if (into.putIfAbsent(path, load(path).bytes()) == null) {
            STATIC.matcher(load(path).text()).results().forEach(found -> takeIn(bundled(found.group(1)), into));
        }
    }

    private List<String> onDemand(List<String> of) {
        return of.stream()
                .flatMap(path -> ON_DEMAND.matcher(load(path).text()).results())
                .map(found -> bundled(found.group(1)))
                .distinct()
                .toList();
    }

    private static String named(List<String> paths, String name) {
        return paths.stream()
                .filter(path -> path.startsWith(bundled(name)))
                .findFirst()
                .orElseThrow();
    }

    /** The heaviest: one language is loaded. */
    private String language(List<String> paths, String where) {
        return paths.stream()
                .filter(path -> path.matches(where + "(en|fr|sw|pt)-.*"))
                .max(Comparator.comparing(path -> load(path).bytes()))
                .orElseThrow();
    }

    private static boolean isLanguage(String path) {
        return path.matches("/static/bundle/(hub-)?(en|fr|sw|pt)-.*");
    }

    private static String bundled(String name) {
        return "/static/bundle/" + name;
    }

    private static int sum(Map<String, Integer> bytes) {
        return bytes.values().stream().mapToInt(Integer::intValue).sum();
    }

    private Loaded load(String path) {
        return loaded.computeIfAbsent(path, this::fetch);
    }

    private Loaded fetch(String path) {
        try {
            var request = HttpRequest.newBuilder(gateway.resolve(path))
                    .header("Accept", "text/html, */*")
                    .header("Accept-Encoding", "gzip")
                    .build();
            var answer = http.send(request, BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Encoding")).as(path).contains("gzip");
            try (var text = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
                return new Loaded(new String(text.readAllBytes(), StandardCharsets.UTF_8), answer.body().length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("Interrupted", e);
        }
    }
}
