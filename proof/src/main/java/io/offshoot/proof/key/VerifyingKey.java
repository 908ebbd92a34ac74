package io.offshoot.proof.key;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The public half of an Ed25519 key (RFC 8032). Immutable; never one of the weak points, which verify anything. */
public final class VerifyingKey {

    /** The bytes of a key. */
    public static final int LENGTH = 32;

    /** What stands before the bytes of a key in its SubjectPublicKeyInfo (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    /** The points of small order in every encoding, without the bit of the sign: a signature by them proves nothing. */
    private static final Set<String> WEAK = Set.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private final byte[] bytes;
    private final PublicKey key;

    private VerifyingKey(byte[] bytes, PublicKey key) {
        this.bytes = bytes;
        this.key = key;
    }

    /** @throws IllegalArgumentException if these are not the 32 bytes of a key, or it is a weak one */
    public static VerifyingKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("An Ed25519 key has 32 bytes");
        }
        var unsigned = bytes.clone();
        unsigned[LENGTH - 1] &= 0x7f;
        if (WEAK.contains(HexFormat.of().formatHex(unsigned))) {
            throw new IllegalArgumentException("This key is a point of small order: anything verifies with it");
        }
        var whole = Arrays.copyOf(X509, X509.length + LENGTH);
        System.arraycopy(bytes, 0, whole, X509.length, LENGTH);
        try {
            var key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(whole));
            // Only a use tells whether it is a point of the curve.
            verifier(key);
            return new VerifyingKey(bytes.clone(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("This is no Ed25519 key", e);
        }
    }

    /**
     * A JSON Web Key of the kind OKP, as RFC 8037 has it. Members that say how it is used are left alone, but for the
     * private half, which has no business here.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static VerifyingKey ofJwk(JsonNode jwk) {
        if (!"OKP".equals(jwk.path("kty").asText())
                || !"Ed25519".equals(jwk.path("crv").asText())) {
            throw new IllegalArgumentException("The key must be a JWK of kty OKP and crv Ed25519");
        }
        if (jwk.has("d")) {
            throw new IllegalArgumentException("The key has its private half in it. Make a new one, and keep it");
        }
        try {
            return of(Base64.getUrlDecoder().decode(jwk.path("x").asText()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The member x of the key is not a usable Ed25519 key", e);
        }
    }

    /** With the id, as it is published. */
    public Map<String, String> toJwk() {
        return new TreeMap<>(
                Map.of("kty", "OKP", "crv", "Ed25519", "x", x(), "kid", id(), "alg", "EdDSA", "use", "sig"));
    }

    /** Its thumbprint (RFC 7638): the SHA-256 of the required members of its JWK, in base64url. */
    public String id() {
        var members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(x());
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    /** The same key as <code>did:key</code>: multibase base58btc of the multicodec of Ed25519 and the bytes. */
    public String did() {
        var coded = new byte[2 + LENGTH];
        coded[0] = (byte) 0xed;
        coded[1] = 0x01;
        System.arraycopy(bytes, 0, coded, 2, LENGTH);
        return "did:key:z" + Base58.of(coded);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether this key made that signature of these bytes. Whatever is no signature is not its. */
    public boolean verifies(byte[] message, byte[] signature) {
        try {
            var verifier = verifier(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This key was usable when it was made", impossible);
        }
    }

    private static Signature verifier(PublicKey key) throws GeneralSecurityException {
        var verifier = Signature.getInstance("Ed25519");
        try {
            verifier.initVerify(key);
        } catch (InvalidKeyException e) {
            throw new GeneralSecurityException("Not a point of the curve", e);
        }
        return verifier;
    }

    private String x() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return id();
    }
}
