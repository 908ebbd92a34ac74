package io.offshoot.github.action;

import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import java.util.function.Function;
import java.util.function.Supplier;

/** Something in a repository. It bears no mark of its own, and is ours as long as the repository is. */
final class InRepository {

    private InRepository() {}

    /** The members of the inputs that tell which repository it is. */
    private static final String[] WHICH = {"repository", "repositoryId"};

    private static final String NOT_KNOWN =
            "Which repository it is in is known only when the steps before it ran again.";

    /**
     * @param repository its full name as it was
     * @param look what to say of the thing where its repository is as it was
     */
    static Finding observe(
            Attempt<?> attempt, GitHub github, String repository, long repositoryId, Supplier<Finding> look) {
        if (!attempt.knows(WHICH)) {
            return Finding.unread("not-foreseeable", NOT_KNOWN);
        }
        var there = github.repository(repositoryId);
        if (there.isEmpty()) {
            return Finding.of(Finding.Kind.MISSING, "Its repository is gone, or the connection may not see it.");
        }
        return there.get().fullName().equalsIgnoreCase(repository)
                ? look.get()
                : Finding.of(
                        Finding.Kind.MOVED,
                        "Its repository is now %s.".formatted(there.get().fullName()));
    }

    /** @param taking takes the thing from the repository as it is called now */
    static Undone undo(
            Attempt<?> attempt,
            GitHub github,
            Effect resource,
            long repositoryId,
            Function<GitHub.Repository, Undone> taking) {
        if (!attempt.knows(WHICH)) {
            return Undone.left(NOT_KNOWN);
        }
        var left = Owned.left(github, resource);
        if (left.isPresent()) {
            return left.get();
        }
        var found = github.repository(repositoryId);
        if (found.isEmpty()) {
            return Undone.removed();
        }
        var there = found.get();
        if (!there.isOf(resource.account())) {
            return Undone.left("Its repository is now %s.".formatted(there.fullName()));
        }
        if (RepositoryMark.on(there).isEmpty()) {
            return Undone.left("Its repository %s no longer has a mark of ours.".formatted(there.fullName()));
        }
        return there.isArchived()
                ? Undone.left("Its repository %s is archived and can only be read: it stays in it."
                        .formatted(there.fullName()))
                : taking.apply(there);
    }
}
