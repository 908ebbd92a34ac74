package io.offshoot.sandbox.outgoing;

import io.offshoot.sandbox.control.Faults;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the providers send out: webhooks, and messages to bots. Each goes out when its time has come, unless a fault
 * loses, doubles or delays it. Only this machine is reached: a sandbox must not knock at anybody's door.
 */
public final class Outbox {

    private static final int KEPT = 2_000;
    private static final int ATTEMPTS = 6;
    private static final long LATE = 1_000;
    private static final String UNREACHED = "not sent: the sandbox reaches this machine only";

    /** GitHub sends once and leaves the rest to a person. */
    private static final Set<String> REPEATING = Set.of("vercel", "telegram");

    private final Table<Delivery> deliveries;
    private final Faults faults;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private long last;

    public Outbox(Store store, Faults faults, Supplier<Settings> settings, Clock clock) {
        this.deliveries = store.table("deliveries", Delivery.class);
        this.faults = faults;
        this.settings = settings;
        this.clock = clock;
        this.last =
                deliveries.values().stream().mapToLong(Delivery::number).max().orElse(0);
    }

    /** Sends a message when its time has come; with no address, when there is one. */
    public void put(
            String provider,
            String event,
            String about,
            String url,
            Map<String, String> headers,
            String body,
            Instant dueAt) {
        last++;
        keep(new Delivery(
                last, provider, event, about, url, headers, body, clock.instant(), dueAt, 0, false, null, null));
        if (deliveries.size() > KEPT) {
            deliveries.oldest().ifPresent(deliveries::remove);
        }
    }

    /** What is still to come about a thing will not. */
    public void withdraw(String about) {
        Instant now = clock.instant();
        deliveries.removeIf(one -> one.isWaiting() && one.about().equals(about) && now.isBefore(one.dueAt()));
    }

    /** Nothing that waits is sent about a thing, also what is due already. */
    public void drop(String about) {
        deliveries.removeIf(one -> one.isWaiting() && one.about().equals(about));
    }

    /** What is still to come about a thing goes there. */
    public void redirect(String about, String url, Map<String, String> headers) {
        about(about).stream().filter(Delivery::isPending).forEach(one -> keep(one.to(url, headers)));
    }

    /** What has been or is to be sent about a thing. */
    public List<Delivery> about(String about) {
        return all().stream().filter(one -> one.about().equals(about)).toList();
    }

    public List<Delivery> all() {
        return List.copyOf(deliveries.values());
    }

    public void clear() {
        deliveries.removeIf(one -> true);
    }

    /** What was being sent when the process died is sent again: it may have arrived, and may not. */
    public void resume() {
        all().stream().filter(one -> one.isPending() && !one.isWaiting()).forEach(one -> keep(one.unsent()));
    }

    /** Whether anything may be due. */
    public boolean hasDue() {
        Instant now = clock.instant();
        return deliveries.values().stream().anyMatch(one -> one.isDue(now));
    }

    /** What is to be sent now, each to be reported by {@link #answered} or {@link #failed}. */
    public List<Delivery> take() {
        Instant now = clock.instant();
        var taken = new ArrayList<Delivery>();
        List<Delivery> due = deliveries.values().stream()
                .filter(one -> one.isDue(now))
                .sorted(Comparator.comparing(Delivery::dueAt).thenComparing(Delivery::number))
                .toList();
        for (Delivery one : due) {
            if (!isLoopback(one.url())) {
                keep(one.ended(UNREACHED, new Delivery.Failure(UNREACHED, now)));
                continue;
            }
            Faults.Then fault = one.judged() ? Faults.Then.NOTHING : faults.ofWebhook(one.provider(), one.event());
            switch (Optional.ofNullable(fault.webhook()).orElse("sent")) {
                case "lost" -> keep(one.ended("lost", null));
                case "late" -> keep(one.late(now.plusMillis(fault.delayMs() == null ? LATE : fault.delayMs())));
                case "twice" -> {
                    last++;
                    taken.add(one);
                    taken.add(one.copy(last));
                }
                default -> taken.add(one);
            }
        }
        taken.forEach(one -> keep(one.ended(Delivery.SENDING, one.lastFailure())));
        return taken;
    }

    public void answered(Delivery sent, int status) {
        if (status / 100 == 2) {
            ended(sent, "answered " + status, sent.lastFailure());
        } else {
            failed(sent, "Wrong response from the webhook: " + status);
        }
    }

    public void failed(Delivery sent, String error) {
        var failure = new Delivery.Failure(error, clock.instant());
        if (REPEATING.contains(sent.provider()) && sent.attempt() + 1 < ATTEMPTS) {
            Instant later = clock.instant().plus(settings.get().scaled(Math.pow(2, sent.attempt())));
            // Meanwhile it may have got another address, or have been forgotten.
            deliveries.get(key(sent)).ifPresent(now -> keep(now.again(later, failure)));
        } else {
            ended(sent, "failed", failure);
        }
    }

    /** Whether it is an address of this machine. */
    public static boolean isLoopback(String url) {
        try {
            String host = Optional.ofNullable(URI.create(url).getHost()).orElse("");
            return host.equals("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]");
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private void ended(Delivery sent, String how, Delivery.Failure failure) {
        if (deliveries.get(key(sent)).isPresent()) {
            keep(sent.ended(how, failure));
        }
    }

    private void keep(Delivery one) {
        deliveries.put(key(one), one);
    }

    private static String key(Delivery one) {
        return String.valueOf(one.number());
    }
}
