package io.offshoot.sandbox.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packages in which the vendors describe their APIs, installed once a build under {@code target}. */
final class Npm {

    private static final Path SOURCE = Path.of("src/test/npm");
    private static final Path TARGET = Path.of("target/npm");

    private Npm() {}

    /** The directory with {@code node_modules} and the scripts. */
    static synchronized Path directory() {
        try {
            Path installed = TARGET.resolve("node_modules/installed");
            String lock = Files.readString(SOURCE.resolve("package-lock.json"));
            boolean same =
                    Files.exists(installed) && Files.readString(installed).equals(lock);
            Files.createDirectories(TARGET);
            try (var files = Files.list(SOURCE)) {
                for (Path file : files.toList()) {
                    Files.copy(file, TARGET.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            if (!same) {
                requireNode();
                Process npm = start("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
                finish("npm ci", npm);
                Files.writeString(installed, lock);
            }
            return TARGET.toAbsolutePath();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void requireNode() {
        String version = finish("node", start("node", "--version")).strip();
        if (Integer.parseInt(version.replaceAll("^v(\\d+).*", "$1")) < 20) {
            throw new AssertionError("These tests need Node 20 or newer, not " + version + ". See CONTRIBUTING.md.");
        }
    }

    /** Runs one of the scripts to its end and returns what it printed. */
    static String run(String script, String... arguments) {
        directory();
        var command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return finish(script, start(command.toArray(String[]::new)));
    }

    /** Starts a program there, its errors shown with its output. */
    static Process start(String... command) {
        try {
            return new ProcessBuilder(command)
                    .directory(TARGET.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException missing) {
            throw new AssertionError(
                    "These tests need Node 20 or newer, and `" + command[0] + "` was not found. See CONTRIBUTING.md.");
        }
    }

    private static String finish(String what, Process process) {
        try {
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(what + " failed:\n" + output);
            }
            return output;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(what + " was interrupted", interrupted);
        }
    }
}
