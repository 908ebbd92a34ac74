package io.offshoot.proof.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.statement.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

    private final SigningKey key = SigningKey.generate();
    private final SigningKey other = SigningKey.generate();

    @Test
    void signsThePayloadAndItsTypeAsTheProtocolSays() {
        // The protocol's own example.
        var envelope = Envelope.signed("hello world".getBytes(UTF_8), "http://example.com/HelloWorld", key);

        assertThat(new String(envelope.preAuthentication(), UTF_8))
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assertThat(envelope.verifiedBy(List.of(other.verifying(), key.verifying())))
                .containsExactly(key.verifying());
    }

    @Test
    void noticesAChangedPayloadAndAChangedType() {
        var envelope = Envelope.signed("hello".getBytes(UTF_8), Envelope.IN_TOTO, key);

        var otherPayload = new Envelope("aGVsbG8h", envelope.payloadType(), envelope.signatures());
        var otherType = new Envelope(envelope.payload(), "text/plain", envelope.signatures());

        assertThat(otherPayload.verifiedBy(List.of(key.verifying()))).isEmpty();
        assertThat(otherType.verifiedBy(List.of(key.verifying()))).isEmpty();
    }

    @Test
    void believesNoKeyIdAndNoSignatureOfAnother() {
        var envelope = Envelope.signed("hello".getBytes(UTF_8), Envelope.IN_TOTO, other);
        var disguised = new Envelope(
                envelope.payload(),
                envelope.payloadType(),
                List.of(new Envelope.Sig(key.id(), envelope.signatures().get(0).sig()), new Envelope.Sig(null, "?!")));

        assertThat(disguised.verifiedBy(List.of(key.verifying()))).isEmpty();
    }

    @Test
    void bearsTwoSignatures() {
        var envelope =
                Envelope.signed("hello".getBytes(UTF_8), Envelope.IN_TOTO, key).countersigned(other);

        var read = Envelope.read(envelope.toJson());

        assertThat(read).isEqualTo(envelope);
        assertThat(read.verifiedBy(List.of(key.verifying(), other.verifying())))
                .containsExactly(key.verifying(), other.verifying());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"payload\":\"\",\"payloadType\":\"t\"}",
                "{\"payload\":\"\",\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[]}",
                "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[{}]}",
                "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[]} more"
            })
    void readsNothingElse(String text) {
        assertThatThrownBy(() -> Envelope.read(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSameStatementIsAlwaysTheSameBytes() {
        var predicate = JsonNodeFactory.instance.objectNode().put("z", 1).put("a", 2);
        var statement = Statement.of(
                List.of(new Statement.Subject("request", Map.of("sha256", "00"))), "https://example/v1", predicate);

        var read = Statement.read(statement.toJson());

        assertThat(read).isEqualTo(statement);
        assertThat(new String(statement.toJson(), UTF_8)).contains("{\"a\":2,\"z\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"subject\":[{\"digest\":{\"sha256\":\"0\"}}],\"predicateType\":\"p\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],\"predicateType\":\"p\",\"predicate\":{}}",
                "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{}}],\"predicateType\":\"p\",\"predicate\":{}}"
            })
    void noOtherStatementIsRead(String text) {
        assertThatThrownBy(() -> Statement.read(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}
