package io.offshoot.executorkit.kafka;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.executorkit.attempt.Reports;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Writes results and dead letters to Kafka. */
@ApplicationScoped
class KafkaReports implements Reports {

    private final Emitter<byte[]> results;
    private final Emitter<byte[]> deadLetters;

    KafkaReports(
            @Channel("results") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) Emitter<byte[]> results,
            @Channel("dead-letters") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) Emitter<byte[]> deadLetters) {
        this.results = results;
        this.deadLetters = deadLetters;
    }

    @Override
    public CompletionStage<Void> result(String key, byte[] message) {
        return send(results, key, message);
    }

    @Override
    public CompletionStage<Void> deadLetter(String key, byte[] message) {
        return send(deadLetters, key, message);
    }

    private static CompletionStage<Void> send(Emitter<byte[]> emitter, String key, byte[] message) {
        var sent = new CompletableFuture<Void>();
        var headers =
                new RecordHeaders().add("content-type", CloudEvent.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII));
        var record = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(key)
                .withHeaders(headers)
                .build();
        emitter.send(Message.of(
                message,
                Metadata.of(record),
                () -> {
                    sent.complete(null);
                    return CompletableFuture.completedFuture(null);
                },
                failure -> {
                    sent.completeExceptionally(failure);
                    return CompletableFuture.completedFuture(null);
                }));
        return sent;
    }
}
