package io.offshoot.vercel;

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

    /** The team that it has, and the token for it. */
    public static final String TEAM = "team_example";

    public static final String TOKEN = "vercel-token";

    private static final Path CLASSES = Path.of("..", "provider-sandbox", "target", "classes");
    private static final Path TEST_CLASSES = CLASSES.resolveSibling("test-classes");

    private final Process process;
    private final URI vercel;

    private SandboxProcess(Process process, URI vercel) {
        this.process = process;
        this.vercel = vercel;
    }

    public static SandboxProcess start() throws IOException {
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
                        "example-hub",
                        "github-token")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var port =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (port == null) {
            throw new IllegalStateException("The sandbox did not start");
        }
        return new SandboxProcess(process, URI.create("http://127.0.0.1:" + port + "/vercel"));
    }

    /** The base of Vercel's API. */
    public URI vercel() {
        return vercel;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
