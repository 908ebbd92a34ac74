package io.offshoot.backends;

import io.offshoot.contracts.message.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single-node KRaft broker with all topics, in this process, on 127.0.0.1. What it holds stays in its directory and
 * is there again when it is started on it once more.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final List<String> PROVIDERS = List.of("github", "vercel");

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private KafkaBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts the broker and returns when it serves and every topic exists.
     *
     * @param directory where it keeps its log; made when missing
     */
    public static KafkaBroker start(Path directory, int port, int controllerPort) throws IOException {
        var properties = properties(directory, port, controllerPort);
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format(directory);
        }
        var server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
        var broker = new KafkaBroker(server, "127.0.0.1:" + port);
        broker.createTopics();
        return broker;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path directory) throws IOException {
        Files.createDirectories(directory);
        var formatter = new Formatter();
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setNodeId(1);
        formatter.setReleaseVersion(MetadataVersion.latestProduction());
        formatter.setControllerListenerName("CONTROLLER");
        formatter.setMetadataLogDirectory(directory.toString());
        formatter.addDirectory(directory.toString());
        formatter.setIgnoreFormatted(true);
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Cannot format " + directory + " for Kafka", e);
        }
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        var properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // A killed member of a group is known to be gone within a second; Kafka would not let it be less than
                // six.
                Map.entry("group.min.session.timeout.ms", "500"),
                Map.entry("log.cleaner.dedupe.buffer.size", "33554432"),
                Map.entry("log.segment.bytes", "67108864"),
                // After a kill -9 the broker is let back in within seconds.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500")));
        return properties;
    }

    private void createTopics() throws IOException {
        var topics = new ArrayList<NewTopic>();
        for (String name : List.of(Topics.TRIGGERS, Topics.EVENTS, Topics.DEAD_LETTERS)) {
            topics.add(topic(name));
        }
        for (String provider : PROVIDERS) {
            topics.add(topic(Topics.commands(provider)));
            topics.add(topic(Topics.results(provider)));
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            for (var created : admin.createTopics(topics).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IOException("Cannot create the topics", e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while creating the topics", e);
        }
    }

    /** Records bear the broker's time: a service whose clock is wrong must not have its own refused or kept for longer. */
    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(4), Optional.of((short) 1))
                .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }
}
