package io.offshoot.gateway.page;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** A plain page without script, light or dark as the reader's device is. */
public final class Page {

    private static final String FRAME = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%s</title>
            <link rel="stylesheet" href="/static/plain.css">
            </head>
            <body>
            <main>
            <h1>%s</h1>
            %s
            </main>
            </body>
            </html>
            """;

    private Page() {}

    /** @param body HTML; nothing in it may come from a request */
    public static Response of(String title, String body) {
        return of(200, title, body);
    }

    /** The same, of something that is not as the reader hoped. */
    public static Response of(int status, String title, String body) {
        return Response.status(status)
                .entity(FRAME.formatted(title, title, body))
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }
}
