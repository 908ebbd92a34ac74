package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
        var there = attempt.lookTwice(() -> github.repository(attempt.input().name()));
        if (there.isPresent()) {
            return takeUp(attempt, github, there.get());
        }
        attempt.beforeWrite();
        return switch (attempt.input().source()) {
            case TEMPLATE -> generate(attempt, github);
            case FORK -> fork(attempt, github);
        };
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
        var upstream = attempt.input().upstream();
        var isMarked = RepositoryMark.is(there, attempt.effectKey("repository"));
        return switch (attempt.input().source()) {
            case TEMPLATE ->
                isMarked && isOf(upstream, there.templateRepository())
                        ? done(attempt, github, there, Effect.Verb.ADOPTED)
                        : notOurs(attempt, github, there);
            case FORK -> {
                if (!isOf(upstream, there.parent())) {
                    yield notOurs(attempt, github, there);
                }
                if (isMarked) {
                    yield done(attempt, github, there, Effect.Verb.ADOPTED);
                }
                yield !RepositoryMark.isOn(there) && madeByAnEarlierAttempt(attempt, there)
                        ? mark(attempt, github, Effect.Verb.ADOPTED)
                        : notOurs(attempt, github, there);
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
        var output = new GitHubActions.Repository(
                repository.id(), repository.fullName(), repository.defaultBranch(), repository.htmlUrl());
        return new Outcome.Done<>(output, List.of(effect));
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
        var message = "There is a repository %s already, and it is not this step's. It %s; its description: %s."
                .formatted(there.fullName(), origin(there), Answer.shown(there.description()));
        return new Outcome.Failed<>(
                new Failure(FailureClass.REFUSED, "exists-and-is-not-ours", message), List.of(found));
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
