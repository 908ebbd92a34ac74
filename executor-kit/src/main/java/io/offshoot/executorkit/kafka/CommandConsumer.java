package io.offshoot.executorkit.kafka;

import io.offshoot.executorkit.attempt.Delivery;
import io.offshoot.executorkit.process.ExecutorProcess;
import jakarta.enterprise.context.ApplicationScoped;
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

    private final ExecutorProcess executor;

    CommandConsumer(ExecutorProcess executor) {
        this.executor = executor;
    }

    @Incoming("commands")
    CompletionStage<Void> take(ConsumerRecords<String, byte[]> batch) {
        var deliveries = new ArrayList<Delivery>(batch.count());
        for (ConsumerRecord<String, byte[]> record : batch) {
            deliveries.add(
                    new Delivery(record.topic(), record.partition(), record.offset(), record.key(), record.value()));
        }
        return executor.take(deliveries);
    }
}
