package io.offshoot.gateway.stream;

import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.gateway.GatewayConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all partitions of the events from now on, and feeds them to the listeners. Every gateway reads for itself, so
 * it is in no group and commits nothing; what it was not there for is in the log.
 */
@Singleton
@Startup
class EventTopic {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Map<String, Object> config;
    private final EventFeed feed;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "events");
    private volatile Consumer<byte[], byte[]> current;
    private volatile boolean following;

    EventTopic(@Identifier("default-kafka-broker") Map<String, Object> kafka, GatewayConfig gateway, EventFeed feed) {
        config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, gateway.instance() + "-events");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "5000");
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "250");
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.feed = feed;
    }

    @PostConstruct
    void start() {
        thread.setDaemon(true);
        thread.start();
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

    /** Whether what happens now will be heard. */
    boolean isFollowing() {
        return following;
    }

    private void run() {
        while (stop.getCount() > 0) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                // We stop.
            } catch (KafkaException e) {
                Log.warnf("The events cannot be followed now: %s", e.getClass().getSimpleName());
            } catch (RuntimeException e) {
                Log.error("The events cannot be followed now", e);
            } finally {
                following = false;
                current = null;
            }
            pause();
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        consumer.assign(partitions(consumer));
        consumer.seekToEnd(List.of());
        // Seeking is lazy: ask for every place, so that an event from now on is one we hear.
        consumer.assignment().forEach(consumer::position);
        following = true;
        feed.lost();
        Log.infof("Following %d partitions of the events", consumer.assignment().size());
        while (stop.getCount() > 0) {
            for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
                tell(event);
            }
        }
    }

    private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        var partitions = new ArrayList<TopicPartition>();
        for (var partition : consumer.partitionsFor(Topics.EVENTS)) {
            partitions.add(new TopicPartition(partition.topic(), partition.partition()));
        }
        if (partitions.isEmpty()) {
            throw new KafkaException("There is no topic " + Topics.EVENTS);
        }
        return partitions;
    }

    /** A bad one is passed over: every gateway sees it, and each would put it with the dead letters. */
    private void tell(ConsumerRecord<byte[], byte[]> event) {
        try {
            feed.tell(LiveEvent.read(event.value()));
        } catch (UnreadableMessageException e) {
            Log.warnf("Passed over an event that is %s: %d@%d", e.reason(), event.partition(), event.offset());
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
