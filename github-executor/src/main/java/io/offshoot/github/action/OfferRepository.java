package io.offshoot.github.action;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConfig;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Hands the repository to another owner. To an organisation in which the credential may make repositories GitHub moves
 * it at once; a person is asked in an email and accepts it within a day.
 *
 * <p>Idempotent by the repository's id: one that is there already is done. GitHub does not tell whether an offer is
 * open, so one whose answer was lost is made again, and a refusal of that is taken to mean that it is.
 */
@ApplicationScoped
class OfferRepository implements ActionHandler<GitHubActions.OfferRepository, GitHubActions.Repository> {

    /** Where it is before and after, if nobody has to be waited for. */
    private static final int READS = 2;

    private static final String OFFERED = "offered";
    private static final String KIND = "repository-offer";
    private static final String MISSING = "repository-missing";

    private static final String HINT =
            " An organisation can be given it only with a token whose owner may make repositories"
                    + " there; a person can accept it in any case.";

    private final GitHubConnections connections;
    private final GitHubConfig config;

    OfferRepository(GitHubConnections connections, GitHubConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<GitHubActions.OfferRepository, GitHubActions.Repository> action() {
        return GitHubActions.OFFER_REPOSITORY;
    }

    @Override
    public Outcome<GitHubActions.Repository> run(Attempt<GitHubActions.OfferRepository> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var found = github.repository(input.repositoryId());
        var wrong = wrongWith(github, input, found);
        if (wrong.isPresent()) {
            return new Outcome.Failed<>(wrong.get(), List.of());
        }
        var there = found.orElseThrow();
        if (there.isOf(input.newOwner())) {
            return accepted(attempt, github, there);
        }
        if (attempt.checkpoint().path(OFFERED).asBoolean()) {
            return new Outcome.Waiting<>(
                    config.personLookAfter(), attempt.checkpoint(), instructions(there, input), List.of());
        }
        attempt.beforeWrite();
        var refusal = github.transfer(there.fullName(), input.newOwner());
        if (refusal.isPresent() && !mayBeOpen(attempt)) {
            return new Outcome.Failed<>(refusal("offer-refused", refusal.get() + HINT), List.of());
        }
        // At once it is not there in any case: the first look tells whether a person is needed.
        return new Outcome.Waiting<>(
                config.lookAfter(),
                JsonNodeFactory.instance.objectNode().put(OFFERED, true),
                null,
                List.of(offer(attempt, github, there)));
    }

    /** An offer cannot be taken back. One that has been accepted stands. */
    @Override
    public Outcome<GitHubActions.Repository> cancel(Attempt<GitHubActions.OfferRepository> attempt) {
        var github = connections.of(attempt);
        var there = github.repository(attempt.input().repositoryId());
        if (there.filter(repository -> repository.isOf(attempt.input().newOwner()))
                .isPresent()) {
            return accepted(attempt, github, there.get());
        }
        return new Outcome.Failed<>(
                refusal(
                        "cancelled",
                        "Stopped on request."
                                + there.map(at -> " " + notTakenBack(at)).orElse("")),
                List.of());
    }

    @Override
    public Finding plan(Attempt<GitHubActions.OfferRepository> attempt) {
        var input = attempt.input();
        var message = attempt.knows("newOwner")
                ? "Offers the repository to %s.".formatted(input.newOwner())
                : "Offers the repository to its new owner.";
        if (!attempt.knows("repositoryId", "mark")) {
            return Finding.of(Finding.Kind.CHANGE, "repository", null, null, message)
                    .taking(2, 1);
        }
        var github = connections.of(attempt);
        var lacking = Rights.lacking(github, Right.REPOSITORIES);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var found = github.repository(input.repositoryId());
        var wrong = wrongWith(github, input, found);
        if (wrong.isPresent()) {
            return Finding.blocked(
                    wrong.get().code(),
                    wrong.get().message(),
                    Finding.FixedBy.HUB,
                    found.map(GitHub.Repository::htmlUrl).orElse(null));
        }
        var there = found.orElseThrow();
        var id = Long.toString(there.id());
        if (!attempt.knows("newOwner")) {
            return Finding.of(Finding.Kind.CHANGE, "repository", id, there.fullName(), message)
                    .taking(READS, 1);
        }
        if (there.isOf(input.newOwner())) {
            return Finding.of(
                            Finding.Kind.LEAVE,
                            "repository",
                            id,
                            there.fullName(),
                            "The repository is %s's already.".formatted(input.newOwner()))
                    .taking(1, 0);
        }
        var future =
                input.newOwner() + there.fullName().substring(there.fullName().indexOf('/'));
        if (github.isTaken(future)) {
            return Finding.blocked(
                    "name-taken",
                    "There is a repository %s already: GitHub would not move another to that name.".formatted(future),
                    Finding.FixedBy.HUB,
                    there.htmlUrl());
        }
        return Finding.of(
                        Finding.Kind.CHANGE,
                        "repository",
                        id,
                        there.fullName(),
                        message,
                        List.of(new Finding.Change("/full_name", there.fullName(), future)))
                .taking(READS, 1);
    }

    @Override
    public Finding observe(Attempt<GitHubActions.OfferRepository> attempt, Effect resource) {
        var there = connections.of(attempt).repository(Long.parseLong(resource.id()));
        if (there.isEmpty()) {
            return Finding.of(
                    Finding.Kind.MISSING,
                    "GitHub does not show the repository any more: it was accepted and is private, or was deleted.");
        }
        var now = there.get().fullName();
        return now.equalsIgnoreCase(resource.name())
                ? Finding.of(
                        Finding.Kind.SAME, "The repository is where it was: the offer is not accepted, or has lapsed.")
                : Finding.of(
                        Finding.Kind.MOVED,
                        null,
                        null,
                        now,
                        "The repository is now %s.".formatted(now),
                        List.of(new Finding.Change("/full_name", resource.name(), now)));
    }

    /** There is no call for it: it says what becomes of the offer. */
    @Override
    public Undone undo(Attempt<GitHubActions.OfferRepository> attempt, Effect resource, Removal how) {
        return connections
                .of(attempt)
                .repository(Long.parseLong(resource.id()))
                .map(there -> there.isOf(resource.account())
                        ? Undone.left(notTakenBack(there))
                        : Undone.left("The offer was accepted: the repository is now %s.".formatted(there.fullName())))
                .orElseGet(Undone::removed);
    }

    private static Optional<Failure> wrongWith(
            GitHub github, GitHubActions.OfferRepository input, Optional<GitHub.Repository> found) {
        if (found.isEmpty()) {
            return Optional.of(refusal(
                    MISSING,
                    "GitHub does not show the repository %d to the giver: it was accepted and is private, or was deleted."
                            .formatted(input.repositoryId())));
        }
        var there = found.get();
        if (there.isOf(input.newOwner())) {
            return Optional.empty();
        }
        if (!there.isOf(github.organization()) || !RepositoryMark.isMarked(there, input.mark())) {
            return Optional.of(refusal(
                    "not-ours-any-more",
                    "%s is not in %s, or no longer has the mark that it was made with: it is not given away."
                            .formatted(there.fullName(), github.organization())));
        }
        return Optional.empty();
    }

    private static boolean mayBeOpen(Attempt<?> attempt) {
        return attempt.mode() == AttemptMode.PROBE_FIRST || attempt.number() > 1;
    }

    private static Instructions instructions(GitHub.Repository there, GitHubActions.OfferRepository input) {
        var what =
                ("GitHub has asked %s to take over %s: an owner there accepts it by the link in GitHub's email. After a"
                                + " day the offer lapses and has to be made again. The deployment then goes on by itself.")
                        .formatted(input.newOwner(), there.fullName());
        return new Instructions(what, there.htmlUrl(), List.of());
    }

    private static String notTakenBack(GitHub.Repository there) {
        return ("GitHub has no call that takes an offer back. One that is open lapses after a day; until then an owner can"
                        + " withdraw it in the settings of %s: %s")
                .formatted(there.fullName(), there.htmlUrl());
    }

    private static Outcome<GitHubActions.Repository> accepted(
            Attempt<GitHubActions.OfferRepository> attempt, GitHub github, GitHub.Repository there) {
        var over = offer(attempt, github, there).after(Effect.Verb.LEFT, "The offer was accepted.");
        return new Outcome.Done<>(RepositoryOutput.of(there), List.of(over));
    }

    private static Effect offer(
            Attempt<GitHubActions.OfferRepository> attempt, GitHub github, GitHub.Repository there) {
        return new Effect(
                attempt.effectKey("offer"),
                KIND,
                Long.toString(there.id()),
                there.fullName(),
                github.organization(),
                Effect.Verb.CREATED);
    }

    private static Failure refusal(String code, String message) {
        return new Failure(FailureClass.REFUSED, code, message);
    }
}
