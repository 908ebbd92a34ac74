package io.offshoot.gateway.stream;

import io.offshoot.gateway.Http;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Reads server-sent events until closed. */
public final class StreamReader implements AutoCloseable {

    /** Fields that were not sent are null. */
    record Event(String id, String name, String data) {}

    private final HttpResponse<Stream<String>> response;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final List<String> retries = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;

    private StreamReader(HttpResponse<Stream<String>> response) {
        this.response = response;
        end = CompletableFuture.runAsync(this::read);
    }

    public static StreamReader open(String path, String token, String... headers)
            throws IOException, InterruptedException {
        var request = Http.to(path, token).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new StreamReader(Http.CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
    }

    public int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    List<Event> events() {
        return events;
    }

    List<String> ids() {
        return events.stream().map(Event::id).toList();
    }

    public List<String> comments() {
        return comments;
    }

    /** After how many milliseconds one should come back, as often as it was said. */
    List<String> retries() {
        return retries;
    }

    /** Done when the stream has ended. */
    public CompletableFuture<Void> end() {
        return end;
    }

    @Override
    public void close() {
        response.body().close();
    }

    private void read() {
        var fields = new String[3];
        response.body().forEach(line -> {
            if (line.startsWith(":")) {
                comments.add(line.substring(1).strip());
            } else if (line.startsWith("retry:")) {
                retries.add(line.substring(6).strip());
            } else if (line.startsWith("id:")) {
                fields[0] = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                fields[1] = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                fields[2] = line.substring(5).strip();
            } else if (line.isEmpty() && (fields[0] != null || fields[2] != null)) {
                events.add(new Event(fields[0], fields[1], fields[2]));
                fields[0] = null;
                fields[1] = null;
                fields[2] = null;
            }
        });
    }
}
