package io.offshoot.gateway.webhook;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/**
 * Posts a delivery to the very address that was checked: TLS is verified for the name, no redirect is followed, and
 * whatever a receiver does, the try is over in time. Of the answer its status counts and nothing is kept.
 */
@Singleton
@Typed(Poster.class)
class Poster {

    /** More of an answer is not read. */
    static final int MAX_ANSWER = 16 * 1024;

    /**
     * What became of a try.
     *
     * @param status null if there was no answer
     * @param failure why it does not count as delivered; null if it does
     */
    record Result(Integer status, String failure) {

        static Result failed(String why) {
            return new Result(null, why);
        }

        boolean isDelivered() {
            return failure == null;
        }
    }

    /** The sender has fewer under way; this only must not be in its way. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration within;

    @Inject
    Poster(Vertx vertx, WebhooksConfig config) {
        this(vertx, new HttpClientOptions(), config.within());
    }

    Poster(Vertx vertx, HttpClientOptions options, Duration within) {
        this.vertx = vertx;
        this.within = within;
        // Every try has a connection of its own: none is left open to an address that was checked long ago.
        client = vertx.createHttpClient(options.setKeepAlive(false)
                .setVerifyHost(true)
                .setMaxPoolSize(MOST_AT_ONCE)
                .setMaxRedirects(0)
                .setDecompressionSupported(false)
                .setConnectTimeout((int) within.toMillis()));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /** Never fails: what goes wrong is a result. */
    CompletionStage<Result> post(Receivers.Target target, Map<String, String> headers, byte[] body) {
        var done = Promise.<Result>promise();
        var url = target.url();
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(
                        url.port(), target.address().getHostAddress()))
                .setHost(url.host())
                .setPort(url.port())
                .setSsl(url.tls())
                .setURI(url.path())
                .setFollowRedirects(false);
        headers.forEach(options::putHeader);
        options.putHeader("Host", url.authority());
        var open = new HttpClientRequest[1];
        var timer = vertx.setTimer(within.toMillis(), late -> {
            done.tryFail(new TimeoutException());
            if (open[0] != null) {
                open[0].connection().close();
            }
        });
        client.request(options)
                .compose(request -> {
                    open[0] = request;
                    if (done.future().isComplete()) {
                        request.connection().close();
                    }
                    return request.send(Buffer.buffer(body));
                })
                .onSuccess(answer -> read(answer, done))
                .onFailure(done::tryFail);
        return done.future()
                .onComplete(over -> vertx.cancelTimer(timer))
                .otherwise(failure -> Result.failed(reason(failure)))
                .toCompletionStage();
    }

    private static void read(HttpClientResponse answer, Promise<Result> done) {
        var result = result(answer.statusCode());
        var read = new AtomicInteger();
        answer.handler(part -> {
                    if (read.addAndGet(part.length()) > MAX_ANSWER && done.tryComplete(result)) {
                        answer.request().connection().close();
                    }
                })
                .endHandler(end -> done.tryComplete(result))
                .exceptionHandler(done::tryFail);
    }

    private static Result result(int status) {
        if (status >= 200 && status < 300) {
            return new Result(status, null);
        }
        return new Result(status, status >= 300 && status < 400 ? "redirect" : "status");
    }

    private static String reason(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "tls";
            }
            if (cause instanceof TimeoutException) {
                return "timeout";
            }
        }
        return "connection";
    }
}
