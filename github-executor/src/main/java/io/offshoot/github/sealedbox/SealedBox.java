package io.offshoot.github.sealedbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/** libsodium's <code>crypto_box_seal</code>: only the holder of the recipient's private key can read what is in it. */
public final class SealedBox {

    public static final int KEY = 32;
    private static final int TAG = 16;
    private static final int NONCE = 24;

    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedBox() {}

    /** Seals a message for the holder of a key: the ephemeral public key, the tag, and the message enciphered. */
    public static byte[] seal(byte[] message, byte[] recipient) {
        var ephemeral = new X25519PrivateKeyParameters(RANDOM);
        var ephemeralPublic = ephemeral.generatePublicKey().getEncoded();
        var shared = new byte[KEY];
        ephemeral.generateSecret(new X25519PublicKeyParameters(recipient), shared, 0);

        var cipher = new XSalsa20Engine();
        cipher.init(true, new ParametersWithIV(new KeyParameter(hSalsa20(shared)), nonce(ephemeralPublic, recipient)));
        var authenticationKey = new byte[KEY];
        cipher.processBytes(authenticationKey, 0, KEY, authenticationKey, 0);
        var box = new byte[KEY + TAG + message.length];
        cipher.processBytes(message, 0, message.length, box, KEY + TAG);

        System.arraycopy(ephemeralPublic, 0, box, 0, KEY);
        var tag = new Poly1305();
        tag.init(new KeyParameter(authenticationKey));
        tag.update(box, KEY + TAG, message.length);
        tag.doFinal(box, KEY);
        return box;
    }

    private static byte[] nonce(byte[] ephemeral, byte[] recipient) {
        var digest = new Blake2bDigest(NONCE * 8);
        digest.update(ephemeral, 0, KEY);
        digest.update(recipient, 0, KEY);
        var nonce = new byte[NONCE];
        digest.doFinal(nonce, 0);
        return nonce;
    }

    /** Makes a key of what two have agreed on: HSalsa20 of nothing, under it. */
    private static byte[] hSalsa20(byte[] shared) {
        var key = ByteBuffer.wrap(shared).order(ByteOrder.LITTLE_ENDIAN);
        var x = new int[16];
        x[0] = 0x61707865;
        x[5] = 0x3320646e;
        x[10] = 0x79622d32;
        x[15] = 0x6b206574;
        for (int i = 0; i < 4; i++) {
            x[1 + i] = key.getInt(4 * i);
            x[11 + i] = key.getInt(16 + 4 * i);
        }
        for (int round = 0; round < 20; round += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        var out = ByteBuffer.allocate(KEY).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : new int[] {0, 5, 10, 15, 6, 7, 8, 9}) {
            out.putInt(x[word]);
        }
        return out.array();
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}
