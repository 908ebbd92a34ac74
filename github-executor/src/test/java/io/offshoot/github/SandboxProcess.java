package io.offshoot.github;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The provider sandbox as a process of its own, run from its compiled classes. It ends with this object, or this JVM. */
public final class SandboxProcess implements AutoCloseable {

    private static final Path CLASSES = Path.of("..", "provider-sandbox", "target", "classes");
    private static final Path TEST_CLASSES = CLASSES.resolveSibling("test-classes");

    private final Process process;
    private final URI github;

    private SandboxProcess(Process process, URI github) {
        this.process = process;
        this.github = github;
    }

    public static SandboxProcess start(String organization, String token) throws IOException {
        if (!Files.isDirectory(TEST_CLASSES)) {
            throw new IllegalStateException("provider-sandbox is not compiled: build with -am");
        }
        var classPath = String.join(
                File.pathSeparator, CLASSES.toString(), TEST_CLASSES.toString(), System.getProperty("java.class.path"));
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        "io.offshoot.sandbox.front.StandaloneSandbox",
                        organization,
                        token)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var port =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (port == null) {
            throw new IllegalStateException("The sandbox did not start");
        }
        return new SandboxProcess(process, URI.create("http://127.0.0.1:" + port + "/github"));
    }

    /** The base of GitHub's API. */
    public URI github() {
        return github;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
