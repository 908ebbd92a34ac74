package io.offshoot.proof.key;

import java.math.BigInteger;

/** Bytes in the alphabet of Bitcoin, as multibase calls base58btc. */
final class Base58 {

    private static final String DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    private Base58() {}

    static String of(byte[] bytes) {
        var text = new StringBuilder();
        for (var left = new BigInteger(1, bytes); left.signum() > 0; left = left.divide(BASE)) {
            text.append(DIGITS.charAt(left.mod(BASE).intValue()));
        }
        // A zero in front has no weight and is yet a byte.
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text.append(DIGITS.charAt(0));
        }
        return text.reverse().toString();
    }
}
