package io.offshoot.gateway.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads what clients send, strictly: nothing twice, nothing unknown, nothing converted, nothing deep. Everything that
 * does not fit ends the request with a problem that points at it and repeats no value.
 */
public final class JsonBody {

    /** No body is larger. */
    public static final int MAX_BYTES = 64 * 1024;

    /** But a provider's webhook, of which we read a few ids. */
    public static final int MAX_BYTES_OF_HOOKS = 1024 * 1024;

    private static final int MAX_DEPTH = 20;

    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(
                    LogicalType.Textual, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private JsonBody() {}

    /** The body as a record. */
    public static <T extends Record> T read(byte[] body, Class<T> type) {
        return as(object(body), type);
    }

    /**
     * A body that may be left out, and with it the content type; so it is looked at here and not by the framework.
     *
     * @param contentType the header; null if there is none
     */
    public static <T extends Record> Optional<T> optional(byte[] body, String contentType, Class<T> type) {
        if (body == null || body.length == 0) {
            return Optional.empty();
        }
        if (contentType == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(mediaType(contentType))) {
            throw new NotSupportedException();
        }
        return Optional.of(read(body, type));
    }

    private static MediaType mediaType(String contentType) {
        try {
            return MediaType.valueOf(contentType);
        } catch (IllegalArgumentException e) {
            throw new NotSupportedException();
        }
    }

    /** The body as a JSON object of any fields. */
    public static ObjectNode object(byte[] body) {
        if (body.length > MAX_BYTES) {
            throw new ProblemException(ProblemType.BODY_TOO_LARGE, ProblemType.BODY_TOO_LARGE.cause());
        }
        JsonNode tree;
        try {
            tree = STRICT.readTree(body);
        } catch (JsonParseException e) {
            throw e.getOriginalMessage().startsWith("Duplicate field")
                    ? invalid(ProblemType.DUPLICATE_KEY, pointer(e), "This field is there twice.")
                    : malformed();
        } catch (IOException e) {
            throw malformed();
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw tree == null || tree.isMissingNode()
                ? malformed()
                : invalid(ProblemType.INVALID_REQUEST, "", "This must be a JSON object.");
    }

    /** A JSON object as a record. */
    public static <T extends Record> T as(ObjectNode object, Class<T> type) {
        try {
            return STRICT.treeToValue(object, type);
        } catch (UnrecognizedPropertyException e) {
            throw invalid(ProblemType.UNKNOWN_FIELD, pointer(e), "This field is not known.");
        } catch (JsonMappingException e) {
            throw invalid(ProblemType.INVALID_REQUEST, pointer(e), "This value is not of the right kind.");
        } catch (IOException e) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return new ProblemException(
                ProblemType.MALFORMED_JSON,
                "The body must be one JSON object, nested at most %d deep.".formatted(MAX_DEPTH));
    }

    private static ProblemException invalid(ProblemType type, String pointer, String detail) {
        return new ProblemException(
                Problem.of(type, type.title() + ".", List.of(new Problem.Invalid(pointer, detail))));
    }

    private static String pointer(JsonParseException e) {
        return e.getProcessor() == null
                ? ""
                : e.getProcessor().getParsingContext().pathAsPointer().toString();
    }

    private static String pointer(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }
}
