package dev.evstore.core;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import java.util.List;

/**
 * Events of one stream, all read at one moment: later appends don't change it. Immutable.
 *
 * @param id the stream
 * @param state the whole stream's state at that moment, whatever part was asked for
 * @param events the part asked for, in the order asked for
 */
public record StreamSlice(StreamId id, StreamState state, List<StoredEvent> events) {
    public StreamSlice {
        events = List.copyOf(events);
    }
}
