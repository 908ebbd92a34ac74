package io.offshoot.gateway;

import io.offshoot.backends.FreePorts;
import io.offshoot.backends.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Gives a test a broker's address; the test says when there is a broker. */
public final class KafkaThatStops implements QuarkusTestResourceLifecycleManager {

    private static Path directory;
    private static int port;
    private static int controllerPort;
    private static KafkaBroker broker;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("kafka");
            port = FreePorts.next();
            controllerPort = FreePorts.next();
            return Map.of("kafka.bootstrap.servers", "127.0.0.1:" + port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void startBroker() throws IOException {
        broker = KafkaBroker.start(directory, port, controllerPort);
    }

    static void stopBroker() {
        broker.close();
        broker = null;
    }

    @Override
    public void stop() {
        if (broker != null) {
            stopBroker();
        }
    }
}
