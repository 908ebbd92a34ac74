package io.offshoot.github.action;

import io.offshoot.github.api.GitHub;
import java.util.Optional;
import java.util.regex.Pattern;

/** The mark in a repository's description that says which step made it. */
final class RepositoryMark {

    private static final String BEGIN = "offshoot:";
    private static final Pattern MARK = Pattern.compile(BEGIN + "[0-9a-f]{32}");

    private RepositoryMark() {}

    static String of(String effectKey) {
        return BEGIN + effectKey;
    }

    static boolean is(GitHub.Repository repository, String effectKey) {
        return isMarked(repository, of(effectKey));
    }

    /** Whether it has this mark, as the ledger has it. */
    static boolean isMarked(GitHub.Repository repository, String mark) {
        return description(repository).contains(mark);
    }

    /** Whether it has any, ours or another's, whole or not. */
    static boolean isOn(GitHub.Repository repository) {
        return description(repository).contains(BEGIN);
    }

    /** The mark it has, of whatever step. */
    static Optional<String> on(GitHub.Repository repository) {
        var mark = MARK.matcher(description(repository));
        return mark.find() ? Optional.of(mark.group()) : Optional.empty();
    }

    private static String description(GitHub.Repository repository) {
        return repository.description() == null ? "" : repository.description();
    }
}
