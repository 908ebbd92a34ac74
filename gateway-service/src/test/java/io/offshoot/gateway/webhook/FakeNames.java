package io.offshoot.gateway.webhook;

import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Names as the test says. Each look-up takes the next answer, and the last stays. */
@Mock
@Singleton
class FakeNames implements Names {

    private final Map<String, Queue<List<InetAddress>>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param addresses of one answer, in any number */
    void leads(String host, String... addresses) {
        answers.computeIfAbsent(host, none -> new ConcurrentLinkedQueue<>())
                .add(Arrays.stream(addresses).map(FakeNames::literal).toList());
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        asked.add(host);
        var known = answers.get(host);
        if (known == null) {
            return host.matches("[0-9.]+") ? List.of(literal(host)) : List.of();
        }
        return known.size() > 1 ? known.poll() : known.peek();
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
