package dev.evstore.core.id;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 value, as the trailer of a transaction or the leaf of an event holds it. Orders as unsigned bytes, which
 * decides between two transactions of one id (rule I5). Immutable.
 */
public final class Sha256 implements Comparable<Sha256> {

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Never updated: a copy of it costs a tenth of asking the platform for another. */
    private static final MessageDigest FRESH = make();

    /**
     * @param bytes 32 bytes, copied
     */
    public static Sha256 of(byte[] bytes) {
        if (bytes.length != 32) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + bytes.length);
        }
        return new Sha256(bytes.clone());
    }

    /**
     * @param hex 64 lower-case hex digits
     */
    public static Sha256 of(String hex) {
        if (!isValid(hex, 64)) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + Names.quoted(hex));
        }
        return new Sha256(HexFormat.of().parseHex(hex));
    }

    /** The hash of all parts, one after the other. */
    public static Sha256 hash(byte[]... parts) {
        MessageDigest digest = digest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Sha256(digest.digest());
    }

    /** A fresh SHA-256 computation. */
    public static MessageDigest digest() {
        try {
            return (MessageDigest) FRESH.clone();
        } catch (CloneNotSupportedException e) {
            return make();
        }
    }

    private static MessageDigest make() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether the text is exactly {@code digits} lower-case hex digits. */
    public static boolean isValid(String hex, int digits) {
        if (hex.length() != digits) {
            return false;
        }
        for (int i = 0; i < digits; i++) {
            char c = hex.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    /** The 32 bytes, copied. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The first 32 hex digits, as {@code parents} names a transaction's hash. */
    public String half() {
        return HexFormat.of().formatHex(bytes, 0, 16);
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
