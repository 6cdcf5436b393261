package dev.evstore.core.id;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The identity of a transaction and its place in the canonical order: a UUID of version 7 (ordinary) or 8 (merge),
 * ordered as unsigned bytes (rule I3). Immutable.
 *
 * @param high the first eight bytes, big-endian: 48 bits of milliseconds since 1970, version, 12 bits
 * @param low the last eight bytes: variant and 62 bits
 */
public record TransactionId(long high, long low) implements Comparable<TransactionId> {

    /** Greatest timestamp an id can hold, in milliseconds since 1970. */
    public static final long MAX_MILLIS = (1L << 48) - 1;

    /**
     * @throws IllegalArgumentException if version or variant are not those of a transaction id
     */
    public TransactionId {
        int version = (int) (high >>> 12) & 0xF;
        if ((version != 7 && version != 8) || (low >>> 62) != 2) {
            throw new IllegalArgumentException("not a transaction id: " + new UUID(high, low)
                    + "; it has to be a UUID of version 7 or 8 and of the RFC variant");
        }
    }

    /**
     * @param text 36 lower-case characters
     * @throws IllegalArgumentException if the text is anything else
     */
    public static TransactionId of(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a transaction id: " + Names.quoted(text)
                    + "; it has to be 36 lower-case characters, a UUID of version 7 or 8");
        }
        return of(UUID.fromString(text));
    }

    public static TransactionId of(UUID uuid) {
        return new TransactionId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * @param bytes 16 bytes, as {@link #bytes()} gives them
     */
    public static TransactionId of(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("a transaction id has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TransactionId(buffer.getLong(), buffer.getLong());
    }

    /** Whether the text is an id exactly as event files hold it. */
    public static boolean isValid(String text) {
        if (!ReplicaId.isValid(text)) {
            return false;
        }
        char version = text.charAt(14);
        char variant = text.charAt(19);
        return (version == '7' || version == '8')
                && (variant == '8' || variant == '9' || variant == 'a' || variant == 'b');
    }

    /** The timestamp in the id, in milliseconds since 1970: 0..{@link #MAX_MILLIS}. It orders; it is no clock. */
    public long millis() {
        return high >>> 16;
    }

    /** Whether the id is that of a merge transaction (version 8). */
    public boolean isMerge() {
        return ((high >>> 12) & 0xF) == 8;
    }

    /** The 16 bytes, big-endian. */
    public byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(TransactionId other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
