package io.offshoot.github;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** An action has what its attempt brings: nothing that another left, and nothing of the process. */
@AnalyzeClasses(packages = "io.offshoot.github", importOptions = ImportOption.DoNotIncludeTests.class)
class IsolationTest {

    private static final String ACTIONS = "..action..";

    @ArchTest
    static final ArchRule NOTHING_STATIC_CHANGES = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage(ACTIONS)
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule NOTHING_STATIC_HOLDS_WHAT_CHANGES = noFields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage(ACTIONS)
            .should()
            .haveRawType(ThreadLocal.class)
            .orShould()
            .haveRawType(AtomicReference.class)
            .orShould()
            .haveRawType("java.util.concurrent.ConcurrentHashMap")
            .orShould()
            .haveRawType("java.util.HashMap")
            .orShould()
            .haveRawType("java.util.ArrayList")
            .orShould()
            .haveRawType("[B");

    @ArchTest
    static final ArchRule NOBODY_ASKS_THE_PROCESS = noClasses()
            .that()
            .resideInAPackage(ACTIONS)
            .should()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperties")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Config.class, ConfigProvider.class);

    /** The keyset opens secrets of every hub: an attempt has it, and gives away what is its own. */
    @ArchTest
    static final ArchRule NOBODY_OPENS_SECRETS_BY_ITSELF = noClasses()
            .that()
            .resideInAPackage(ACTIONS)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.offshoot.sealing.Opener")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.offshoot.executorkit.secret.Keyset");
}
