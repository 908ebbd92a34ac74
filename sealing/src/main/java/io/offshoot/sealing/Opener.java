package io.offshoot.sealing;

import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import io.offshoot.contracts.secret.Sealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * A provider executor's private keyset: opens what was closed for it, with whichever of its keys. All replicas of an
 * executor have the same. Immutable and thread-safe; prints the fingerprint of its newest key alone.
 */
public final class Opener {

    private final String provider;
    private final KeysetHandle keyset;
    private final HybridDecrypt decrypt;
    private final Recipient recipient;

    private Opener(String provider, KeysetHandle keyset) throws GeneralSecurityException {
        this.provider = provider;
        this.keyset = keyset;
        decrypt = keyset.getPrimitive(Hpke.CONFIGURATION, HybridDecrypt.class);
        recipient = Recipient.of(provider, keyset.getPublicKeysetHandle());
    }

    /** With one new key. */
    public static Opener generate(String provider) {
        try {
            return new Opener(provider, KeysetHandle.generateNew(Hpke.PARAMETERS, Hpke.CONFIGURATION));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Keys cannot be made", impossible);
        }
    }

    /**
     * @param json a private keyset, as {@link #toJson} writes it
     * @throws IllegalArgumentException if it is anything else; nothing of it is in the message
     */
    public static Opener of(String provider, String json) {
        try {
            var keyset = TinkJsonProtoKeysetFormat.parseKeyset(json, Hpke.CONFIGURATION, InsecureSecretKeyAccess.get());
            if (Hpke.isOurs(keyset)) {
                return new Opener(provider, keyset);
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            // What went wrong may have some of it in its message.
        }
        throw new IllegalArgumentException("This is no private keyset of the kind that we seal with");
    }

    /**
     * From a file of {@link #write}.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is anything else
     */
    public static Opener read(String provider, Path file) throws IOException {
        return of(provider, Files.readString(file));
    }

    /** The same keys and a new one, with which everything is sealed from now on. */
    public Opener rotated() {
        try {
            var builder = KeysetHandle.newBuilder().setConfiguration(Hpke.CONFIGURATION);
            for (int i = 0; i < keyset.size(); i++) {
                builder.addEntry(KeysetHandle.importKey(keyset.getAt(i).getKey())
                        .withFixedId(keyset.getAt(i).getId()));
            }
            builder.addEntry(KeysetHandle.generateEntryFromParameters(Hpke.PARAMETERS)
                    .withRandomId()
                    .makePrimary());
            return new Opener(provider, builder.build());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Keys cannot be made", impossible);
        }
    }

    /**
     * Without one of the keys: what is sealed with it never opens again.
     *
     * @throws IllegalArgumentException if it has no such key, or everything is sealed with that one
     */
    public Opener without(String fingerprint) {
        if (!recipient.fingerprints().contains(fingerprint)
                || recipient.fingerprint().equals(fingerprint)) {
            throw new IllegalArgumentException("Only a key that is not in use any more can be taken out");
        }
        try {
            var builder = KeysetHandle.newBuilder().setConfiguration(Hpke.CONFIGURATION);
            for (int i = 0; i < keyset.size(); i++) {
                var kept = keyset.getAt(i);
                if (Hpke.fingerprint(((HpkePrivateKey) kept.getKey()).getPublicKey())
                        .equals(fingerprint)) {
                    continue;
                }
                var entry = KeysetHandle.importKey(kept.getKey()).withFixedId(kept.getId());
                builder.addEntry(kept.isPrimary() ? entry.makePrimary() : entry);
            }
            return new Opener(provider, builder.build());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("A keyset with fewer keys cannot be made", impossible);
        }
    }

    /** The public half. */
    public Recipient recipient() {
        return recipient;
    }

    /** @throws CannotOpenException if it was closed for another, in another context, or changed since */
    public Secret open(Sealed sealed, SecretContext context) throws CannotOpenException {
        try {
            return Secret.of(decrypt.decrypt(Base64.getDecoder().decode(sealed.ciphertext()), context.info()));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CannotOpenException();
        }
    }

    /** The private keyset itself: for a file that only its executor may read. */
    public String toJson() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, Hpke.CONFIGURATION, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("The keyset cannot be written", impossible);
        }
    }

    /** Writes it whole or not at all, for the file's owner alone. */
    public void write(Path file) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        var begun = Files.createTempFile(
                directory,
                "keyset",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(begun, toJson());
            Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(begun);
        }
    }

    @Override
    public String toString() {
        return "Opener[%s, %s]".formatted(provider, recipient.fingerprint());
    }
}
