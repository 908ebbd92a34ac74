package io.offshoot.localstack.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says to a server exactly these bytes, which no HTTP client would, and reads the one answer. */
final class Wire {

    private static final int PATIENCE_MILLIS = 15_000;
    private static final int LONGEST = 4 << 20;

    /** @param headers by their names in small letters; @param body of a stream of events it is empty */
    record Answer(int status, Map<String, String> headers, String body) {

        static final Answer NONE = new Answer(0, Map.of(), "");

        String mediaType() {
            return headers.getOrDefault("content-type", "")
                    .replaceFirst(";.*", "")
                    .strip();
        }
    }

    private Wire() {}

    /** @return {@link Answer#NONE} if the connection ended without a word */
    static Answer send(int port, byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(request);
            } catch (SocketException e) {
                // It may have answered before it had heard all.
            }
            return read(socket.getInputStream());
        }
    }

    private static Answer read(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        var end = -1;
        try {
            for (int n; bytes.size() < LONGEST && (n = in.read(buffer)) >= 0; ) {
                bytes.write(buffer, 0, n);
                end = end < 0 ? endOfHead(bytes.toByteArray()) : end;
                if (end >= 0 && isOver(bytes, end)) {
                    break;
                }
            }
        } catch (SocketException e) {
            // Closed on what we still had to say; what was read counts.
        } catch (SocketTimeoutException e) {
            throw new IOException("No end of the answer after: " + bytes.toString(StandardCharsets.ISO_8859_1), e);
        }
        if (end < 0) {
            return Answer.NONE;
        }
        var all = bytes.toByteArray();
        var head = head(all, end);
        var body = Arrays.copyOfRange(all, end, all.length);
        return new Answer(status(all), head, isStream(head) ? "" : body(head, body));
    }

    private static int status(byte[] all) {
        var line = new String(all, 0, Math.min(all.length, 32), StandardCharsets.ISO_8859_1);
        return Integer.parseInt(line.substring(9, 12));
    }

    private static boolean isOver(ByteArrayOutputStream bytes, int end) {
        var head = head(bytes.toByteArray(), end);
        var length = head.get("content-length");
        return isStream(head) || length != null && bytes.size() - end >= Integer.parseInt(length);
    }

    private static boolean isStream(Map<String, String> head) {
        return head.getOrDefault("content-type", "").startsWith("text/event-stream");
    }

    private static int endOfHead(byte[] bytes) {
        for (int i = 3; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static Map<String, String> head(byte[] bytes, int end) {
        var headers = new TreeMap<String, String>();
        new String(bytes, 0, end, StandardCharsets.ISO_8859_1).lines().skip(1).forEach(line -> {
            var colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        });
        return headers;
    }

    private static String body(Map<String, String> head, byte[] body) {
        var isChunked = head.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
        return new String(isChunked ? joined(body) : body, StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[] chunked) {
        var joined = new ByteArrayOutputStream();
        for (int at = 0; at < chunked.length; ) {
            var lineEnd = at;
            while (lineEnd < chunked.length && chunked[lineEnd] != '\r') {
                lineEnd++;
            }
            var size = Integer.parseInt(new String(chunked, at, lineEnd - at, StandardCharsets.ISO_8859_1), 16);
            if (size == 0 || lineEnd + 2 + size > chunked.length) {
                break;
            }
            joined.write(chunked, lineEnd + 2, size);
            at = lineEnd + 2 + size + 2;
        }
        return joined.toByteArray();
    }
}
