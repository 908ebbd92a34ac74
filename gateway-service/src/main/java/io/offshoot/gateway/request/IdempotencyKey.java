package io.offshoot.gateway.request;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.regex.Pattern;

/** The header by which a client says that two requests are one. */
public final class IdempotencyKey {

    public static final String HEADER = "Idempotency-Key";

    private static final Pattern USABLE = Pattern.compile("[!-~]{1,255}");

    private IdempotencyKey() {}

    /** The header as it came, null if it did not; ends the request if it is not usable. */
    public static String checked(String header) {
        if (header != null && !USABLE.matcher(header).matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_IDEMPOTENCY_KEY, ProblemType.INVALID_IDEMPOTENCY_KEY.remedy());
        }
        return header;
    }
}
