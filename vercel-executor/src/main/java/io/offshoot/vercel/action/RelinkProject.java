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
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConfig;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Waits until the project is connected to its repository, by the repository's number, which survives renames and new
 * owners. A person has to connect it: Vercel's API takes a link only when a project is made. It only reads: any number of
 * deliveries changes nothing.
 */
@ApplicationScoped
class RelinkProject implements ActionHandler<VercelActions.RelinkProject, VercelActions.Project> {

    private final VercelConnections connections;
    private final VercelConfig config;

    RelinkProject(VercelConnections connections, VercelConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<VercelActions.RelinkProject, VercelActions.Project> action() {
        return VercelActions.RELINK_PROJECT;
    }

    @Override
    public Outcome<VercelActions.Project> run(Attempt<VercelActions.RelinkProject> attempt) {
        var input = attempt.input();
        var there = connections.of(attempt).project(input.projectId());
        if (there.isEmpty()) {
            return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, "project-gone", gone(input)), List.of());
        }
        var project = there.get();
        if (project.isLinkedTo(input.repositoryId())) {
            return new Outcome.Done<>(new VercelActions.Project(project.id(), project.name()), List.of());
        }
        var what = new Instructions(connect(project, input), null, List.of());
        return new Outcome.Waiting<>(config.domainLookAfter(), null, what, List.of());
    }

    @Override
    public Finding plan(Attempt<VercelActions.RelinkProject> attempt) {
        var input = attempt.input();
        if (!attempt.knows("projectId", "repositoryId")) {
            return Finding.of(Finding.Kind.LEAVE, "It is looked whether the project is connected to its repository.")
                    .taking(1, 0);
        }
        var there = connections.of(attempt).project(input.projectId());
        if (there.isEmpty()) {
            return Finding.blocked("project-gone", gone(input), FixedBy.HUB, null)
                    .taking(1, 0);
        }
        return there.get().isLinkedTo(input.repositoryId())
                ? Finding.of(Finding.Kind.LEAVE, "The project is connected to its repository.")
                        .taking(1, 0)
                : Finding.blocked("not-linked", connect(there.get(), input), FixedBy.HUB, null)
                        .taking(1, 0);
    }

    @Override
    public Finding observe(Attempt<VercelActions.RelinkProject> attempt, Effect resource) {
        return Finding.of(Finding.Kind.SAME, "This step makes nothing.");
    }

    @Override
    public Undone undo(Attempt<VercelActions.RelinkProject> attempt, Effect resource, Removal how) {
        return Undone.left("This step makes nothing.");
    }

    private static String gone(VercelActions.RelinkProject input) {
        return "There is no project %s in the team.".formatted(input.projectId());
    }

    private static String connect(Vercel.Project project, VercelActions.RelinkProject input) {
        return ("Open the project %s at Vercel and connect it to the GitHub repository %s in its Git settings. Vercel's"
                        + " GitHub App needs access to that repository.")
                .formatted(project.name(), input.repository());
    }
}
