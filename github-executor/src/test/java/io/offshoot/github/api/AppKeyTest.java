package io.offshoot.github.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.github.AppKeys;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppKeyTest {

    private static final AppKeys KEYS = AppKeys.generate();
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    static Stream<String> waysToWriteIt() {
        return Stream.of(KEYS.pkcs8(), KEYS.pkcs1(), KEYS.pkcs1().replace("\n", "\\n"), "\n" + KEYS.pkcs1());
    }

    @ParameterizedTest
    @MethodSource("waysToWriteIt")
    void whatTheKeySignsIsKnownByItsPublicHalf(String pem) throws Exception {
        var parts = AppKey.parse(pem).sign("Iv1.app", NOW).split("\\.");

        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KEYS.pair().getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    @Test
    void aTokenBeganAMinuteAgoAndEndsWithinTenMinutes() throws Exception {
        var parts = AppKey.parse(KEYS.pkcs1()).sign("Iv1.app", NOW).split("\\.");

        assertThat(json(parts[0]).path("alg").asText()).isEqualTo("RS256");
        var claims = json(parts[1]);
        assertThat(claims.path("iss").asText()).isEqualTo("Iv1.app");
        assertThat(claims.path("iat").asLong()).isEqualTo(NOW.getEpochSecond() - 60);
        assertThat(claims.path("exp").asLong()).isBetween(NOW.getEpochSecond() + 60, NOW.getEpochSecond() + 600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "planted",
                "-----BEGIN RSA PRIVATE KEY-----\nplanted\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\np!anted\n-----END PRIVATE KEY-----"
            })
    void whatIsNoKeyIsRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> AppKey.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("planted")
                .hasNoCause();
    }

    private static JsonNode json(String part) throws Exception {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }
}
