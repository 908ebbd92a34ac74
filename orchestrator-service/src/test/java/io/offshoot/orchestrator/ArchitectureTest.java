package io.offshoot.orchestrator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.offshoot.orchestrator.tenancy.Tenancy;
import jakarta.transaction.Transactional;
import java.time.Instant;

@AnalyzeClasses(packages = "io.offshoot.orchestrator", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** A rule over no class fails: the packages are there. */
    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE = classes()
            .that()
            .resideInAPackage("..decision..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.net..",
                    "java.nio.charset..",
                    "java.io..",
                    "java.security..",
                    "com.fasterxml.jackson..",
                    "io.offshoot.contracts..",
                    "..decision..",
                    "io.offshoot.workflows..");

    @ArchTest
    static final ArchRule NOBODY_ASKS_THE_MACHINE_FOR_THE_TIME = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Where the database is to see to it too that nobody reads another hub's rows. */
    @ArchTest
    static final ArchRule WHAT_IS_READ_FOR_A_HUB_IS_READ_AS_ITS_READER = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("..query..")
            .and()
            .areAnnotatedWith(Transactional.class)
            .should(new ArchCondition<JavaMethod>("call Tenancy.only") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    var calls = method.getMethodCallsFromSelf().stream()
                            .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Tenancy.class));
                    events.add(new SimpleConditionEvent(method, calls, method.getFullName()));
                }
            });
}
