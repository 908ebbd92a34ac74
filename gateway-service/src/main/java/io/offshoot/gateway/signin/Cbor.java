package io.offshoot.gateway.signin;

import co.nstant.in.cbor.CborDecoder;
import co.nstant.in.cbor.CborException;
import co.nstant.in.cbor.model.DataItem;
import java.io.ByteArrayInputStream;

/**
 * Reads CBOR of strangers. The decoder goes down as deep as it is led and takes lengths at their word, so the shape is
 * looked at before: one item and nothing after it, flat, of known lengths, with nothing tagged.
 */
final class Cbor {

    private static final int MOST_NESTED = 8;

    private Cbor() {}

    /** @throws IllegalArgumentException if it is anything else, or names a key of a map twice */
    static DataItem read(byte[] bytes) {
        if (endOfItem(bytes, 0, 0) != bytes.length) {
            throw new IllegalArgumentException("There is more than one item");
        }
        try {
            var decoder = new CborDecoder(new ByteArrayInputStream(bytes));
            decoder.setRejectDuplicateKeys(true);
            return decoder.decodeNext();
        } catch (CborException e) {
            throw new IllegalArgumentException("This is no CBOR");
        }
    }

    private static int endOfItem(byte[] bytes, int start, int depth) {
        if (depth > MOST_NESTED) {
            throw new IllegalArgumentException("It is nested too deeply");
        }
        var head = at(bytes, start) & 0xff;
        var argument = argument(bytes, start);
        var next = start + 1 + argumentBytes(head);
        return switch (head >> 5) {
            case 0, 1, 7 -> next;
            case 2, 3 -> inside(bytes, next + argument);
            case 4 -> endOfItems(bytes, next, argument, depth);
            case 5 -> endOfItems(bytes, next, 2 * argument, depth);
            default -> throw new IllegalArgumentException("Nothing is tagged here");
        };
    }

    private static int endOfItems(byte[] bytes, int start, long count, int depth) {
        if (count > bytes.length) {
            throw new IllegalArgumentException("It says it is longer than it is");
        }
        var next = start;
        for (long i = 0; i < count; i++) {
            next = endOfItem(bytes, next, depth + 1);
        }
        return next;
    }

    private static long argument(byte[] bytes, int start) {
        var small = bytes[start] & 0x1f;
        if (small < 24) {
            return small;
        }
        long argument = 0;
        for (int i = 1; i <= argumentBytes(bytes[start] & 0xff); i++) {
            argument = argument << 8 | at(bytes, start + i) & 0xff;
        }
        // Numbers may be as large as they like; what is counted may not.
        return argument < 0 || argument > Integer.MAX_VALUE ? Integer.MAX_VALUE : argument;
    }

    private static int argumentBytes(int head) {
        return switch (head & 0x1f) {
            case 24 -> 1;
            case 25 -> 2;
            case 26 -> 4;
            case 27 -> 8;
            case 28, 29, 30, 31 -> throw new IllegalArgumentException("Its length is not said");
            default -> 0;
        };
    }

    private static byte at(byte[] bytes, int index) {
        return bytes[inside(bytes, index + 1L) - 1];
    }

    private static int inside(byte[] bytes, long end) {
        if (end > bytes.length) {
            throw new IllegalArgumentException("It ends too early");
        }
        return (int) end;
    }
}
