package io.offshoot.gateway.limit;

import io.offshoot.gateway.problem.Refusal;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;

/** How many requests an address and a hub may send. Of an address they are counted before anything is looked at. */
@Singleton
public class Rates {

    /** Before the body is looked at. */
    private static final int PRIORITY = 200;

    private final Buckets addresses;
    private final Buckets hubs;

    Rates(LimitsConfig config, Clock clock) {
        addresses = new Buckets(
                "address", config.address().perSecond(), config.address().burst(), clock);
        hubs = new Buckets("hub", config.hub().perSecond(), config.hub().burst(), clock);
    }

    void register(@Observes Filters filters) {
        filters.register(this::count, PRIORITY);
    }

    /** A request of a hub. @throws TooManyRequests if it is one too many */
    public void ofHub(String hub) {
        hubs.take(hub);
    }

    private void count(RoutingContext request) {
        var remote = request.request().remoteAddress();
        try {
            addresses.take(Address.network(remote == null ? null : remote.hostAddress()));
        } catch (TooManyRequests refused) {
            Refusal.of(request, refused.problem(), refused.headers());
            return;
        }
        request.next();
    }
}
