package io.offshoot.gateway.webhook;

import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every event once for all gateways and writes down what is to be sent. An event counts as read when its
 * deliveries are in the database; while that is away the same events are asked for again. An event that arrives twice
 * adds nothing.
 */
@Singleton
class Intake {

    /** One group for all gateways. */
    static final String GROUP = "gateway-webhooks";

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_COMMITS = Duration.ofSeconds(1);

    private final Map<String, Object> config;
    private final DataSource database;
    private final Deliveries deliveries;
    private final Sender sender;
    private final Signer signer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "webhook-events");
    private volatile Consumer<byte[], byte[]> current;
    private boolean away;

    Intake(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            GatewayConfig gateway,
            DataSource database,
            Deliveries deliveries,
            Sender sender,
            Signer signer) {
        config = new HashMap<>(kafka);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, gateway.instance() + "-webhooks");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "250");
        // Nobody waits for a webhook as for an answer: many events in one fetch and one transaction.
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "65536");
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        this.database = database;
        this.deliveries = deliveries;
        this.sender = sender;
        this.signer = signer;
    }

    void begin(@Observes SchemaReady ready) {
        if (signer.isSetUp()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    @PreDestroy
    void close() throws InterruptedException {
        stop.countDown();
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        thread.join(2_000);
    }

    private void run() {
        while (stop.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                current = consumer;
                consumer.subscribe(List.of(Topics.EVENTS));
                follow(consumer);
            } catch (WakeupException e) {
                // We stop.
            } catch (KafkaException e) {
                Log.warnf(
                        "The events for webhooks cannot be read now: %s",
                        e.getClass().getSimpleName());
            } catch (RuntimeException e) {
                Log.error("The events for webhooks cannot be read now", e);
            } finally {
                current = null;
            }
            pause();
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        var committed = System.nanoTime();
        var toCommit = false;
        while (stop.getCount() > 0) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                if (keep(records)) {
                    toCommit = true;
                } else {
                    // From the first of them once more; polling goes on meanwhile, so the place in the group is kept.
                    for (var partition : records.partitions()) {
                        consumer.seek(
                                partition, records.records(partition).get(0).offset());
                    }
                    pause();
                }
            }
            if (toCommit && System.nanoTime() - committed > BETWEEN_COMMITS.toNanos()) {
                consumer.commitSync();
                committed = System.nanoTime();
                toCommit = false;
            }
        }
        if (toCommit) {
            consumer.commitSync();
        }
    }

    private boolean keep(ConsumerRecords<byte[], byte[]> records) {
        var events = new ArrayList<Deliveries.Occurrence>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            read(record, events);
        }
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var added = deliveries.add(connection, events);
                connection.commit();
                if (added > 0) {
                    sender.wake();
                }
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            away = false;
            return true;
        } catch (SQLException e) {
            if (!away) {
                // Not its message, which may have the event in it.
                Log.warnf("The events for webhooks wait for the database: %s", e.getSQLState());
                away = true;
            }
            return false;
        }
    }

    /** A bad one is passed over: it is in the orchestrator's log too, and no receiver could read it. */
    private static void read(ConsumerRecord<byte[], byte[]> record, List<Deliveries.Occurrence> events) {
        try {
            var message = Messages.read(record.value(), DeploymentEvent.class);
            var event = message.data();
            events.add(new Deliveries.Occurrence(
                    message.id(), message.hubid(), event.deploymentId(), Webhook.event(event.state()), record.value()));
        } catch (UnreadableMessageException e) {
            Log.warnf("Passed over an event that is %s: %d@%d", e.reason(), record.partition(), record.offset());
        }
    }

    private void pause() {
        try {
            stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }
}
