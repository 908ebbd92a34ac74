package io.offshoot.github.sealedbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.goterl.lazysodium.SodiumJava;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What we seal, libsodium opens. */
class SealedBoxTest {

    private static final int OVERHEAD = 48;
    private static final SodiumJava SODIUM = new SodiumJava();

    private final byte[] recipient = new byte[32];
    private final byte[] secret = new byte[32];

    @Test
    void libsodiumOpensEveryBoxOfAnyLength() {
        var random = new Random(4711);
        for (int round = 0; round < 200; round++) {
            SODIUM.crypto_box_keypair(recipient, secret);
            var message = new byte[round < 130 ? round : random.nextInt(48 * 1024)];
            random.nextBytes(message);

            var box = SealedBox.seal(message, recipient);

            assertThat(box).hasSize(OVERHEAD + message.length);
            assertThat(open(box)).as("round %d", round).isEqualTo(message);
        }
    }

    @Test
    void theSameMessageIsSealedDifferentlyEachTime() {
        SODIUM.crypto_box_keypair(recipient, secret);

        assertThat(SealedBox.seal(new byte[8], recipient)).isNotEqualTo(SealedBox.seal(new byte[8], recipient));
    }

    @Test
    void aBoxThatWasChangedOrIsForAnotherIsNotOpened() {
        SODIUM.crypto_box_keypair(recipient, secret);
        var box = SealedBox.seal(new byte[8], recipient);
        box[OVERHEAD] ^= 1;
        var another = SealedBox.seal(new byte[8], recipient);

        assertThat(open(box)).isNull();
        SODIUM.crypto_box_keypair(recipient, secret);
        assertThat(open(another)).isNull();
    }

    /** @return null if libsodium does not open it */
    private byte[] open(byte[] box) {
        var message = new byte[box.length - OVERHEAD];
        var result = SODIUM.crypto_box_seal_open(message, box, box.length, recipient, secret);
        return result == 0 ? message : null;
    }
}
