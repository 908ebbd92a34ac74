package io.offshoot.sealing;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import io.offshoot.contracts.secret.PublicKeyset;
import io.offshoot.contracts.secret.Sealed;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/** The public half of an executor's keyset: closes values for it. Immutable and thread-safe. */
public final class Recipient {

    private final String provider;
    private final String keyset;
    private final HybridEncrypt encrypt;
    private final String fingerprint;
    private final Set<String> fingerprints;

    private Recipient(String provider, KeysetHandle handle) throws GeneralSecurityException {
        this.provider = provider;
        keyset = TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(handle, Hpke.CONFIGURATION);
        encrypt = handle.getPrimitive(Hpke.CONFIGURATION, HybridEncrypt.class);
        fingerprint = fingerprint(handle.getPrimary());
        fingerprints = new LinkedHashSet<>();
        fingerprints.add(fingerprint);
        for (int i = 0; i < handle.size(); i++) {
            fingerprints.add(fingerprint(handle.getAt(i)));
        }
    }

    private static String fingerprint(KeysetHandle.Entry entry) {
        return Hpke.fingerprint((HpkePublicKey) entry.getKey());
    }

    /** @throws IllegalArgumentException if it is no public keyset of the kind that we seal with */
    public static Recipient of(PublicKeyset published) {
        KeysetHandle handle;
        try {
            handle = TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(published.keyset(), Hpke.CONFIGURATION);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("This is no public keyset");
        }
        return of(published.provider(), handle);
    }

    static Recipient of(String provider, KeysetHandle handle) {
        if (!Hpke.isOurs(handle)) {
            throw new IllegalArgumentException("The keyset has keys of another kind");
        }
        try {
            var recipient = new Recipient(provider, handle);
            // A point of small order shows only when it is used.
            recipient.encrypt.encrypt(new byte[0], new byte[0]);
            return recipient;
        } catch (GeneralSecurityException | ClassCastException e) {
            throw new IllegalArgumentException("Nothing can be sealed with this keyset");
        }
    }

    public String provider() {
        return provider;
    }

    /** Of the key that values are closed with. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Of all keys whose values its executor still opens, the one in use first. */
    public Set<String> fingerprints() {
        return Set.copyOf(fingerprints);
    }

    public PublicKeyset published() {
        return new PublicKeyset(provider, keyset);
    }

    /** Closes a value for this recipient and that context: every time with other bytes. */
    public Sealed seal(Secret secret, SecretContext context) {
        try {
            var ciphertext = encrypt.encrypt(secret.bytes(), context.info());
            return new Sealed(provider, fingerprint, Base64.getEncoder().encodeToString(ciphertext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This keyset could seal when it was read", e);
        }
    }

    @Override
    public String toString() {
        return "Recipient[%s, %s]".formatted(provider, fingerprint);
    }
}
