package io.offshoot.localstack.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * The wire between executors and the sandbox, on 127.0.0.1. It passes on one HTTP call after another, so that each can
 * go wrong by itself, as the plan has it for the call's number.
 *
 * <p>No call arrives after its sender may take it for lost: what is not passed on at once, or within {@link #LATENCY},
 * is never passed on.
 */
final class FaultyWire implements AutoCloseable {

    static final Duration LATENCY = Duration.ofMillis(400);

    private final ServerSocket door;
    private final IntSupplier provider;
    private final LongFunction<CallFault> plan;
    private final Duration stall;
    private final AtomicLong calls = new AtomicLong();
    private final Map<CallFault, AtomicLong> counts = new EnumMap<>(CallFault.class);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "wire");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean healed;

    private FaultyWire(ServerSocket door, IntSupplier provider, LongFunction<CallFault> plan, Duration stall) {
        this.door = door;
        this.provider = provider;
        this.plan = plan;
        this.stall = stall;
        for (var fault : CallFault.values()) {
            counts.put(fault, new AtomicLong());
        }
    }

    /**
     * @param provider the port of the sandbox, asked for at each connection
     * @param stall how long a stalled answer is held
     */
    static FaultyWire to(IntSupplier provider, LongFunction<CallFault> plan, Duration stall) throws IOException {
        var wire = new FaultyWire(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), provider, plan, stall);
        wire.threads.execute(wire::accept);
        return wire;
    }

    int port() {
        return door.getLocalPort();
    }

    /** From now on nothing goes wrong. */
    void heal() {
        healed = true;
    }

    long count(CallFault fault) {
        return counts.get(fault).get();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                if (door.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                var server = new Socket()) {
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            var questions = new BufferedInputStream(client.getInputStream());
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.getAsInt()), 2_000);
            var answers = new BufferedInputStream(server.getInputStream());
            try {
                while (pass(client, questions, server, answers)) {
                    // One call after another.
                }
            } finally {
                open.remove(server);
            }
        } catch (IOException e) {
            // Either side has gone.
        } finally {
            open.remove(client);
        }
    }

    /** @return whether the connection can take another call */
    private boolean pass(Socket client, InputStream questions, Socket server, InputStream answers) throws IOException {
        var question = message(questions, false);
        if (question == null) {
            return false;
        }
        var fault = healed ? CallFault.NONE : plan.apply(calls.incrementAndGet());
        counts.get(fault).incrementAndGet();
        if (fault == CallFault.RESET_BEFORE) {
            reset(client);
            return false;
        }
        if (fault == CallFault.LATENCY) {
            hold(LATENCY);
        }
        server.getOutputStream().write(question);
        var answer = message(answers, true);
        if (answer == null) {
            return false;
        }
        switch (fault) {
            case NONE, LATENCY, RESET_BEFORE -> {}
            case STALL -> hold(stall);
            case DROP_ANSWER -> {
                reset(client);
                return false;
            }
            case CUT_BODY -> {
                client.getOutputStream().write(answer, 0, answer.length - Math.max(1, bodyLength(answer) / 2));
                return false;
            }
        }
        client.getOutputStream().write(answer);
        return true;
    }

    private static void reset(Socket socket) throws IOException {
        // Closing without lingering sends a reset.
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void hold(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** A whole request or answer; null if the stream ends before one begins. */
    private static byte[] message(InputStream in, boolean isAnswer) throws IOException {
        var whole = new ByteArrayOutputStream();
        if (!head(in, whole)) {
            return null;
        }
        var head = whole.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (isAnswer && (head.startsWith("http/1.1 204") || head.startsWith("http/1.1 304"))) {
            return whole.toByteArray();
        }
        var length = header(head, "content-length");
        if (length != null) {
            copy(in, whole, Long.parseLong(length));
        } else if ("chunked".equals(header(head, "transfer-encoding"))) {
            chunks(in, whole);
        }
        return whole.toByteArray();
    }

    private static boolean head(InputStream in, ByteArrayOutputStream whole) throws IOException {
        var ended = 0;
        while (ended < 4) {
            var next = in.read();
            if (next < 0) {
                if (whole.size() == 0) {
                    return false;
                }
                throw new EOFException();
            }
            whole.write(next);
            ended = next == (ended % 2 == 0 ? '\r' : '\n') ? ended + 1 : next == '\r' ? 1 : 0;
        }
        return true;
    }

    private static void chunks(InputStream in, ByteArrayOutputStream whole) throws IOException {
        while (true) {
            var line = line(in, whole);
            var size = Long.parseLong(line.split(";")[0].strip(), 16);
            copy(in, whole, size);
            line(in, whole);
            if (size == 0) {
                return;
            }
        }
    }

    private static String line(InputStream in, ByteArrayOutputStream whole) throws IOException {
        var line = new StringBuilder();
        while (true) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            whole.write(next);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
    }

    private static void copy(InputStream in, ByteArrayOutputStream whole, long length) throws IOException {
        var bytes = in.readNBytes(Math.toIntExact(length));
        if (bytes.length < length) {
            throw new EOFException();
        }
        whole.writeBytes(bytes);
    }

    private static String header(String head, String name) {
        for (var line : head.split("\r\n")) {
            if (line.startsWith(name + ":")) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    private static int bodyLength(byte[] message) {
        var text = new String(message, StandardCharsets.ISO_8859_1);
        return message.length - text.indexOf("\r\n\r\n") - 4;
    }
}
