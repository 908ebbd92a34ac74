package io.offshoot.contracts.vercel;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import jakarta.validation.constraints.NotBlank;
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
    public static final Action<SetEnvironment, Environment> SET_ENVIRONMENT =
            new Action<>("vercel", "set-environment", 1, EffectClass.UPSERT, SetEnvironment.class, Environment.class);

    /** Builds a commit for production and waits until the provider serves it. */
    public static final Action<DeployProduction, Site> DEPLOY_PRODUCTION =
            new Action<>("vercel", "deploy-production", 1, EffectClass.MARKED, DeployProduction.class, Site.class);

    /** Gives the project a domain and waits until it is verified; without a domain the site's address stands. */
    public static final Action<ConnectDomain, Address> CONNECT_DOMAIN =
            new Action<>("vercel", "connect-domain", 1, EffectClass.NATURAL, ConnectDomain.class, Address.class);

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
}
