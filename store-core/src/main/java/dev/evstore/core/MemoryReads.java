package dev.evstore.core;

import dev.evstore.core.append.Pages.Page;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Pages of the whole store, out of a set of visible transactions. */
final class MemoryReads {

    private MemoryReads() {}

    /**
     * @throws IllegalArgumentException if a page has room for nothing
     */
    static int bounded(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a page's limit is at least 1, not " + limit);
        }
        return Math.min(limit, EventStore.MAX_PAGE);
    }

    static Page<StoredEvent, EventId> events(
            VisibleSet visible, ReadAllOptions options, @Nullable EventId after, int limit) {
        List<StoredEvent> events = new ArrayList<>();
        for (TransactionHeader header : from(visible, options.backwards(), after)) {
            int count = header.events().size();
            for (int k = 0; k < count; k++) {
                int ordinal = options.backwards() ? count - 1 - k : k;
                EventId id = new EventId(header.id(), ordinal);
                TransactionHeader.Slot slot = header.events().get(ordinal);
                if (isBehind(id, after, options.backwards())
                        && options.filter().accepts(slot.stream(), slot.type(), slot.tags())) {
                    events.add(visible.event(id));
                    if (events.size() == limit) {
                        return new Page<>(events, id);
                    }
                }
            }
        }
        return new Page<>(events, null);
    }

    private static Iterable<TransactionHeader> from(VisibleSet visible, boolean backwards, @Nullable EventId after) {
        NavigableMap<TransactionId, TransactionHeader> headers = visible.headers();
        if (backwards) {
            return (after == null ? headers : headers.headMap(after.transaction(), true))
                    .descendingMap()
                    .values();
        }
        return (after == null ? headers : headers.tailMap(after.transaction(), true)).values();
    }

    private static boolean isBehind(EventId id, @Nullable EventId after, boolean backwards) {
        return after == null || (backwards ? id.compareTo(after) < 0 : id.compareTo(after) > 0);
    }

    static Page<TransactionHeader, TransactionId> log(VisibleSet visible, @Nullable TransactionId before, int limit) {
        NavigableMap<TransactionId, TransactionHeader> headers = visible.headers();
        Iterator<TransactionHeader> last = (before == null ? headers : headers.headMap(before, false))
                .descendingMap()
                .values()
                .iterator();
        List<TransactionHeader> page = new ArrayList<>();
        while (last.hasNext() && page.size() < limit) {
            page.add(last.next());
        }
        return new Page<>(page, last.hasNext() ? page.get(page.size() - 1).id() : null);
    }
}
