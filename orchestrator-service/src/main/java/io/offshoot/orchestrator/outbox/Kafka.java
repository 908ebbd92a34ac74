package io.offshoot.orchestrator.outbox;

import io.smallrye.config.ConfigMapping;

/** Where Kafka is. */
@ConfigMapping(prefix = "kafka.bootstrap")
public interface Kafka {

    /** host:port, with commas between several. */
    String servers();
}
