package io.offshoot.vercel.action;

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
import io.offshoot.sealing.Secret;
import io.offshoot.vercel.api.Vercel;
import io.offshoot.vercel.connection.VercelConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Offers a project to another team, for a day. The project must carry the mark that the ledger has.
 *
 * <p>A second delivery makes a second offer of the same project, which is as good as the first: once one is accepted
 * there is nothing left to accept. An offer that nobody has the code of harms nobody, and lapses. Vercel has no call that
 * shows an offer or takes it back, so the ledger has none either, and a cancel leaves it to lapse.
 *
 * <p>Whoever has the code can take the project: it leaves this process sealed for the executor that accepts it.
 */
@ApplicationScoped
class OfferProject implements ActionHandler<VercelActions.OfferProject, VercelActions.Offer> {

    private final VercelConnections connections;

    OfferProject(VercelConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<VercelActions.OfferProject, VercelActions.Offer> action() {
        return VercelActions.OFFER_PROJECT;
    }

    @Override
    public Outcome<VercelActions.Offer> run(Attempt<VercelActions.OfferProject> attempt) {
        var vercel = connections.of(attempt);
        var input = attempt.input();
        var wrong = wrongWith(vercel, input);
        if (wrong.isPresent()) {
            return new Outcome.Failed<>(wrong.get(), List.of());
        }
        attempt.beforeWrite();
        var code = Secret.of(vercel.offerProject(input.projectId()));
        return new Outcome.Done<>(
                new VercelActions.Offer(attempt.sealFor("vercel", code, input.projectId())), List.of());
    }

    @Override
    public Finding plan(Attempt<VercelActions.OfferProject> attempt) {
        var input = attempt.input();
        var offered = Finding.of(
                        Finding.Kind.CREATE, null, null, null, "The project is offered, for a day, to be taken over.")
                .taking(2, 1);
        if (!attempt.knows("projectId", "mark")) {
            return offered;
        }
        return wrongWith(connections.of(attempt), input)
                .map(wrong -> Finding.blocked(wrong.code(), wrong.message(), FixedBy.HUB, null)
                        .taking(2, 0))
                .orElse(offered);
    }

    @Override
    public Finding observe(Attempt<VercelActions.OfferProject> attempt, Effect resource) {
        return Finding.unread("not-shown", "Vercel does not show offers.");
    }

    @Override
    public Undone undo(Attempt<VercelActions.OfferProject> attempt, Effect resource, Removal how) {
        return Undone.left("An offer cannot be taken back; it lapses within a day.");
    }

    private static Optional<Failure> wrongWith(Vercel vercel, VercelActions.OfferProject input) {
        var there = vercel.project(input.projectId());
        if (there.isEmpty()) {
            return Optional.of(new Failure(
                    FailureClass.REFUSED,
                    "project-gone",
                    "There is no project %s in the team.".formatted(input.projectId())));
        }
        return ProjectMark.isAmong(vercel.variables(input.projectId()).orElse(List.of()), input.mark())
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureClass.REFUSED,
                        "not-ours-any-more",
                        "The project %s does not carry our mark any more, so it is not offered."
                                .formatted(there.get().name())));
    }
}
