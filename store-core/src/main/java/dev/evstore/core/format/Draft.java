package dev.evstore.core.format;

import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary transaction before it is bytes. Immutable.
 *
 * @param parents the store's heads seen: id to the first 32 hex digits of its trailer
 */
public record Draft(
        TransactionId id,
        Origin origin,
        SortedMap<TransactionId, String> parents,
        SortedMap<StreamId, TransactionHeader.Write> writes,
        SortedMap<StreamId, List<TransactionId>> reads,
        @Nullable String command,
        @Nullable String meta,
        List<Event> events) {

    public Draft {
        parents = Collections.unmodifiableSortedMap(new TreeMap<>(parents));
        writes = Collections.unmodifiableSortedMap(new TreeMap<>(writes));
        reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
        events = List.copyOf(events);
    }

    /**
     * @param salt 22 base64url characters of an event marked redactable, else null
     */
    public record Event(
            StreamId stream, NewEvent event, @Nullable String salt) {}
}
