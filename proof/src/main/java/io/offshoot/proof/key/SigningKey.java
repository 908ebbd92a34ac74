package io.offshoot.proof.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** An Ed25519 key that signs. Immutable and thread-safe; prints its id alone. */
public final class SigningKey {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    public static SigningKey generate() {
        var seed = new byte[VerifyingKey.LENGTH];
        new SecureRandom().nextBytes(seed);
        return ofSeed(seed);
    }

    /** @param seed the 32 bytes that RFC 8032 calls the private key */
    public static SigningKey ofSeed(byte[] seed) {
        try {
            return of(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.clone())));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("These are not the 32 bytes of an Ed25519 key", e);
        }
    }

    /**
     * From PKCS#8 in PEM, as <code>openssl genpkey -algorithm ed25519</code> writes it.
     *
     * @throws IllegalArgumentException if it is anything else; nothing of it is in the message
     */
    public static SigningKey ofPem(String pem) {
        var text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw new IllegalArgumentException("The key is not PKCS#8 in PEM");
        }
        try {
            var bytes = Base64.getMimeDecoder().decode(text.substring(BEGIN.length(), text.length() - END.length()));
            return of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("The key is not an Ed25519 key");
        }
    }

    /** What {@link #ofPem} reads: for a file that only its owner may read. */
    public String toPem() {
        return "%s\n%s\n%s\n".formatted(BEGIN, Base64.getEncoder().encodeToString(key.getEncoded()), END);
    }

    private static SigningKey of(PrivateKey key) throws GeneralSecurityException {
        return new SigningKey(key, VerifyingKey.of(publicHalf(key)));
    }

    /** The platform makes a public key only together with a private one: it is made again from the same seed. */
    private static byte[] publicHalf(PrivateKey key) throws GeneralSecurityException {
        var seed = ((EdECPrivateKey) key)
                .getBytes()
                .orElseThrow(() -> new GeneralSecurityException("The key does not show its bytes"));
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        var encoded = generator.generateKeyPair().getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - VerifyingKey.LENGTH, encoded.length);
    }

    public VerifyingKey verifying() {
        return verifying;
    }

    public String id() {
        return verifying.id();
    }

    public byte[] sign(byte[] message) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This key was usable when it was made", impossible);
        }
    }

    @Override
    public String toString() {
        return id();
    }
}
