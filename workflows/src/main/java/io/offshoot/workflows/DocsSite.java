package io.offshoot.workflows;

import static io.offshoot.contracts.github.GitHubActions.AWAIT_CONTENTS;
import static io.offshoot.contracts.github.GitHubActions.COMMIT_FILES;
import static io.offshoot.contracts.github.GitHubActions.CREATE_REPOSITORY;
import static io.offshoot.contracts.vercel.VercelActions.CONNECT_DOMAIN;
import static io.offshoot.contracts.vercel.VercelActions.CREATE_PROJECT;
import static io.offshoot.contracts.vercel.VercelActions.DEPLOY_PRODUCTION;
import static io.offshoot.contracts.vercel.VercelActions.SET_ENVIRONMENT;
import static io.offshoot.workflows.Step.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.github.GitHubActions.AwaitContents;
import io.offshoot.contracts.github.GitHubActions.Commit;
import io.offshoot.contracts.github.GitHubActions.CommitFiles;
import io.offshoot.contracts.github.GitHubActions.Contents;
import io.offshoot.contracts.github.GitHubActions.CreateRepository;
import io.offshoot.contracts.github.GitHubActions.Repository;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.vercel.VercelActions.Address;
import io.offshoot.contracts.vercel.VercelActions.ConnectDomain;
import io.offshoot.contracts.vercel.VercelActions.CreateProject;
import io.offshoot.contracts.vercel.VercelActions.DeployProduction;
import io.offshoot.contracts.vercel.VercelActions.Environment;
import io.offshoot.contracts.vercel.VercelActions.Project;
import io.offshoot.contracts.vercel.VercelActions.SetEnvironment;
import io.offshoot.contracts.vercel.VercelActions.Site;
import io.offshoot.workflows.Step.NoPart;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A documentation site: a copy of an upstream repository with the hub's own words, built and served by Vercel.
 *
 * <pre>
 * repository ▶ contents ▶ customise ▶ project ▶ environment ▶ deployment ▶ domain
 * </pre>
 *
 * The files are customised before the project is linked: a push to a linked repository would build a second time.
 */
public final class DocsSite {

    /**
     * What the apps share.
     *
     * @param slug begins the names of repositories and projects
     */
    public record Config(String slug, String language) {}

    /** Where the repository comes from. */
    public record RepositoryPart(Source source, String upstream) {}

    /** The hub's words on the site. */
    public record ContentPart(String title, String tagline, String welcome) {}

    /** @param name the wanted host name; null to stay with the provider's address */
    public record DomainPart(String name) {}

    /** The upstream's file that our customisation replaces; when it has arrived, the contents have. */
    private static final String SITE_FILE = "site.json";

    private static final Step<Config, RepositoryPart, CreateRepository, Repository> REPOSITORY = step(
            "repository",
            "Make the repository",
            CREATE_REPOSITORY,
            "repository",
            RepositoryPart.class,
            known -> new CreateRepository(known.part().source(), known.part().upstream(), name(known)));

    private static final Step<Config, NoPart, AwaitContents, Contents> CONTENTS =
            Step.<Config, AwaitContents, Contents>step("contents", "Wait for its contents", AWAIT_CONTENTS, known -> {
                        var repository = known.of(REPOSITORY);
                        return new AwaitContents(repository.fullName(), repository.defaultBranch(), SITE_FILE);
                    })
                    .needing(REPOSITORY);

    private static final Step<Config, ContentPart, CommitFiles, Commit> CUSTOMISE =
            Step.<Config, ContentPart, CommitFiles, Commit>step(
                            "customise", "Write the hub's words", COMMIT_FILES, "content", ContentPart.class, known -> {
                                var repository = known.of(REPOSITORY);
                                return new CommitFiles(
                                        repository.fullName(),
                                        repository.defaultBranch(),
                                        "Customise for " + known.hub(),
                                        Map.of(SITE_FILE, siteFile(known)));
                            })
                    .needing(REPOSITORY, CONTENTS);

    private static final Step<Config, NoPart, CreateProject, Project> PROJECT =
            Step.<Config, CreateProject, Project>step("project", "Make the Vercel project", CREATE_PROJECT, known -> {
                        var repository = known.of(REPOSITORY);
                        return new CreateProject(name(known), repository.fullName(), repository.id());
                    })
                    .needing(REPOSITORY, CUSTOMISE);

    private static final Step<Config, NoPart, SetEnvironment, Environment> ENVIRONMENT =
            Step.<Config, SetEnvironment, Environment>step(
                            "environment",
                            "Set the environment variables",
                            SET_ENVIRONMENT,
                            known -> new SetEnvironment(known.of(PROJECT).id()))
                    .needing(PROJECT);

    private static final Step<Config, NoPart, DeployProduction, Site> DEPLOYMENT =
            Step.<Config, DeployProduction, Site>step(
                            "deployment", "Build and publish the site", DEPLOY_PRODUCTION, known -> {
                                var commit = known.of(CUSTOMISE);
                                var project = known.of(PROJECT);
                                return new DeployProduction(
                                        project.id(),
                                        project.name(),
                                        known.of(REPOSITORY).id(),
                                        commit.branch(),
                                        commit.sha());
                            })
                    .needing(REPOSITORY, CUSTOMISE, PROJECT, ENVIRONMENT);

    private static final Step<Config, DomainPart, ConnectDomain, Address> DOMAIN =
            Step.<Config, DomainPart, ConnectDomain, Address>step(
                            "domain", "Give it its address", CONNECT_DOMAIN, "domain", DomainPart.class, known -> {
                                var site = known.of(DEPLOYMENT);
                                return new ConnectDomain(
                                        known.of(PROJECT).id(), known.part().name(), site.alias(), site.url());
                            })
                    .needing(PROJECT, DEPLOYMENT);

    public static final Workflow WORKFLOW = new Workflow(
            "docs-site",
            1,
            "Documentation site",
            "A documentation site for your hub: its own repository, built and served from your own accounts.",
            List.of(
                    "A GitHub organisation of your hub, connected here",
                    "A Vercel team of your hub, connected here, with Vercel's GitHub App installed on the organisation",
                    "If you want an address of your own: access to your domain's DNS settings"),
            Config.class,
            Schemas.text("docs-site.v1.config"),
            Schemas.text("docs-site.v1.input"),
            List.of(REPOSITORY, CONTENTS, CUSTOMISE, PROJECT, ENVIRONMENT, DEPLOYMENT, DOMAIN));

    private DocsSite() {}

    private static String name(Known<Config, ?> known) {
        return known.config().slug() + "-" + known.appId();
    }

    private static String siteFile(Known<Config, ContentPart> known) {
        var site = new LinkedHashMap<String, Object>();
        site.put("title", known.part().title());
        site.put("tagline", known.part().tagline());
        site.put("welcome", known.part().welcome());
        site.put("hub", known.hub());
        site.put(
                "language",
                known.config().language() == null ? "en" : known.config().language());
        site.values().removeIf(Objects::isNull);
        try {
            return Messages.json().writerWithDefaultPrettyPrinter().writeValueAsString(site) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text is always writable as JSON", e);
        }
    }
}
