package io.offshoot.gateway.hub;

import java.util.regex.Pattern;

/** Who proves who it is: by a hub key, by a wallet, or by what an OIDC issuer says of it. */
final class Subject {

    private static final int LONGEST = 512;
    private static final Pattern KEY = Pattern.compile("key:[A-Za-z0-9_-]{43}");
    private static final Pattern WALLET =
            Pattern.compile("did:cardano:stake(_test)?1[023456789acdefghjklmnpqrstuvwxyz]{20,100}");
    private static final Pattern OIDC =
            Pattern.compile("oidc:https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!\"$-~]*)?#[!\"$-~]+");

    private Subject() {}

    /** Whether it is one of the forms there are. It may still be nobody. */
    static boolean isOne(String text) {
        return text.length() <= LONGEST
                && (KEY.matcher(text).matches()
                        || WALLET.matcher(text).matches()
                        || OIDC.matcher(text).matches());
    }
}
