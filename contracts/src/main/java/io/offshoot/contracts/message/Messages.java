package io.offshoot.contracts.message;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.github.f4b6a3.uuid.UuidCreator;
import java.io.IOException;
import java.util.UUID;

/** Writes and reads messages. Readers ignore fields they do not know. Thread-safe. */
public final class Messages {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final ClassValue<ObjectReader> READERS = new ClassValue<>() {

        @Override
        protected ObjectReader computeValue(Class<?> data) {
            return JSON.readerFor(JSON.getTypeFactory().constructParametricType(CloudEvent.class, data));
        }
    };

    private Messages() {}

    /** A new message id: a UUIDv7, so ids sort by the time they were made. */
    public static UUID newId() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /** The mapper all messages are written with. It must not be configured further. */
    public static ObjectMapper json() {
        return JSON;
    }

    /** The message's bytes, as they go to a topic. */
    public static byte[] write(CloudEvent<?> message) {
        try {
            return JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON: " + message.type(), e);
        }
    }

    /**
     * Reads a message that should be of one type.
     *
     * @throws UnreadableMessageException if the bytes are no such message; null bytes too
     */
    public static <T extends Record> CloudEvent<T> read(byte[] bytes, Class<T> data) throws UnreadableMessageException {
        var expected = MessageType.of(data).type();
        JsonNode tree;
        try {
            tree = bytes == null ? null : JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UnreadableMessageException("unreadable", "Not JSON");
        }
        if (tree == null || !tree.isObject()) {
            throw new UnreadableMessageException("unreadable", "Not a JSON object");
        }
        var type = tree.path("type").asText();
        if (!expected.equals(type)) {
            throw new UnreadableMessageException("unknown-type", "Expected the type %s".formatted(expected));
        }
        try {
            return READERS.get(data).readValue(tree);
        } catch (IOException e) {
            throw new UnreadableMessageException("unreadable", "Not a message of the type %s".formatted(expected));
        }
    }
}
