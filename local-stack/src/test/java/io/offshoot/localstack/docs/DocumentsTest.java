package io.offshoot.localstack.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.localstack.launch.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents say is so. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)");
    private static final Pattern JSON_SAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)[^)]*\\)");

    @Test
    void theReadmeTellsEveryOptionThatThereIsAndNoOther() throws IOException {
        var told = new TreeSet<>(matches(OPTION, Files.readString(ROOT.resolve("README.md"))));

        assertThat(told).isEqualTo(new TreeSet<>(Usage.options()));
    }

    @Test
    void theExampleIsWhatADeploymentIsCreatedWith() throws IOException {
        var strict = Messages.json()
                .readerFor(CreateDeployment.class)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

        CreateDeployment example = strict.readValue(Files.readString(ROOT.resolve("examples/docs-site.json")));

        assertThat(example.workflow()).isEqualTo("docs-site");
        assertThat(example.apps()).extracting(CreateDeployment.App::appId).containsExactly("docs", "handbook");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyJsonSampleParses(Path document) throws IOException {
        for (var sample : matches(JSON_SAMPLE, Files.readString(document))) {
            assertThat(Messages.json().readTree(sample)).as(sample).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkWithinTheProjectLeadsSomewhere(Path document) throws IOException {
        for (var link : matches(LINK, Files.readString(document))) {
            assertThat(document.resolveSibling(link)).exists();
        }
    }

    @Test
    void decisionsAreNumberedWithoutGapAndHeadedByTheirNumber() throws IOException {
        var number = 0;
        for (var decision : decisions()) {
            number++;
            var heading = "# %04d: ".formatted(number);
            assertThat(decision.getFileName().toString()).startsWith("%04d-".formatted(number));
            assertThat(Files.readString(decision)).startsWith(heading);
        }
        assertThat(number).isPositive();
    }

    static Stream<Path> documents() throws IOException {
        return Stream.concat(
                Stream.of(
                                "README.md",
                                "CONTRIBUTING.md",
                                "CHANGELOG.md",
                                "deploy/README.md",
                                "contracts/README.md",
                                "clients/typescript/README.md",
                                "docs/receipts.md",
                                "docs/intents.md",
                                "docs/reliability.md",
                                "docs/security.md",
                                "docs/upgrades.md")
                        .map(ROOT::resolve),
                decisions().stream());
    }

    private static List<Path> decisions() throws IOException {
        try (var files = Files.list(ROOT.resolve("docs/decisions"))) {
            return files.sorted().toList();
        }
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
