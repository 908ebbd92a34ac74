package io.offshoot.localstack.stack;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How to start a stack.
 *
 * @param root the project's folder, whose built services are run
 * @param data where everything is kept
 * @param port the gateway's
 * @param timeScale multiplies the sandbox's delays; 1 is lifelike
 * @param replicas of services, by module; one where nothing is said
 * @param live the real accounts; empty for the sandbox
 * @param settings of services, by module, put over those that the stack chooses
 * @param failpoints whether services can be made to halt at failpoints
 */
public record StackOptions(
        Path root,
        Path data,
        int port,
        double timeScale,
        Map<String, Integer> replicas,
        Optional<LiveAccounts> live,
        Map<String, Map<String, String>> settings,
        boolean failpoints) {

    public static final int DEFAULT_PORT = 8080;
    public static final double DEFAULT_TIME_SCALE = 0.2;

    public StackOptions {
        replicas = Map.copyOf(replicas);
        settings = Map.copyOf(settings);
    }

    /** A sandbox stack with one of each. */
    public static StackOptions of(Path root, Path data, int port) {
        return new StackOptions(root, data, port, DEFAULT_TIME_SCALE, Map.of(), Optional.empty(), Map.of(), false);
    }

    public StackOptions withTimeScale(double scale) {
        return new StackOptions(root, data, port, scale, replicas, live, settings, failpoints);
    }

    public StackOptions withReplicas(Map<String, Integer> wanted) {
        return new StackOptions(root, data, port, timeScale, wanted, live, settings, failpoints);
    }

    public StackOptions withSettings(Map<String, Map<String, String>> wanted) {
        return new StackOptions(root, data, port, timeScale, replicas, live, wanted, failpoints);
    }

    public StackOptions withFailpoints() {
        return new StackOptions(root, data, port, timeScale, replicas, live, settings, true);
    }
}
