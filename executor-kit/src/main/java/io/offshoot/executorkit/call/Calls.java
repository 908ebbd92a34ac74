package io.offshoot.executorkit.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.lane.Pace;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Makes the calls of a provider's client: reads the answer as it comes in and no further than its bound, and turns all
 * that can go wrong into a {@link ProviderException}. Nothing is repeated here: that is the orchestrator's to decide.
 *
 * <p>What was sent and not answered is UNCERTAIN for a write. A call that never got through is RETRYABLE.
 */
public final class Calls {

    /** No answer that we ask for is longer. */
    static final int LONGEST_ANSWER = 1024 * 1024;

    private final String provider;
    private final ObjectMapper json;
    private final Duration timeout;
    private final Refusals refusals;
    private final Pace pace;
    private final Runnable beforeWrite;
    private final String resource;

    /**
     * @param provider its name as people know it
     * @param timeout how long an answer may take to come in
     */
    public Calls(String provider, ObjectMapper json, Duration timeout, Refusals refusals) {
        this(provider, json, timeout, refusals, null, () -> {}, Pace.ALL);
    }

    private Calls(
            String provider,
            ObjectMapper json,
            Duration timeout,
            Refusals refusals,
            Pace pace,
            Runnable beforeWrite,
            String resource) {
        this.provider = provider;
        this.json = json;
        this.timeout = timeout;
        this.refusals = refusals;
        this.pace = pace;
        this.beforeWrite = beforeWrite;
        this.resource = resource;
    }

    /**
     * The calls of one attempt with a credential, at the credential's pace.
     *
     * @param beforeWrite looks at the attempt's lease again where a write had to wait for its time
     */
    public Calls at(Pace credential, Runnable beforeWrite) {
        return new Calls(provider, json, timeout, refusals, credential, beforeWrite, resource);
    }

    /** The calls of one kind that the provider limits by themselves. */
    public Calls of(String limited) {
        return new Calls(provider, json, timeout, refusals, pace, beforeWrite, limited);
    }

    /** A call that changes nothing. */
    public <T> T read(Class<T> answer, Supplier<Response> call) {
        begin(false);
        return make(answer, false, call);
    }

    /** A call that may change something. */
    public <T> T write(Class<T> answer, Supplier<Response> call) {
        begin(true);
        Failpoint.EXECUTOR_BEFORE_PROVIDER_WRITE.reached();
        var made = make(answer, true, call);
        Failpoint.EXECUTOR_AFTER_PROVIDER_WRITE.reached();
        return made;
    }

    /**
     * A call that may change something and is answered by its status alone.
     *
     * @return the status: one of success
     */
    public int write(Supplier<Response> call) {
        begin(true);
        Failpoint.EXECUTOR_BEFORE_PROVIDER_WRITE.reached();
        var status = make(true, call, (answered, nothing) -> answered);
        Failpoint.EXECUTOR_AFTER_PROVIDER_WRITE.reached();
        return status;
    }

    private void begin(boolean write) {
        if (pace != null && pace.begin(resource, write)) {
            beforeWrite.run();
        }
    }

    private <T> T make(Class<T> type, boolean write, Supplier<Response> call) {
        return make(write, call, (status, bytes) -> strictly(type, bytes, write));
    }

    private <T> T make(boolean write, Supplier<Response> call, BiFunction<Integer, byte[], T> reading) {
        try (Response response = call.get()) {
            var bytes = body(response);
            var status = response.getStatus();
            var isRefused = status < 200 || status > 299;
            var answer = new Answer(
                    status, response::getHeaderString, isRefused ? tolerantly(bytes) : MissingNode.getInstance());
            if (pace != null) {
                pace.learn(resource, answer);
            }
            if (isRefused) {
                throw rested(refusals.of(answer, write));
            }
            return reading.apply(status, bytes);
        } catch (ProcessingException e) {
            throw lost(e, write);
        } catch (IOException e) {
            throw noAnswer(write);
        } finally {
            if (pace != null && write) {
                pace.wrote();
            }
        }
    }

    /** From now on no such call begins until the pause is over. */
    private ProviderException rested(ProviderException refusal) {
        if (pace == null || refusal.kind() != FailureClass.THROTTLED) {
            return refusal;
        }
        var pause = refusal.failure().retryAfterMs();
        pace.throttled(resource, pause);
        return resource.equals(Pace.ALL)
                ? refusal
                : new ProviderException(
                        FailureClass.THROTTLED,
                        Failure.ENDPOINT_LIMITED,
                        refusal.getMessage(),
                        pause == null ? null : Duration.ofMillis(pause));
    }

    /** @return null if it is longer than its bound */
    private byte[] body(Response response) throws IOException {
        if (!(response.getEntity() instanceof InputStream stream)) {
            return new byte[0];
        }
        var deadline = System.nanoTime() + timeout.toNanos();
        var bytes = new ByteArrayOutputStream();
        var chunk = new byte[8192];
        for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
            bytes.write(chunk, 0, read);
            if (bytes.size() > LONGEST_ANSWER) {
                return null;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("The answer takes too long");
            }
        }
        return bytes.toByteArray();
    }

    private JsonNode tolerantly(byte[] bytes) {
        try {
            var body = bytes == null ? null : json.readTree(bytes);
            return body == null ? MissingNode.getInstance() : body;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private <T> T strictly(Class<T> type, byte[] bytes, boolean write) {
        if (bytes == null) {
            throw unusable("longer than we read", write);
        }
        try {
            var value = json.readValue(bytes, type);
            if (value == null) {
                throw unusable("empty", write);
            }
            return value;
        } catch (IOException e) {
            throw unusable("not of the documented form", write);
        }
    }

    /** What a write did is done, whatever the answer looks like: it must be looked for. */
    private ProviderException unusable(String how, boolean write) {
        return new ProviderException(
                write ? FailureClass.UNCERTAIN : FailureClass.REFUSED,
                "provider-answer-unusable",
                "%s gave an answer that is %s.".formatted(provider, how));
    }

    private ProviderException lost(ProcessingException e, boolean write) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException) {
                return new ProviderException(
                        FailureClass.RETRYABLE, "provider-unreachable", "%s cannot be reached.".formatted(provider));
            }
        }
        return noAnswer(write);
    }

    private ProviderException noAnswer(boolean write) {
        return new ProviderException(
                write ? FailureClass.UNCERTAIN : FailureClass.RETRYABLE,
                "no-answer",
                "%s did not answer the call.".formatted(provider));
    }
}
