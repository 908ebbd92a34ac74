package io.offshoot.benchmarks.noop;

import io.offshoot.benchmarks.noop.NoOp.Begin;
import io.offshoot.benchmarks.noop.NoOp.Ended;
import io.offshoot.workflows.Offer;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Step.NoPart;
import io.offshoot.workflows.Workflow;
import java.util.List;
import java.util.Set;

/** Four steps, one after another: <code>one ▶ two ▶ three ▶ four</code>. */
public final class NoOpWorkflow implements Offer {

    /** What the apps share: nothing. */
    public record Config() {}

    private static final String NOTHING = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
             "additionalProperties": false, "properties": {}}""";

    private static final Step<Config, NoPart, Begin, Ended> ONE = step("one", null);
    private static final Step<Config, NoPart, Begin, Ended> TWO = step("two", ONE);
    private static final Step<Config, NoPart, Begin, Ended> THREE = step("three", TWO);
    private static final Step<Config, NoPart, Begin, Ended> FOUR = step("four", THREE);

    private static Step<Config, NoPart, Begin, Ended> step(String id, Step<Config, NoPart, Begin, Ended> needs) {
        return new Step<>(
                id,
                "Do nothing",
                NoOp.ACTION,
                null,
                NoPart.class,
                known -> new Begin(needs == null ? 0 : known.of(needs).ended()),
                needs == null ? Set.of() : Set.of(needs.id()),
                null);
    }

    @Override
    public List<Workflow> workflows() {
        return List.of(new Workflow(
                "no-op",
                1,
                "Nothing",
                "Four steps that do nothing, one after another.",
                List.of(),
                Config.class,
                NOTHING,
                NOTHING,
                List.of(ONE, TWO, THREE, FOUR)));
    }
}
