package io.offshoot.orchestrator.outbox;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
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
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
    private static final int LAST = 10_000;

    /** Names the sweeper among the locks of the database. */
    private static final long SWEEPER = 0x6f7574626f78L;

    private final DataSource database;
    private final Producer<String, byte[]> producer;
    private final ConcurrentLinkedQueue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean reachable = new AtomicBoolean(true);
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

    /** After all that may still decide something has stopped. */
    void stop(@Observes @Priority(LAST) ShutdownEvent stopping) {
        background.shutdown();
        producer.close(Duration.ofSeconds(2));
        forgetAcknowledged();
    }

    /** Sends committed messages. What cannot be sent now stays in the outbox, and none after it is tried. */
    public void send(List<OutboxMessage> messages) {
        for (OutboxMessage message : messages) {
            if (isTurnedAway(publish(message.id, message.topic, message.key, message.body))) {
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
            tell(failure);
        });
    }

    /** Whether the producer gave up at once, after its block: each further message would block as long. */
    private static boolean isTurnedAway(Future<RecordMetadata> sent) {
        if (!sent.isDone()) {
            return false;
        }
        try {
            sent.get();
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** One line when Kafka goes and one when it comes back. */
    private void tell(Exception failure) {
        if (reachable.compareAndSet(failure != null, failure == null)) {
            if (failure == null) {
                Log.info("Kafka takes messages again");
            } else {
                Log.warnf("Kafka does not take messages; they stay in the outbox: %s", failure.getMessage());
            }
        }
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

    /**
     * Sends what is older than five seconds. One replica at a time does so, under a lock of the session: the rows are
     * not locked and no transaction stays open while Kafka is waited for, for the feed of a hub holds back all events
     * that are younger than the oldest transaction.
     */
    private void sweep() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            var lock = statement.executeQuery("select pg_try_advisory_lock(" + SWEEPER + ")");
            lock.next();
            if (!lock.getBoolean(1)) {
                return;
            }
            try {
                sweep(connection);
            } finally {
                statement.execute("select pg_advisory_unlock(" + SWEEPER + ")");
            }
        } catch (SQLException | RuntimeException e) {
            Log.debugf("The outbox was not swept: %s", e.getMessage());
        }
    }

    private void sweep(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select id, topic, key, body from outbox where created_at < now() - interval '5 seconds'
                order by id limit ?""")) {
            statement.setInt(1, SWEEP);
            var rows = statement.executeQuery();
            var sent = new ArrayList<Future<RecordMetadata>>();
            while (rows.next()) {
                var message =
                        publish(rows.getObject(1, UUID.class), rows.getString(2), rows.getString(3), rows.getBytes(4));
                if (isTurnedAway(message)) {
                    break;
                }
                sent.add(message);
            }
            // Those that Kafka acknowledges are cleared as any other; the next sweep must not find them again.
            for (var message : sent) {
                message.get();
            }
            forgetAcknowledged();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            Log.debugf("Kafka did not take all that was swept: %s", e.getMessage());
        }
    }
}
