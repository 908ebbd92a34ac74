package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.World.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.World;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.exchange.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class GitHubTest {

    private static final String GENERATE = "/repos/offshoot-upstream/docs-site/generate";
    private static final String FORK = "/repos/offshoot-upstream/docs-site/forks";
    private static final String REPOSITORY = "/repos/example-hub/docs";

    private final World world = World.inMemory();

    @Test
    void upstreamIsATemplateOfSeveralFiles() {
        JsonNode upstream = body(world.github("GET", "/repos/offshoot-upstream/docs-site"));

        assertThat(upstream.get("is_template").asBoolean()).isTrue();
        assertThat(Upstream.files()).hasSizeGreaterThanOrEqualTo(10).containsKeys("site.json", "docs/index.md");
    }

    @Test
    void templateContentsArriveAfterTheAnswerRefsFirst() {
        Answer made = world.github("POST", GENERATE, "{'owner':'example-hub','name':'docs','description':'run 1'}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(body(made).get("description").asText()).isEqualTo("run 1");
        assertThat(body(made).at("/template_repository/full_name").asText()).isEqualTo("offshoot-upstream/docs-site");
        assertThat(world.github("GET", REPOSITORY + "/git/ref/heads/main")).satisfies(GitHubTest::isEmptyRepository);
        assertThat(world.github("GET", REPOSITORY + "/contents/site.json").status())
                .isEqualTo(404);
        assertThat(secondsUntilFound("/git/ref/heads/main")).isBetween(1.0, 2.1);
        assertThat(world.github("GET", REPOSITORY + "/contents/site.json").status())
                .isEqualTo(404);
        assertThat(secondsUntilFound("/contents/site.json")).isBetween(0.1, 1.1);
    }

    @Test
    void nameThatIsTakenIsRefused() {
        world.repository("docs");

        Answer again = world.github("POST", GENERATE, "{'owner':'example-hub','name':'Docs'}");
        Answer strangers = world.github("POST", GENERATE, "{'owner':'example-hub','name':'taken-docs'}");

        assertThat(again.status()).isEqualTo(422);
        assertThat(body(again).get("message").asText())
                .isEqualTo("Could not clone: Name already exists on this account");
        assertThat(strangers.status()).isEqualTo(422);
    }

    @Test
    void strangersRepositoryIsThereAndCannotBeChanged() {
        JsonNode found = body(world.github("GET", "/repos/example-hub/taken-docs"));

        assertThat(found.get("description").isNull()).isTrue();
        assertThat(world.github("DELETE", "/repos/example-hub/taken-docs").status())
                .isEqualTo(403);
    }

    @Test
    void organizationsRepositoriesAreListedAndAnUnknownOrganizationIsNotFound() {
        world.repository("docs");

        JsonNode listed = body(world.github("GET", "/orgs/example-hub/repos"));

        assertThat(listed)
                .anySatisfy(repository ->
                        assertThat(repository.get("full_name").asText()).isEqualTo("example-hub/docs"));
        assertThat(world.github("GET", "/orgs/nobody-at-all/repos").status()).isEqualTo(404);
    }

    @Test
    void forkingAgainAnswersTheForkThatIsThere() {
        String first = "{'organization':'example-hub','name':'docs','default_branch_only':true}";
        String second = "{'organization':'example-hub','name':'other'}";

        Answer fork = world.github("POST", FORK, first);
        Answer again = world.github("POST", FORK, second);

        assertThat(fork.status()).isEqualTo(202);
        assertThat(body(fork).at("/parent/full_name").asText()).isEqualTo("offshoot-upstream/docs-site");
        assertThat(body(fork).at("/source/full_name").asText()).isEqualTo("offshoot-upstream/docs-site");
        assertThat(again.status()).isEqualTo(202);
        assertThat(body(again).get("full_name").asText()).isEqualTo("example-hub/docs");
        assertThat(world.github("GET", "/repos/example-hub/other").status()).isEqualTo(404);
    }

    @Test
    void forkKeepsTheUpstreamsCommits() {
        world.github("POST", FORK, "{'organization':'example-hub','name':'docs'}");
        world.pass(4);

        String upstream = body(world.github("GET", "/repos/offshoot-upstream/docs-site/git/ref/heads/main"))
                .at("/object/sha")
                .asText();

        assertThat(world.head("docs")).isEqualTo(upstream);
    }

    @Test
    void commitMadeOfBlobTreeAndCommitIsReadBack() {
        world.repository("docs");
        String before = world.head("docs");

        String commit = world.change("docs", "docs/new page.md", "# Neu");

        JsonNode file = body(world.github("GET", REPOSITORY + "/contents/docs/new%20page.md"));
        byte[] content = Base64.getMimeDecoder().decode(file.get("content").asText());
        assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("# Neu");
        assertThat(world.head("docs")).isEqualTo(commit);
        JsonNode history = body(world.github("GET", REPOSITORY + "/commits"));
        assertThat(history.at("/0/sha").asText()).isEqualTo(commit);
        assertThat(history.at("/1/sha").asText()).isEqualTo(before);
        assertThat(world.github("GET", REPOSITORY + "/contents/layout.html").status())
                .isEqualTo(200);
    }

    @Test
    void directoryIsAnArrayAndAFileAnObject() {
        world.repository("docs");

        JsonNode directory = body(world.github("GET", REPOSITORY + "/contents/docs/guides"));
        JsonNode file = body(world.github("GET", REPOSITORY + "/contents/docs%2Fguides%2Foffline-kit.md"));

        assertThat(directory.isArray()).isTrue();
        assertThat(directory.at("/0/path").asText()).isEqualTo("docs/guides/offline-kit.md");
        assertThat(file.get("encoding").asText()).isEqualTo("base64");
    }

    @Test
    void moveThatIsNoFastForwardIsRefusedUnlessForced() {
        world.repository("docs");
        String old = world.head("docs");
        world.change("docs", "a", "1");

        Answer refused = world.github("PATCH", REPOSITORY + "/git/refs/heads/main", "{'sha':'" + old + "'}");
        Answer forced = world.github(
                "PATCH", REPOSITORY + "/git/refs/heads%2Fmain", "{\"sha\":\"" + old + "\",\"force\":true}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(body(refused).get("message").asText()).isEqualTo("Update is not a fast forward");
        assertThat(forced.status()).isEqualTo(200);
        assertThat(world.head("docs")).isEqualTo(old);
    }

    @Test
    void refIsFoundWithItsSlashEscapedOrNot() {
        world.repository("docs");

        Answer plain = world.github("GET", REPOSITORY + "/git/ref/heads/main");
        Answer escaped = world.github("GET", REPOSITORY + "/git/ref/heads%2Fmain");

        assertThat(body(escaped)).isEqualTo(body(plain));
    }

    @Test
    void callWithoutAKnownTokenIsRefused() {
        Answer unknown = world.call("github", "GET", "/user", "Bearer wrong", "");
        Answer none = world.call("github", "GET", "/user", null, "");

        assertThat(unknown.status()).isEqualTo(401);
        assertThat(body(unknown).get("message").asText()).isEqualTo("Bad credentials");
        assertThat(body(unknown).get("status").asText()).isEqualTo("401");
        assertThat(none.status()).isEqualTo(401);
    }

    @Test
    void anothersRepositoryIsReadableWhenPublicAndUnknownWhenPrivate() {
        var other = Account.of("other-hub", "other-token", "team_other", "other", "other-vercel");
        world.sandbox().store().write(() -> world.sandbox().accounts().add(other));
        world.repository("open");
        world.github("POST", GENERATE, "{\"owner\":\"example-hub\",\"name\":\"closed\",\"private\":true}");

        String token = "Bearer other-token";

        assertThat(world.call("github", "GET", "/repos/example-hub/open", token, "")
                        .status())
                .isEqualTo(200);
        assertThat(world.call("github", "DELETE", "/repos/example-hub/open", token, "")
                        .status())
                .isEqualTo(403);
        assertThat(world.call("github", "GET", "/repos/example-hub/closed", token, "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void everyAnswerTellsTheRateLimitInSeconds() {
        Answer answer = world.github("GET", "/user");

        assertThat(answer.headers())
                .containsEntry("x-ratelimit-limit", "5000")
                .containsEntry("x-ratelimit-remaining", "4999");
        assertThat(answer.headers().get("x-ratelimit-reset")).hasSize(10);
    }

    @Test
    void unknownOperationIsNotFoundAndMarked() {
        Answer answer = world.unknown("github", "GET", "/orgs/example-hub", World.GITHUB);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.unknown()).isTrue();
    }

    @Test
    void deletedRepositoryIsGoneAndItsIdIsNotUsedAgain() {
        long id = world.repository("docs").get("id").asLong();

        assertThat(world.github("DELETE", REPOSITORY).status()).isEqualTo(204);

        assertThat(world.github("GET", REPOSITORY).status()).isEqualTo(404);
        assertThat(world.repository("docs").get("id").asLong()).isGreaterThan(id);
    }

    @Test
    void topicsAreReplaced() {
        world.repository("docs");

        world.github("PUT", REPOSITORY + "/topics", "{'names':['One','two']}");
        Answer refused = world.github("PUT", REPOSITORY + "/topics", "{'names':['not good']}");

        assertThat(body(world.github("GET", REPOSITORY + "/topics")).toString())
                .isEqualTo("{\"names\":[\"one\",\"two\"]}");
        assertThat(refused.status()).isEqualTo(422);
    }

    @Test
    void formerNameOfARepositoryLeadsToItUntilItIsTakenAgain() {
        long id = world.repository("docs").get("id").asLong();
        world.github("PATCH", REPOSITORY, "{'name':'handbook'}");

        Answer read = world.github("GET", REPOSITORY + "/topics?page=1");
        Answer write = world.github("PATCH", REPOSITORY, "{'description':'x'}");

        assertThat(read.status()).isEqualTo(301);
        assertThat(read.headers()).containsEntry("Location", "http://sandbox.test/repositories/" + id + "/topics");
        assertThat(write.status()).isEqualTo(307);
        assertThat(world.github("GET", "/repositories/" + id + "/topics").status())
                .isEqualTo(200);
        assertThat(world.repository("docs").get("id").asLong()).isNotEqualTo(id);
        assertThat(world.github("GET", REPOSITORY).status()).isEqualTo(200);
    }

    @Test
    void writesThatFollowTooSoonMeetTheSecondaryLimit() {
        world.repository("docs");
        world.settings("{'githubWriteSpacingMillis':1000}");

        Answer first = world.github("PUT", REPOSITORY + "/topics", "{'names':[]}");
        world.pass(0.5);
        Answer soon = world.github("PUT", REPOSITORY + "/topics", "{'names':[]}");
        world.pass(1);
        Answer later = world.github("PUT", REPOSITORY + "/topics", "{'names':[]}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(soon.status()).isEqualTo(403);
        assertThat(soon.headers()).containsEntry("Retry-After", "1");
        assertThat(body(soon).get("message").asText()).contains("secondary rate limit");
        assertThat(world.github("GET", REPOSITORY).status()).isEqualTo(200);
        assertThat(later.status()).isEqualTo(200);
    }

    @Test
    void workflowFileNeedsItsOwnPermission() {
        world.repository("docs");
        world.settings("{'githubPermissionsMissing':['workflows']}");
        String tree = "{'tree':[{'path':'%s','mode':'100644','type':'blob','content':'x'}]}";

        assertThat(world.github("POST", REPOSITORY + "/git/trees", tree.formatted("a.yml"))
                        .status())
                .isEqualTo(201);
        assertThat(world.github("POST", REPOSITORY + "/git/trees", tree.formatted(".github/workflows/a.yml"))
                        .status())
                .isEqualTo(403);
    }

    private static void isEmptyRepository(Answer answer) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(body(answer).get("message").asText()).isEqualTo("Git Repository is empty.");
    }

    private double secondsUntilFound(String path) {
        double seconds = 0;
        while (world.github("GET", REPOSITORY + path).status() != 200 && seconds < 10) {
            world.pass(0.1);
            seconds += 0.1;
        }
        return seconds;
    }
}
