package io.offshoot.executorkit.secret;

import io.offshoot.contracts.secret.Sealed;
import io.offshoot.sealing.CannotOpenException;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.quarkus.logging.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * The private keyset of this provider's executors, as its file has it now: a key that is added there is used without a
 * restart. Thread-safe.
 */
public final class Keyset {

    private record Loaded(Opener opener, FileTime changed) {}

    private final String provider;
    private final Path file;
    private volatile Loaded loaded;

    private Keyset(String provider, Path file, Loaded loaded) {
        this.provider = provider;
        this.file = file;
        this.loaded = loaded;
    }

    /** Of an executor that can open nothing. */
    public static Keyset none() {
        return new Keyset(null, null, null);
    }

    /** One that never changes. */
    public static Keyset of(Opener opener) {
        return new Keyset(null, null, new Loaded(opener, null));
    }

    /**
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no private keyset; nothing of it is in the message
     */
    public static Keyset in(Path file, String provider) throws IOException {
        return new Keyset(provider, file, read(file, provider));
    }

    /** What others seal with for this executor, as Tink writes it in JSON; empty if it can open nothing. */
    public Optional<String> published() {
        refresh();
        return Optional.ofNullable(loaded)
                .map(known -> known.opener().recipient().published().keyset());
    }

    /** @throws CannotOpenException if no key of it opens that in this context */
    public Secret open(Sealed sealed, SecretContext context) throws CannotOpenException {
        var known = loaded;
        if (known == null) {
            throw new CannotOpenException();
        }
        try {
            return known.opener().open(sealed, context);
        } catch (CannotOpenException e) {
            // The key may have been added since.
            refresh();
            if (loaded == known) {
                throw e;
            }
            return loaded.opener().open(sealed, context);
        }
    }

    private synchronized void refresh() {
        if (file == null) {
            return;
        }
        try {
            if (!Files.getLastModifiedTime(file).equals(loaded.changed())) {
                loaded = read(file, provider);
                Log.infof("Secrets are opened with %s from now on", loaded.opener());
            }
        } catch (IOException | IllegalArgumentException e) {
            // The keys that were read before still open what they opened.
            Log.warn("The keyset's file cannot be read any more; the keys it had are used");
        }
    }

    private static Loaded read(Path file, String provider) throws IOException {
        var changed = Files.getLastModifiedTime(file);
        return new Loaded(Opener.read(provider, file), changed);
    }

    @Override
    public String toString() {
        return loaded == null ? "no keyset" : loaded.opener().toString();
    }
}
