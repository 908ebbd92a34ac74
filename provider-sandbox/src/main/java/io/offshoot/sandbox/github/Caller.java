package io.offshoot.sandbox.github;

import io.offshoot.sandbox.accounts.Account;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who calls, and what the token allows.
 *
 * @param counted under what the calls count against the rate limit; gives no token away
 * @param permissions what the token may do: a permission's name to "read" or "write"
 * @param covers which of the account's repositories the token is for
 * @param narrowed whether the token was made for some repositories only
 */
record Caller(
        Kind kind,
        Account account,
        String login,
        String counted,
        Map<String, String> permissions,
        Predicate<Repository> covers,
        boolean narrowed) {

    enum Kind {
        /** A person's token. */
        USER("Resource not accessible by personal access token"),
        /** A token of an App's installation. */
        INSTALLATION("Resource not accessible by integration");

        private final String refusal;

        Kind(String refusal) {
            this.refusal = refusal;
        }

        /** What GitHub says when such a token lacks a permission. */
        String refusal() {
            return refusal;
        }
    }

    String organization() {
        return account.organization();
    }

    boolean owns(Repository repository) {
        return repository.owner().equalsIgnoreCase(organization()) && covers.test(repository);
    }

    boolean mayWrite(String permission) {
        return "write".equals(permissions.get(permission));
    }
}
