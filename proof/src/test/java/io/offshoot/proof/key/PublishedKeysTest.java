package io.offshoot.proof.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedKeysTest {

    private static final VerifyingKey KEY = SigningKey.ofSeed(new byte[32]).verifying();
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

    @Test
    void aSetIsReadAsItWasWritten() {
        var other = SigningKey.generate().verifying();
        var keys = new PublishedKeys(
                List.of(PublishedKey.current(KEY), new PublishedKey(other, MAY, JUNE, JUNE.plusSeconds(5))));

        var read = PublishedKeys.read(keys.toJson().toString().getBytes(StandardCharsets.UTF_8));

        assertThat(read).isEqualTo(keys);
        assertThat(read.byId(other.id()).orElseThrow().retired()).isEqualTo(JUNE);
        assertThat(read.byId("another")).isEmpty();
    }

    @Test
    void whatARetiredKeySignedBeforeStandsAndWhatARevokedKeySignedDoesNot() {
        var retired = new PublishedKey(KEY, MAY, JUNE, null);
        var revoked = new PublishedKey(KEY, MAY, null, JUNE);

        assertThat(retired.signedAt(MAY.minusSeconds(1))).isFalse();
        assertThat(retired.signedAt(MAY.plusSeconds(1))).isTrue();
        assertThat(retired.signedAt(JUNE.plusSeconds(1))).isFalse();
        assertThat(revoked.signedAt(MAY.plusSeconds(1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no json",
                "{}",
                "{\"keys\": {}}",
                "{\"keys\": [{\"crv\": \"Ed25519\", \"kty\": \"EC\"}]}",
                "{\"keys\": [{\"crv\": \"Ed25519\", \"kty\": \"OKP\", \"x\": \"AAAA\"}]}",
                "{\"keys\": [{\"crv\": \"Ed25519\", \"kty\": \"OKP\", \"x\": \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
                "{\"keys\": [{\"crv\": \"Ed25519\", \"kty\": \"OKP\", \"x\": \"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik\", \"exp\": \"soon\"}]}",
                "{\"keys\": [{\"crv\": \"Ed25519\", \"kty\": \"OKP\", \"x\": \"O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik\", \"revoked\": true}]}"
            })
    void whatIsNoSetOfUsableKeysIsRefused(String text) {
        assertThatThrownBy(() -> PublishedKeys.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysOfOtherKindsAreLeftOut() {
        var set = "{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQAB\", \"e\": \"AQAB\"}]}";

        assertThat(PublishedKeys.read(set.getBytes(StandardCharsets.UTF_8)).keys())
                .isEmpty();
    }
}
