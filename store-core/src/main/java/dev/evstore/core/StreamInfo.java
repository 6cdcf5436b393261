package dev.evstore.core;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.List;

/**
 * A stream at a glance. Immutable.
 *
 * @param heads its heads, ascending; empty if all its writers are free
 * @param incomplete whether a visible transaction names a head of it that is not here (rule F7)
 */
public record StreamInfo(StreamId id, StreamState state, List<TransactionId> heads, boolean incomplete) {
    public StreamInfo {
        heads = List.copyOf(heads);
    }

    /** Whether it has more than one head (rule F2). */
    public boolean forked() {
        return heads.size() > 1;
    }
}
