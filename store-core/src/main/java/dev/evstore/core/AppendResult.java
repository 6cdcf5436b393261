package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an append did. It tells no position: that is for consumers of the feed. Immutable.
 *
 * @param transaction the transaction, or the first one of the same command
 * @param streams the state of each stream written, after the append (of a repeated command: today's)
 * @param alreadyApplied whether the command was known, so that nothing was written now
 */
public record AppendResult(
        TransactionId transaction, SortedMap<StreamId, StreamState> streams, boolean alreadyApplied) {
    public AppendResult {
        streams = Collections.unmodifiableSortedMap(new TreeMap<>(streams));
    }

    /**
     * The state of a stream that was written.
     *
     * @throws IllegalArgumentException if the append did not write it
     */
    public StreamState state(StreamId stream) {
        StreamState state = streams.get(stream);
        if (state == null) {
            throw new IllegalArgumentException("transaction " + transaction + " did not write " + stream);
        }
        return state;
    }
}
