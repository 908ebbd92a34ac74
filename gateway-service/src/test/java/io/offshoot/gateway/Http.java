package io.offshoot.gateway;

import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** The calls that the usual test client cannot make: bodies of unsaid length, and answers that take their time. */
public final class Http {

    public static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    public static HttpRequest.Builder to(String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Authorization", "Bearer " + token);
    }

    /** Posts JSON in chunks. */
    static HttpResponse<String> post(String path, String token, String body) throws IOException, InterruptedException {
        var chunks = HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        return CLIENT.send(
                to(path, token)
                        .header("Content-Type", "application/json")
                        .POST(chunks)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
