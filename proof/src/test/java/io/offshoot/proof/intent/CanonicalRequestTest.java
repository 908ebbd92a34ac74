package io.offshoot.proof.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalRequestTest {

    @Test
    void leavesOutTheIntentAndTheValuesOfSecrets() {
        var request = CanonicalRequest.of(json("""
                {"workflow": "docs-site", "intent": {"payload": "…"}, "apps": [{"appId": "b"}, {"appId": "a"}],
                 "secrets": {"TOKEN": "s3cret", "SEED": {"generate": 32}}}"""));

        assertThat(request.text()).isEqualTo("""
                {"apps":[{"appId":"b"},{"appId":"a"}],"secrets":{"SEED":{"generate":32},"TOKEN":null},"workflow":"docs-site"}""");
        assertThat(request.apps()).containsExactly("b", "a");
        assertThat(request.secrets()).containsExactly("SEED", "TOKEN");
        assertThat(request.workflow()).isEqualTo("docs-site");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sentinel\"",
                "{\"value\": \"sentinel\"}",
                "[\"sentinel\"]",
                "{\"generate\": 32, \"value\": \"sentinel\"}",
                "{\"generate\": \"sentinel\"}",
                "{\"generate\": {\"x\": \"sentinel\"}}"
            })
    void keepsNothingOfWhateverMayBeASecret(String value) {
        var request = CanonicalRequest.of(json("{\"secrets\": {\"TOKEN\": %s}}".formatted(value)));

        assertThat(request.text()).isEqualTo("{\"secrets\":{\"TOKEN\":null}}");
    }

    @Test
    void keepsNothingOfSecretsThatAreNoObject() {
        assertThat(CanonicalRequest.of(json("{\"secrets\": \"sentinel\"}")).text())
                .isEqualTo("{\"secrets\":null}");
    }

    @Test
    void isTheSameHoweverTheMembersAreOrderedAndSpaced() {
        var one = CanonicalRequest.of(json("{\"b\": 1.0, \"a\": {\"d\": \"ü\", \"c\": []}}"));
        var other = CanonicalRequest.of(json("{\"a\":{\"c\":[],\"d\":\"\\u00fc\"},\"b\":1}"));

        assertThat(one.digest()).isEqualTo(other.digest()).hasSize(64);
    }

    @Test
    void isReadAgainFromItsText() {
        var request = CanonicalRequest.of(json("{\"workflow\": \"docs-site\", \"apps\": [{\"appId\": \"docs\"}]}"));

        var read = CanonicalRequest.read(request.text());

        assertThat(read.digest()).isEqualTo(request.digest());
        assertThat(read.apps()).containsExactly("docs");
    }

    @ParameterizedTest
    @CsvSource({"9007199254740993", "-9007199254740993", "123456789012345678901", "1e400"})
    void refusesNumbersThatAnotherReaderMayReadOtherwise(String number) {
        var request = json("{\"config\": {\"list\": [%s]}}".formatted(number));

        assertThatThrownBy(() -> CanonicalRequest.of(request))
                .isInstanceOfSatisfying(IntentRefusedException.class, refused -> assertThat(refused.flaw())
                        .isEqualTo(IntentFlaw.NOT_CANONICAL));
    }

    @ParameterizedTest
    @CsvSource({"9007199254740992", "0.1", "-0", "1E2"})
    void takesNumbersThatEveryReaderReadsAlike(String number) {
        assertThat(CanonicalRequest.of(json("{\"n\": %s}".formatted(number))).text())
                .startsWith("{\"n\":");
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
