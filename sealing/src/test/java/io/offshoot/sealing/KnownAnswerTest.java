package io.offshoot.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import io.offshoot.contracts.secret.Sealed;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;

/**
 * That we seal as RFC 9180 says. The published answers have associated data, which Tink leaves empty: so another
 * library is held against them, and then ours against that one, in both directions.
 */
class KnownAnswerTest {

    private static final byte[] NOTHING = {};
    private static final SecretContext CONTEXT = SecretContext.ofHub("kumasi", "BOT_TOKEN", 3);

    /** Tink's prefix: a byte of version and four of the key's id. */
    private static final int PREFIX = 5;

    private static final int ENCAPSULATED = 32;

    private final HPKE hpke =
            new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);

    @Test
    void theOtherLibraryGivesThePublishedAnswer() throws Exception {
        // Of BoringSSL's list: mode 0, KEM 0x20, KDF 1, AEAD 2.
        var recipient =
                hpke.deserializePublicKey(hex("ac66bae9ffa270cf4a89ed9f274e30c0456babae2572aaaf002ff0d8884ab018"));
        var ephemeral =
                new X25519PrivateKeyParameters(hex("28e212563a8b6f068af7ff17400ff1baf23612b7a738bbaf5dfb321b2b5b431a"));

        var sealed = hpke.setupBaseS(
                        recipient,
                        hex("4f6465206f6e2061204772656369616e2055726e"),
                        new AsymmetricCipherKeyPair(ephemeral.generatePublicKey(), ephemeral))
                .seal(hex("436f756e742d30"), hex("4265617574792069732074727574682c20747275746820626561757479"));

        assertThat(HexFormat.of().formatHex(sealed))
                .isEqualTo("23ded2d5d90ea89d975dac4792b297240f194952d7421aacbff0474100052b6b"
                        + "b8aa58d18ef6c42b6960e2e28f");
    }

    @Test
    void theOtherLibraryOpensWhatWeSeal() throws Exception {
        var opener = Opener.generate("vercel");
        var keys = keysOf(opener);

        var sealed = Base64.getDecoder()
                .decode(opener.recipient().seal(Secret.of("hunter2"), CONTEXT).ciphertext());

        var opened = hpke.open(
                Arrays.copyOfRange(sealed, PREFIX, PREFIX + ENCAPSULATED),
                keys,
                "kumasi|hub|BOT_TOKEN|3".getBytes(),
                NOTHING,
                Arrays.copyOfRange(sealed, PREFIX + ENCAPSULATED, sealed.length),
                NOTHING,
                NOTHING,
                null);
        assertThat(new String(opened)).isEqualTo("hunter2");
    }

    @Test
    void weOpenWhatTheOtherLibrarySeals() throws Exception {
        var opener = Opener.generate("vercel");
        var keys = keysOf(opener);

        var sealed = hpke.seal(
                keys.getPublic(),
                "kumasi|hub|BOT_TOKEN|3".getBytes(),
                NOTHING,
                "hunter2".getBytes(),
                NOTHING,
                NOTHING,
                null);

        var prefix = publicKeyOf(opener).getOutputPrefix().toByteArray();
        var whole = new byte[PREFIX + sealed[1].length + sealed[0].length];
        System.arraycopy(prefix, 0, whole, 0, PREFIX);
        System.arraycopy(sealed[1], 0, whole, PREFIX, sealed[1].length);
        System.arraycopy(sealed[0], 0, whole, PREFIX + sealed[1].length, sealed[0].length);
        var opened = opener.open(new Sealed("vercel", "k", Base64.getEncoder().encodeToString(whole)), CONTEXT);
        assertThat(opened.text()).isEqualTo("hunter2");
    }

    private AsymmetricCipherKeyPair keysOf(Opener opener) throws Exception {
        var secret = privateKeyOf(opener).getPrivateKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
        return hpke.deserializePrivateKey(
                secret, publicKeyOf(opener).getPublicKeyBytes().toByteArray());
    }

    private static HpkePublicKey publicKeyOf(Opener opener) throws Exception {
        return privateKeyOf(opener).getPublicKey();
    }

    private static HpkePrivateKey privateKeyOf(Opener opener) throws Exception {
        return (HpkePrivateKey) TinkJsonProtoKeysetFormat.parseKeyset(
                        opener.toJson(), Hpke.CONFIGURATION, InsecureSecretKeyAccess.get())
                .getPrimary()
                .getKey();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
