package io.offshoot.localstack.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The release before works on the schema of the one after. What takes something away from it says so in the first line
 * of its migration: that nothing of the release before uses it any more.
 */
class MigrationsTest {

    private static final String NOTE = "-- Takes away what the release before does not use:";

    /** Loosening a column takes nothing away. */
    private static final Pattern LOOSENING = Pattern.compile("drop\\s+(not\\s+null|default)");

    private static final Pattern TAKING_AWAY =
            Pattern.compile("\\b(drop|rename|truncate|set\\s+not\\s+null|type\\s+\\w+\\s+using|delete\\s+from)\\b");

    @ParameterizedTest
    @MethodSource("migrations")
    void aMigrationOnlyAddsUnlessItSaysSo(Path migration) throws IOException {
        var text = Files.readString(migration);

        assertThat(text.startsWith(NOTE) || onlyAdds(text)).as("%s", migration).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table step drop column args;",
                "ALTER TABLE step RENAME COLUMN args TO arguments;",
                "drop table effect;",
                "alter table step alter column args set not null;",
                "delete from request;"
            })
    void whatTakesSomethingAwayIsNoticed(String statement) {
        assertThat(onlyAdds(statement)).isFalse();
    }

    @Test
    void bothServicesWithADatabaseAreLookedAt() throws IOException {
        assertThat(migrations())
                .extracting(migration -> migration.subpath(1, 2).toString())
                .contains("orchestrator-service", "gateway-service");
    }

    private static boolean onlyAdds(String text) {
        var statements = text.lines()
                .map(line -> line.replaceFirst("--.*", ""))
                .reduce("", (all, line) -> all + "\n" + line)
                .toLowerCase(Locale.ROOT);
        return !TAKING_AWAY
                .matcher(LOOSENING.matcher(statements).replaceAll(""))
                .find();
    }

    static Stream<Path> migrations() throws IOException {
        var found = new ArrayList<Path>();
        for (Path module : list(Path.of(".."))) {
            var folder = module.resolve("src/main/resources/db/migration");
            if (Files.isDirectory(folder)) {
                found.addAll(list(folder));
            }
        }
        return found.stream();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
