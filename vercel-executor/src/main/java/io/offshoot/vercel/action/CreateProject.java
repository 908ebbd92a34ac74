package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.vercel.api.NeedsLinkException;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Makes the app's project, linked to its repository, or takes up the one that an earlier attempt made.
 *
 * <p>Idempotent by the project's name, unique within the team, and by the mark: a plain variable given in the creating
 * call. A project of that name without our mark is somebody else's and is left alone, whatever it is linked to.
 */
@ApplicationScoped
class CreateProject implements ActionHandler<VercelActions.CreateProject, VercelActions.Project> {

    private static final URI GITHUB_APP = URI.create("https://github.com/apps/vercel");

    private final VercelConnections connections;
    private final VercelConfig config;

    CreateProject(VercelConnections connections, VercelConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<VercelActions.CreateProject, VercelActions.Project> action() {
        return VercelActions.CREATE_PROJECT;
    }

    @Override
    public Outcome<VercelActions.Project> run(Attempt<VercelActions.CreateProject> attempt) {
        var vercel = connections.of(attempt);
        var input = attempt.input();
        var there = there(attempt, vercel);
        if (there.isPresent()) {
            return takeUp(attempt, vercel, there.get());
        }
        attempt.beforeWrite();
        try {
            var mark = ProjectMark.variable(attempt.effectKey("project"));
            var made = vercel.createProject(input.name(), input.repository(), mark);
            if (made.isPresent()) {
                return finish(attempt, vercel, made.get(), Effect.Verb.CREATED);
            }
        } catch (NeedsLinkException e) {
            return new Outcome.Waiting<>(
                    config.domainLookAfter(), null, new Instructions(access(input), e.link(), List.of()), List.of());
        }
        var inTheWay = vercel.project(input.name());
        return inTheWay.isPresent()
                ? takeUp(attempt, vercel, inTheWay.get())
                : notOurs("Vercel says that the name %s is in use, and does not show by what.".formatted(input.name()));
    }

    /** Beside what a run asks it asks whether Vercel can be linked to the repository's owner, as far as that is told. */
    @Override
    public Finding plan(Attempt<VercelActions.CreateProject> attempt) {
        var input = attempt.input();
        if (!attempt.knows("name")) {
            return made(null).taking(1, 1);
        }
        var vercel = connections.of(attempt);
        var there = there(attempt, vercel);
        if (there.isEmpty()) {
            return attempt.knows("repository") && !isReachable(vercel, input.repository())
                    ? Finding.blocked("needs-link", access(input), FixedBy.HUB, GITHUB_APP)
                            .taking(1, 1)
                    : made(input.name()).taking(1, 1);
        }
        var project = there.get();
        if (!isOurs(attempt, vercel, project)) {
            return Finding.blocked("exists-and-is-not-ours", inTheWay(project), FixedBy.HUB, null)
                    .taking(2, 0);
        }
        if (attempt.knows("repositoryId") && !isLinked(project, input)) {
            return Finding.blocked("not-linked", connect(project, input), FixedBy.HUB, null)
                    .taking(2, 0);
        }
        return Finding.of(
                        Finding.Kind.ADOPT,
                        "project",
                        project.id(),
                        project.name(),
                        "An earlier attempt of this step made it.")
                .taking(2, 0);
    }

    @Override
    public Finding observe(Attempt<VercelActions.CreateProject> attempt, Effect resource) {
        var input = attempt.input();
        var isKnown = attempt.knows("repository", "repositoryId") && input.repository() != null;
        return Projects.observed(
                connections.of(attempt),
                resource,
                (project, changes) -> {
                    if (isKnown) {
                        var link =
                                project.link() == null ? null : project.link().repoId();
                        changes.compare("/link/repositoryId", input.repositoryId(), link);
                    }
                },
                project -> SettingsDigest.of(
                        isKnown && isLinked(project, input)
                                // By its number: the name may be written in another way there.
                                ? new VercelActions.CreateProject(
                                        project.name(), input.repository(), input.repositoryId())
                                : asShown(project)));
    }

    private static VercelActions.CreateProject asShown(Vercel.Project project) {
        var link = project.link();
        return link == null || link.repoId() == null
                ? new VercelActions.CreateProject(project.name(), null, null)
                : new VercelActions.CreateProject(project.name(), link.fullName(), link.repoId());
    }

    /** Deletes it, with its variables, domains and deployments. */
    @Override
    public Undone undo(Attempt<VercelActions.CreateProject> attempt, Effect resource, Removal how) {
        var vercel = connections.of(attempt);
        var elsewhere = Effects.untouched(vercel, resource);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        if (vercel.project(resource.id()).isEmpty()) {
            return Undone.removed();
        }
        var variables = vercel.variables(resource.id());
        if (variables.isPresent() && !ProjectMark.isAmong(variables.get(), ProjectMark.of(resource))) {
            return Undone.left("The project does not carry our mark any more.");
        }
        attempt.beforeWrite();
        vercel.deleteProject(resource.id());
        return Undone.removed();
    }

    private static Optional<Vercel.Project> there(Attempt<VercelActions.CreateProject> attempt, Vercel vercel) {
        return attempt.lookTwice(() -> vercel.project(attempt.input().name()));
    }

    private static boolean isOurs(Attempt<VercelActions.CreateProject> attempt, Vercel vercel, Vercel.Project project) {
        var mark = ProjectMark.of(attempt.effectKey("project"));
        return ProjectMark.isAmong(vercel.variables(project.id()).orElse(List.of()), mark);
    }

    private static boolean isReachable(Vercel vercel, String repository) {
        return repository == null
                || vercel.gitHubOwners()
                        .map(owners -> owners.stream().anyMatch(repository.split("/")[0]::equalsIgnoreCase))
                        .orElse(true);
    }

    private static Finding made(String name) {
        return Finding.of(Finding.Kind.CREATE, "project", null, name, "A project is made.");
    }

    private Outcome<VercelActions.Project> takeUp(
            Attempt<VercelActions.CreateProject> attempt, Vercel vercel, Vercel.Project there) {
        if (isOurs(attempt, vercel, there)) {
            return finish(attempt, vercel, there, Effect.Verb.ADOPTED);
        }
        var found = new Effect(
                attempt.effectKey("project"), "project", there.id(), there.name(), vercel.team(), Effect.Verb.OBSERVED);
        return notOurs(inTheWay(there), found);
    }

    private static String inTheWay(Vercel.Project there) {
        return "There is a project %s (%s) already, and it is not this step's. It is %s."
                .formatted(there.name(), there.id(), linked(there));
    }

    private Outcome<VercelActions.Project> finish(
            Attempt<VercelActions.CreateProject> attempt, Vercel vercel, Vercel.Project project, Effect.Verb verb) {
        var effects = Effects.of(
                attempt,
                new Effect(
                        attempt.effectKey("project"),
                        "project",
                        project.id(),
                        project.name(),
                        vercel.team(),
                        verb,
                        ProjectMark.of(attempt.effectKey("project")),
                        SettingsDigest.of(attempt.input())));
        if (isLinked(project, attempt.input())) {
            return new Outcome.Done<>(new VercelActions.Project(project.id(), project.name()), effects);
        }
        var what = new Instructions(connect(project, attempt.input()), null, List.of());
        return new Outcome.Waiting<>(config.domainLookAfter(), null, what, effects);
    }

    private static boolean isLinked(Vercel.Project project, VercelActions.CreateProject input) {
        return input.repository() == null || project.isLinkedTo(input.repositoryId());
    }

    private static String connect(Vercel.Project project, VercelActions.CreateProject input) {
        return "Open the project %s at Vercel and connect it to the GitHub repository %s in its Git settings."
                .formatted(project.name(), input.repository());
    }

    private static String access(VercelActions.CreateProject input) {
        return ("Give Vercel's GitHub App access to the repository %s: open the link, choose the organisation, and"
                        + " allow all repositories or this one. The deployment then goes on by itself.")
                .formatted(input.repository());
    }

    private static String linked(Vercel.Project there) {
        return there.link() == null || there.link().repoId() == null
                ? "linked to no repository"
                : "linked to the %s repository with the id %d"
                        .formatted(
                                Answer.shown(there.link().type()), there.link().repoId());
    }

    /** Says what is there, and enters it in the ledger as seen. */
    private static Outcome<VercelActions.Project> notOurs(String message, Effect... found) {
        return new Outcome.Failed<>(
                new Failure(FailureClass.REFUSED, "exists-and-is-not-ours", message), List.of(found));
    }
}
