package dev.evstore.core.id;

import java.nio.charset.StandardCharsets;

/**
 * The name of a stream: 1..255 bytes of UTF-8 without control, bidi, zero-width or wildcard characters and without
 * blank ends (rule V1). No normalisation: names that differ in code points are different streams. A leading
 * {@code $} is reserved for the store itself: readers take it, {@link #reserved()} tells writers to refuse it.
 *
 * <p>Streams order by the bytes of their UTF-8, which is not {@link String}'s order of UTF-16 units. Immutable.
 *
 * @param value the name itself
 */
public record StreamId(String value) implements Comparable<StreamId> {

    /** Longest name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    /**
     * @throws IllegalArgumentException if the name breaks rule V1; the message says where
     */
    public StreamId {
        String flaw = Names.streamFlaw(value);
        if (flaw != null) {
            throw new IllegalArgumentException("stream name " + Names.quoted(value) + ": " + flaw);
        }
    }

    /**
     * @throws IllegalArgumentException if the name breaks rule V1
     */
    public static StreamId of(String value) {
        return new StreamId(value);
    }

    /** Whether {@code value} would be a valid stream name. */
    public static boolean isValid(String value) {
        return Names.streamFlaw(value) == null;
    }

    /** Whether the name begins with {@code $}, which only the store itself may write. */
    public boolean reserved() {
        return value.charAt(0) == '$';
    }

    @Override
    public int compareTo(StreamId other) {
        return Names.compareUtf8(value, other.value);
    }

    /** The name's bytes, as they are hashed and ordered. */
    public byte[] utf8() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return value;
    }
}
