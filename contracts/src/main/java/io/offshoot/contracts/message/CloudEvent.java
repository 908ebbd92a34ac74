package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * The envelope of every message: CloudEvents 1.0, structured JSON. The same bytes go to Kafka, to streams and to dead
 * letters.
 *
 * @param specversion always <code>1.0</code>
 * @param id a UUIDv7; equal ids are the same message
 * @param source the service that wrote it, as a URI reference (<code>/gateway</code>)
 * @param type see {@link MessageType}
 * @param subject what it is about: <code>deployment[/app[/step]]</code>
 * @param hubid the hub everything in it belongs to
 * @param correlationid the request that set this going
 * @param causationid the message that directly caused this one; null for the first
 * @param traceparent W3C trace context; null if untraced
 * @param sequence the event's seq as decimal digits; null on other messages
 */
@JsonPropertyOrder({
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "hubid",
    "correlationid",
    "causationid",
    "traceparent",
    "sequence",
    "data"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudEvent<T extends Record>(
        String specversion,
        UUID id,
        String source,
        String type,
        String subject,
        Instant time,
        String datacontenttype,
        String hubid,
        UUID correlationid,
        UUID causationid,
        String traceparent,
        String sequence,
        T data) {

    /** The content type of the whole envelope, the Kafka header <code>content-type</code>. */
    public static final String CONTENT_TYPE = "application/cloudevents+json";

    public CloudEvent {
        if (!"1.0".equals(specversion)) {
            throw new IllegalArgumentException("specversion must be 1.0");
        }
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(hubid, "hubid");
        Objects.requireNonNull(data, "data");
    }

    /** A new message that nothing of ours caused. It correlates with itself. */
    public static <T extends Record> CloudEvent<T> first(
            UUID id, String source, String subject, Instant time, String hub, String traceparent, T data) {
        return new CloudEvent<>(
                "1.0",
                id,
                source,
                MessageType.of(data.getClass()).type(),
                subject,
                time,
                "application/json",
                hub,
                id,
                null,
                traceparent,
                null,
                data);
    }

    /** A message that this one caused: same hub, correlation and trace. */
    public <R extends Record> CloudEvent<R> causing(UUID id, String source, String subject, Instant time, R data) {
        return new CloudEvent<>(
                "1.0",
                id,
                source,
                MessageType.of(data.getClass()).type(),
                subject,
                time,
                "application/json",
                hubid,
                correlationid,
                this.id,
                traceparent,
                null,
                data);
    }
}
