package io.offshoot.gateway.connection;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What connections and accounts can be called, and tokens can be. What does not fit is never repeated. */
final class ConnectionNames {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");

    /** A token is sent in a header. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]{8,4096}");

    /** Stands in the address that GitHub sends people back to. */
    private static final String NOT_A_NAME = "installed";

    private ConnectionNames() {}

    static String provider(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new ProblemException(ProblemType.UNKNOWN_PROVIDER, ProblemType.UNKNOWN_PROVIDER.cause());
        }
        return text;
    }

    /** The name of one that may be there. */
    static String known(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new ProblemException(ProblemType.UNKNOWN_CONNECTION, "No connection has a name like that.");
        }
        return text;
    }

    /** The name of one that is to be entered. */
    static String wanted(String text) {
        if (!NAME.matcher(text).matches() || text.equals(NOT_A_NAME)) {
            throw invalid(List.of(new Problem.Invalid(
                    "",
                    "the name in the path must be of lower-case letters, digits and hyphens, 63 at most, and not \"%s\""
                            .formatted(NOT_A_NAME))));
        }
        return text;
    }

    static void check(String account, String pointer, String token) {
        var errors = new ArrayList<Problem.Invalid>();
        account(account, pointer, errors);
        if (token == null || !TOKEN.matcher(token).matches()) {
            errors.add(new Problem.Invalid("/token", "must be 8 to 4096 visible ASCII characters"));
        }
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
    }

    static void check(String account, String pointer) {
        var errors = new ArrayList<Problem.Invalid>();
        account(account, pointer, errors);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
    }

    private static void account(String account, String pointer, List<Problem.Invalid> errors) {
        if (account == null || !ACCOUNT.matcher(account).matches()) {
            errors.add(new Problem.Invalid(
                    pointer, "must be the organisation's name, or the team's id: letters, digits, _ and -"));
        }
    }

    private static ProblemException invalid(List<Problem.Invalid> errors) {
        return new ProblemException(
                Problem.of(ProblemType.INVALID_REQUEST, ProblemType.INVALID_REQUEST.cause(), errors));
    }
}
