package io.offshoot.executorkit.process;

import io.offshoot.executorkit.secret.Keyset;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Reads the keyset when the process starts: one that cannot be read ends the start. */
class KeysetFile {

    @Produces
    @Singleton
    Keyset keyset(ExecutorConfig config) throws IOException {
        var file = config.sealing().keyset();
        if (file.isEmpty()) {
            return Keyset.none();
        }
        try {
            return Keyset.in(file.get(), config.provider());
        } catch (IOException e) {
            throw new IOException("The file of offshoot.executor.sealing.keyset cannot be read");
        }
    }
}
