package io.offshoot.gateway.limit;

/** Whose an address is, as far as limits go. */
final class Address {

    private static final int GROUPS_OF_A_NETWORK = 4;

    private Address() {}

    /** An IPv4 address itself; of IPv6 the network of 64 bits, for whoever has one address of it has all. */
    static String network(String address) {
        if (address == null || address.indexOf(':') < 0) {
            return String.valueOf(address);
        }
        var plain = address.indexOf('%') < 0 ? address : address.substring(0, address.indexOf('%'));
        var mapped = plain.lastIndexOf(':') + 1;
        if (plain.indexOf('.') >= 0) {
            return plain.substring(mapped);
        }
        var halves = plain.split("::", 2);
        var before = halves[0].isEmpty() ? new String[0] : halves[0].split(":");
        var network = new StringBuilder();
        for (int i = 0; i < GROUPS_OF_A_NETWORK; i++) {
            network.append(i < before.length ? before[i] : group(halves, before.length, i))
                    .append(':');
        }
        return network.toString();
    }

    /** What stands at a place behind the gap of zeros. */
    private static String group(String[] halves, int before, int place) {
        if (halves.length == 1 || halves[1].isEmpty()) {
            return "0";
        }
        var after = halves[1].split(":");
        var fromEnd = 8 - place;
        return fromEnd <= after.length ? after[after.length - fromEnd] : "0";
    }
}
