package io.offshoot.orchestrator.query;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.Problem.Invalid;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place in a hub's feed: after that position of that transaction. Opaque to clients.
 *
 * @param transaction PostgreSQL's 64-bit transaction id, as decimal digits
 */
record FeedCursor(String transaction, long position) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,19})-([0-9]{1,18})");

    /** Before everything of that transaction and later ones. */
    static FeedCursor before(String transaction) {
        return new FeedCursor(transaction, 0);
    }

    /** @param text null or empty gives null: begin with what comes next */
    static FeedCursor parse(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "The cursor is not one of this feed.",
                    List.of(new Invalid("", "not a cursor of this feed"))));
        }
        return new FeedCursor(parts.group(1), Long.parseLong(parts.group(2)));
    }

    String text() {
        return transaction + "-" + position;
    }
}
