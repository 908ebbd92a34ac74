package io.offshoot.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The API as a client calls it, over connections that stay open. Each call holds its thread: nothing but the wire
 * stands between the call and the clock. Thread-safe.
 */
final class Gateway {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE = 60_000;
    private static final byte[] DEPLOYMENT =
            "{\"workflow\": \"no-op\", \"config\": {}, \"apps\": [{\"appId\": \"app\", \"input\": {}}]}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = {};

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final URI address;
    private final String authorization;
    private final AtomicInteger turnedAway = new AtomicInteger();

    Gateway(URI address, String token) {
        this.address = address;
        this.authorization = "Bearer " + token;
    }

    /** How often a call was answered with 503: repeat. */
    int turnedAway() {
        return turnedAway.get();
    }

    /** Makes a deployment. @return its id */
    String create() throws IOException {
        return JSON.readTree(patiently(() -> post("/api/v1/deployments", DEPLOYMENT, 201)))
                .path("id")
                .asText();
    }

    /** Has it run. */
    void run(String deployment) throws IOException {
        patiently(() -> post("/api/v1/deployments/" + deployment + "/run", NOTHING, 202));
    }

    /** Polls an action once. */
    void poll(String deployment, String action) throws IOException {
        patiently(() -> read(call("/api/v1/deployments/" + deployment + "/apps/app/actions/" + action), 200));
    }

    /** Events as they come, of one deployment or, for null, of the hub. */
    Events events(String deployment) throws IOException {
        return patiently(() -> {
            var call = call(deployment == null ? "/api/v1/events" : "/api/v1/deployments/" + deployment + "/events");
            call.setRequestProperty("Accept", "text/event-stream");
            if (call.getResponseCode() != 200) {
                throw refused(call);
            }
            return new Events(call);
        });
    }

    private interface Call<T> {
        T make() throws IOException;
    }

    /** 503 says that nothing is confirmed, and to repeat: so the time until it is counts. */
    private <T> T patiently(Call<T> call) throws IOException {
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
        while (true) {
            try {
                return call.make();
            } catch (BusyException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                turnedAway.incrementAndGet();
                LockSupport.parkNanos(PAUSE);
            }
        }
    }

    /** A stream that is being read. */
    static final class Events implements AutoCloseable {

        private static final String DATA = "data:";

        private final HttpURLConnection call;
        private final BufferedReader lines;

        private Events(HttpURLConnection call) throws IOException {
            this.call = call;
            this.lines = new BufferedReader(new InputStreamReader(call.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next transition's CloudEvent; returns when it is there. */
        JsonNode next() throws IOException {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(DATA)) {
                    return JSON.readTree(line.substring(DATA.length()));
                }
            }
            throw new IOException("The stream ended");
        }

        @Override
        public void close() {
            call.disconnect();
        }
    }

    private byte[] post(String path, byte[] body, int expected) throws IOException {
        var call = call(path);
        call.setRequestMethod("POST");
        call.setDoOutput(true);
        call.setRequestProperty("Content-Type", "application/json");
        call.setFixedLengthStreamingMode(body.length);
        try (var out = call.getOutputStream()) {
            out.write(body);
        }
        return read(call, expected);
    }

    private HttpURLConnection call(String path) throws IOException {
        var call = (HttpURLConnection) address.resolve(path).toURL().openConnection();
        call.setConnectTimeout(PATIENCE);
        call.setReadTimeout(PATIENCE);
        call.setRequestProperty("Authorization", authorization);
        return call;
    }

    private static byte[] read(HttpURLConnection call, int expected) throws IOException {
        if (call.getResponseCode() != expected) {
            throw refused(call);
        }
        try (var in = call.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static final class BusyException extends IOException {

        private static final long serialVersionUID = 1L;

        private BusyException(String message) {
            super(message);
        }
    }

    private static IOException refused(HttpURLConnection call) throws IOException {
        try (var in = call.getErrorStream()) {
            var said = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (call.getResponseCode() == HttpURLConnection.HTTP_UNAVAILABLE) {
                return new BusyException("The gateway is too busy: " + said);
            }
            return new IOException("%s %s answered %d: %s"
                    .formatted(call.getRequestMethod(), call.getURL().getPath(), call.getResponseCode(), said));
        }
    }
}
