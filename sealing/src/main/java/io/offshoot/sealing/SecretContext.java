package io.offshoot.sealing;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a secret is for. A sealed value opens in the context it was sealed in, and in no other.
 *
 * @param hub whose it is
 * @param scope where in the hub it may be used: {@link #HUB}, {@link #VAULT}, or one deployment
 * @param name what it is called there
 * @param version grows when the value is set anew
 */
public record SecretContext(String hub, String scope, String name, long version) {

    /** The scope of what every deployment of the hub may use. */
    public static final String HUB = "hub";

    /** The scope of what every deployment of the hub may use too, and is only the place in a vault where it is. */
    public static final String VAULT = "vault";

    /** Printable ASCII but for the bar that stands between the parts. */
    private static final Pattern PART = Pattern.compile("[!-{}~]{1,200}");

    public SecretContext {
        if (!PART.matcher(hub).matches()
                || !PART.matcher(scope).matches()
                || !PART.matcher(name).matches()) {
            throw new IllegalArgumentException("Not fit to name a secret by: 1 to 200 printable characters, no bar");
        }
        if (version < 1) {
            throw new IllegalArgumentException("Versions count from 1");
        }
    }

    /** Of what every deployment of the hub may use. */
    public static SecretContext ofHub(String hub, String name, long version) {
        return new SecretContext(hub, HUB, name, version);
    }

    /** Of the place where something is that every deployment of the hub may use. */
    public static SecretContext ofVault(String hub, String name, long version) {
        return new SecretContext(hub, VAULT, name, version);
    }

    /** Of what one deployment brought along, and no other may use. */
    public static SecretContext ofDeployment(String hub, UUID deployment, String name) {
        return new SecretContext(hub, "deployment/" + deployment, name, 1);
    }

    /** The context information of HPKE: <code>hub|scope|name|version</code>. No part can have a bar in it. */
    byte[] info() {
        return "%s|%s|%s|%d".formatted(hub, scope, name, version).getBytes(StandardCharsets.US_ASCII);
    }
}
