package io.offshoot.orchestrator.intake;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.partitioningBy;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.orchestrator.deadletter.DeadLetters;
import io.offshoot.orchestrator.deployment.Deployments;
import io.offshoot.orchestrator.deployment.Fate;
import io.offshoot.orchestrator.deployment.Received;
import io.offshoot.orchestrator.service.Outage;
import io.offshoot.orchestrator.survey.Surveys;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes records from Kafka, a batch in one transaction. A batch that fails is taken one record at a time; a record
 * that fails by itself becomes a dead letter. While the database is away nothing is given up and no offset moves.
 */
@ApplicationScoped
public class Intake {

    /** When the process stops: nothing more is taken in before anything that it is taken in with stops. */
    private static final int STOP = 100;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String SUFFIX = ".results";

    private static final String TRIGGERS = "triggers";
    private static final String RESULTS = "results";
    private static final String LETTERS = "dead-letters";
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Deployments deployments;
    private final Surveys surveys;
    private final DeadLetters letters;
    private final Tally tally;
    private final KafkaClientService clients;
    private final ReadWriteLock batches = new ReentrantReadWriteLock();
    private volatile boolean stopping;

    Intake(Deployments deployments, Surveys surveys, DeadLetters letters, Tally tally, KafkaClientService clients) {
        this.deployments = deployments;
        this.surveys = surveys;
        this.letters = letters;
        this.tally = tally;
        this.clients = clients;
    }

    /**
     * Leaves the groups, so that other replicas have the partitions at once, and lets a batch come to its end. From now
     * on what fails is left to be delivered again: the ground goes from under it.
     */
    void stop(@Observes @Priority(STOP) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        for (String channel : List.of(TRIGGERS, RESULTS, LETTERS)) {
            leave(channel);
        }
        if (batches.writeLock().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            batches.writeLock().unlock();
        }
    }

    private void leave(String channel) {
        try {
            clients.getConsumer(channel)
                    .runOnPollingThread(consumer -> {
                        consumer.unsubscribe();
                    })
                    .await()
                    .atMost(PATIENCE);
        } catch (RuntimeException e) {
            Log.warnf("The group of %s could not be left; it finds out by itself: %s", channel, e.getMessage());
        }
    }

    /** A second delivery of a request changes nothing: its id is in the request table. */
    @Incoming(TRIGGERS)
    @Blocking
    public void requests(ConsumerRecords<String, byte[]> records) {
        take(read(records, DeploymentRequest.class), deployments::takeRequests, deployments::giveUp);
        Failpoint.ORCHESTRATOR_BEFORE_ACK.reached();
    }

    /** A second delivery of a result changes nothing: its attempt and fence are no longer current. */
    @Incoming(RESULTS)
    @Blocking
    public void results(ConsumerRecords<String, byte[]> records) {
        read(records, StepResult.class).stream()
                .collect(groupingBy(received -> provider(received.origin().topic())))
                .forEach((provider, results) -> {
                    Map<Boolean, List<Received<StepResult>>> ofSurveys = results.stream()
                            .collect(partitioningBy(
                                    received -> received.message().data().survey() != null));
                    take(ofSurveys.get(false), batch -> deployments.takeResults(provider, batch), this::giveUp);
                    take(ofSurveys.get(true), batch -> surveys.takeResults(provider, batch), this::giveUp);
                });
        Failpoint.ORCHESTRATOR_BEFORE_ACK.reached();
    }

    /** Everybody's dead letters, our own too. A second delivery changes nothing: where it was found is known. */
    @Incoming(LETTERS)
    @Blocking
    public void letters(ConsumerRecords<String, byte[]> records) {
        take(
                read(records, DeadLetter.class),
                letters::keep,
                letter -> Log.errorf(
                        "The dead letter %s is not listed; it stays in the topic",
                        letter.message().id()));
    }

    private static String provider(String topic) {
        return topic.substring(0, topic.length() - SUFFIX.length());
    }

    private <T extends Record> List<Received<T>> read(ConsumerRecords<String, byte[]> records, Class<T> data) {
        var read = new ArrayList<Received<T>>();
        for (ConsumerRecord<String, byte[]> record : records) {
            var origin = new Received.Origin(
                    record.topic(), record.partition(), record.offset(), record.key(), record.value());
            tally.consumed(record.topic(), 1);
            try {
                read.add(new Received<>(Messages.read(record.value(), data), origin));
            } catch (UnreadableMessageException e) {
                untilDone(() -> deployments.takeUnreadable(e.reason(), e.getMessage(), origin));
                tally.became(record.topic(), List.of(Fate.DEAD_LETTER));
            }
        }
        return read;
    }

    private void giveUp(Received<StepResult> result) {
        deployments.takeUnreadable("failed", "Taking it in failed; the log knows why", result.origin());
    }

    private <T extends Record> void take(
            List<Received<T>> batch, Function<List<Received<T>>, List<Fate>> work, Consumer<Received<T>> giveUp) {
        if (batch.isEmpty()) {
            return;
        }
        batches.readLock().lock();
        try {
            tally.became(topic(batch), untilServed(() -> work.apply(batch)));
        } catch (RuntimeException e) {
            if (stopping) {
                throw e;
            }
            Log.warnf(e, "A batch of %d failed; taking its records one by one", batch.size());
            batch.forEach(received -> takeAlone(received, work, giveUp));
        } finally {
            batches.readLock().unlock();
        }
    }

    private <T extends Record> void takeAlone(
            Received<T> received, Function<List<Received<T>>, List<Fate>> work, Consumer<Received<T>> giveUp) {
        try {
            var alone = List.of(received);
            tally.became(topic(alone), untilServed(() -> work.apply(alone)));
        } catch (RuntimeException e) {
            if (stopping) {
                throw e;
            }
            Log.errorf(e, "Message %s cannot be taken in", received.message().id());
            untilDone(() -> giveUp.accept(received));
            tally.became(received.origin().topic(), List.of(Fate.DEAD_LETTER));
        }
    }

    /** A batch is of one topic. */
    private static String topic(List<? extends Received<?>> batch) {
        return batch.get(0).origin().topic();
    }

    /** A dead letter must be kept whatever happens: nothing comes after it before that. */
    private void untilDone(Runnable work) {
        while (true) {
            try {
                work.run();
                return;
            } catch (RuntimeException e) {
                if (stopping || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                Log.errorf(e, "A dead letter cannot be kept yet");
                LockSupport.parkNanos(5 * PAUSE);
            }
        }
    }

    /** Holds the records, and with them the offset, for as long as the database is away. */
    private <R> R untilServed(Supplier<R> work) {
        while (true) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                if (!Outage.isOne(e) || stopping || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                Log.debugf("The database cannot be reached: %s", e.getMessage());
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
