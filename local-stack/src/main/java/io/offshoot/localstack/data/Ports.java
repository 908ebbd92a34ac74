package io.offshoot.localstack.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.localstack.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The folder's ports on 127.0.0.1, chosen once and kept as long as nobody else takes them. */
public final class Ports {

    private static final ObjectMapper JSON = new ObjectMapper();

    // Below the range from which systems take the ports of outgoing connections: what is kept stays free.
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    /** Processes that start at the same time look in different blocks: what is free for both, both would take. */
    private static final int BLOCK = 500;

    private final Path file;
    private final ObjectNode kept;
    private final Set<Integer> given = new HashSet<>();

    private Ports(Path file, ObjectNode kept) {
        this.file = file;
        this.kept = kept;
    }

    public static Ports in(DataFolder folder) throws IOException {
        var file = folder.resolve("ports.json");
        var kept = Files.exists(file) ? JSON.readTree(Files.readString(file)) : JSON.createObjectNode();
        return new Ports(file, kept instanceof ObjectNode object ? object : JSON.createObjectNode());
    }

    /** The port kept under that name; 0 if there is none yet. */
    public synchronized int kept(String name) {
        return kept.path(name).asInt(0);
    }

    /** A free port: the one kept under that name if it still is, else a new one, which is kept from now on. */
    public synchronized int free(String name) throws IOException {
        var port = kept(name);
        return port != 0 && !given.contains(port) && isFree(port) ? give(name, port) : give(name, another());
    }

    /**
     * The port kept under that name, which addresses given out earlier contain.
     *
     * @throws StackException if somebody else has taken it
     */
    public synchronized int same(String name, String what) throws IOException, StackException {
        var port = kept(name);
        if (port == 0) {
            return free(name);
        }
        if (!isFree(port)) {
            throw new StackException(
                    "Port %d, which this data folder's %s is reached on, is in use by another program; stop that program, or choose another folder with --data."
                            .formatted(port, what));
        }
        return give(name, port);
    }

    /** Whether nobody listens on the port. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int give(String name, int port) throws IOException {
        given.add(port);
        if (kept(name) != port) {
            kept.put(name, port);
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(kept) + "\n");
        }
        return port;
    }

    private int another() throws IOException {
        var keptPorts = new HashSet<Integer>();
        kept.forEach(port -> keptPorts.add(port.asInt()));
        var lowest = LOWEST + (int) (ProcessHandle.current().pid() % ((HIGHEST - LOWEST) / BLOCK)) * BLOCK;
        for (int tries = 0; tries < 1_000; tries++) {
            var port = ThreadLocalRandom.current().nextInt(lowest, lowest + BLOCK);
            if (!given.contains(port) && !keptPorts.contains(port) && isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port on 127.0.0.1");
    }
}
