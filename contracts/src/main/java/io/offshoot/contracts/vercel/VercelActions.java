package io.offshoot.contracts.vercel;

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

/** What the Vercel executor can do. The team is the connection's, never the input's. */
public final class VercelActions {

    /** Makes the app's project, linked to its repository, or takes up the one an earlier attempt made. */
    public static final Action<CreateProject, Project> CREATE_PROJECT =
            new Action<>("vercel", "create-project", 1, EffectClass.NATURAL, CreateProject.class, Project.class);

    /** Sets the app's environment variables on the project. The variables come with the attempt, not the input. */
    public static final Action<SetEnvironment, Environment> SET_ENVIRONMENT = new Action<>(
                    "vercel", "set-environment", 1, EffectClass.UPSERT, SetEnvironment.class, Environment.class)
            .withSecrets();

    /**
     * Builds a commit for production and waits until the provider serves it. It is given the secrets to keep them out of
     * what it says of a build that failed.
     */
    public static final Action<DeployProduction, Site> DEPLOY_PRODUCTION = new Action<>(
                    "vercel", "deploy-production", 1, EffectClass.MARKED, DeployProduction.class, Site.class)
            .withSecrets();

    /** Gives the project a domain and waits until it is verified; without a domain the site's address stands. */
    public static final Action<ConnectDomain, Address> CONNECT_DOMAIN =
            new Action<>("vercel", "connect-domain", 1, EffectClass.NATURAL, ConnectDomain.class, Address.class);

    /**
     * Looks whether the app's site can be made, before anything is made: the token, the team, Vercel's way to the
     * repository, the project's name and the domain. Only reads.
     */
    public static final Action<Preflight, Findings> PREFLIGHT =
            new Action<>("vercel", "preflight", 1, EffectClass.UPSERT, Preflight.class, Findings.class);

    /** Builds files for production, without a repository, and waits until the provider serves it. */
    public static final Action<DeployFiles, Site> DEPLOY_FILES =
            new Action<>("vercel", "deploy-files", 1, EffectClass.MARKED, DeployFiles.class, Site.class).withSecrets();

    /** Offers a project of ours to whoever is told the code, for a day. An offer cannot be taken back; it lapses. */
    public static final Action<OfferProject, Offer> OFFER_PROJECT = new Action<>(
                    "vercel", "offer-project", 1, EffectClass.UPSERT, OfferProject.class, Offer.class)
            .sealingFor("vercel");

    /** Takes an offered project over, with all that is in it, into the connection's team. */
    public static final Action<AcceptProject, Project> ACCEPT_PROJECT =
            new Action<>("vercel", "accept-project", 1, EffectClass.NATURAL, AcceptProject.class, Project.class);

    /** Waits until a person has connected the project to its repository again. Only reads. */
    public static final Action<RelinkProject, Project> RELINK_PROJECT =
            new Action<>("vercel", "relink-project", 1, EffectClass.UPSERT, RelinkProject.class, Project.class);

    /** Looks at the live site, as a visitor would, until it shows what it should. Only reads. */
    public static final Action<VerifySite, SeenSite> VERIFY_SITE =
            new Action<>("vercel", "verify-site", 1, EffectClass.UPSERT, VerifySite.class, SeenSite.class);

    private static final String NAME = "[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?";
    private static final String HOST = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}";

    private VercelActions() {}

    /**
     * @param repository owner and name of the repository to build from; null if the project is given its files
     * @param repositoryId GitHub's numeric id of it; null if it has none
     */
    public record CreateProject(
            @NotNull @Pattern(regexp = NAME) String name,
            @Size(min = 3, max = 200) String repository,
            @Positive Long repositoryId) {

        public CreateProject(String name, String repository, long repositoryId) {
            this(name, repository, Long.valueOf(repositoryId));
        }
    }

    public record Project(@NotBlank String id, @NotBlank String name) {}

    /** How Vercel keeps a variable. */
    public enum VariableType {
        /** Whoever may see the project can read it. */
        PLAIN,
        /** Kept sealed; whoever may see the project can have it opened. */
        ENCRYPTED,
        /** Nobody can read it again; Vercel takes none for development. */
        SENSITIVE
    }

    /** What a variable is given to. */
    public enum Target {
        PRODUCTION,
        PREVIEW,
        DEVELOPMENT
    }

    /**
     * @param types of variables by their names; those without are plain. Absent: all are
     * @param targets absent: production and previews
     */
    public record SetEnvironment(
            @NotBlank String projectId,
            Map<@NotBlank String, @NotNull VariableType> types,
            @Size(min = 1) List<@NotNull Target> targets) {

        public SetEnvironment {
            types = types == null ? Map.of() : types;
            targets = targets == null ? List.of(Target.PRODUCTION, Target.PREVIEW) : targets;
        }

        public SetEnvironment(String projectId) {
            this(projectId, null, null);
        }

        public VariableType typeOf(String name) {
            return types.getOrDefault(name, VariableType.PLAIN);
        }
    }

    /** @param variables the names that are set, in alphabetical order */
    public record Environment(@NotNull List<String> variables) {}

    public record DeployProduction(
            @NotBlank String projectId,
            @NotBlank String projectName,
            @Positive long repositoryId,
            @NotBlank String branch,
            @NotBlank String commitSha) {}

    /**
     * @param deploymentId the provider's id of the build that is served
     * @param alias the provider's host name for it
     * @param url where it can be opened
     */
    public record Site(
            @NotBlank String deploymentId,
            @NotBlank String alias,
            @NotNull URI url) {}

    /**
     * @param domain the wanted host name; null to stay with the provider's alias
     * @param alias the provider's alias
     * @param url where the alias can be opened
     */
    public record ConnectDomain(
            @NotBlank String projectId,
            @Pattern(regexp = HOST) String domain,
            @NotBlank String alias,
            @NotNull URI url) {}

    public record Address(@NotBlank String host, @NotNull URI url) {}

    /** How a name at the provider stands to the step that is to make it. */
    public enum NameIs {
        FREE,
        /** An earlier attempt of the step made it. */
        OURS
    }

    /** Whether Vercel can be linked to repositories of an owner at GitHub. */
    public enum GitHubAccess {
        YES,
        /** Vercel does not tell this token. */
        UNKNOWN,
        /** None is needed. */
        NOT_ASKED
    }

    /**
     * @param name the new project's name
     * @param projectStep the step that makes it: what carries its mark is ours
     * @param repositoryOwner at GitHub; null if the project is given its files
     * @param domain the wanted host name; null for none
     */
    public record Preflight(
            @NotNull @Pattern(regexp = NAME) String name,
            @NotBlank String projectStep,
            @Size(min = 1, max = 100) String repositoryOwner,
            @Pattern(regexp = HOST) String domain) {}

    /**
     * @param team the team's name
     * @param role of the token's owner in it; null if Vercel does not tell
     * @param concurrentBuilds how many builds the plan allows at once; null if Vercel does not tell
     */
    public record Findings(
            @NotBlank String team,
            String role,
            Integer concurrentBuilds,
            @NotNull GitHubAccess gitHub,
            @NotNull NameIs name) {}

    /** @param files path to text */
    public record DeployFiles(
            @NotBlank String projectId,
            @NotBlank String projectName,
            @NotEmpty @Size(max = 200) Map<@NotBlank String, @NotNull String> files) {}

    /** @param mark that the project carries, as the ledger has it */
    public record OfferProject(
            @NotBlank String projectId, @NotBlank String mark) {}

    /** @param code sealed: whoever has it in clear can take the project */
    public record Offer(@NotBlank String code) {}

    /**
     * @param mark that the project carries, as the ledger has it
     * @param name that it is to have in its new team
     * @param code as it was offered
     * @param giver the connection that it was offered from
     */
    public record AcceptProject(
            @NotBlank String projectId,
            @NotBlank String mark,
            @NotNull @Pattern(regexp = NAME) String name,
            @NotBlank String code,
            @NotBlank String giver) {}

    /**
     * @param repository owner and name
     * @param repositoryId GitHub's numeric id of it
     */
    public record RelinkProject(
            @NotBlank String projectId,
            @NotBlank String repository,
            @Positive long repositoryId) {}

    /**
     * @param host the site's host name
     * @param text that its first page must have; null if any page will do
     */
    public record VerifySite(
            @NotNull @Pattern(regexp = HOST) String host,
            @Size(min = 1, max = 200) String text) {}

    public record SeenSite(@NotNull URI url) {}
}
