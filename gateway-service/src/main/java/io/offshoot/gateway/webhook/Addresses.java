package io.offshoot.gateway.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses belong to the public internet: whatever is private, this machine, its link, a provider's metadata,
 * reserved, or carries such an IPv4 address inside an IPv6 one, does not. From IANA's special-purpose registries.
 */
final class Addresses {

    /** A block of addresses: the first bits of the prefix. */
    private record Block(byte[] prefix, int bits) {

        static Block of(String text) {
            var slash = text.indexOf('/');
            try {
                // A literal is never looked up.
                var prefix = InetAddress.getByName(text.substring(0, slash)).getAddress();
                return new Block(prefix, Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                var mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Block> FORBIDDEN_V4 = blocks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared by carriers; a cloud's metadata too
            "127.0.0.0/8", // this machine
            "168.63.129.16/32", // a cloud's metadata, on a public address
            "169.254.0.0/16", // link-local, metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.31.196.0/24", // AS112
            "192.52.193.0/24", // AMT
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "192.175.48.0/24", // AS112
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    private static final Block GLOBAL_V6 = Block.of("2000::/3");

    private static final List<Block> FORBIDDEN_V6 = blocks(
            "2001::/23", // Teredo, benchmarks, ORCHID and other assignments
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "2620:4f:8000::/48", // AS112
            "3fff::/20"); // documentation

    private static final Block NAT64 = block96(0x00, 0x64, 0xff, 0x9b);

    private Addresses() {}

    static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    /** @param address 4 or 16 bytes, in network order */
    static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return FORBIDDEN_V4.stream().noneMatch(block -> block.contains(address));
        }
        // The one way that IPv4 is reached inside IPv6 on networks that have no other; the rest is history or a trick.
        if (NAT64.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, 12, 16));
        }
        return GLOBAL_V6.contains(address) && FORBIDDEN_V6.stream().noneMatch(block -> block.contains(address));
    }

    private static List<Block> blocks(String... blocks) {
        return Arrays.stream(blocks).map(Block::of).toList();
    }

    private static Block block96(int... first) {
        var prefix = new byte[16];
        for (int i = 0; i < first.length; i++) {
            prefix[i] = (byte) first[i];
        }
        return new Block(prefix, 96);
    }
}
