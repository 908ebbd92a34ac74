package io.offshoot.sandbox.control;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.sandbox.World;
import org.junit.jupiter.api.Test;

/** A read soon after a write may answer the old state, when that is switched on. */
class StaleReadsTest {

    private static final String TOPICS = "/repos/example-hub/docs/topics";

    private final World world = World.inMemory();

    @Test
    void withoutTheSwitchEveryReadSeesEveryWrite() {
        world.repository("docs");
        world.github("PUT", TOPICS, "{'names':['new']}");

        assertThat(topics()).isEqualTo("[\"new\"]");
        assertThat(topics()).isEqualTo("[\"new\"]");
    }

    @Test
    void everySecondReadAnswersTheOldStateForAMoment() {
        world.repository("docs");
        world.settings("{'staleReadMillis':300}");
        world.github("PUT", TOPICS, "{'names':['new']}");

        assertThat(topics()).isEqualTo("[]");
        assertThat(world.sandbox().journal().last().stale()).isTrue();
        assertThat(topics()).isEqualTo("[\"new\"]");
        assertThat(world.sandbox().journal().last().stale()).isFalse();
        assertThat(topics()).isEqualTo("[]");
        world.pass(0.3);
        assertThat(topics()).isEqualTo("[\"new\"]");
        assertThat(topics()).isEqualTo("[\"new\"]");
    }

    @Test
    void whatWasJustMadeIsNotFoundAndWhatWasJustDeletedStillIs() {
        world.repository("docs");
        world.project("docs");
        world.settings("{'staleReadMillis':300}");

        world.vercel("POST", "/v11/projects", "{'name':'other'}");
        int made = world.vercel("GET", "/v9/projects/other").status();
        world.pass(1);
        world.vercel("DELETE", "/v9/projects/other");
        int deleted = world.vercel("GET", "/v9/projects/other").status();
        world.pass(1);

        assertThat(made).isEqualTo(404);
        assertThat(deleted).isEqualTo(200);
        assertThat(world.vercel("GET", "/v9/projects/other").status()).isEqualTo(404);
        assertThat(world.vercel("GET", "/v9/projects/docs").status()).isEqualTo(200);
    }

    @Test
    void writeAtOneProviderDelaysNoReadAtAnother() {
        world.repository("docs");
        world.settings("{'staleReadMillis':300}");
        world.github("PUT", TOPICS, "{'names':['new']}");

        world.vercel("GET", "/v2/user");

        assertThat(world.sandbox().journal().last().stale()).isFalse();
        assertThat(topics()).isEqualTo("[]");
    }

    @Test
    void writesAreNeverJudgedByTheOldState() {
        world.settings("{'staleReadMillis':300}");
        world.vercel("POST", "/v11/projects", "{'name':'other'}");

        assertThat(world.vercel("POST", "/v11/projects", "{'name':'other'}").status())
                .isEqualTo(409);
    }

    private String topics() {
        return body(world.github("GET", TOPICS)).get("names").toString();
    }
}
