package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.exchange.Answer;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PullsTest {

    private static final String DOCS = "/repos/example-hub/docs";
    private static final String MAIN = "{'branch':'main'}";
    private static final String FROM_UPSTREAM = "{'title':'Update','head':'offshoot-upstream:main','base':'main'}";

    private final World world = World.inMemory();

    @BeforeEach
    void fork() {
        world.github(
                "POST", "/repos/offshoot-upstream/docs-site/forks", "{'organization':'example-hub','name':'docs'}");
        world.pass(4);
    }

    @Test
    void forkThatIsBehindIsBroughtForward() {
        String news = upstream("docs/news.md", "# News");

        Answer forwarded = world.github("POST", DOCS + "/merge-upstream", MAIN);
        Answer again = world.github("POST", DOCS + "/merge-upstream", MAIN);

        assertThat(body(forwarded).get("merge_type").asText()).isEqualTo("fast-forward");
        assertThat(world.head("docs")).isEqualTo(news);
        assertThat(body(again).get("merge_type").asText()).isEqualTo("none");
    }

    @Test
    void forkWithItsOwnChangesIsMergedUnlessTheyConflict() {
        world.change("docs", "own.md", "ours");
        upstream("docs/news.md", "# News");

        Answer merged = world.github("POST", DOCS + "/merge-upstream", MAIN);
        world.change("docs", "docs/news.md", "# Ours");
        upstream("docs/news.md", "# Theirs");
        Answer conflict = world.github("POST", DOCS + "/merge-upstream", MAIN);

        assertThat(body(merged).get("merge_type").asText()).isEqualTo("merge");
        assertThat(world.github("GET", DOCS + "/contents/own.md").status()).isEqualTo(200);
        assertThat(conflict.status()).isEqualTo(409);
    }

    @Test
    void comparisonTellsHowFarBehindAForkIs() {
        world.change("docs", "own.md", "ours");
        upstream("docs/news.md", "# News");
        upstream("docs/news.md", "# More news");

        JsonNode compared = body(world.github("GET", DOCS + "/compare/main...offshoot-upstream:main"));

        assertThat(compared.get("status").asText()).isEqualTo("diverged");
        assertThat(compared.get("ahead_by").asInt()).isEqualTo(2);
        assertThat(compared.get("behind_by").asInt()).isEqualTo(1);
        assertThat(compared.at("/files/0/filename").asText()).isEqualTo("docs/news.md");
    }

    @Test
    void upstreamsNewsComeAsAPullRequestOnce() {
        Answer nothing = world.github("POST", DOCS + "/pulls", FROM_UPSTREAM);
        upstream("docs/news.md", "# News");

        Answer opened = world.github("POST", DOCS + "/pulls", FROM_UPSTREAM);
        Answer again = world.github("POST", DOCS + "/pulls", FROM_UPSTREAM);

        assertThat(nothing.status()).isEqualTo(422);
        assertThat(body(nothing).at("/errors/0/message").asText())
                .isEqualTo("No commits between example-hub:main and offshoot-upstream:main");
        assertThat(opened.status()).isEqualTo(201);
        assertThat(body(opened).get("mergeable").asBoolean()).isTrue();
        assertThat(body(again).at("/errors/0/message").asText())
                .isEqualTo("A pull request already exists for offshoot-upstream:main.");
        assertThat(body(world.github("GET", DOCS + "/pulls?head=offshoot-upstream:main")))
                .hasSize(1);
    }

    @Test
    void mergedPullRequestIsClosedAndItsCommitsAreThere() {
        upstream("docs/news.md", "# News");
        world.github("POST", DOCS + "/pulls", FROM_UPSTREAM);

        Answer merged = world.github("PUT", DOCS + "/pulls/1/merge", "{'merge_method':'merge'}");
        Answer again = world.github("PUT", DOCS + "/pulls/1/merge", "{'merge_method':'merge'}");

        assertThat(merged.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(405);
        assertThat(world.head("docs")).isEqualTo(body(merged).get("sha").asText());
        assertThat(world.github("GET", DOCS + "/contents/docs/news.md").status())
                .isEqualTo(200);
        assertThat(body(world.github("GET", DOCS + "/pulls/1")).get("merged").asBoolean())
                .isTrue();
        assertThat(body(world.github("GET", DOCS + "/pulls"))).isEmpty();
    }

    @Test
    void branchOfAForkMayBeginAtACommitOfTheUpstream() {
        String news = upstream("docs/news.md", "# News");

        Answer made = world.github("POST", DOCS + "/git/refs", "{'ref':'refs/heads/update','sha':'" + news + "'}");
        Answer opened = world.github("POST", DOCS + "/pulls", "{'title':'Update','head':'update','base':'main'}");
        Answer closed = world.github("PATCH", DOCS + "/pulls/1", "{'state':'closed'}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(opened.status()).isEqualTo(201);
        assertThat(body(closed).get("state").asText()).isEqualTo("closed");
    }

    private String upstream(String path, String content) {
        var repositories = world.sandbox().repositories();
        var upstream = repositories.find("offshoot-upstream", "docs-site").orElseThrow();
        world.pass(2);
        return world.sandbox()
                .store()
                .write(() -> repositories.pushFiles(upstream, Map.of(path, content), "Change " + path));
    }
}
