package io.offshoot.contracts.github;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import java.util.Map;

/** What the GitHub executor can do. The organisation is the connection's, never the input's. */
public final class GitHubActions {

    private static final String FULL_NAME = "[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+";
    private static final String NAME = "[A-Za-z0-9_.-]{1,100}";

    /** Makes the app's repository from an upstream, or takes up the one an earlier attempt made. */
    public static final Action<CreateRepository, Repository> CREATE_REPOSITORY = new Action<>(
            "github", "create-repository", 1, EffectClass.NATURAL, CreateRepository.class, Repository.class);

    /** Waits until the repository's contents have arrived; they come some time after the repository. */
    public static final Action<AwaitContents, Contents> AWAIT_CONTENTS =
            new Action<>("github", "await-contents", 1, EffectClass.UPSERT, AwaitContents.class, Contents.class);

    /** Writes files in one commit on top of a branch; writes nothing if they are already so. */
    public static final Action<CommitFiles, Commit> COMMIT_FILES =
            new Action<>("github", "commit-files", 1, EffectClass.UPSERT, CommitFiles.class, Commit.class);

    private GitHubActions() {}

    public enum Source {
        /** A copy without history; an organisation can hold any number. */
        TEMPLATE,
        /** A fork; GitHub lets an organisation hold one of each upstream. */
        FORK
    }

    /**
     * @param upstream owner and name, as in <code>offshoot/docs-site</code>
     * @param name the new repository's name
     */
    public record CreateRepository(
            @NotNull Source source,
            @NotNull @Pattern(regexp = FULL_NAME) String upstream,
            @NotNull @Pattern(regexp = NAME) String name) {}

    /**
     * @param id GitHub's numeric id, which survives renames
     * @param fullName owner and name
     */
    public record Repository(
            @Positive long id,
            @NotNull @Pattern(regexp = FULL_NAME) String fullName,
            @NotBlank String defaultBranch,
            @NotNull URI url) {}

    /** @param sentinel a file that the upstream has; when it is there, the contents are */
    public record AwaitContents(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @NotBlank String branch,
            @NotBlank String sentinel) {}

    public record Contents(@NotBlank String headSha) {}

    /** @param files path to text; each replaces the file of that path */
    public record CommitFiles(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @NotBlank String branch,
            @NotBlank String message,
            @NotEmpty Map<@NotBlank String, @NotNull String> files) {}

    public record Commit(@NotBlank String sha, @NotBlank String branch) {}
}
