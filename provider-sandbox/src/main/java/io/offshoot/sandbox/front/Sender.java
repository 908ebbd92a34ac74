package io.offshoot.sandbox.front;

import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.outgoing.Delivery;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Sends what is due in the outbox. */
@ApplicationScoped
class Sender {

    private static final long PERIOD_MILLIS = 50;

    private final Sandbox sandbox;
    private final Vertx vertx;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Sender(Sandbox sandbox, Vertx vertx) {
        this.sandbox = sandbox;
        this.vertx = vertx;
    }

    void begin(@Observes StartupEvent start) {
        vertx.setPeriodic(PERIOD_MILLIS, timer -> vertx.executeBlocking(this::due, false)
                .onSuccess(due -> due.forEach(this::send)));
    }

    private List<Delivery> due() {
        boolean due = sandbox.store().read(() -> sandbox.outbox().hasDue());
        return due ? sandbox.store().write(() -> sandbox.outbox().take()) : List.of();
    }

    private void send(Delivery delivery) {
        var request = HttpRequest.newBuilder(URI.create(delivery.url()))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(delivery.body()));
        delivery.headers().forEach(request::header);
        client.sendAsync(request.build(), BodyHandlers.discarding())
                .whenComplete((response, broken) -> vertx.executeBlocking(
                        () -> {
                            report(delivery, response, broken);
                            return null;
                        },
                        false));
    }

    private void report(Delivery delivery, HttpResponse<Void> response, Throwable broken) {
        sandbox.store().write(() -> {
            if (broken == null) {
                sandbox.outbox().answered(delivery, response.statusCode());
            } else {
                sandbox.outbox().failed(delivery, "Connection failed");
            }
        });
    }
}
