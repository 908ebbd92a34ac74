package io.offshoot.localstack.chaos;

import io.offshoot.contracts.failpoint.Failpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How to run.
 *
 * @param root the project's folder, whose built services are run
 * @param data where everything is kept
 * @param port the gateway's
 * @param time how long blows are dealt; healing and checking come on top
 * @param seed determines the plan of blows and faults, and the load
 * @param failpoints where processes are made to halt
 */
public record ChaosOptions(
        Path root, Path data, int port, double timeScale, Duration time, long seed, List<Failpoint> failpoints) {

    public static final double DEFAULT_TIME_SCALE = 0.02;

    /** A blow each, so that there are at least eight kills a minute. */
    static final Duration BETWEEN_BLOWS = Duration.ofSeconds(4);

    /** A deployment of one or two apps each, seven steps an app: at least eighty steps a minute. */
    static final Duration BETWEEN_DEPLOYMENTS = Duration.ofSeconds(2);

    /** Shorter than the services' own, so that much happens in little time. */
    static final Duration LEASE = Duration.ofSeconds(5);

    static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    /** What a call that its caller has given up may still take to have its effect fits in. */
    static final Duration PROBE_AFTER_UNCERTAIN = Duration.ofSeconds(3);

    /** How long after the last blow everything must be done. */
    static final Duration DEADLINE = Duration.ofSeconds(180);

    /** How much longer blows are dealt at most if not every process and failpoint has had its turn. */
    static final Duration LONGER = Duration.ofMinutes(4);
}
