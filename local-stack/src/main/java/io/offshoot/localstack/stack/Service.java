package io.offshoot.localstack.stack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The programs of ours that a stack runs. */
public enum Service {
    PROVIDER_SANDBOX(null),
    ORCHESTRATOR_SERVICE(null),
    GATEWAY_SERVICE(null),
    GITHUB_EXECUTOR("github"),
    VERCEL_EXECUTOR("vercel");

    private final String provider;

    Service(String provider) {
        this.provider = provider;
    }

    /** The module it is built in. */
    public String module() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The provider it runs the actions of; empty if it is no executor. */
    public Optional<String> provider() {
        return Optional.ofNullable(provider);
    }

    /** What is run. */
    public Path jar(Path root) {
        return root.resolve(module()).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** The modules that can run more than once. */
    public static List<String> executors() {
        return Arrays.stream(values())
                .filter(service -> service.provider != null)
                .map(Service::module)
                .toList();
    }
}
