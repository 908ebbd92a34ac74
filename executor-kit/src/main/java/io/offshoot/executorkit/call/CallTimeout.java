package io.offshoot.executorkit.call;

import java.time.Duration;

/**
 * How long a call may take, shared out among its parts: a client has a timeout for each, and none for the whole.
 *
 * @param whole from the call's beginning to its answer's
 */
public record CallTimeout(Duration whole) {

    /** For the connection. One that is there already takes no time of it. */
    public long connectMillis() {
        return whole.toMillis() / 5;
    }

    /** For the answer to begin, once the request is on its way. */
    public long answerMillis() {
        return whole.toMillis() - connectMillis();
    }
}
