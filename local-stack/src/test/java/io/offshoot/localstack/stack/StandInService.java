package io.offshoot.localstack.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Takes a service's place where only the launcher is tested: it says that it is ready. */
final class StandInService {

    private StandInService() {}

    public static void main(String[] args) throws IOException {
        var port = Integer.parseInt(System.getenv("QUARKUS_MANAGEMENT_PORT"));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("listening");
    }

    /** A project's folder in which every service is a stand-in, and the launcher is the real one. */
    static Path projectIn(Path folder) throws IOException {
        for (var service : Service.values()) {
            writeJar(service.jar(folder));
        }
        var launcher = folder.resolve("local-stack/target/local-stack.jar");
        Files.createDirectories(launcher.getParent());
        var manifest = manifest();
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Path.of("target/local-stack.jar").toUri().toString());
        try (var file = Files.newOutputStream(launcher)) {
            new JarOutputStream(file, manifest).close();
        }
        return folder;
    }

    private static void writeJar(Path jar) throws IOException {
        var manifest = manifest();
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInService.class.getName());
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                var entries = new JarOutputStream(file, manifest)) {
            var entry = StandInService.class.getName().replace('.', '/') + ".class";
            entries.putNextEntry(new JarEntry(entry));
            entries.write(Files.readAllBytes(Path.of("target/test-classes", entry)));
            entries.closeEntry();
        }
    }

    private static Manifest manifest() {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }
}
