package dev.evstore.core.append;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The running hashes behind a cursor's check (rule P5): one over arrivals, one over retractions, each 64 bits of
 * SHA-256 over the hash before and what came. So a cursor is recognised by everything up to where it stands, and an
 * index that was rolled back and went on differently is seen. Both begin with {@link #START}.
 */
public final class FeedHash {

    /** The hash over nothing. */
    public static final long START = 0;

    private FeedHash() {}

    /**
     * The hash after an arrival.
     *
     * @param redacted the ordinals redacted when it arrived
     * @param lastSequence the sequence number of its last event, or its own if it has none
     */
    public static long next(
            long previous, TransactionId transaction, Sha256 trailer, Collection<Integer> redacted, long lastSequence) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 16 + 32 + 8 + 2 * redacted.size());
        bytes.putLong(previous).put(transaction.bytes()).put(trailer.bytes()).putLong(lastSequence);
        for (int ordinal : new TreeSet<>(redacted)) {
            bytes.putShort((short) ordinal);
        }
        return first64(bytes.array());
    }

    /**
     * The hash after a retraction.
     *
     * @param number the retraction's own, from 1
     * @param arrival the last sequence number of the arrival that is gone
     */
    public static long next(long previous, long number, long arrival) {
        return first64(longs(previous, number, arrival));
    }

    /** What a cursor carries that stands after these two. */
    public static int check(long arrivalHash, long retractionHash) {
        return (int) (first64(longs(arrivalHash, retractionHash)) >>> 32);
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private static long first64(byte[] bytes) {
        return ByteBuffer.wrap(Sha256.hash(bytes).bytes()).getLong();
    }
}
