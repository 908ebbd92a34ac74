package io.offshoot.github.action;

import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Change;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.github.api.GitHub;
import java.util.ArrayList;
import java.util.List;

/** A repository that the ledger has. It is found by its id alone: names are given on, and lead elsewhere. */
final class OwnedRepository {

    private OwnedRepository() {}

    /** @param upstream what it was made from; null if that is not known */
    static Finding observe(GitHub github, Effect resource, String upstream) {
        var found = github.repository(Long.parseLong(resource.id()));
        if (found.isEmpty()) {
            return Finding.of(
                    Finding.Kind.MISSING,
                    "GitHub finds no repository of this id any more, or the connection may not see it.");
        }
        var there = found.get();
        if (!there.fullName().equalsIgnoreCase(resource.name())) {
            return new Finding(
                    Finding.Kind.MOVED,
                    null,
                    null,
                    there.fullName(),
                    "The repository is now %s.".formatted(there.fullName()),
                    null,
                    null,
                    there.htmlUrl(),
                    List.of(new Change("/full_name", resource.name(), there.fullName())),
                    0,
                    0);
        }
        var changes = new ArrayList<Change>();
        if (!RepositoryMark.isMarked(there, Owned.mark(resource))) {
            changes.add(new Change("/description", Owned.mark(resource), Answer.shown(there.description())));
        }
        if (there.isArchived()) {
            changes.add(new Change("/archived", "false", "true"));
        }
        var origin = there.parent() == null ? there.templateRepository() : there.parent();
        if (upstream != null && origin != null && !upstream.equalsIgnoreCase(origin.fullName())) {
            changes.add(new Change("/upstream", upstream, origin.fullName()));
        }
        if (!changes.isEmpty()) {
            return Finding.of(
                    Finding.Kind.CHANGED, null, null, null, "Somebody changed the repository's settings.", changes);
        }
        var behind = behind(github, there);
        return behind == 0
                ? Finding.of(Finding.Kind.SAME, "The repository is as we left it.")
                : Finding.of(
                        Finding.Kind.BEHIND,
                        "%s has %d commits that the repository has not.".formatted(origin.fullName(), behind));
    }

    /**
     * A copy of a template shares no commits with it: what the template got after the copy's birth is counted. GitHub
     * tells seconds, and a commit of the same one may be in the copy.
     */
    private static int behind(GitHub github, GitHub.Repository there) {
        if (there.parent() != null) {
            var upstream = there.parent().fullName();
            var owner = upstream.substring(0, upstream.indexOf('/'));
            // Its branch would be taken for the fork's own.
            if (there.isOf(owner)) {
                return 0;
            }
            var branch = there.parent().defaultBranch() == null
                    ? there.defaultBranch()
                    : there.parent().defaultBranch();
            return github.ahead(there.fullName(), there.defaultBranch(), owner + ":" + branch)
                    .orElse(0);
        }
        return there.templateRepository() == null || there.createdAt() == null
                ? 0
                : github.commitsSince(
                        there.templateRepository().fullName(), there.createdAt().plusSeconds(1));
    }

    static Undone undo(Attempt<?> attempt, GitHub github, Effect resource, Removal how) {
        var left = Owned.left(github, resource);
        if (left.isPresent()) {
            return left.get();
        }
        var found = github.repository(Long.parseLong(resource.id()));
        if (found.isEmpty()) {
            return Undone.removed();
        }
        var there = found.get();
        if (!there.isOf(resource.account())) {
            return Undone.left("It is now %s, and no longer in %s.".formatted(there.fullName(), resource.account()));
        }
        if (!RepositoryMark.isMarked(there, Owned.mark(resource))) {
            return Undone.left(
                    "The description of %s no longer has the mark that it was made with.".formatted(there.fullName()));
        }
        if (how == Removal.DELETE) {
            attempt.beforeWrite();
            if (github.delete(there.fullName())) {
                return Undone.removed();
            }
        }
        // Where the organisation does not let it be deleted, too.
        if (!there.isArchived()) {
            attempt.beforeWrite();
            github.archive(there.fullName(), true);
        }
        return Undone.retired();
    }
}
