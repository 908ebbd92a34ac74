package io.offshoot.proof.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyingKeyTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final ObjectMapper JSON = new ObjectMapper();

    // RFC 8032, section 7.1, test 2
    private static final byte[] SEED = HEX.parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    private static final byte[] PUBLIC =
            HEX.parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    private static final byte[] MESSAGE = {0x72};
    private static final byte[] SIGNATURE =
            HEX.parseHex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

    @Test
    void signsAsTheStandardSays() {
        var key = SigningKey.ofSeed(SEED);

        assertThat(key.verifying().bytes()).isEqualTo(PUBLIC);
        assertThat(key.sign(MESSAGE)).isEqualTo(SIGNATURE);
        assertThat(key.verifying().verifies(MESSAGE, SIGNATURE)).isTrue();
    }

    @Test
    void noticesAChangedByteAndWhatIsNoSignature() {
        var key = VerifyingKey.of(PUBLIC);
        var changed = SIGNATURE.clone();
        changed[3] ^= 1;

        assertThat(key.verifies(MESSAGE, changed)).isFalse();
        assertThat(key.verifies("s".getBytes(StandardCharsets.UTF_8), SIGNATURE))
                .isFalse();
        assertThat(key.verifies(MESSAGE, new byte[3])).isFalse();
        assertThat(key.verifies(MESSAGE, new byte[64])).isFalse();
    }

    @Test
    void hasTheThumbprintOfItsJwk() throws Exception {
        // RFC 8037, appendix A.3
        var jwk = JSON.readTree(
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");

        var key = VerifyingKey.ofJwk(jwk);

        assertThat(key.id()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(VerifyingKey.ofJwk(JSON.valueToTree(key.toJwk()))).isEqualTo(key);
    }

    @Test
    void hasAnAliasAsDidKey() {
        // The did:key method's example for Ed25519
        var key = VerifyingKey.of(HEX.parseHex("2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"));

        assertThat(key.did()).isEqualTo("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
    }

    @Test
    void countsZerosInFrontInBase58() {
        assertThat(Base58.of(HEX.parseHex("0000287fb4cd"))).isEqualTo("11233QC4");
        assertThat(Base58.of("Hello World!".getBytes(StandardCharsets.UTF_8))).isEqualTo("2NEpo7TZRRrLZSi2U");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void refusesWeakPoints(String point) {
        assertThatThrownBy(() -> VerifyingKey.of(HEX.parseHex(point))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNotOnTheCurve() {
        assertThatThrownBy(() -> VerifyingKey.of(
                        HEX.parseHex("0200000000000000000000000000000000000000000000000000000000000000")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"short\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\"AA\"}"
            })
    void takesNoOtherJwk(String jwk) {
        assertThatThrownBy(() -> VerifyingKey.ofJwk(JSON.readTree(jwk))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsThePemItWrites() {
        var key = SigningKey.generate();

        assertThat(SigningKey.ofPem(key.toPem()).id()).isEqualTo(key.id());
        assertThatThrownBy(() -> SigningKey.ofPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(key.toString()).isEqualTo(key.id());
    }
}
