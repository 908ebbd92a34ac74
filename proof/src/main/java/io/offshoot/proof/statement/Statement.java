package io.offshoot.proof.statement;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.canonical.CanonicalJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An in-toto Statement v1: something said of subjects that are named by their digests
 * (<a href="https://github.com/in-toto/attestation/blob/v1.1.0/spec/v1/statement.md">specification</a>).
 */
@JsonPropertyOrder({"_type", "subject", "predicateType", "predicate"})
public record Statement(
        @JsonProperty("_type") String type,
        @JsonProperty("subject") List<Subject> subject,
        @JsonProperty("predicateType") String predicateType,
        @JsonProperty("predicate") ObjectNode predicate) {

    public static final String TYPE = "https://in-toto.io/Statement/v1";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @param digest algorithm to digest, in lower-case hexadecimal; at least one */
    public record Subject(
            @JsonProperty("name") String name,
            @JsonProperty("digest") Map<String, String> digest) {

        public Subject {
            digest = Map.copyOf(digest);
            if (digest.isEmpty()) {
                throw new IllegalArgumentException("A subject has at least one digest");
            }
        }
    }

    public Statement {
        if (!TYPE.equals(type)) {
            throw new IllegalArgumentException("Not an in-toto Statement v1");
        }
        subject = List.copyOf(subject);
        if (subject.isEmpty()) {
            throw new IllegalArgumentException("A statement has at least one subject");
        }
        Objects.requireNonNull(predicateType, "predicateType");
        Objects.requireNonNull(predicate, "predicate");
    }

    public static Statement of(List<Subject> subjects, String predicateType, ObjectNode predicate) {
        return new Statement(TYPE, subjects, predicateType, predicate);
    }

    /** @throws IllegalArgumentException if it is no statement; nothing of it is in the message */
    public static Statement read(byte[] json) {
        try {
            var statement = JSON.readValue(json, Statement.class);
            if (statement == null) {
                throw new IllegalArgumentException("There is no statement");
            }
            return statement;
        } catch (IOException e) {
            throw new IllegalArgumentException("This is no in-toto Statement v1");
        }
    }

    /** In canonical form, so that the same statement is always the same bytes. */
    public byte[] toJson() {
        return CanonicalJson.of(JSON.valueToTree(this));
    }
}
