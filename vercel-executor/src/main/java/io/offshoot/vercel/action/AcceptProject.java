package io.offshoot.vercel.action;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
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
import java.util.Optional;

/**
 * Takes an offered project over into the connection's team, with its variables, domains and deployments.
 *
 * <p>Idempotent by the project's id, which it keeps: one that is in the team already and carries the mark is taken up. It
 * is entered in the ledger anew, with its new account, so that the newest row says whose it is.
 */
@ApplicationScoped
class AcceptProject implements ActionHandler<VercelActions.AcceptProject, VercelActions.Project> {

    private static final String ACCEPTED = "accepted";

    private final VercelConnections connections;
    private final VercelConfig config;

    AcceptProject(VercelConnections connections, VercelConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<VercelActions.AcceptProject, VercelActions.Project> action() {
        return VercelActions.ACCEPT_PROJECT;
    }

    @Override
    public Outcome<VercelActions.Project> run(Attempt<VercelActions.AcceptProject> attempt) {
        var vercel = connections.of(attempt);
        var input = attempt.input();
        var there = there(attempt, vercel);
        if (there.isPresent()) {
            return isOurs(vercel, input)
                    ? done(attempt, vercel, there.get())
                    : refused("exists-and-is-not-ours", notOurs(there.get()));
        }
        if (attempt.checkpoint().path(ACCEPTED).asBoolean()) {
            return waiting();
        }
        if (vercel.project(input.name()).isPresent()) {
            return refused("name-taken", taken(input));
        }
        var giver = connections.of(attempt, input.giver());
        var code = attempt.open(input.code(), input.projectId());
        if (code.isEmpty()) {
            return refused(
                    "offer-unreadable",
                    "The offer cannot be opened here: it was sealed with another key. Offer it again.");
        }
        attempt.beforeWrite();
        var isAccepted = vercel.acceptProject(code.get().text(), input.name());
        var taken = vercel.project(input.projectId());
        if (taken.isPresent()) {
            return done(attempt, vercel, taken.get());
        }
        // An offer that an attempt before accepted unheard is gone too; then the giver has the project no more.
        return isAccepted || giver.project(input.projectId()).isEmpty()
                ? waiting()
                : refused("offer-gone", "Vercel knows no such offer: it lapses after a day. Offer it again.");
    }

    @Override
    public Finding plan(Attempt<VercelActions.AcceptProject> attempt) {
        var input = attempt.input();
        var takenOver = Finding.of(
                        Finding.Kind.CREATE, "project", input.projectId(), input.name(), "The project is taken over.")
                .taking(3, 1);
        if (!attempt.knows("projectId", "name")) {
            return takenOver;
        }
        var vercel = connections.of(attempt);
        var there = there(attempt, vercel);
        if (there.isPresent()) {
            return !attempt.knows("mark") || isOurs(vercel, input)
                    ? Finding.of(
                                    Finding.Kind.ADOPT,
                                    "project",
                                    there.get().id(),
                                    there.get().name(),
                                    "The team has it already.")
                            .taking(2, 0)
                    : blocked("exists-and-is-not-ours", notOurs(there.get()));
        }
        return vercel.project(input.name()).isPresent() ? blocked("name-taken", taken(input)) : takenOver;
    }

    @Override
    public Finding observe(Attempt<VercelActions.AcceptProject> attempt, Effect resource) {
        return Projects.observed(
                connections.of(attempt), resource, (project, changes) -> {}, project -> resource.settings());
    }

    /** What was handed over stays with those whom it was handed to. */
    @Override
    public Undone undo(Attempt<VercelActions.AcceptProject> attempt, Effect resource, Removal how) {
        return Undone.left("The project was handed over, and stays with the team that it was handed to.");
    }

    private static Optional<Vercel.Project> there(Attempt<VercelActions.AcceptProject> attempt, Vercel vercel) {
        return attempt.lookTwice(() -> vercel.project(attempt.input().projectId()));
    }

    private static boolean isOurs(Vercel vercel, VercelActions.AcceptProject input) {
        return ProjectMark.isAmong(vercel.variables(input.projectId()).orElse(List.of()), input.mark());
    }

    private static Outcome<VercelActions.Project> done(
            Attempt<VercelActions.AcceptProject> attempt, Vercel vercel, Vercel.Project project) {
        var effect = new Effect(
                attempt.effectKey("project"),
                "project",
                project.id(),
                project.name(),
                vercel.team(),
                Effect.Verb.ADOPTED,
                attempt.input().mark(),
                null);
        return new Outcome.Done<>(new VercelActions.Project(project.id(), project.name()), List.of(effect));
    }

    /** It is accepted, and on its way. */
    private Outcome<VercelActions.Project> waiting() {
        var checkpoint = JsonNodeFactory.instance.objectNode().put(ACCEPTED, true);
        return new Outcome.Waiting<>(config.lookAfter(), checkpoint, null, List.of());
    }

    private static String notOurs(Vercel.Project there) {
        return "The team has the project %s (%s) already, and it does not carry our mark."
                .formatted(there.name(), there.id());
    }

    private static String taken(VercelActions.AcceptProject input) {
        return "The team has another project of the name %s. Choose another name.".formatted(input.name());
    }

    private static Finding blocked(String code, String message) {
        return Finding.blocked(code, message, FixedBy.HUB, null).taking(2, 0);
    }

    private static Outcome<VercelActions.Project> refused(String code, String message) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), List.of());
    }
}
