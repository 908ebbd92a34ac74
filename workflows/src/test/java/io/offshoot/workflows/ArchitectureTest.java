package io.offshoot.workflows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.offshoot.workflows", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Executors build inputs of them again, to compare: the same must come of the same everywhere. */
    @ArchTest
    static final ArchRule DEFINITIONS_ARE_PURE = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.net..",
                    "java.nio.charset..",
                    "java.io..",
                    "java.security..",
                    "com.fasterxml.jackson..",
                    "io.offshoot.contracts..",
                    "io.offshoot.workflows..");
}
