package io.offshoot.gateway.webhook;

import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says whether an address may be called, and where exactly: the name is looked up once, all its addresses are checked,
 * and what is connected to is one of those, never the name again. Asked when a webhook is registered and before every
 * try, for a name may lead elsewhere by then.
 */
@Singleton
class Receivers {

    /** @param address the one to connect to */
    record Target(ReceiverUrl url, InetAddress address) {}

    private final Names names;
    private final Set<Integer> ports;
    private final Set<String> allowed;

    Receivers(Names names, WebhooksConfig config) {
        this.names = names;
        ports = Set.copyOf(config.ports());
        allowed = config.allow().orElse(List.of()).stream().map(String::strip).collect(Collectors.toUnmodifiableSet());
    }

    /** Blocks while the name is looked up. */
    Target target(String url) throws ReceiverUrl.Refused {
        var parsed = ReceiverUrl.parse(url, ports, allowed);
        if (parsed.literal() != null) {
            return new Target(parsed, parsed.literal());
        }
        List<InetAddress> addresses;
        try {
            addresses = names.addresses(parsed.host());
        } catch (UnknownHostException e) {
            addresses = List.of();
        }
        // The same words in both cases: nobody learns here which names of our own network exist.
        if (addresses.isEmpty() || !parsed.allowed() && !addresses.stream().allMatch(Addresses::isPublic)) {
            throw new ReceiverUrl.Refused("The host's name does not lead to addresses of the public internet only.");
        }
        return new Target(parsed, addresses.get(0));
    }
}
