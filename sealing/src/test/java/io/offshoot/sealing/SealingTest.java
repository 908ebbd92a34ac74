package io.offshoot.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.secret.PublicKeyset;
import io.offshoot.contracts.secret.Sealed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealingTest {

    private static final String VALUE = "hunter2-the-password";
    private static final SecretContext CONTEXT = SecretContext.ofHub("kumasi", "BOT_TOKEN", 3);

    private final Opener vercel = Opener.generate("vercel");

    @Test
    void whatIsSealedForAnExecutorOpensThere() throws Exception {
        var sealed = Recipient.of(vercel.recipient().published()).seal(Secret.of(VALUE), CONTEXT);

        assertThat(vercel.open(sealed, CONTEXT).text()).isEqualTo(VALUE);
    }

    @Test
    void sealingTheSameTwiceTellsNothing() {
        var first = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);
        var second = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);

        assertThat(first.ciphertext()).isNotEqualTo(second.ciphertext());
    }

    @ParameterizedTest
    @CsvSource({
        "accra, hub, BOT_TOKEN, 3",
        "kumasi, deployment/1, BOT_TOKEN, 3",
        "kumasi, hub, OTHER, 3",
        "kumasi, hub, BOT_TOKEN, 4"
    })
    void opensInNoOtherContext(String hub, String scope, String name, long version) {
        var sealed = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);

        assertRefused(vercel, sealed, new SecretContext(hub, scope, name, version));
    }

    @Test
    void opensAtNoOtherExecutor() {
        var sealed = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);

        assertRefused(Opener.generate("github"), sealed, CONTEXT);
    }

    static Stream<String> damaged() {
        var whole = Base64.getDecoder()
                .decode(Opener.generate("x")
                        .recipient()
                        .seal(Secret.of(VALUE), CONTEXT)
                        .ciphertext());
        return Stream.of(0, 1, 4, 6, 20, 37, whole.length / 2, whole.length - 17, whole.length - 1, whole.length)
                .map(length -> Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(whole, length)));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void whatIsOfAnotherKeysetOrTruncatedDoesNotOpen(String ciphertext) {
        assertRefused(vercel, new Sealed("vercel", vercel.recipient().fingerprint(), ciphertext), CONTEXT);
    }

    @Test
    void everyTruncationAndEveryChangedByteIsNoticed() {
        var sealed = vercel.recipient().seal(Secret.of("x"), CONTEXT);
        var bytes = Base64.getDecoder().decode(sealed.ciphertext());

        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 0x41;
            assertRefused(vercel, with(sealed, changed), CONTEXT);
            assertRefused(vercel, with(sealed, java.util.Arrays.copyOf(bytes, i)), CONTEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%%%", "AAAA", "not base64 at all"})
    void whatIsNoCiphertextIsRefusedInTheSameWords(String ciphertext) {
        assertRefused(vercel, new Sealed("vercel", "k", ciphertext), CONTEXT);
    }

    @Test
    void aRotatedKeysetOpensWhatWasSealedBeforeAndSealsWithTheNewKey() throws Exception {
        var before = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);

        var rotated = vercel.rotated();
        var after = rotated.recipient().seal(Secret.of(VALUE), CONTEXT);

        assertThat(rotated.open(before, CONTEXT).text()).isEqualTo(VALUE);
        assertThat(rotated.open(after, CONTEXT).text()).isEqualTo(VALUE);
        assertThat(after.key())
                .isEqualTo(rotated.recipient().fingerprint())
                .isNotEqualTo(vercel.recipient().fingerprint());
        assertThat(rotated.recipient().fingerprints())
                .containsExactlyInAnyOrder(vercel.recipient().fingerprint(), after.key());
        assertRefused(vercel, after, CONTEXT);
    }

    @Test
    void aKeyThatIsTakenOutOpensNothingAnyMore() throws Exception {
        var before = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);
        var rotated = vercel.rotated();
        var after = rotated.recipient().seal(Secret.of(VALUE), CONTEXT);

        var without = rotated.without(before.key());

        assertRefused(without, before, CONTEXT);
        assertThat(without.open(after, CONTEXT).text()).isEqualTo(VALUE);
        assertThatThrownBy(() -> without.without(after.key())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeysetSurvivesItsFileWhichOnlyItsOwnerReads(@TempDir Path folder) throws Exception {
        var file = folder.resolve("vercel.json");
        var rotated = vercel.rotated();
        var sealed = vercel.recipient().seal(Secret.of(VALUE), CONTEXT);

        rotated.write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var read = Opener.read("vercel", file);
        assertThat(read.open(sealed, CONTEXT).text()).isEqualTo(VALUE);
        assertThat(read.recipient().fingerprint()).isEqualTo(rotated.recipient().fingerprint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"primaryKeyId\":1,\"key\":[]}", "secret-looking-text"})
    void whatIsNoKeysetIsRefusedWithoutAWordOfIt(String json) {
        assertThatThrownBy(() -> Opener.of("vercel", json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("This is no private keyset of the kind that we seal with");
        assertThatThrownBy(() -> Recipient.of(new PublicKeyset("vercel", json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause();
    }

    @Test
    void aPrivateKeysetIsNotTakenForAPublicOne() {
        assertThatThrownBy(() -> Recipient.of(new PublicKeyset("vercel", vercel.toJson())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("This is no public keyset");
    }

    @Test
    void thePublicKeysetHasNothingPrivateInIt() throws Exception {
        var json = Messages.json().readTree(vercel.recipient().published().keyset());

        assertThat(json.at("/key/0/keyData/keyMaterialType").asText()).isEqualTo("ASYMMETRIC_PUBLIC");
        assertThat(json.at("/key/0/keyData/typeUrl").asText())
                .isEqualTo("type.googleapis.com/google.crypto.tink.HpkePublicKey");
    }

    @Test
    void aPointOfSmallOrderIsNoRecipient() throws Exception {
        var zero = com.google.crypto.tink.hybrid.HpkePublicKey.create(
                Hpke.PARAMETERS, com.google.crypto.tink.util.Bytes.copyFrom(new byte[32]), 7);
        var keyset = com.google.crypto.tink.KeysetHandle.newBuilder()
                .setConfiguration(Hpke.CONFIGURATION)
                .addEntry(com.google.crypto.tink.KeysetHandle.importKey(zero).makePrimary())
                .build();

        assertThatThrownBy(() -> Recipient.of("vercel", keyset)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a|b", "a b", "é", "line\nbreak"})
    void aContextThatCouldBeReadInTwoWaysIsRefused(String part) {
        assertThatThrownBy(() -> SecretContext.ofHub(part, "A", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretContext.ofHub("hub", part, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SecretContext("hub", part, "A", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSecretIsNeverShown() throws Exception {
        var secret = Secret.of(VALUE);

        assertThat("%s %s".formatted(secret, Map.of("a", secret))).doesNotContain(VALUE);
        assertThat(Messages.json().writeValueAsString(Map.of("a", secret))).isEqualTo("{\"a\":\"(secret)\"}");
        assertThat(secret).isEqualTo(Secret.of(VALUE)).isNotEqualTo(Secret.of("other"));
        assertThat(vercel.toString() + vercel.recipient()).doesNotContain(vercel.toJson());
    }

    private static Sealed with(Sealed sealed, byte[] ciphertext) {
        return new Sealed(sealed.recipient(), sealed.key(), Base64.getEncoder().encodeToString(ciphertext));
    }

    /** Always in the same words, and with no trace of what went wrong inside. */
    private static void assertRefused(Opener opener, Sealed sealed, SecretContext context) {
        assertThatThrownBy(() -> opener.open(sealed, context))
                .isExactlyInstanceOf(CannotOpenException.class)
                .hasMessage("The sealed value cannot be opened here")
                .hasNoCause();
    }
}
