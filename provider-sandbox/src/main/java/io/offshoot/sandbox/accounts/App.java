package io.offshoot.sandbox.accounts;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * A GitHub App that is installed in every organisation, for all repositories. The sandbox has only the public half of
 * its key.
 *
 * @param publicKey in PEM ({@code BEGIN PUBLIC KEY})
 * @param setupUrl where people are sent who have installed it; null if nowhere
 */
public record App(long id, String publicKey, String setupUrl) {

    /** The App's name in addresses. */
    public static final String SLUG = "offshoot-sandbox";

    public App {
        if (id < 1) {
            throw new IllegalArgumentException("an App's id is a positive number");
        }
        parse(publicKey);
    }

    /** One that sends nobody anywhere. */
    public App(long id, String publicKey) {
        this(id, publicKey, null);
    }

    public RSAPublicKey key() {
        return parse(publicKey);
    }

    /** The number of the App's installation in an organisation. */
    public static long installationIn(String organization) {
        return Account.numberOf("installation in " + organization);
    }

    private static RSAPublicKey parse(String pem) {
        try {
            String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            var spec = new X509EncodedKeySpec(Base64.getDecoder().decode(base64));
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw new IllegalArgumentException("an App's key is the public half of an RSA key in PEM");
        }
    }
}
