package io.offshoot.contracts.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Events from the log, each the whole CloudEvent as it went to the topic.
 *
 * @param cursor where to read on; the same as the one asked with if there was nothing
 */
public record EventPage(List<JsonNode> events, String cursor) {}
