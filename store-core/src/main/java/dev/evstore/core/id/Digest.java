package dev.evstore.core.id;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The digest of a set of transactions: the sum modulo 2^256 of one SHA-256 for each. Two sets have the same digest
 * exactly when they hold the same transactions with the same events redacted, and a member is added or taken away
 * without looking at the others. Immutable.
 *
 * @param sum 0..2^256 - 1
 */
public record Digest(BigInteger sum) {

    // Stands before EMPTY, whose making checks its range.
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    /** The digest of nothing. */
    public static final Digest EMPTY = new Digest(BigInteger.ZERO);

    /**
     * @throws IllegalArgumentException if the sum is out of range
     */
    public Digest {
        if (sum.signum() < 0 || sum.compareTo(MODULUS) >= 0) {
            throw new IllegalArgumentException("a digest is 0..2^256-1, not " + sum);
        }
    }

    /**
     * @param hex 64 lower-case hex digits
     */
    public static Digest of(String hex) {
        return new Digest(new BigInteger(1, Sha256.of(hex).bytes()));
    }

    /** The digest of one transaction: SHA-256(16 id bytes ‖ 32 trailer bytes ‖ u16 ordinals redacted, ascending). */
    public static Digest of(TransactionId id, Sha256 trailer, Collection<Integer> redacted) {
        ByteBuffer ordinals = ByteBuffer.allocate(2 * redacted.size());
        for (int ordinal : new TreeSet<>(redacted)) {
            ordinals.putShort((short) ordinal);
        }
        return new Digest(new BigInteger(
                1, Sha256.hash(id.bytes(), trailer.bytes(), ordinals.array()).bytes()));
    }

    /** This set and {@code other}'s members. */
    public Digest plus(Digest other) {
        return new Digest(sum.add(other.sum).mod(MODULUS));
    }

    /** This set without {@code other}'s members, which are all in it. */
    public Digest minus(Digest other) {
        return new Digest(sum.subtract(other.sum).mod(MODULUS));
    }

    /** 32 bytes, big-endian. */
    public byte[] bytes() {
        byte[] raw = sum.toByteArray();
        byte[] bytes = new byte[32];
        int length = Math.min(raw.length, 32);
        System.arraycopy(raw, raw.length - length, bytes, 32 - length, length);
        return bytes;
    }

    /** The digest back from {@link #bytes()}. */
    public static Digest of(byte[] bytes) {
        return new Digest(new BigInteger(1, bytes));
    }

    /** 64 lower-case hex digits. */
    @Override
    public String toString() {
        return Sha256.of(bytes()).toString();
    }
}
