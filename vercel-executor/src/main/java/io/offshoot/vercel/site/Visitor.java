package io.offshoot.vercel.site;

import io.offshoot.executorkit.process.ExecutorConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens pages as a stranger would: without a credential, for as long as a call may take, no further than the first
 * megabyte, and following redirects only on the same host.
 */
@Singleton
public class Visitor {

    /** @param text the page, or its beginning */
    public record Page(int status, String text) {}

    private static final int LONGEST_PAGE = 1024 * 1024;
    private static final int MOST_REDIRECTS = 3;

    private final Duration timeout;
    private final HttpClient client;

    @Inject
    Visitor(ExecutorConfig config) {
        this(config.callTimeout());
    }

    Visitor(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** A page; empty if there was none, whatever the reason. */
    public Optional<Page> open(URI address) {
        var deadline = System.nanoTime() + timeout.toNanos();
        var at = address;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var answer = answer(at, deadline - System.nanoTime());
            if (answer.isEmpty() || answer.get().location() == null) {
                return answer.map(Answer::page);
            }
            var next = at.resolve(answer.get().location());
            if (!sameHost(address, next)) {
                return answer.map(Answer::page);
            }
            at = next;
        }
        return Optional.empty();
    }

    private record Answer(Page page, URI location) {}

    private Optional<Answer> answer(URI address, long nanos) {
        CompletableFuture<HttpResponse<InputStream>> coming = client.sendAsync(
                HttpRequest.newBuilder(address).header("User-Agent", "offshoot").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        var read = coming.thenApplyAsync(Visitor::read);
        try {
            return Optional.of(read.get(Math.max(1, nanos), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            // What still drips in after the time is up is not waited for.
            coming.thenAccept(Visitor::close);
            coming.cancel(true);
        }
    }

    private static Answer read(HttpResponse<InputStream> response) {
        try {
            var bytes = response.body().readNBytes(LONGEST_PAGE);
            var location = response.statusCode() / 100 == 3
                    ? response.headers()
                            .firstValue("Location")
                            .map(Visitor::uri)
                            .orElse(null)
                    : null;
            return new Answer(new Page(response.statusCode(), new String(bytes, StandardCharsets.UTF_8)), location);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static void close(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException alreadyClosed) {
            // Nothing is lost: it is not read any more.
        }
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean sameHost(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getAuthority().equals(other.getAuthority());
    }
}
