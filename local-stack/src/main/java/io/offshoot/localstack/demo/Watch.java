package io.offshoot.localstack.demo;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.localstack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Follows a deployment by its event stream, and by polls where the stream fails, until nothing runs any more. */
final class Watch {

    private static final Duration POLL = Duration.ofSeconds(2);

    private final DeploymentApi api;
    private final UUID deployment;
    private final Progress progress;
    private final long began;
    private final BlockingQueue<DeploymentEvent> events = new LinkedBlockingQueue<>();
    private volatile long lastSeq;
    private volatile boolean over;

    /** @param after the seq from which on changes are told */
    Watch(DeploymentApi api, UUID deployment, Progress progress, long began, long after) {
        this.api = api;
        this.deployment = deployment;
        this.progress = progress;
        this.began = began;
        this.lastSeq = after;
    }

    /**
     * Returns when the deployment is done or in error.
     *
     * @param request the request that set it going; null if it was going already
     * @throws StackException if that request is refused
     */
    DeploymentView untilItRests(UUID request) throws InterruptedException, StackException {
        var reader = new Thread(this::read, "events");
        reader.setDaemon(true);
        reader.start();
        try {
            var polled = 0L;
            var undecided = request;
            while (true) {
                var event = events.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    tell(event);
                }
                var due = System.nanoTime() - polled > POLL.toNanos();
                if (due || (event != null && event.state().isTerminal() && events.isEmpty())) {
                    polled = System.nanoTime();
                    undecided = undecided == null || isDecided(undecided) ? null : undecided;
                    var view = poll();
                    if (undecided == null
                            && view != null
                            && (view.status() == PublicStatus.DONE || view.status() == PublicStatus.ERROR)) {
                        return view;
                    }
                }
            }
        } finally {
            over = true;
            reader.interrupt();
        }
    }

    private boolean isDecided(UUID request) throws InterruptedException, StackException {
        try {
            var word = api.outcome(deployment, request);
            if (word.outcome() == RequestView.Outcome.REFUSED) {
                throw new StackException("The deployment is refused: " + word.detail());
            }
            return word.outcome() != RequestView.Outcome.ACCEPTED;
        } catch (IOException e) {
            return false;
        }
    }

    private DeploymentView poll() throws InterruptedException, StackException {
        try {
            var view = api.deployment(deployment);
            if (events.isEmpty()) {
                view.apps().forEach(app -> app.actions().forEach(action -> {
                    if (action.seq() > lastSeq) {
                        progress.observe(
                                app.appId(),
                                action.actionId(),
                                action.seq(),
                                action.state(),
                                action.attempt(),
                                action.error(),
                                action.instructions(),
                                elapsed());
                    }
                }));
            }
            return view;
        } catch (IOException e) {
            // The gateway is away for a moment; the next poll tells.
            return null;
        }
    }

    private void tell(DeploymentEvent event) {
        progress.observe(
                event.appId(),
                event.stepId(),
                event.seq(),
                event.state().name(),
                event.attempt(),
                event.error(),
                event.instructions(),
                elapsed());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void read() {
        while (!over) {
            try (var lines = api.events(deployment, lastSeq)) {
                lines.filter(line -> line.startsWith("data:")).forEach(line -> take(line.substring("data:".length())));
            } catch (IOException | UncheckedIOException e) {
                // Opened again below, from the last event seen.
            } catch (InterruptedException e) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void take(String json) {
        try {
            CloudEvent<DeploymentEvent> event =
                    Messages.read(json.strip().getBytes(StandardCharsets.UTF_8), DeploymentEvent.class);
            lastSeq = Math.max(lastSeq, event.data().seq());
            events.add(event.data());
        } catch (UnreadableMessageException e) {
            // A later version's kind of event; the polls still tell.
        }
    }
}
