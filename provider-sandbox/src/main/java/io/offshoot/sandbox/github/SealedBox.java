package io.offshoot.sandbox.github;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Pack;

/**
 * The receiver's side of libsodium's sealed boxes ({@code crypto_box_seal}): the sender's one-time public key, a tag of
 * Poly1305, and what XSalsa20 made of the text.
 */
record SealedBox(byte[] publicKey, byte[] privateKey) {

    private static final int KEY = 32;
    private static final int TAG = 16;

    static SealedBox withNewKeys() {
        byte[] privateKey = new byte[KEY];
        new SecureRandom().nextBytes(privateKey);
        byte[] publicKey = new byte[KEY];
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        return new SealedBox(publicKey, privateKey);
    }

    /** What was sealed, unless it was for another key or has been changed. */
    Optional<byte[]> open(byte[] box) {
        if (box.length < KEY + TAG) {
            return Optional.empty();
        }
        byte[] sender = Arrays.copyOf(box, KEY);
        byte[] shared = new byte[KEY];
        if (!X25519.calculateAgreement(privateKey, 0, sender, 0, shared, 0)) {
            return Optional.empty();
        }
        var cipher = new XSalsa20Engine();
        cipher.init(false, new ParametersWithIV(new KeyParameter(hsalsa20(shared)), nonce(sender)));
        byte[] macKey = new byte[KEY];
        cipher.processBytes(macKey, 0, KEY, macKey, 0);
        var mac = new Poly1305();
        mac.init(new KeyParameter(macKey));
        mac.update(box, KEY + TAG, box.length - KEY - TAG);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        if (!java.security.MessageDigest.isEqual(tag, Arrays.copyOfRange(box, KEY, KEY + TAG))) {
            return Optional.empty();
        }
        byte[] text = new byte[box.length - KEY - TAG];
        cipher.processBytes(box, KEY + TAG, text.length, text, 0);
        return Optional.of(text);
    }

    private byte[] nonce(byte[] sender) {
        var digest = new Blake2bDigest(24 * 8);
        digest.update(sender, 0, KEY);
        digest.update(publicKey, 0, KEY);
        byte[] nonce = new byte[24];
        digest.doFinal(nonce, 0);
        return nonce;
    }

    /** HSalsa20 of the shared secret with a nonce of zeros: what NaCl makes a box's key of. */
    private static byte[] hsalsa20(byte[] shared) {
        int[] state = new int[16];
        int[] sigma =
                Pack.littleEndianToInt("expand 32-byte k".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 4);
        int[] key = Pack.littleEndianToInt(shared, 0, 8);
        for (int i = 0; i < 4; i++) {
            state[5 * i] = sigma[i];
            state[1 + i] = key[i];
            state[11 + i] = key[4 + i];
        }
        int[] mixed = new int[16];
        Salsa20Engine.salsaCore(20, state, mixed);
        // salsaCore adds its input to the result, HSalsa20 does not; of that it takes the diagonal and the nonce's
        // place.
        int[] place = {0, 5, 10, 15, 6, 7, 8, 9};
        int[] result = new int[8];
        for (int i = 0; i < 8; i++) {
            result[i] = mixed[place[i]] - state[place[i]];
        }
        return Pack.intToLittleEndian(result);
    }
}
