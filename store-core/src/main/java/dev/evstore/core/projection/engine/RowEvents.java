package dev.evstore.core.projection.engine;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.projection.Projection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of one row in canonical order, page by page, up to what the projection's cursor has seen. */
final class RowEvents {

    private final CanonicalReads reads;
    private final Projection.Kind kind;
    private final EventFilter filter;
    private final Members members;
    private final int page;

    RowEvents(CanonicalReads reads, Projection.Kind kind, EventFilter filter, Members members, int page) {
        this.reads = reads;
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
