package dev.evstore.core.format;

import dev.evstore.core.id.TransactionId;
import java.nio.ByteBuffer;

/**
 * The id of a merge transaction, a function of its content (rules M1, M4): the millisecond after its newest head,
 * version 8, and 74 bits of the trailer hash that it would have with the nil UUID for an id.
 */
final class MergeId {

    static final String NIL = "00000000-0000-0000-0000-000000000000";

    private static final byte[] NIL_BYTES = Wire.ascii(NIL);

    private MergeId() {}

    /** The 36 bytes that stand for the id while it is computed. */
    static byte[] nil() {
        return NIL_BYTES.clone();
    }

    /**
     * @param newest the newest head
     * @param nilTrailer the trailer hash computed with the nil UUID
     * @throws IllegalArgumentException if no millisecond follows the newest head's
     */
    static TransactionId of(TransactionId newest, byte[] nilTrailer) {
        if (newest.millis() >= TransactionId.MAX_MILLIS) {
            throw new IllegalArgumentException("heads: " + newest + " is at the end of time and can't be merged");
        }
        ByteBuffer hash = ByteBuffer.wrap(nilTrailer);
        long first = hash.getLong();
        // 74 bits: 12 after the version, 62 after the variant.
        long high = (newest.millis() + 1) << 16 | 8L << 12 | first >>> 52;
        long low = 2L << 62 | (first & (1L << 52) - 1) << 10 | (hash.getShort() & 0xFFFF) >>> 6;
        return new TransactionId(high, low);
    }
}
