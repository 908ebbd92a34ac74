package io.offshoot.gateway.guard;

import io.netty.channel.Channel;
import io.offshoot.gateway.limit.Address;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there are, and of whom. */
final class OpenConnections {

    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    OpenConnections(int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
    }

    /** Counts a connection until it is closed; false if it is one too many. */
    boolean admit(Channel channel) {
        var address = address(channel);
        var total = all.incrementAndGet();
        var ofAddress = byAddress.merge(address, 1, Integer::sum);
        channel.closeFuture().addListener(closed -> {
            all.decrementAndGet();
            byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        });
        return total <= most && ofAddress <= mostOfAddress;
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
                ? Address.network(remote.getAddress().getHostAddress())
                : "";
    }
}
