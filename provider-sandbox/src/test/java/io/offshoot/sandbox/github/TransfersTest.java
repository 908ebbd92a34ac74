package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.sandbox.World;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.exchange.Answer;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransfersTest {

    private static final String REPOSITORY = "/repos/example-hub/docs";

    private final World world = World.inMemory();
    private long id;

    @BeforeEach
    void twoOrganizations() {
        var other = Account.of("other-hub", "other-token", "team_other", "other", "other-vercel");
        world.sandbox().store().write(() -> world.sandbox().accounts().add(other));
        id = world.repository("docs").get("id").asLong();
    }

    @Test
    void anOfferedRepositoryStaysUntilItIsAccepted() {
        Answer offered = offer("other-hub");

        assertThat(offered.status()).isEqualTo(202);
        assertThat(body(offered).at("/owner/login").asText()).isEqualTo("example-hub");
        assertThat(fullName()).isEqualTo("example-hub/docs");
        assertThat(accept()).isPresent();
        assertThat(fullName()).isEqualTo("other-hub/docs");
        assertThat(world.github("GET", REPOSITORY).status()).isEqualTo(301);
    }

    @Test
    void anOfferLapsesAfterADay() {
        offer("other-hub");
        world.pass(24 * 60 * 60);

        assertThat(accept()).isEmpty();
        assertThat(fullName()).isEqualTo("example-hub/docs");
    }

    @Test
    void whatCannotBeGivenIsRefused() {
        world.call(
                "github",
                "POST",
                "/repos/offshoot-upstream/docs-site/generate",
                "Bearer other-token",
                "{\"owner\":\"other-hub\",\"name\":\"docs\"}");

        assertThat(offer("other-hub").status()).isEqualTo(422);
        assertThat(offer("nobody-at-all").status()).isEqualTo(422);
        assertThat(offer("example-hub").status()).isEqualTo(422);
    }

    @Test
    void onlyItsOwnerGivesARepositoryAway() {
        Answer answer = world.call(
                "github", "POST", REPOSITORY + "/transfer", "Bearer other-token", "{\"new_owner\":\"other-hub\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(accept()).isEmpty();
    }

    @Test
    void commitsCanBeListedFromATimeOn() {
        String before = body(world.github("GET", REPOSITORY)).get("created_at").asText();
        world.pass(60);
        world.change("docs", "a", "1");

        assertThat(body(world.github("GET", REPOSITORY + "/commits"))).hasSize(2);
        assertThat(body(world.github("GET", REPOSITORY + "/commits?since=" + before)))
                .hasSize(2);
        assertThat(body(world.github("GET", REPOSITORY + "/commits?since=2026-11-21T12:00:30Z")))
                .hasSize(1);
    }

    private Answer offer(String newOwner) {
        return world.github("POST", REPOSITORY + "/transfer", "{'new_owner':'" + newOwner + "'}");
    }

    private Optional<Repository> accept() {
        return world.sandbox().store().write(() -> {
            var repository = world.sandbox().repositories().byId(id).orElseThrow();
            return world.sandbox().github().transfers().accept(repository);
        });
    }

    private String fullName() {
        return body(world.github("GET", "/repositories/" + id)).get("full_name").asText();
    }
}
