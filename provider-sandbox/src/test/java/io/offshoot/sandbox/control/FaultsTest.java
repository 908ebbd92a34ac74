package io.offshoot.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.sandbox.World;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final Faults.Then DOWN =
            new Faults.Then(503, null, null, null, null, null, null, null, null, null, null);

    private final World world = World.inMemory();

    @Test
    void faultBeginsWithTheNthMatchingCallAndHappensAsOftenAsOrdered() {
        world.sandbox().faults().add(new Faults.Fault(new Faults.Match("github", "GET", "^/user$", 2), DOWN, 2));

        assertThat(world.vercel("GET", "/v2/user").status()).isEqualTo(200);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
        assertThat(world.github("GET", "/rate_limit").status()).isEqualTo(200);
        assertThat(world.github("GET", "/user").status()).isEqualTo(503);
        assertThat(world.github("GET", "/user").status()).isEqualTo(503);
        assertThat(world.github("GET", "/user").status()).isEqualTo(200);
    }

    @Test
    void answerInPlaceOfTheProvidersHasNoEffect() {
        world.sandbox().faults().add(new Faults.Fault(new Faults.Match(null, "POST", "generate", null), DOWN, null));

        world.github("POST", "/repos/offshoot-upstream/docs-site/generate", "{'owner':'example-hub','name':'docs'}");

        assertThat(world.github("GET", "/repos/example-hub/docs").status()).isEqualTo(404);
    }

    @Test
    void orderedBuildErrorFailsTheBuild() {
        var failing = new Faults.Then(null, null, null, null, null, null, null, null, null, true, null);
        world.repository("docs-x");
        world.project("docs-x");
        world.sandbox()
                .faults()
                .add(new Faults.Fault(new Faults.Match("vercel", "POST", "/deployments", null), failing, 1));

        String id = world.deploy("docs-x").get("id").asText();
        world.pass(40);

        assertThat(World.body(world.vercel("GET", "/v13/deployments/" + id))
                        .get("readyState")
                        .asText())
                .isEqualTo("ERROR");
    }

    @Test
    void journalHoldsNoSecretValue() {
        world.repository("docs-x");
        world.project("docs-x");
        world.vercel(
                "POST",
                "/v10/projects/docs-x/env?upsert=true",
                "[{'key':'K','value':'hush','type':'encrypted','target':['production']}]");

        var last = world.sandbox().journal().entries();

        assertThat(last.toString()).contains("environment of docs-x set: K").doesNotContain("hush", "vercel-token");
    }

    @Test
    void resetForgetsAllButTheUpstream() {
        world.repository("docs-x");
        world.project("docs-x");

        world.sandbox().reset();

        assertThat(world.sandbox().repositories().all()).hasSize(1);
        assertThat(world.sandbox().journal().entries()).isEmpty();
        assertThat(world.github("GET", "/repos/offshoot-upstream/docs-site").status())
                .isEqualTo(200);
    }
}
