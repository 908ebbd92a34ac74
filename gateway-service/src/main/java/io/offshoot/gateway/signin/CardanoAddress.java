package io.offshoot.gateway.signin;

import com.bloxbean.cardano.client.crypto.Bech32;
import com.bloxbean.cardano.client.crypto.Blake2bUtil;
import io.offshoot.proof.key.VerifyingKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * An address of Cardano that one key controls (CIP-19): a stake address by its stake key, any other by its payment key.
 * What stands in an address beside that is somebody's claim, and is not looked at: whoever has the payment key of an
 * address does not thereby have the stake key that it names.
 */
final class CardanoAddress {

    private static final int HASH = 28;

    private final byte[] bytes;
    private final CardanoNetwork network;

    private CardanoAddress(byte[] bytes, CardanoNetwork network) {
        this.bytes = bytes;
        this.network = network;
    }

    /** Empty for an address of another network, of a script, of the Byron era, or for what is no address. */
    static Optional<CardanoAddress> of(byte[] bytes, CardanoNetwork network) {
        if (bytes.length == 0 || (bytes[0] & 0x0f) != network.id() || !hasItsLength(bytes)) {
            return Optional.empty();
        }
        return Optional.of(new CardanoAddress(bytes.clone(), network));
    }

    /** From its readable form, or from the hexadecimal one that a wallet tells a page. */
    static Optional<CardanoAddress> read(String text, CardanoNetwork network) {
        if (text.matches("([0-9a-fA-F]{2}){29,64}")) {
            return of(HexFormat.of().parseHex(text), network);
        }
        if (!text.equals(text.toLowerCase(Locale.ROOT)) || !Bech32.isValid(text)) {
            return Optional.empty();
        }
        // One address has one name.
        return of(Bech32.decode(text).data, network)
                .filter(address -> address.toString().equals(text));
    }

    /** The payment part is a key's and not a script's, and the whole is as long as its kind is. */
    private static boolean hasItsLength(byte[] bytes) {
        return switch ((bytes[0] & 0xf0) >> 4) {
            case 0, 2 -> bytes.length == 1 + HASH + HASH;
            case 6, 14 -> bytes.length == 1 + HASH;
            case 4 -> bytes.length > 1 + HASH && bytes.length <= 1 + HASH + 30;
            default -> false;
        };
    }

    boolean isOf(VerifyingKey key) {
        return Arrays.equals(Blake2bUtil.blake2bHash224(key.bytes()), Arrays.copyOfRange(bytes, 1, 1 + HASH));
    }

    boolean hasBytes(byte[] others) {
        return Arrays.equals(bytes, others);
    }

    /** As members are named. */
    String subject() {
        return "did:cardano:" + this;
    }

    /** Its readable form. */
    @Override
    public String toString() {
        var kind = (bytes[0] & 0xf0) >> 4 == 14 ? "stake" : "addr";
        return Bech32.encode(bytes, kind + network.suffix());
    }
}
