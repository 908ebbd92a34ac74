package io.offshoot.localstack.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One address for several replicas on 127.0.0.1: each connection goes to the next one that lives. A replica that does
 * not answer for a second counts as dead, whether it is gone or only held, and its connections are closed at once, so
 * that whoever waits on one hears of it and asks again.
 */
final class Balancer implements AutoCloseable {

    private static final int CHECK_MILLIS = 250;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final byte[] QUESTION = "GET /q/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    /** @param managementPort where it says whether it lives */
    record Replica(int port, int managementPort) {}

    private final ServerSocket door;
    private final List<Integer> replicas;
    private final Map<Integer, Boolean> living = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Socket>> connections = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> daemon(work, "balancer"));
    private final ScheduledExecutorService checks;

    private Balancer(ServerSocket door, List<Integer> replicas) {
        this.door = door;
        this.replicas = List.copyOf(replicas);
        this.checks = Executors.newScheduledThreadPool(replicas.size(), work -> daemon(work, "balancer-check"));
        replicas.forEach(port -> connections.put(port, ConcurrentHashMap.newKeySet()));
    }

    static Balancer over(List<Replica> replicas) throws IOException {
        var ports = replicas.stream().map(Replica::port).toList();
        var balancer = new Balancer(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), ports);
        balancer.threads.execute(balancer::accept);
        replicas.forEach(replica -> balancer.checks.scheduleWithFixedDelay(
                () -> balancer.check(replica), 0, CHECK_MILLIS, TimeUnit.MILLISECONDS));
        return balancer;
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() {
        quietly(door::close);
        checks.shutdownNow();
        replicas.forEach(this::drop);
        threads.shutdownNow();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                if (!door.isClosed()) {
                    continue;
                }
                return;
            }
        }
    }

    private void connect(Socket client) {
        for (int port : inTurn()) {
            var server = new Socket();
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
            } catch (IOException e) {
                quietly(server::close);
                continue;
            }
            var open = connections.get(port);
            open.add(client);
            open.add(server);
            threads.execute(() -> copy(port, server, client));
            copy(port, client, server);
            return;
        }
        quietly(client::close);
    }

    /** The living ones first; the others may have come back since they were looked at. */
    private List<Integer> inTurn() {
        var first = Math.floorMod(turn.getAndIncrement(), replicas.size());
        var order = new ArrayList<Integer>();
        for (var wanted : List.of(true, false)) {
            for (int index = 0; index < replicas.size(); index++) {
                var port = replicas.get((first + index) % replicas.size());
                if (living.getOrDefault(port, true).equals(wanted)) {
                    order.add(port);
                }
            }
        }
        return order;
    }

    private void copy(int port, Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side has gone; the other hears of it below.
        } finally {
            quietly(from::close);
            quietly(to::close);
            connections.get(port).remove(from);
            connections.get(port).remove(to);
        }
    }

    private void check(Replica replica) {
        var lives = answers(replica.managementPort());
        living.put(replica.port(), lives);
        if (!lives) {
            drop(replica.port());
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(QUESTION);
            var answer = socket.getInputStream().readNBytes(12);
            return new String(answer, StandardCharsets.US_ASCII).endsWith(" 200");
        } catch (IOException e) {
            return false;
        }
    }

    private void drop(int port) {
        connections.get(port).forEach(socket -> quietly(socket::close));
    }

    private static Thread daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }
}
