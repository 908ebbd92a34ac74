package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes the app's repository, or takes up the one that an earlier attempt made.
 *
 * <p>Idempotent by the repository's name, which GitHub keeps unique, and by the mark in its description: a repository
 * of that name without our mark is somebody else's and is left alone. A template's copy gets the mark in the creating
 * call. A fork cannot: it is marked at once afterwards, and until then it is known by its upstream and its birth.
 */
@ApplicationScoped
class CreateRepository implements ActionHandler<GitHubActions.CreateRepository, GitHubActions.Repository> {

    /** Clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private static final String NOT_OURS = "exists-and-is-not-ours";

    /** Whose a repository is that has the name. */
    private enum Whose {
        OURS,
        /** A fork that an earlier attempt made and did not come to mark. */
        TO_BE_MARKED,
        NOT_OURS
    }

    private final GitHubConnections connections;

    CreateRepository(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.CreateRepository, GitHubActions.Repository> action() {
        return GitHubActions.CREATE_REPOSITORY;
    }

    @Override
    public Outcome<GitHubActions.Repository> run(Attempt<GitHubActions.CreateRepository> attempt) {
        var github = connections.of(attempt);
        var there = look(attempt, github);
        if (there.isPresent()) {
            return takeUp(attempt, github, there.get());
        }
        attempt.beforeWrite();
        return switch (attempt.input().source()) {
            case TEMPLATE -> generate(attempt, github);
            case FORK -> fork(attempt, github);
        };
    }

    @Override
    public Finding plan(Attempt<GitHubActions.CreateRepository> attempt) {
        var github = connections.of(attempt);
        var lacking = Rights.lackingForANew(github);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var input = attempt.input();
        var wanted = github.organization() + "/" + input.name();
        var creation = Finding.of(
                        Finding.Kind.CREATE,
                        "repository",
                        null,
                        wanted,
                        "Makes the repository %s from %s.".formatted(wanted, input.upstream()))
                // A fork is marked after it is made.
                .taking(1, input.source() == GitHubActions.Source.FORK ? 2 : 1);
        if (!attempt.knows("source", "upstream", "name")) {
            return creation;
        }
        var there = look(attempt, github);
        if (there.isEmpty()) {
            return Upstream.wrongWith(github, input.source(), input.upstream())
                    .map(failure -> Finding.blocked(failure.code(), failure.message(), Finding.FixedBy.OPERATOR, null))
                    .orElse(creation);
        }
        return planned(there.get(), whose(attempt, there.get()));
    }

    private static Finding planned(GitHub.Repository there, Whose whose) {
        var id = Long.toString(there.id());
        return switch (whose) {
            case OURS ->
                there.isArchived()
                        ? Finding.of(
                                        Finding.Kind.ADOPT,
                                        "repository",
                                        id,
                                        there.fullName(),
                                        "Takes %s out of the archive, and goes on with it.".formatted(there.fullName()),
                                        List.of(new Finding.Change("/archived", "true", "false")))
                                .taking(1, 1)
                        : Finding.of(
                                        Finding.Kind.ADOPT,
                                        "repository",
                                        id,
                                        there.fullName(),
                                        "Goes on with %s, which an earlier attempt made.".formatted(there.fullName()))
                                .taking(1, 0);
            case TO_BE_MARKED ->
                Finding.of(
                                Finding.Kind.ADOPT,
                                "repository",
                                id,
                                there.fullName(),
                                "Marks %s, which an earlier attempt forked.".formatted(there.fullName()))
                        .taking(1, 1);
            case NOT_OURS -> Finding.blocked(NOT_OURS, whatIsThere(there), Finding.FixedBy.HUB, there.htmlUrl());
        };
    }

    @Override
    public Finding observe(Attempt<GitHubActions.CreateRepository> attempt, Effect resource) {
        var upstream = attempt.knows("upstream") ? attempt.input().upstream() : null;
        return OwnedRepository.observe(connections.of(attempt), resource, upstream);
    }

    @Override
    public Undone undo(Attempt<GitHubActions.CreateRepository> attempt, Effect resource, Removal how) {
        return OwnedRepository.undo(attempt, connections.of(attempt), resource, how);
    }

    private static Optional<GitHub.Repository> look(Attempt<GitHubActions.CreateRepository> attempt, GitHub github) {
        return attempt.lookTwice(() -> github.repository(attempt.input().name()));
    }

    private Outcome<GitHubActions.Repository> generate(Attempt<GitHubActions.CreateRepository> attempt, GitHub github) {
        var input = attempt.input();
        var made = github.generate(input.upstream(), input.name(), description(attempt));
        if (made.isPresent()) {
            return done(attempt, github, made.get(), Effect.Verb.CREATED);
        }
        var inTheWay = github.repository(input.name());
        if (inTheWay.isPresent()) {
            return takeUp(attempt, github, inTheWay.get());
        }
        return refused(
                "template-unusable",
                "GitHub does not make a repository from %s. It may be no template, or not be visible to the connection."
                        .formatted(input.upstream()));
    }

    private Outcome<GitHubActions.Repository> fork(Attempt<GitHubActions.CreateRepository> attempt, GitHub github) {
        var input = attempt.input();
        var forked = github.fork(input.upstream(), input.name());
        var wanted = github.organization() + "/" + input.name();
        if (!forked.fullName().equalsIgnoreCase(wanted)) {
            return refused(
                    "fork-exists",
                    "The organisation can hold one fork of %s and has it already: %s."
                            .formatted(input.upstream(), forked.fullName()));
        }
        return mark(attempt, github, Effect.Verb.CREATED);
    }

    private Outcome<GitHubActions.Repository> takeUp(
            Attempt<GitHubActions.CreateRepository> attempt, GitHub github, GitHub.Repository there) {
        return switch (whose(attempt, there)) {
            case OURS -> {
                if (!there.isArchived()) {
                    yield done(attempt, github, there, Effect.Verb.ADOPTED);
                }
                attempt.beforeWrite();
                yield done(attempt, github, github.archive(there.fullName(), false), Effect.Verb.ADOPTED);
            }
            case TO_BE_MARKED -> mark(attempt, github, Effect.Verb.ADOPTED);
            case NOT_OURS -> notOurs(attempt, github, there);
        };
    }

    private static Whose whose(Attempt<GitHubActions.CreateRepository> attempt, GitHub.Repository there) {
        var upstream = attempt.input().upstream();
        var isMarked = RepositoryMark.is(there, attempt.effectKey("repository"));
        return switch (attempt.input().source()) {
            case TEMPLATE -> isMarked && isOf(upstream, there.templateRepository()) ? Whose.OURS : Whose.NOT_OURS;
            case FORK -> {
                if (!isOf(upstream, there.parent())) {
                    yield Whose.NOT_OURS;
                }
                if (isMarked) {
                    yield Whose.OURS;
                }
                yield !RepositoryMark.isOn(there) && madeByAnEarlierAttempt(attempt, there)
                        ? Whose.TO_BE_MARKED
                        : Whose.NOT_OURS;
            }
        };
    }

    /** An attempt may end between the fork and its mark. Such a fork is younger than the deployment. */
    private static boolean madeByAnEarlierAttempt(Attempt<?> attempt, GitHub.Repository fork) {
        var isRepeated = attempt.mode() == AttemptMode.PROBE_FIRST || attempt.number() > 1;
        var deployment = attempt.deploymentId();
        if (!isRepeated || fork.createdAt() == null || deployment.version() != 7) {
            return false;
        }
        var begun = Instant.ofEpochMilli(deployment.getMostSignificantBits() >>> 16);
        return fork.createdAt().isAfter(begun.minus(TOLERANCE));
    }

    /** The fork exists by now: whatever fails here, the next attempt must look for it. */
    private Outcome<GitHubActions.Repository> mark(
            Attempt<GitHubActions.CreateRepository> attempt, GitHub github, Effect.Verb verb) {
        attempt.beforeWrite();
        try {
            var marked = github.describe(attempt.input().name(), description(attempt));
            return done(attempt, github, marked, verb);
        } catch (ProviderException e) {
            if (e.kind() == FailureClass.THROTTLED || e.kind() == FailureClass.CREDENTIAL) {
                throw e;
            }
            throw new ProviderException(
                    FailureClass.UNCERTAIN, "fork-unmarked", "The fork is made and could not be marked as ours yet.");
        }
    }

    private static String description(Attempt<?> attempt) {
        return "Made by Offshoot for %s · %s"
                .formatted(attempt.appId(), RepositoryMark.of(attempt.effectKey("repository")));
    }

    private static boolean isOf(String upstream, GitHub.Origin origin) {
        return origin != null && upstream.equalsIgnoreCase(origin.fullName());
    }

    private static Outcome<GitHubActions.Repository> done(
            Attempt<GitHubActions.CreateRepository> attempt,
            GitHub github,
            GitHub.Repository repository,
            Effect.Verb verb) {
        var effect = new Effect(
                attempt.effectKey("repository"),
                "repository",
                Long.toString(repository.id()),
                repository.fullName(),
                github.organization(),
                verb,
                RepositoryMark.of(attempt.effectKey("repository")),
                SettingsDigest.of(attempt.input()));
        return new Outcome.Done<>(RepositoryOutput.of(repository), List.of(effect));
    }

    /** Says what is there, and enters it in the ledger as seen. */
    private static Outcome<GitHubActions.Repository> notOurs(
            Attempt<?> attempt, GitHub github, GitHub.Repository there) {
        var found = new Effect(
                attempt.effectKey("repository"),
                "repository",
                Long.toString(there.id()),
                there.fullName(),
                github.organization(),
                Effect.Verb.OBSERVED);
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, NOT_OURS, whatIsThere(there)), List.of(found));
    }

    private static String whatIsThere(GitHub.Repository there) {
        return "There is a repository %s already, and it is not this step's. It %s; its description: %s."
                .formatted(there.fullName(), origin(there), Answer.shown(there.description()));
    }

    private static String origin(GitHub.Repository there) {
        var made = there.createdAt() == null ? "was made" : "was made at " + there.createdAt();
        if (there.parent() != null) {
            return made + " as a fork of " + there.parent().fullName();
        }
        return there.templateRepository() == null
                ? made
                : made + " from the template " + there.templateRepository().fullName();
    }

    private static Outcome<GitHubActions.Repository> refused(String code, String message) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), List.of());
    }
}
