package io.offshoot.orchestrator.outbox;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Brings committed messages to Kafka: at once from memory, and by a sweeper what a crash or an outage left. A message
 * leaves the outbox when Kafka has acknowledged it, so it may be sent twice and is never lost. Thread-safe.
 */
@ApplicationScoped
public class Relay {

    private static final byte[] CONTENT_TYPE = CloudEvent.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8);
    private static final int SWEEP = 500;

    private final DataSource database;
    private final Producer<String, byte[]> producer;
    private final ConcurrentLinkedQueue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "outbox");
        thread.setDaemon(true);
        return thread;
    });

    Relay(DataSource database, Kafka kafka) {
        this.database = database;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.servers(),
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, "0",
                        // A broker that is away must not hold up those who decide: the sweeper brings it later.
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000",
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "10000",
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    void start(@Observes StartupEvent started) {
        background.scheduleWithFixedDelay(this::forgetAcknowledged, 50, 50, TimeUnit.MILLISECONDS);
        background.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent stopping) {
        background.shutdown();
        producer.close(Duration.ofSeconds(2));
        forgetAcknowledged();
    }

    /** Sends committed messages. Never fails: what cannot be sent now stays in the outbox. */
    public void send(List<OutboxMessage> messages) {
        for (OutboxMessage message : messages) {
            try {
                publish(message.id, message.topic, message.key, message.body);
            } catch (KafkaException e) {
                Log.warnf("Kafka does not take messages now: %s", e.getMessage());
                return;
            }
        }
    }

    private Future<RecordMetadata> publish(UUID id, String topic, String key, byte[] body) {
        var message = new ProducerRecord<>(topic, key, body);
        message.headers().add("content-type", CONTENT_TYPE);
        return producer.send(message, (metadata, failure) -> {
            if (failure == null) {
                acknowledged.add(id);
            }
        });
    }

    private void forgetAcknowledged() {
        var ids = new ArrayList<UUID>();
        for (UUID id = acknowledged.poll(); id != null; id = acknowledged.poll()) {
            ids.add(id);
        }
        if (ids.isEmpty()) {
            return;
        }
        Failpoint.ORCHESTRATOR_AFTER_SEND.reached();
        try (var connection = database.getConnection()) {
            delete(connection, ids);
        } catch (SQLException | RuntimeException e) {
            // They stay in the outbox and are sent a second time, which everybody must bear anyway.
            Log.debugf("Could not clear the outbox: %s", e.getMessage());
        }
    }

    private static void delete(Connection connection, List<UUID> ids) throws SQLException {
        try (var statement = connection.prepareStatement("delete from outbox where id = any(?)")) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            statement.executeUpdate();
        }
    }

    /** Sends what is older than five seconds. Replicas share the work: none waits for another's rows. */
    private void sweep() {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var sent = new ArrayList<UUID>();
                try (var statement = connection.prepareStatement("""
                        select id, topic, key, body from outbox where created_at < now() - interval '5 seconds'
                        order by id limit ? for update skip locked""")) {
                    statement.setInt(1, SWEEP);
                    var acknowledgements = new ArrayList<Future<RecordMetadata>>();
                    var rows = statement.executeQuery();
                    while (rows.next()) {
                        var id = rows.getObject(1, UUID.class);
                        acknowledgements.add(publish(id, rows.getString(2), rows.getString(3), rows.getBytes(4)));
                        sent.add(id);
                    }
                    for (var acknowledgement : acknowledgements) {
                        acknowledgement.get();
                    }
                }
                delete(connection, sent);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | ExecutionException | RuntimeException e) {
            Log.debugf("The outbox was not swept: %s", e.getMessage());
        }
    }
}
