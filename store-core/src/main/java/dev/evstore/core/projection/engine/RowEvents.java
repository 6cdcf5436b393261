package dev.evstore.core.projection.engine;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Projection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one row in canonical order, page by page, up to what the projection's cursor has seen. */
final class RowEvents {

    private final EventStore store;
    private final CanonicalReads reads;
    private final Projection.Kind kind;
    private final EventFilter filter;
    private final Members members;
    private final int page;

    RowEvents(EventStore store, Projection.Kind kind, EventFilter filter, Members members, int page) {
        this.store = store;
        this.reads = store.canonicalReads();
        this.kind = kind;
        this.filter = filter;
        this.members = members;
        this.page = page;
    }

    /**
     * @param after to begin behind, or null for the row's start
     * @param until the arrivals of the projection's cursor
     */
    void each(String key, @Nullable EventId after, long until, Consumer<StoredEvent> each) {
        EventId place = after;
        do {
            CanonicalReads.Part part = part(key, place, until);
            part.events().forEach(each);
            place = part.next();
        } while (place != null);
    }

    /** The events of one transaction, whichever rows they belong to. */
    List<StoredEvent> of(TransactionId transaction, long until) {
        boolean seen = reads.whereabouts(transaction) instanceof CanonicalReads.Whereabouts.Visible visible
                && visible.arrival() <= until;
        return store.readTransaction(transaction).filter(there -> seen).stream()
                .flatMap(there -> there.events().stream().filter(event -> isWanted(there.header(), event)))
                .toList();
    }

    private boolean isWanted(TransactionHeader header, StoredEvent event) {
        TransactionHeader.Slot slot = header.events().get(event.id().ordinal());
        return filter.accepts(slot.stream(), slot.type(), slot.tags());
    }

    private CanonicalReads.Part part(String key, @Nullable EventId after, long until) {
        return switch (kind) {
            case SINGLE -> reads.all(filter, after, until, page);
            case PER_STREAM -> reads.stream(StreamId.of(key), filter, after, until, page);
            case KEYED -> {
                List<EventId> ids = members.part(key, after, page);
                yield new CanonicalReads.Part(
                        reads.events(ids, until), ids.isEmpty() ? null : ids.get(ids.size() - 1), ids.size());
            }
        };
    }
}
