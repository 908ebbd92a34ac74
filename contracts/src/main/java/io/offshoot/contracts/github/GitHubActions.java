package io.offshoot.contracts.github;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** What the GitHub executor can do. The organisation is the connection's, never the input's. */
public final class GitHubActions {

    private static final String FULL_NAME = "[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+";
    private static final String SETTING = "(?!(?i:GITHUB_))[A-Za-z_][A-Za-z0-9_]{0,254}";
    private static final String NAME = "[A-Za-z0-9_.-]{1,100}";
    private static final String OWNER = "[A-Za-z0-9-]{1,39}";
    private static final String MARK = "offshoot:[0-9a-f]{32}";

    /** Makes the app's repository from an upstream, or takes up the one an earlier attempt made. */
    public static final Action<CreateRepository, Repository> CREATE_REPOSITORY = new Action<>(
            "github", "create-repository", 1, EffectClass.NATURAL, CreateRepository.class, Repository.class);

    /** Waits until the repository's contents have arrived; they come some time after the repository. */
    public static final Action<AwaitContents, Contents> AWAIT_CONTENTS =
            new Action<>("github", "await-contents", 1, EffectClass.UPSERT, AwaitContents.class, Contents.class);

    /** Writes files in one commit on top of a branch; writes nothing if they are already so. */
    public static final Action<CommitFiles, Commit> COMMIT_FILES =
            new Action<>("github", "commit-files", 1, EffectClass.UPSERT, CommitFiles.class, Commit.class);

    /** Sets secrets of the repository for GitHub Actions. Their values come with the attempt, not the input. */
    public static final Action<SetSecrets, Secrets> SET_SECRETS =
            new Action<>("github", "set-secrets", 1, EffectClass.UPSERT, SetSecrets.class, Secrets.class).withSecrets();

    /** Sets variables of the repository for GitHub Actions; writes none that is so already. */
    public static final Action<SetVariables, Variables> SET_VARIABLES =
            new Action<>("github", "set-variables", 1, EffectClass.UPSERT, SetVariables.class, Variables.class);

    /** Gives the repository its description and topics, beside the topics that others gave it. */
    public static final Action<MarkRepository, Topics> MARK_REPOSITORY =
            new Action<>("github", "mark-repository", 1, EffectClass.UPSERT, MarkRepository.class, Topics.class);

    /**
     * Looks whether the app's repository can be made, before anything is made: the credential, its rights, the
     * organisation, the upstream and the name. Only reads.
     */
    public static final Action<Preflight, Findings> PREFLIGHT =
            new Action<>("github", "preflight", 1, EffectClass.UPSERT, Preflight.class, Findings.class);

    /** Offers a fork what its upstream has since, as a pull request; without any there is nothing to do. */
    public static final Action<ProposeUpdate, Update> PROPOSE_UPDATE =
            new Action<>("github", "propose-update", 1, EffectClass.NATURAL, ProposeUpdate.class, Update.class);

    /**
     * Hands the repository to another owner, who may have to accept it: waits until the repository is there. An offer
     * cannot be taken back by a call.
     */
    public static final Action<OfferRepository, Repository> OFFER_REPOSITORY =
            new Action<>("github", "offer-repository", 1, EffectClass.UPSERT, OfferRepository.class, Repository.class);

    /** Waits, at its new owner, until a repository has arrived, and takes it up. Only reads. */
    public static final Action<AwaitRepository, Repository> AWAIT_REPOSITORY =
            new Action<>("github", "await-repository", 1, EffectClass.UPSERT, AwaitRepository.class, Repository.class);

    private GitHubActions() {}

    public enum Source {
        /** A copy without history; an organisation can hold any number. */
        TEMPLATE,
        /** A fork; GitHub lets an organisation hold one of each upstream. */
        FORK
    }

    /** What a workflow does with the repository, and so what its credential must be allowed. */
    public enum Right {
        REPOSITORIES,
        CONTENTS,
        WORKFLOWS,
        SECRETS,
        VARIABLES,
        PULL_REQUESTS
    }

    public enum Access {
        /** A GitHub App's installation, whose rights GitHub tells. */
        APP,
        /** A fine-grained personal token, whose rights GitHub does not tell. */
        TOKEN
    }

    public enum NameIs {
        FREE,
        /** An earlier attempt of the step made it. */
        OURS
    }

    /**
     * @param upstream owner and name, as in <code>offshoot/docs-site</code>
     * @param name the new repository's name
     * @param repositoryStep the step that makes it: what carries its mark is ours
     * @param rights what must be allowed
     */
    public record Preflight(
            @NotNull Source source,
            @NotNull @Pattern(regexp = FULL_NAME) String upstream,
            @NotNull @Pattern(regexp = NAME) String name,
            @NotBlank String repositoryStep,
            @NotNull List<@NotNull Right> rights) {}

    /** @param rights those of the wanted ones that are known to be there: none with a token */
    public record Findings(
            @NotBlank String organization,
            @NotNull Access access,
            @NotNull List<@NotNull Right> rights,
            @NotBlank String upstream,
            @NotNull NameIs name) {}

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

    /**
     * @param repositoryId of the repository that is meant: its name may have become another's
     * @param names which of the app's environment variables to set
     */
    public record SetSecrets(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @Positive long repositoryId,
            @NotEmpty @Size(max = 100) List<@NotNull @Pattern(regexp = SETTING) String> names) {}

    /**
     * @param names in alphabetical order
     * @param keyId GitHub's name of the key that they were sealed with
     */
    public record Secrets(
            @NotNull List<String> names, @NotBlank String keyId) {}

    /** @param repositoryId of the repository that is meant: its name may have become another's */
    public record SetVariables(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @Positive long repositoryId,
            @NotEmpty @Size(max = 100) Map<@NotNull @Pattern(regexp = SETTING) String, @NotNull String> variables) {}

    /** @param names in alphabetical order */
    public record Variables(@NotNull List<String> names) {}

    /**
     * @param repositoryId of the repository that is meant: its name may have become another's
     * @param description the mark of whose it is stays behind it
     */
    public record MarkRepository(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @Positive long repositoryId,
            @NotNull @Size(max = 250) String description,

            @NotNull @Size(max = 20) List<@NotNull @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,49}") String> topics) {}

    /**
     * @param repositoryId of the repository that is meant: its name may have become another's
     * @param branch of the repository, which the update is for
     * @param upstream what it is a fork of
     * @param upstreamBranch what the update comes from
     */
    public record ProposeUpdate(
            @NotNull @Pattern(regexp = FULL_NAME) String repository,
            @Positive long repositoryId,
            @NotBlank String branch,
            @NotNull @Pattern(regexp = FULL_NAME) String upstream,
            @NotBlank String upstreamBranch) {}

    public enum UpdateIs {
        /** A pull request is open. */
        PROPOSED,
        /** The branch has all that the upstream has. */
        NOT_NEEDED
    }

    /**
     * @param number of the pull request; null if none is needed
     * @param url where it is read and merged; null if none is needed
     */
    public record Update(@NotNull UpdateIs update, Long number, URI url) {}

    /**
     * @param repositoryId of the repository that is meant, whatever its name is by now
     * @param mark what it carries as the ledger has it: without it, it is not given away
     * @param newOwner another organisation, or a person
     */
    public record OfferRepository(
            @Positive long repositoryId,
            @NotNull @Pattern(regexp = MARK) String mark,
            @NotNull @Pattern(regexp = OWNER) String newOwner) {}

    /**
     * @param repositoryId of the repository that is to come
     * @param name its name, which must be free
     * @param mark what it carries as the giver's ledger has it: without it, it is not taken up
     */
    public record AwaitRepository(
            @Positive long repositoryId,
            @NotNull @Pattern(regexp = NAME) String name,
            @NotNull @Pattern(regexp = MARK) String mark) {}

    /** @param topics all that the repository has now */
    public record Topics(@NotNull List<String> topics) {}
}
