package io.offshoot.github.action;

import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.github.api.GitHub;
import java.util.Optional;

/** What a repository is to be made from. */
final class Upstream {

    private Upstream() {}

    /** Why none can be made from it so; empty if one can, as far as GitHub tells. One read. */
    static Optional<Failure> wrongWith(GitHub github, Source source, String fullName) {
        var upstream = github.upstream(fullName);
        if (upstream.isEmpty()) {
            return refusal(
                    "upstream-not-visible",
                    "There is no repository %s that the connection may see: it may be private, or be called otherwise.",
                    fullName);
        }
        return switch (source) {
            case TEMPLATE ->
                Boolean.TRUE.equals(upstream.get().isTemplate())
                        ? Optional.empty()
                        : refusal(
                                "not-a-template",
                                "%s is no template. Its owner can make it one in its settings; or fork it.",
                                fullName);
            case FORK ->
                Boolean.FALSE.equals(upstream.get().allowForking())
                        ? refusal("forking-forbidden", "The owner of %s does not allow forks.", fullName)
                        : Optional.empty();
        };
    }

    private static Optional<Failure> refusal(String code, String message, String upstream) {
        return Optional.of(new Failure(FailureClass.REFUSED, code, message.formatted(upstream)));
    }
}
