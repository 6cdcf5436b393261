package dev.evstore.core.format;

import dev.evstore.core.id.TransactionId;
import org.jspecify.annotations.Nullable;

/** Hex digits in bytes: only lower-case ones count, but in an escape of JSON. */
final class Hex {

    private static final byte[] DIGITS = Wire.ascii("0123456789abcdef");

    private Hex() {}

    /** The digit's value, or -1. */
    static int digit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    static int digitOfAnyCase(byte c) {
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : digit(c);
    }

    /** Whether these are lower-case hex digits alone. */
    static boolean isHex(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (digit(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes that an even number of digits stand for. */
    static byte[] parse(byte[] bytes, int from, int to) {
        byte[] value = new byte[(to - from) / 2];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (digit(bytes[from + 2 * i]) << 4 | digit(bytes[from + 2 * i + 1]));
        }
        return value;
    }

    /** Whether the digits at {@code from} are those of {@code value}. */
    static boolean stands(byte[] value, byte[] bytes, int from) {
        for (int i = 0; i < value.length; i++) {
            if (bytes[from + 2 * i] != DIGITS[value[i] >> 4 & 0xF]
                    || bytes[from + 2 * i + 1] != DIGITS[value[i] & 0xF]) {
                return false;
            }
        }
        return true;
    }

    /** The transaction id in 36 bytes, or null if there is none. */
    static @Nullable TransactionId id(byte[] bytes, int from, int to) {
        if (to - from != 36) {
            return null;
        }
        long high = 0;
        long low = 0;
        int digits = 0;
        for (int i = 0; i < 36; i++) {
            byte c = bytes[from + i];
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = digit(c);
            if (digit < 0) {
                return null;
            }
            if (digits++ < 16) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        int version = (int) (high >>> 12) & 0xF;
        return (version == 7 || version == 8) && low >>> 62 == 2 ? new TransactionId(high, low) : null;
    }
}
