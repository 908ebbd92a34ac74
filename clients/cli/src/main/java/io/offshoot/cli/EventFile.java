package io.offshoot.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The events of a deployment in a file: the stream as it was saved, one event a line, or a JSON array. */
final class EventFile {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String DATA = "data:";

    private EventFile() {}

    /** @throws IllegalArgumentException if it is none of these */
    static List<JsonNode> read(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8).strip();
        try {
            if (text.startsWith("[") || text.startsWith("{\"events\"")) {
                var whole = JSON.readTree(text);
                return list(whole.isArray() ? whole : whole.path("events"));
            }
            var events = new ArrayList<JsonNode>();
            for (String line : text.split("\r?\n")) {
                if (line.startsWith(DATA)) {
                    events.add(JSON.readTree(line.substring(DATA.length())));
                } else if (line.startsWith("{")) {
                    events.add(JSON.readTree(line));
                }
            }
            if (events.isEmpty()) {
                throw new IllegalArgumentException("There is no event in the file of events.");
            }
            return events;
        } catch (IOException e) {
            throw new IllegalArgumentException("The file of events cannot be understood.");
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        var events = new ArrayList<JsonNode>();
        array.forEach(events::add);
        return events;
    }
}
