package io.offshoot.sandbox.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Routes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The executors' clients, the sandbox and the vendors' documents know of the same operations. */
class CoverageTest {

    private static final Pattern CALL = Pattern.compile(
            "@(GET|POST|PUT|PATCH|DELETE)\\s+(?:@(?!Path)\\w+(?:\\([^)]*\\))?\\s+)*(?:@Path\\(\"([^\"]*)\"\\)\\s+)?");
    private static final Pattern ROOT = Pattern.compile("^@Path\\(\"([^\"]*)\"\\)", Pattern.MULTILINE);

    private final World world = World.inMemory();

    @ParameterizedTest
    @ValueSource(strings = {"github", "vercel"})
    void everyCallOfTheClientIsDocumentedAndServed(String provider) throws IOException {
        Set<String> calls = calls(provider);

        assertThat(calls).hasSizeGreaterThanOrEqualTo(10);
        assertThat(documented(provider)).containsAll(calls);
        assertThat(served(provider)).containsAll(calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "vercel", "telegram", "aura"})
    void whatIsServedIsDocumented(String provider) {
        assertThat(documented(provider)).containsAll(served(provider));
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "vercel", "telegram", "aura"})
    void anyOtherCallIsNotFoundAndStandsInTheJournalAsUnknown(String provider) {
        assertThat(world.unknown(provider, "GET", "/nothing/of/the/sort", token(provider))
                        .status())
                .isEqualTo(404);
        assertThat(world.sandbox().journal().last().unknown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "vercel", "telegram", "aura"})
    void anyOtherCallFailsTheTestThatMakesIt(String provider) {
        assertThatThrownBy(() -> world.call(provider, "GET", "/nothing/of/the/sort", token(provider), ""))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not as documented");
    }

    private static String token(String provider) {
        return provider.equals("github") ? World.GITHUB : World.VERCEL;
    }

    @Test
    void everyLineOfTheListNamesItsSource() {
        assertThat(Documents.list()).isNotEmpty().allSatisfy(line -> assertThat(line.source())
                .hasSizeGreaterThan(10));
    }

    private static Set<String> documented(String provider) {
        return plain(Documents.operations(provider).stream());
    }

    private Set<String> served(String provider) {
        Set<Routes.Known> known =
                switch (provider) {
                    case "github" -> world.sandbox().github().known();
                    case "vercel" -> world.sandbox().vercel().known();
                    case "telegram" -> world.sandbox().telegram().known();
                    case "aura" -> world.sandbox().aura().known();
                    default -> throw new IllegalArgumentException(provider);
                };
        return plain(known.stream().map(one -> one.method() + " " + one.path()));
    }

    /** What the client's interfaces say, read from their source: the executor is no dependency of the sandbox. */
    private static Set<String> calls(String provider) throws IOException {
        var calls = new TreeSet<String>();
        Path executor = Path.of("..", provider + "-executor", "src/main/java");
        try (Stream<Path> files = Files.walk(executor)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith("Api.java")).toList()) {
                String source = Files.readString(file);
                var root = ROOT.matcher(source);
                String prefix = root.find() ? root.group(1) : "";
                CALL.matcher(source)
                        .results()
                        .forEach(one -> calls.add(
                                one.group(1) + " " + prefix + "/" + (one.group(2) == null ? "" : one.group(2))));
            }
        }
        return plain(calls.stream());
    }

    /**
     * Operations whose placeholders have no names. What GitHub answers to a repository's number, where a former name
     * leads to, it answers to its name.
     */
    private static Set<String> plain(Stream<String> operations) {
        return operations
                .map(one -> one.replaceAll("\\{[^}]+}", "{}")
                        .replaceAll("/+", "/")
                        .replaceAll("/$", "")
                        .replace(" /repositories/{}", " /repos/{}/{}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
