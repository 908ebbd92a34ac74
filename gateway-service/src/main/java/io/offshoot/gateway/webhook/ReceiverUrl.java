package io.offshoot.gateway.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The address of a receiver as a hub writes it. Only one way of writing is taken: what two readers could understand
 * differently is refused, not repaired.
 *
 * @param host in lower case; of IPv6 without the brackets
 * @param port the one that is called, also where none was written
 * @param path with the query, as it was written
 * @param literal the address, if the host is one; null if it is a name
 * @param allowed whether it was listed as allowed, although it may not be public
 */
record ReceiverUrl(boolean tls, String host, int port, String path, InetAddress literal, boolean allowed) {

    private static final int MAX_LENGTH = 2_000;
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LAST_LABEL = Pattern.compile("[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9]");
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    /** Names that lead nowhere, or to somebody's own network. */
    private static final Set<String> NOT_PUBLIC = Set.of(
            "localhost",
            "localdomain",
            "local",
            "internal",
            "intranet",
            "private",
            "corp",
            "home",
            "lan",
            "arpa",
            "invalid",
            "test",
            "example",
            "onion",
            "alt");

    /** Says in plain words why an address is refused; it repeats nothing of the address. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    /** @param allowed receivers that may be called whatever they are, as <code>host:port</code> */
    static ReceiverUrl parse(String text, Set<Integer> ports, Set<String> allowed) throws Refused {
        if (text == null || text.length() > MAX_LENGTH) {
            throw new Refused("An address has %d characters at most.".formatted(MAX_LENGTH));
        }
        if (!VISIBLE.matcher(text).matches() || text.indexOf('\\') >= 0) {
            throw new Refused(
                    "An address is of visible ASCII characters, without backslashes. Write other letters of a "
                            + "name in Punycode (xn--).");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new Refused("This is not an address.");
        }
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.isOpaque() || uri.getRawAuthority() == null) {
            throw new Refused("The address must begin with https:// and a host.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawAuthority().indexOf('@') >= 0) {
            throw new Refused("The address must have no user or password in it.");
        }
        if (uri.getRawFragment() != null) {
            throw new Refused("The address must have no fragment (#).");
        }
        if (uri.getHost() == null || uri.getRawAuthority().indexOf('%') >= 0) {
            throw new Refused("The host is not one.");
        }
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        var port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        var path = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (allowed.contains(host + ":" + port) && (scheme.equals("https") || scheme.equals("http"))) {
            return new ReceiverUrl(scheme.equals("https"), bare, port, path, null, true);
        }
        if (!scheme.equals("https")) {
            throw new Refused("The address must begin with https://.");
        }
        if (!ports.contains(port)) {
            throw new Refused("The port must be one of %s."
                    .formatted(ports.stream().sorted().map(String::valueOf).toList()));
        }
        var literal = literal(host, bare);
        if (literal.isPresent() && !Addresses.isPublic(literal.get())) {
            throw new Refused("The host is not an address of the public internet.");
        }
        if (literal.isEmpty()) {
            checkName(host);
        }
        return new ReceiverUrl(true, bare, port, path, literal.orElse(null), false);
    }

    private static Optional<InetAddress> literal(String host, String bare) throws Refused {
        if (host.startsWith("[")) {
            return Optional.of(address(bare));
        }
        var labels = host.split("\\.", -1);
        if (!NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return Optional.empty();
        }
        // Many readers take 127.1, 0x7f000001, 017700000001 or 2130706433 for an address. We take four plain numbers.
        if (labels.length != 4) {
            throw new Refused("Write an IPv4 address as four decimal numbers.");
        }
        for (String label : labels) {
            if (!OCTET.matcher(label).matches() || Integer.parseInt(label) > 255) {
                throw new Refused("Write an IPv4 address as four decimal numbers.");
            }
        }
        return Optional.of(address(host));
    }

    /** Of a literal, which is never looked up. */
    private static InetAddress address(String literal) throws Refused {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new Refused("The host is not one.");
        }
    }

    private static void checkName(String host) throws Refused {
        var labels = host.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new Refused("The host is not a name as DNS has them, without a dot at the end.");
            }
        }
        var last = labels[labels.length - 1];
        if (labels.length < 2
                || host.length() > 253
                || !LAST_LABEL.matcher(last).matches()
                || NOT_PUBLIC.contains(last)) {
            throw new Refused("The host is not a name of the public internet.");
        }
    }

    /** As the header Host has it, and TLS asks for it. */
    String authority() {
        var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
}
