package io.offshoot.executorkit.kafka;

import io.offshoot.executorkit.attempt.Delivery;
import io.offshoot.executorkit.process.ExecutorProcess;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes batches of commands. A batch is acknowledged when it is claimed; no thread is held until then, and the next
 * batch is not taken. Idempotent as {@link io.offshoot.executorkit.attempt.Intake} is.
 */
@ApplicationScoped
class CommandConsumer {

    private static final String COMMANDS = "commands";
    private static final int LEAVE = ExecutorProcess.STOP + 1;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ExecutorProcess executor;
    private final KafkaClientService clients;

    CommandConsumer(ExecutorProcess executor, KafkaClientService clients) {
        this.executor = executor;
        this.clients = clients;
    }

    /** The group's other members get the partitions at once, with the commands of what is handed back. */
    void leave(@Observes @Priority(LEAVE) ShutdownEvent stopping) {
        try {
            clients.getConsumer(COMMANDS)
                    .runOnPollingThread(consumer -> {
                        consumer.unsubscribe();
                    })
                    .await()
                    .atMost(PATIENCE);
        } catch (RuntimeException e) {
            Log.warnf("The group could not be left; it finds out by itself: %s", e.getMessage());
        }
    }

    @Incoming(COMMANDS)
    CompletionStage<Void> take(ConsumerRecords<String, byte[]> batch) {
        var deliveries = new ArrayList<Delivery>(batch.count());
        for (ConsumerRecord<String, byte[]> record : batch) {
            deliveries.add(
                    new Delivery(record.topic(), record.partition(), record.offset(), record.key(), record.value()));
        }
        return executor.take(deliveries);
    }
}
