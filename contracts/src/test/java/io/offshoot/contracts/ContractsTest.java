package io.offshoot.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.vercel.VercelActions;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "io.offshoot.contracts", importOptions = ImportOption.DoNotIncludeTests.class)
class ContractsTest {

    @ArchTest
    static final ArchRule CONTRACTS_KNOW_NO_FRAMEWORK = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta.enterprise..", "jakarta.ws..", "org.apache.kafka..");

    @Test
    void everyActionIsInTheProtocol() throws Exception {
        var protocol = Files.readString(Path.of("README.md"));

        for (Action<?, ?> action : actions().toList()) {
            assertThat(protocol).contains("| `%s` | `%s`".formatted(action.name(), action.effectClass()));
        }
        assertThat(actions()).hasSize(20);
    }

    @Test
    void anActionIsNamedByProviderIdAndVersion() {
        assertThat(GitHubActions.CREATE_REPOSITORY.name()).isEqualTo("github/create-repository/1");
        assertThatThrownBy(() -> new Action<>(
                        "Git Hub",
                        "x",
                        1,
                        EffectClass.UPSERT,
                        VercelActions.Project.class,
                        VercelActions.Project.class))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEffectKeyIsNewWithEachGenerationButANamedOneIsNot() {
        var id = new UUID(0, 1);

        assertThat(EffectKey.of(id, "docs", "deployment", 1, "build"))
                .isNotEqualTo(EffectKey.of(id, "docs", "deployment", 2, "build"))
                .matches("[0-9a-f]{32}");
        assertThat(EffectKey.named(id, "docs", "repository", "repository"))
                .isNotEqualTo(EffectKey.named(id, "handbook", "repository", "repository"));
    }

    @Test
    void problemCodesAreStableWords() {
        assertThat(ProblemType.values())
                .allSatisfy(type -> assertThat(type.code()).matches("[a-z]+(-[a-z]+)*"))
                .allSatisfy(type -> assertThat(type.status()).isBetween(400, 599));
    }

    private static Stream<Action<?, ?>> actions() {
        return Stream.of(GitHubActions.class, VercelActions.class)
                .flatMap(owner -> Arrays.stream(owner.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Action.class)
                .map(field -> {
                    try {
                        return (Action<?, ?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                });
    }
}
