package io.offshoot.simulator;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.workflows.Known;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Step.NoPart;
import io.offshoot.workflows.Workflow;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A workflow with every kind of step.
 *
 * <pre>
 * repository ─▶ contents ─▶ files ─┬─▶ site
 *      └──────▶ project ───────────┘
 * </pre>
 */
final class SampleWorkflow {

    static final String PROVIDER = "acme";
    static final List<String> APPS = List.of("docs", "handbook");

    record Config(String slug) {}

    record Named(@NotBlank String name) {}

    record Of(@NotBlank String id) {}

    record Thing(@NotBlank String id) {}

    static final Action<Named, Thing> CREATE =
            new Action<>(PROVIDER, "create", 1, EffectClass.NATURAL, Named.class, Thing.class);
    static final Action<Of, Thing> AWAIT =
            new Action<>(PROVIDER, "await", 1, EffectClass.UPSERT, Of.class, Thing.class);
    static final Action<Of, Thing> WRITE =
            new Action<>(PROVIDER, "write", 1, EffectClass.UPSERT, Of.class, Thing.class);
    static final Action<Of, Thing> BUILD =
            new Action<>(PROVIDER, "build", 1, EffectClass.MARKED, Of.class, Thing.class);

    private static final Step<Config, NoPart, Named, Thing> REPOSITORY =
            step("repository", CREATE, known -> new Named(known.appId() + "-repository"));
    private static final Step<Config, NoPart, Of, Thing> CONTENTS =
            step("contents", AWAIT, known -> new Of(known.of(REPOSITORY).id()), "repository");
    private static final Step<Config, NoPart, Of, Thing> FILES =
            step("files", WRITE, known -> new Of(known.of(REPOSITORY).id()), "repository", "contents");
    private static final Step<Config, NoPart, Named, Thing> PROJECT =
            step("project", CREATE, known -> new Named(known.appId() + "-project"), "repository");
    private static final Step<Config, NoPart, Of, Thing> SITE =
            step("site", BUILD, known -> new Of(known.of(PROJECT).id()), "project", "files");

    static final Workflow WORKFLOW = new Workflow(
            "sample",
            1,
            "Sample",
            "One step of every kind.",
            List.of(),
            Config.class,
            "{\"type\": \"object\"}",
            "{\"type\": \"object\"}",
            List.of(REPOSITORY, CONTENTS, FILES, PROJECT, SITE));

    private SampleWorkflow() {}

    private static <I extends Record, O extends Record> Step<Config, NoPart, I, O> step(
            String id, Action<I, O> action, Function<Known<Config, NoPart>, I> input, String... needs) {
        return new Step<>(id, id, action, null, NoPart.class, input, Set.of(needs), null);
    }
}
