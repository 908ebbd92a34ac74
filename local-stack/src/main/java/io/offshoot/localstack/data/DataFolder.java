package io.offshoot.localstack.data;

import io.offshoot.localstack.StackException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder that one run at a time keeps everything in. It stays between runs.
 *
 * <pre>
 * version        the layout's version
 * accounts       "sandbox" or "live": whose things the deployments in it refer to
 * lock           held while a run uses the folder
 * secrets.json   the tokens, made once
 * keysets/       what each executor opens secrets with, made once
 * ports.json     the ports, chosen once
 * demo.json      the demo deployment's key and body
 * config/        one file of settings per process
 * logs/          one log per process
 * stack.json     how to reach what runs; only there while it runs
 * kafka/  postgres/  sandbox/
 * </pre>
 */
public final class DataFolder implements AutoCloseable {

    /** Grows when a run can no longer use what an earlier version left. */
    public static final int VERSION = 1;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Opens the folder for this run alone, and makes it when it is missing.
     *
     * @param accounts whose accounts the deployments in it are in; a folder is never used for two
     * @throws StackException if it is another's: another run's, another version's, other accounts', or no folder of
     *     ours at all
     */
    public static DataFolder open(Path folder, String accounts) throws StackException {
        var path = folder.toAbsolutePath().normalize();
        try {
            refuseForeign(path);
            PrivateFiles.directory(path);
            var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StackException(
                        "The data folder %s is in use by another run; stop that one, or choose another folder with --data."
                                .formatted(path));
            }
            var opened = new DataFolder(path, channel, lock);
            try {
                opened.settle(
                        "version",
                        Integer.toString(VERSION),
                        "The data folder %s is of version %s, and this is"
                                + " version %s; remove it, or choose another folder with --data.");
                opened.settle(
                        "accounts",
                        accounts,
                        "The data folder %s holds deployments in %s accounts, and this run is"
                                + " for %s ones; choose another folder with --data.");
            } catch (StackException | IOException e) {
                opened.close();
                throw e;
            }
            return opened;
        } catch (IOException e) {
            throw new StackException("The data folder %s cannot be used: %s".formatted(path, reason(e)), e);
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** A folder within, made when missing. */
    public Path directory(String name) throws IOException {
        return PrivateFiles.directory(path.resolve(name));
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void refuseForeign(Path path) throws IOException, StackException {
        if (!Files.exists(path) || Files.exists(path.resolve("version"))) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw new StackException("%s is not a folder; choose another one with --data.".formatted(path));
        }
        try (var files = Files.list(path)) {
            if (files.anyMatch(file -> !file.getFileName().toString().equals("lock"))) {
                throw new StackException(
                        "The folder %s holds other things; choose an empty or a new one with --data.".formatted(path));
            }
        }
    }

    private void settle(String name, String expected, String refusal) throws IOException, StackException {
        var file = path.resolve(name);
        if (!Files.exists(file)) {
            PrivateFiles.write(file, expected + "\n");
            return;
        }
        var found = Files.readString(file).strip();
        if (!found.equals(expected)) {
            throw new StackException(refusal.formatted(path, found, expected));
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }
}
