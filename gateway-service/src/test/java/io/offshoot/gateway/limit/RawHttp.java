package io.offshoot.gateway.limit;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Sends bytes, and tells what came back. */
final class RawHttp {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");
    private static final int SILENCE_MILLIS = 4_000;

    private RawHttp() {}

    /** @param closed whether the server ended the connection */
    record Answer(String text, boolean closed) {

        /** Of the first answer; 0 if there is none. */
        int status() {
            return statuses().isEmpty() ? 0 : statuses().get(0);
        }

        List<Integer> statuses() {
            return STATUS.matcher(text)
                    .results()
                    .map(match -> Integer.valueOf(match.group(1)))
                    .toList();
        }

        /** Of the first answer; null if it has none. */
        String header(String name) {
            return text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    private static Socket open(String from) throws IOException {
        return new Socket(InetAddress.getByName("127.0.0.1"), RestAssured.port, InetAddress.getByName(from), 0);
    }

    /** @param from the address to call from, of 127.0.0.0/8 */
    static Answer send(String from, String bytes) throws IOException {
        try (var socket =
                new Socket(InetAddress.getByName("127.0.0.1"), RestAssured.port, InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            var text = new ByteArrayOutputStream();
            var closed = true;
            try {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                var buffer = new byte[8_192];
                int read;
                while ((read = socket.getInputStream().read(buffer)) >= 0) {
                    text.write(buffer, 0, read);
                }
            } catch (SocketTimeoutException e) {
                closed = false;
            } catch (SocketException e) {
                // Ended while we were writing, or reset: closed too.
            }
            return new Answer(text.toString(StandardCharsets.ISO_8859_1), closed);
        }
    }
}
