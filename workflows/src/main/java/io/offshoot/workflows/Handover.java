package io.offshoot.workflows;

import static io.offshoot.contracts.github.GitHubActions.AWAIT_REPOSITORY;
import static io.offshoot.contracts.github.GitHubActions.OFFER_REPOSITORY;
import static io.offshoot.contracts.vercel.VercelActions.ACCEPT_PROJECT;
import static io.offshoot.contracts.vercel.VercelActions.DEPLOY_PRODUCTION;
import static io.offshoot.contracts.vercel.VercelActions.OFFER_PROJECT;
import static io.offshoot.contracts.vercel.VercelActions.RELINK_PROJECT;
import static io.offshoot.contracts.vercel.VercelActions.SET_ENVIRONMENT;
import static io.offshoot.contracts.vercel.VercelActions.VERIFY_SITE;

import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.AwaitRepository;
import io.offshoot.contracts.github.GitHubActions.OfferRepository;
import io.offshoot.contracts.github.GitHubActions.Repository;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.contracts.vercel.VercelActions.AcceptProject;
import io.offshoot.contracts.vercel.VercelActions.DeployProduction;
import io.offshoot.contracts.vercel.VercelActions.Environment;
import io.offshoot.contracts.vercel.VercelActions.Offer;
import io.offshoot.contracts.vercel.VercelActions.OfferProject;
import io.offshoot.contracts.vercel.VercelActions.Project;
import io.offshoot.contracts.vercel.VercelActions.RelinkProject;
import io.offshoot.contracts.vercel.VercelActions.SeenSite;
import io.offshoot.contracts.vercel.VercelActions.SetEnvironment;
import io.offshoot.contracts.vercel.VercelActions.Site;
import io.offshoot.contracts.vercel.VercelActions.VerifySite;
import io.offshoot.workflows.Step.NoPart;
import java.util.List;

/**
 * An app goes from the accounts in which it was made to others, with its repository, its project and its address.
 *
 * <pre>
 * repository-check ▶ project-check ▶ repository-offer ▶ repository ▶ project-offer ▶ project ▶ relink ▶ environment ▶ deployment ▶ site
 * </pre>
 *
 * Both checks come before the first offer, so what cannot move is said while everything is still in its place. The
 * repository goes first: it can wait for a person, and an offered project only for a day.
 */
public final class Handover {

    /** Nothing is shared: which accounts give and take, the connections say. */
    public record Config() {}

    /**
     * What the giver's ledger has of the repository.
     *
     * @param id GitHub's number of it, as text
     * @param name owner and name
     */
    public record RepositoryPart(String id, String name, String mark) {

        private String ownName() {
            return name.substring(name.indexOf('/') + 1);
        }
    }

    /** What the giver's ledger has of the project. */
    public record ProjectPart(String id, String name, String mark) {}

    /** What is built in the new accounts: what was served in the old ones. */
    public record BuildPart(String branch, String commit) {}

    /**
     * What a visitor sees.
     *
     * @param text that the first page has; null if any page will do
     */
    public record SitePart(String host, String text) {}

    private static final String RECEIVER = "receiver";

    private static final Step<Config, RepositoryPart, GitHubActions.Preflight, GitHubActions.Findings>
            REPOSITORY_CHECK = Step.<Config, RepositoryPart, GitHubActions.Preflight, GitHubActions.Findings>step(
                            "repository-check",
                            "Look whether the repository can move",
                            GitHubActions.PREFLIGHT,
                            "repository",
                            RepositoryPart.class,
                            // The receiver must see it, as it must see what it forks: a private one cannot be followed.
                            known -> new GitHubActions.Preflight(
                                    Source.FORK,
                                    known.part().name(),
                                    known.part().ownName(),
                                    "repository",
                                    List.of(Right.REPOSITORIES)))
                    .as(RECEIVER);

    private static final Step<Config, ProjectPart, VercelActions.Preflight, VercelActions.Findings> PROJECT_CHECK =
            Step.<Config, ProjectPart, VercelActions.Preflight, VercelActions.Findings>step(
                            "project-check",
                            "Look whether the project can move",
                            VercelActions.PREFLIGHT,
                            "project",
                            ProjectPart.class,
                            known -> new VercelActions.Preflight(
                                    known.part().name(),
                                    "project",
                                    known.of(REPOSITORY_CHECK).organization(),
                                    null))
                    .needing(REPOSITORY_CHECK)
                    .as(RECEIVER);

    private static final Step<Config, RepositoryPart, OfferRepository, Repository> REPOSITORY_OFFER =
            Step.<Config, RepositoryPart, OfferRepository, Repository>step(
                            "repository-offer",
                            "Offer the repository",
                            OFFER_REPOSITORY,
                            "repository",
                            RepositoryPart.class,
                            known -> new OfferRepository(
                                    number(known.part()),
                                    known.part().mark(),
                                    known.of(REPOSITORY_CHECK).organization()))
                    .needing(REPOSITORY_CHECK, PROJECT_CHECK);

    private static final Step<Config, RepositoryPart, AwaitRepository, Repository> REPOSITORY =
            Step.<Config, RepositoryPart, AwaitRepository, Repository>step(
                            "repository",
                            "Take the repository over",
                            AWAIT_REPOSITORY,
                            "repository",
                            RepositoryPart.class,
                            known -> new AwaitRepository(
                                    number(known.part()),
                                    known.part().ownName(),
                                    known.part().mark()))
                    .needing(REPOSITORY_OFFER)
                    .as(RECEIVER);

    private static final Step<Config, ProjectPart, OfferProject, Offer> PROJECT_OFFER =
            Step.<Config, ProjectPart, OfferProject, Offer>step(
                            "project-offer",
                            "Offer the project",
                            OFFER_PROJECT,
                            "project",
                            ProjectPart.class,
                            known -> new OfferProject(
                                    known.part().id(), known.part().mark()))
                    .needing(REPOSITORY);

    private static final Step<Config, ProjectPart, AcceptProject, Project> PROJECT =
            Step.<Config, ProjectPart, AcceptProject, Project>step(
                            "project",
                            "Take the project over",
                            ACCEPT_PROJECT,
                            "project",
                            ProjectPart.class,
                            known -> new AcceptProject(
                                    known.part().id(),
                                    known.part().mark(),
                                    known.part().name(),
                                    known.of(PROJECT_OFFER).code(),
                                    known.connection(PROJECT_OFFER)))
                    .needing(PROJECT_OFFER)
                    .as(RECEIVER);

    private static final Step<Config, NoPart, RelinkProject, Project> RELINK =
            Step.<Config, RelinkProject, Project>step(
                            "relink", "Connect the project to its repository", RELINK_PROJECT, known -> {
                                var repository = known.of(REPOSITORY);
                                return new RelinkProject(
                                        known.of(PROJECT).id(), repository.fullName(), repository.id());
                            })
                    .needing(REPOSITORY, PROJECT)
                    .as(RECEIVER);

    private static final Step<Config, NoPart, SetEnvironment, Environment> ENVIRONMENT =
            Step.<Config, SetEnvironment, Environment>step(
                            "environment",
                            "Set new values that the giver has not seen",
                            SET_ENVIRONMENT,
                            known -> new SetEnvironment(known.of(PROJECT).id()))
                    .needing(PROJECT, RELINK)
                    .as(RECEIVER);

    private static final Step<Config, BuildPart, DeployProduction, Site> DEPLOYMENT =
            Step.<Config, BuildPart, DeployProduction, Site>step(
                            "deployment",
                            "Build and publish the site anew",
                            DEPLOY_PRODUCTION,
                            "build",
                            BuildPart.class,
                            known -> new DeployProduction(
                                    known.of(PROJECT).id(),
                                    known.of(PROJECT).name(),
                                    known.of(REPOSITORY).id(),
                                    known.part().branch(),
                                    known.part().commit()))
                    .needing(REPOSITORY, PROJECT, ENVIRONMENT)
                    .as(RECEIVER);

    private static final Step<Config, SitePart, VerifySite, SeenSite> SITE =
            Step.<Config, SitePart, VerifySite, SeenSite>step(
                            "site",
                            "Look at the site as a visitor",
                            VERIFY_SITE,
                            "site",
                            SitePart.class,
                            known -> new VerifySite(
                                    known.part().host(), known.part().text()))
                    .needing(DEPLOYMENT)
                    .as(RECEIVER);

    public static final Workflow WORKFLOW = new Workflow(
            "handover",
            1,
            "Handover",
            "Moves an app, with its repository, its project and its address, into accounts of your own.",
            List.of(
                    "Both sides connected here: the accounts in which the app is, and your own organisation and team",
                    "Somebody who can accept a repository for your organisation within a day",
                    "Vercel's GitHub App installed on your organisation",
                    "New values for every secret that the accounts before have seen, and the old ones revoked where they were issued"),
            Config.class,
            Schemas.text("handover.v1.config"),
            Schemas.text("handover.v1.input"),
            List.of(
                    REPOSITORY_CHECK,
                    PROJECT_CHECK,
                    REPOSITORY_OFFER,
                    REPOSITORY,
                    PROJECT_OFFER,
                    PROJECT,
                    RELINK,
                    ENVIRONMENT,
                    DEPLOYMENT,
                    SITE));

    private Handover() {}

    private static long number(RepositoryPart repository) {
        return Long.parseLong(repository.id());
    }
}
