package dev.evstore.core.id;

/**
 * A number of events of a stream in canonical order. As the version of a stream: how many it has, 0 for no stream.
 * As the version of an event: its place, from 1. Immutable.
 *
 * @param value at least 0
 */
public record StreamVersion(long value) implements Comparable<StreamVersion> {

    /** The version of a stream that does not exist. */
    public static final StreamVersion NONE = new StreamVersion(0);

    /**
     * @throws IllegalArgumentException if the value is negative
     */
    public StreamVersion {
        if (value < 0) {
            throw new IllegalArgumentException("a version is at least 0, not " + value);
        }
    }

    public static StreamVersion of(long value) {
        return value == 0 ? NONE : new StreamVersion(value);
    }

    @Override
    public int compareTo(StreamVersion other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
