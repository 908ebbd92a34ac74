package io.offshoot.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names were given by git itself: {@code hash-object}, {@code write-tree} and {@code commit-tree}. */
class GitObjectTest {

    private static final String TREE = "4fc89a850dce258bbd395e6eee260f85a4441427";
    private static final String ROOT_COMMIT = "d0367b79a09271403fd41b5a86fba5e6d8f38316";

    @Test
    void blobHasTheNameThatGitGivesIt() {
        assertThat(blob("").sha()).isEqualTo("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assertThat(blob("one\n").sha()).isEqualTo("5626abf0f72e58d7a153368ba57db4c673c0e171");
        assertThat(blob("ünï").sha()).isEqualTo("5048385af77c4dcceddf4308f48e535c712fac89");
    }

    @Test
    void treeHasTheNameThatGitGivesItWithItsOrderOfDirectories() {
        Map<String, GitObject> kept = new HashMap<>();

        String sha = tree().store(object -> kept.put(object.sha(), object));

        assertThat(GitObject.tree(List.of()).sha()).isEqualTo("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        assertThat(sha).isEqualTo(TREE);
        assertThat(kept.get(sha).entries()).extracting(GitObject.Entry::name).containsExactly("a-b", "a.b", "a", "a0");
    }

    @Test
    void commitHasTheNameThatGitGivesIt() {
        var author = person("Ada Hub", "ada@hub.test", "2026-11-21T12:00:00+03:00");
        var committer = person("Bot", "bot@hub.test", "2026-11-21T12:00:01-03:30");
        var commit = new GitObject.Commit(TREE, List.of(ROOT_COMMIT), author, committer, "Change it\n\nRun: 7\n");

        GitObject object = GitObject.commit(commit);

        assertThat(object.sha()).isEqualTo("fd0f1b7dea3db8b54dd3ea13953bc68108755404");
        assertThat(object.asCommit()).isEqualTo(commit);
    }

    @Test
    void treeIsReadBackAsItWasMade() {
        Map<String, GitObject> kept = new HashMap<>();
        String sha = tree().store(object -> kept.put(object.sha(), object));

        FileTree read = FileTree.of(sha, kept::get);

        assertThat(read.files()).isEqualTo(tree().files());
    }

    @Test
    void fileTakesThePlaceOfADirectoryAndTheOtherWayRound() {
        FileTree.File file = new FileTree.File("100644", blob("x").sha());

        assertThat(tree().with("a", file).files()).containsKey("a").doesNotContainKey("a/x");
        assertThat(tree().with("a0/deep/er", file).files())
                .containsKey("a0/deep/er")
                .doesNotContainKey("a0");
        assertThat(tree().without("a").files()).containsOnlyKeys("a-b", "a.b/y", "a0");
    }

    private static FileTree tree() {
        return FileTree.empty()
                .with("a/x", file("one\n"))
                .with("a.b/y", file("two\n"))
                .with("a0", file("three\n"))
                .with("a-b", file("ünï"));
    }

    private static FileTree.File file(String content) {
        return new FileTree.File("100644", blob(content).sha());
    }

    private static GitObject blob(String content) {
        return GitObject.blob(content.getBytes(StandardCharsets.UTF_8));
    }

    private static GitObject.Person person(String name, String email, String when) {
        return new GitObject.Person(name, email, OffsetDateTime.parse(when));
    }
}
