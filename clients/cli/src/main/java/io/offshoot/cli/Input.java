package io.offshoot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files that the command is given, and nothing else. */
final class Input {

    /** Far more than the receipt of a hundred apps. */
    static final int LARGEST = 16 * 1024 * 1024;

    /** The events of a hundred apps that waited for long. */
    static final int LARGEST_LOG = 256 * 1024 * 1024;

    private Input() {}

    /** @throws IllegalArgumentException if it cannot be read, or is larger than that; said in plain words */
    static byte[] bytes(Path file, int most) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new IllegalArgumentException("%s is larger than %d MiB.".formatted(file, most / 1024 / 1024));
            }
            return bytes;
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be read.".formatted(file), e);
        }
    }
}
