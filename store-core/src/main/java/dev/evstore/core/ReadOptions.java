package dev.evstore.core;

import dev.evstore.core.id.StreamVersion;

/**
 * Which part of a stream to read. Immutable.
 *
 * @param backwards whether the latest event comes first
 * @param from the version of the first event wanted: forwards at least 1; backwards {@link Long#MAX_VALUE} means the last
 * @param limit the most events wanted, at least 1
 */
public record ReadOptions(boolean backwards, StreamVersion from, int limit) {

    /**
     * @throws IllegalArgumentException if {@code from} or {@code limit} is below 1
     */
    public ReadOptions {
        if (from.value() < 1) {
            throw new IllegalArgumentException("a read starts at version 1 or later, not " + from);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("a read's limit is at least 1, not " + limit);
        }
    }

    /** The whole stream, first event first. */
    public static ReadOptions forwards() {
        return new ReadOptions(false, StreamVersion.of(1), Integer.MAX_VALUE);
    }

    /** The whole stream, last event first. */
    public static ReadOptions fromTheEnd() {
        return new ReadOptions(true, StreamVersion.of(Long.MAX_VALUE), Integer.MAX_VALUE);
    }

    public ReadOptions from(long version) {
        return new ReadOptions(backwards, StreamVersion.of(version), limit);
    }

    public ReadOptions limit(int events) {
        return new ReadOptions(backwards, from, events);
    }
}
