package io.offshoot.executorkit.process;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How this executor works. */
@ConfigMapping(prefix = "offshoot.executor")
public interface ExecutorConfig {

    /** The provider whose commands it takes. */
    String provider();

    /** The name of this process, for the record. Without one: host and process id. */
    Optional<String> name();

    /** That name, or the one made up for it. */
    default String processName() {
        return name().orElseGet(() -> {
            String host;
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                host = "unknown-host";
            }
            return host + "/" + ProcessHandle.current().pid();
        });
    }

    Sealing sealing();

    /** What it opens secrets with. */
    interface Sealing {

        /**
         * A file with the private keyset, the same for all replicas; <code>KeysetCommand</code> makes it. Without one
         * deployments with secrets cannot be made.
         */
        Optional<Path> keyset();
    }

    Vault vault();

    /** Where hubs keep secrets that they only refer to here; <code>quarkus.vault.*</code> says how it is reached. */
    interface Vault {

        /** Below this path of the engine each hub has one of its own name. */
        @WithDefault("offshoot")
        String path();
    }

    /** How many attempts run at once, and how many are ever claimed. */
    @WithDefault("8")
    int concurrency();

    /** How long a call to the provider may take, from its beginning to its answer: two thirds of a lease at most. */
    @WithDefault("10s")
    Duration callTimeout();

    /** The pause between the two looks of a probe: longer than the provider's reads lag behind its writes. */
    @WithDefault("1s")
    Duration settle();

    /** How often leases are prolonged. Without one: three times a lease. */
    Optional<Duration> heartbeat();

    /** How long the calls that are under way may take to finish when the process is told to stop. */
    @WithDefault("11s")
    Duration grace();
}
