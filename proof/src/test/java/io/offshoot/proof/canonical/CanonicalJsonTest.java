package io.offshoot.proof.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void sortsKeysAndWritesNumbersAndTextAsTheStandardSays() throws Exception {
        // RFC 8785, section 3.2.2 to 3.2.4
        var value = JSON.readTree("""
                {"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                 "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                 "literals": [null, true, false]}""");

        assertThat(new String(CanonicalJson.of(value), UTF_8))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    @Test
    void theOrderOfKeysDoesNotMatterAndAnyOtherDifferenceDoes() throws Exception {
        assertThat(CanonicalJson.sha256(JSON.readTree("{\"a\": 1, \"b\": [2]}")))
                .isEqualTo(CanonicalJson.sha256(JSON.readTree("{\"b\":[2],\"a\":1}")))
                .isNotEqualTo(CanonicalJson.sha256(JSON.readTree("{\"b\":[2],\"a\":\"1\"}")));
    }
}
