package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SentinelsTest {

    private static final String VALUE = "pl/nted+\"v lue~ö?";

    static Stream<String> hidden() {
        var bytes = VALUE.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                "before" + VALUE + "after",
                base64("" + VALUE),
                base64("a" + VALUE + "b"),
                base64("ab" + VALUE),
                base64("abc" + VALUE + "xy"),
                base64("abcd" + VALUE + "xyz"),
                base64("ab" + VALUE).replace("+", "-").replace("/", "_").replace("=", ""),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes),
                "?a=pl%2Fnted%2B%22v%20lue%7E%C3%B6%3F&b",
                "a=pl%2Fnted%2B%22v+lue%7E%C3%B6%3F",
                "{\"a\":\"pl\\/nted+\\\"v lue~ö?\"}");
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void aValueIsFoundInWhicheverFormItIsWritten(String text) {
        var sentinels = new Sentinels();
        sentinels.plant("it", VALUE);

        sentinels.look("here", text);

        assertThat(sentinels.found()).isNotEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        var sentinels = new Sentinels();
        sentinels.plant("it", VALUE);

        sentinels.look("here", base64("something else") + "planted value");

        assertThat(sentinels.found()).isEmpty();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
