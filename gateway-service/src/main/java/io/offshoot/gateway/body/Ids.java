package io.offshoot.gateway.body;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as clients write them. One that cannot be an id names nothing that exists: it is <em>not found</em>. */
public final class Ids {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Ids() {}

    public static UUID deployment(String text) {
        return uuid(text, ProblemType.UNKNOWN_DEPLOYMENT);
    }

    public static String app(String text) {
        return id(text, ProblemType.UNKNOWN_APP);
    }

    public static String action(String text) {
        return id(text, ProblemType.UNKNOWN_ACTION);
    }

    public static String workflow(String text) {
        return id(text, ProblemType.UNKNOWN_WORKFLOW);
    }

    public static String hub(String text) {
        return id(text, ProblemType.UNKNOWN_HUB);
    }

    /** The id of a request, from an address that we made; null if it names none. */
    public static UUID request(String text) {
        return text == null ? null : uuid(text, ProblemType.INVALID_REQUEST);
    }

    /** The id of a request in the path of an address. */
    public static UUID requestInPath(String text) {
        return uuid(text, ProblemType.NOT_FOUND);
    }

    /** The id of a plan or an observation in the path of an address. */
    public static UUID survey(String text) {
        return uuid(text, ProblemType.UNKNOWN_PLAN);
    }

    public static UUID deadLetter(String text) {
        return uuid(text, ProblemType.UNKNOWN_DEAD_LETTER);
    }

    private static UUID uuid(String text, ProblemType otherwise) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new ProblemException(otherwise, "The id is not a UUID.");
        }
        return UUID.fromString(text);
    }

    private static String id(String text, ProblemType otherwise) {
        if (!ID.matcher(text).matches()) {
            throw new ProblemException(
                    otherwise, "An id is of lower-case letters, digits and hyphens, 63 characters at most.");
        }
        return text;
    }
}
