package dev.evstore.core;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import java.util.List;

/**
 * A visible transaction, whole. Immutable.
 *
 * @param header what it says: who wrote it, its parents, the streams it writes and read, command, metadata
 * @param events its events in order, with their versions when they were read; none of a merge that says the canonical
 *     order is fine
 */
public record StoredTransaction(TransactionHeader header, List<StoredEvent> events) {
    public StoredTransaction {
        events = List.copyOf(events);
    }
}
