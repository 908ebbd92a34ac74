package io.offshoot.vercel.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.vercel.api.NeedsLinkException;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Makes the app's project, linked to its repository, or takes up the one that an earlier attempt made.
 *
 * <p>Idempotent by the project's name, unique within the team, and by the mark: a plain variable given in the creating
 * call. A project of that name without our mark is somebody else's and is left alone, whatever it is linked to.
 */
@ApplicationScoped
class CreateProject implements ActionHandler<VercelActions.CreateProject, VercelActions.Project> {

    private static final String MARK = "OFFSHOOT_EFFECT";

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
        var there = attempt.lookTwice(() -> vercel.project(input.name()));
        if (there.isPresent()) {
            return takeUp(attempt, vercel, there.get());
        }
        attempt.beforeWrite();
        try {
            var mark = Vercel.Variable.plain(MARK, attempt.effectKey("project"), "production");
            var made = vercel.createProject(input.name(), input.repository(), mark);
            if (made.isPresent()) {
                return finish(attempt, vercel, made.get(), Effect.Verb.CREATED);
            }
        } catch (NeedsLinkException e) {
            return new Outcome.Waiting<>(config.domainLookAfter(), null, instructions(input, e), List.of());
        }
        var inTheWay = vercel.project(input.name());
        return inTheWay.isPresent()
                ? takeUp(attempt, vercel, inTheWay.get())
                : notOurs("Vercel says that the name %s is in use, and does not show by what.".formatted(input.name()));
    }

    private Outcome<VercelActions.Project> takeUp(
            Attempt<VercelActions.CreateProject> attempt, Vercel vercel, Vercel.Project there) {
        var isOurs = vercel.variable(there.id(), MARK)
                .filter(attempt.effectKey("project")::equals)
                .isPresent();
        if (isOurs) {
            return finish(attempt, vercel, there, Effect.Verb.ADOPTED);
        }
        var found = new Effect(
                attempt.effectKey("project"), "project", there.id(), there.name(), vercel.team(), Effect.Verb.OBSERVED);
        return notOurs(
                "There is a project %s (%s) already, and it is not this step's. It is %s."
                        .formatted(there.name(), there.id(), linked(there)),
                found);
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
                        MARK + "=" + attempt.effectKey("project"),
                        SettingsDigest.of(attempt.input())));
        if (isLinked(project, attempt.input())) {
            return new Outcome.Done<>(new VercelActions.Project(project.id(), project.name()), effects);
        }
        var what = "Open the project %s at Vercel and connect it to the GitHub repository %s in its Git settings."
                .formatted(project.name(), attempt.input().repository());
        return new Outcome.Waiting<>(config.domainLookAfter(), null, new Instructions(what, null, List.of()), effects);
    }

    private static boolean isLinked(Vercel.Project project, VercelActions.CreateProject input) {
        var link = project.link();
        return link != null && link.repoId() != null && link.repoId() == input.repositoryId();
    }

    private static Instructions instructions(VercelActions.CreateProject input, NeedsLinkException e) {
        var what = ("Give Vercel's GitHub App access to the repository %s: open the link, choose the organisation, and"
                        + " allow all repositories or this one. The deployment then goes on by itself.")
                .formatted(input.repository());
        return new Instructions(what, e.link(), List.of());
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
