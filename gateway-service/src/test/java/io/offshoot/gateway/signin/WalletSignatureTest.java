package io.offshoot.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.nstant.in.cbor.model.ByteString;
import co.nstant.in.cbor.model.UnsignedInteger;
import com.bloxbean.cardano.client.cip.cip8.COSEKey;
import com.bloxbean.cardano.client.cip.cip8.HeaderMap;
import io.offshoot.proof.key.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalletSignatureTest {

    private static final HexFormat HEX = HexFormat.of();

    // Published with the Cardano Foundation's cardano-verify-datasignature: a stake address
    private static final String STAKE =
            "84582aa201276761646472657373581de118987c1612069d4080a0eb247820cb987fea81bddeaafdd41f996281a166686173686564f4"
                    + "58264175677573746120416461204b696e672c20436f756e74657373206f66204c6f76656c61636558401712458b19f606b3"
                    + "22982f6290c78529a235b56c0f1cec4f24b12a8660b40cd37f4c5440a465754089c462ed4b0d613bffaee3d1833516569fda"
                    + "4852f42a4a0f";
    private static final String STAKE_KEY =
            "a4010103272006215820b89526fd6bf4ba737c55ea90670d16a27f8de6cc1982349b3b676705a2f420c6";

    // Published with the Cardano client library: Nami's answer for a base address of a test network
    private static final String NAMI =
            "845846a2012767616464726573735839003175d03902583e82037438cc86732f6e539f803f9a8b2d4ee164b9d0c77e617030631811f60a"
                    + "1f8a8be26d65a57ff71825b336cc6b76361da166686173686564f44b48656c6c6f20576f726c64584036c2151e1230364b0bf9"
                    + "e40cb65dbdca4c5decf4187e3c5511945d410ea59a1e733b5e68178c234979053ed75b0226ba826fb951c5a79fabf10bddcabd"
                    + "a8dc05";
    private static final String NAMI_KEY =
            "a4010103272006215820a5f73966e73d0bb9eadc75c5857eafd054a0202d716ac6dde00303ee9c0019e3";

    // Published with the Cardano client library: a payload that is a hash
    private static final String HASHED =
            "845882a3012704583900327d065c4c135860b9ac6a758c9ef032100a724865998a6b1b8219f3d11c30"
                    + "61dfc0c16e14f5b6779fef214eab7aaa3dffdc5e30c1272f0e6761646472657373583900327d065c4c135860b9ac6a758c9ef032100a72"
                    + "4865998a6b1b8219f3d11c3061dfc0c16e14f5b6779fef214eab7aaa3dffdc5e30c1272f0ea166686173686564f5581c19790463ef4ad0"
                    + "9bdb724e3a6550c640593d4870f6e192ac8147f35d5840d6348538f8c69f5ac30615700b78597dc29795d5fef2aa6165f17ac208b3163b"
                    + "2d2d55405beb6cd8fc66e3beaac1d08b91fae7b9679cc0ae212c65cfe277d608";
    private static final String HASHED_KEY =
            "a5010102583900327d065c4c135860b9ac6a758c9ef032100a724865998a6b1b8219f3d11c3061"
                    + "dfc0c16e14f5b6779fef214eab7aaa3dffdc5e30c1272f0e03272006215820097c8507b71063f99e38147f09eacf76f25576a2ddfac2f4"
                    + "0da8feee8dab2d5d";

    // Published in pycardano's examples: an enterprise address of a test network
    private static final String ENTERPRISE =
            "84582aa201276761646472657373581d60a64aa1009d0f106fd742a79ee68bd9a5fd815ffa587d6d0aa68cb51ea166686173686564f451"
                    + "507963617264616e6f20697320636f6f6c58403a59f8aac42b5f64bf604bbd33b705a9d5bf2712574058df11c0da7a3855ba3a"
                    + "7cb2da80deff27f521214df8efb7a7957e0a2738830d030eec5cc4ce82229a04";
    private static final String ENTERPRISE_KEY =
            "a4010103272006215820f84f04c0054dbbb0a7fcbd1584dac460cbd1b14723a6e9d2571477ba21644858";

    private static final byte[] STAKE_ADDRESS =
            HEX.parseHex("e118987c1612069d4080a0eb247820cb987fea81bddeaafdd41f996281");

    private static final Wallet WALLET = Wallet.onMainnet();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                STAKE + "|" + STAKE_KEY + "|MAINNET|Augusta Ada King, Countess of Lovelace",
                NAMI + "|" + NAMI_KEY + "|TESTNET|Hello World",
                HASHED + "|" + HASHED_KEY + "|TESTNET|Hello World",
                ENTERPRISE + "|" + ENTERPRISE_KEY + "|TESTNET|Pycardano is cool"
            })
    void knowsPublishedAnswersOfWallets(String signature, String key, CardanoNetwork network, String text) {
        var signed = WalletSignature.read(signature, key);

        assertThat(signed.isOver(utf8(text))).isTrue();
        assertThat(signed.isOver(utf8(text + " "))).isFalse();
        assertThat(CardanoAddress.of(signed.address(), network))
                .hasValueSatisfying(
                        address -> assertThat(address.isOf(signed.key())).isTrue());
        var other = network == CardanoNetwork.MAINNET ? CardanoNetwork.TESTNET : CardanoNetwork.MAINNET;
        assertThat(CardanoAddress.of(signed.address(), other)).isEmpty();
    }

    @Test
    void aChangedByteAnywhereIsNoticed() {
        var message = utf8("Augusta Ada King, Countess of Lovelace");
        assertThat(isAccepted(STAKE, STAKE_KEY, message)).isTrue();
        var original = HEX.parseHex(STAKE);
        for (int i = 0; i < original.length; i++) {
            var changed = original.clone();
            changed[i] ^= 1;
            if (!isOfAnUnsignedName(i)) {
                assertThat(isAccepted(HEX.formatHex(changed), STAKE_KEY, message))
                        .as("byte %d", i)
                        .isFalse();
            }
        }
    }

    /** The letters of "hashed" stand outside of what is signed; under another name it is a header that means nothing. */
    private static boolean isOfAnUnsignedName(int index) {
        var begin = STAKE.indexOf("686173686564f4") / 2;
        return index >= begin && index < begin + "hashed".length();
    }

    private static boolean isAccepted(String signature, String key, byte[] message) {
        try {
            var signed = WalletSignature.read(signature, key);
            return CardanoAddress.of(signed.address(), CardanoNetwork.MAINNET)
                            .filter(address -> address.hasBytes(STAKE_ADDRESS))
                            .filter(address -> address.isOf(signed.key()))
                            .isPresent()
                    && signed.isOver(message);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Map<String, String> signs(Consumer<HeaderMap> inside, Consumer<HeaderMap> outside, Consumer<COSEKey> key) {
        return WALLET.signs(WALLET.stakeAddress(), utf8("text"), false, inside, outside, key);
    }

    private ByteString address() {
        return new ByteString(Wallet.bytes(WALLET.stakeAddress()));
    }

    private void usual(HeaderMap header) {
        header.algorithmId(-8).addOtherHeader("address", address());
    }

    @Test
    void readsWhatItsOwnTestsSign() {
        var answer = signs(this::usual, header -> {}, key -> {});

        assertThat(WalletSignature.read(answer.get("signature"), answer.get("key"))
                        .isOver(utf8("text")))
                .isTrue();
    }

    private void isNotRead(Map<String, String> answer) {
        assertThatThrownBy(() -> WalletSignature.read(answer.get("signature"), answer.get("key")))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void takesNoOtherAlgorithm() {
        isNotRead(
                signs(header -> header.algorithmId(-7).addOtherHeader("address", address()), header -> {}, key -> {}));
        isNotRead(signs(
                header -> header.addOtherHeader("address", address()), header -> header.algorithmId(-8), key -> {}));
        isNotRead(signs(this::usual, header -> {}, key -> key.algorithmId(-7)));
        isNotRead(signs(this::usual, header -> {}, key -> key.keyType(2)));
        isNotRead(signs(this::usual, header -> {}, key -> key.addOtherHeader(-1, new UnsignedInteger(4))));
    }

    @Test
    void believesNoAddressThatIsNotSigned() {
        isNotRead(signs(
                header -> header.algorithmId(-8), header -> header.addOtherHeader("address", address()), key -> {}));
    }

    @Test
    void takesNoKeyWithItsPrivateHalf() {
        isNotRead(signs(this::usual, header -> {}, key -> key.addOtherHeader(-4, new ByteString(new byte[32]))));
    }

    @Test
    void takesNoWeakKeyThatVerifiesAnything() {
        var weak = new byte[32];
        weak[0] = 1;
        isNotRead(signs(this::usual, header -> {}, key -> key.addOtherHeader(-2, new ByteString(weak))));
    }

    @Test
    void takesNoCriticalHeaderThatItDoesNotKnow() {
        isNotRead(signs(
                header -> {
                    usual(header);
                    header.addCriticality("other");
                },
                header -> {},
                key -> {}));
    }

    @Test
    void theFlagHashedMustBeTrue() {
        var plain = signs(this::usual, header -> {}, key -> {}).get("signature");
        var key = signs(this::usual, header -> {}, ignored -> {}).get("key");
        var lies = plain.replace("66686173686564f4", "66686173686564f5");
        var isText = plain.replace("66686173686564f4", "6668617368656440");

        assertThat(lies).isNotEqualTo(plain);
        assertThat(WalletSignature.read(lies, key).isOver(utf8("text"))).isFalse();
        assertThatThrownBy(() -> WalletSignature.read(isText, key)).isInstanceOf(IllegalArgumentException.class);
        var hashed = WALLET.signs(WALLET.stakeAddress(), "text", true);
        var unsaid = hashed.get("signature").replace("66686173686564f5", "66686173686564f4");
        assertThat(WalletSignature.read(hashed.get("signature"), hashed.get("key"))
                        .isOver(utf8("text")))
                .isTrue();
        assertThat(WalletSignature.read(unsaid, hashed.get("key")).isOver(utf8("text")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "zz",
                "8",
                "80",
                "a0",
                "84",
                "8440a04040",
                "8441a0a04040",
                // Trailing bytes, a tag, an unknown length, a key twice
                "8443a10127a0404000",
                "d28443a10127a04040",
                "9f43a10127a04040ff",
                "8445a201270127a04040",
                // Says it has two thousand million bytes, or items
                "5b000000007fffffff",
                "9b000000007fffffff",
                "9bffffffffffffffff",
                "bb7fffffffffffffff"
            })
    void takesNothingElseForAnAnswer(String signature) {
        assertThatThrownBy(() -> WalletSignature.read(signature, STAKE_KEY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WalletSignature.read(STAKE, signature)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNotLedDownWithoutEnd() {
        assertThatThrownBy(() -> WalletSignature.read("81".repeat(4_000), STAKE_KEY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stumblesOverNoGarbage() {
        var seed = Long.getLong("seed", 4711);
        System.out.printf("Seed %d%n", seed);
        var random = new SplittableRandom(seed);
        var message = utf8("Augusta Ada King, Countess of Lovelace");
        for (int i = 0; i < 3_000; i++) {
            var bytes = HEX.parseHex(STAKE);
            var changes = 1 + random.nextInt(4);
            for (int change = 0; change < changes; change++) {
                var at = random.nextInt(bytes.length);
                if (!isOfAnUnsignedName(at)) {
                    bytes[at] = (byte) random.nextInt();
                }
            }
            if (!Arrays.equals(bytes, HEX.parseHex(STAKE))) {
                assertThat(isAccepted(HEX.formatHex(bytes), STAKE_KEY, message))
                        .as("try %d", i)
                        .isFalse();
            }
        }
    }

    @Test
    void aStakeKeyIsNotProvedByAPaymentKey() {
        // The base address names both keys, and is controlled by the payment key alone.
        var base = CardanoAddress.read(WALLET.baseAddress(), CardanoNetwork.MAINNET)
                .orElseThrow();
        var stakeKey = VerifyingKey.of(WALLET.publicKey(WALLET.stakeAddress()));
        var paymentKey = VerifyingKey.of(WALLET.publicKey(WALLET.baseAddress()));

        assertThat(base.isOf(paymentKey)).isTrue();
        assertThat(base.isOf(stakeKey)).isFalse();
        assertThat(base.subject()).isEqualTo("did:cardano:" + WALLET.baseAddress());
    }

    @Test
    void anAddressIsReadInBothItsForms() {
        var stake = WALLET.stakeAddress();

        assertThat(CardanoAddress.read(stake, CardanoNetwork.MAINNET)).hasToString("Optional[" + stake + "]");
        assertThat(CardanoAddress.read(HEX.formatHex(Wallet.bytes(stake)), CardanoNetwork.MAINNET))
                .hasToString("Optional[" + stake + "]");
        assertThat(CardanoAddress.read(stake, CardanoNetwork.TESTNET)).isEmpty();
        assertThat(CardanoAddress.read(stake.toUpperCase(Locale.ROOT), CardanoNetwork.MAINNET))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "stake1",
                "addr1qx",
                // A script's address, by CIP-19
                "addr1w8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcyjy7wx",
                "stake178phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcccycj5",
                // Byron
                "37btjrVyb4KDXBNC4haBVPCrro8AQPHwvCMp3RFhhSVWwfFmZ6wwzSK6JK1hY6wHNmtrpTf1kdbva8TCneM2YsiXT7mrzT21EacHnPpz5YyUdj64na",
                // The prefix is not that of its bytes
                "e118987c1612069d4080a0eb247820cb987fea81bddeaafdd41f9962",
                "e118987c1612069d4080a0eb247820cb987fea81bddeaafdd41f99628100"
            })
    void takesNoAddressThatIsNotAKeys(String address) {
        assertThat(CardanoAddress.read(address, CardanoNetwork.MAINNET)).isEmpty();
    }

    @Test
    void readsTheExamplesOfCip19() {
        for (String address : new String[] {
            "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x",
            "addr1yx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzerkr0vd4msrxnuwnccdxlhdjar77j6lg0wypcc9uar5d2shs2z78ve",
            "addr1gx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer5pnz75xxcrzqf96k",
            "addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8",
            "stake1uyehkck0lajq8gr28t9uxnuvgcqrc6070x3k9r8048z8y5gh6ffgw"
        }) {
            assertThat(CardanoAddress.read(address, CardanoNetwork.MAINNET)).hasToString("Optional[" + address + "]");
        }
    }
}
