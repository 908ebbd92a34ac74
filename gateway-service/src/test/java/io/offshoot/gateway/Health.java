package io.offshoot.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the gateway says of itself, on the port that is for that. */
public final class Health {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Health() {}

    public static int ready() {
        return status("ready");
    }

    static int live() {
        return status("live");
    }

    private static int status(String question) {
        return ask(question).statusCode();
    }

    static HttpResponse<String> ask(String question) {
        var management = ConfigProvider.getConfig().getValue("test.management.url", String.class);
        var request = HttpRequest.newBuilder(URI.create(management + "/health/" + question))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
