package dev.evstore.core;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@link CanonicalReads} out of a set of visible transactions. */
final class MemoryCanonicalReads implements CanonicalReads {

    private final Object lock;
    private final Supplier<VisibleSet> visible;
    private final MemoryFeed feed;

    /**
     * @param lock guards what the others hold
     * @param visible what is visible now; throws if the store is closed
     */
    MemoryCanonicalReads(Object lock, Supplier<VisibleSet> visible, MemoryFeed feed) {
        this.lock = lock;
        this.visible = visible;
        this.feed = feed;
    }

    @Override
    public Moment now() {
        synchronized (lock) {
            VisibleSet set = visible.get();
            long events = set.headers().values().stream()
                    .mapToLong(header -> header.events().size())
                    .sum();
            return new Moment(feed.end(), set.history().digest(), events, feed.generation());
        }
    }

    @Override
    public FeedPage retractions(FeedCursor after, EventFilter filter, int limit) {
        int bounded = MemoryReads.bounded(limit);
        synchronized (lock) {
            Objects.requireNonNull(visible.get());
            return feed.retractions(after, filter, bounded);
        }
    }

    @Override
    public Part all(EventFilter filter, @Nullable EventId after, long until, int limit) {
        int bounded = MemoryReads.bounded(limit);
        synchronized (lock) {
            VisibleSet set = visible.get();
            return part(
                    set,
                    after == null ? set.headers() : set.headers().tailMap(after.transaction(), true),
                    filter,
                    after,
                    until,
                    bounded);
        }
    }

    private Part part(
            VisibleSet set,
            NavigableMap<TransactionId, TransactionHeader> headers,
            EventFilter filter,
            @Nullable EventId after,
            long until,
            int limit) {
        List<StoredEvent> events = new ArrayList<>();
        long passed = 0;
        for (TransactionHeader header : headers.values()) {
            if (!feed.arrivedBy(header.id(), until)) {
                continue;
            }
            for (int k = 0; k < header.events().size(); k++) {
                EventId id = new EventId(header.id(), k);
                if (after != null && id.compareTo(after) <= 0) {
                    continue;
                }
                passed++;
                TransactionHeader.Slot slot = header.events().get(k);
                if (filter.accepts(slot.stream(), slot.type(), slot.tags())) {
                    events.add(set.event(id));
                    if (events.size() == limit) {
                        return new Part(events, id, passed);
                    }
                }
            }
        }
        return new Part(events, null, passed);
    }

    @Override
    public Part stream(StreamId stream, EventFilter filter, @Nullable EventId after, long until, int limit) {
        int bounded = MemoryReads.bounded(limit);
        synchronized (lock) {
            VisibleSet set = visible.get();
            List<StoredEvent> events = new ArrayList<>();
            long passed = 0;
            for (EventId id : set.events(stream)) {
                boolean behind = after == null || id.compareTo(after) > 0;
                if (!behind || !feed.arrivedBy(id.transaction(), until)) {
                    continue;
                }
                passed++;
                TransactionHeader.Slot slot =
                        set.header(id.transaction()).events().get(id.ordinal());
                if (filter.accepts(slot.stream(), slot.type(), slot.tags())) {
                    events.add(set.event(id));
                    if (events.size() == bounded) {
                        return new Part(events, id, passed);
                    }
                }
            }
            return new Part(events, null, passed);
        }
    }

    @Override
    public List<StoredEvent> events(List<EventId> ids, long until) {
        synchronized (lock) {
            VisibleSet set = visible.get();
            return ids.stream()
                    .filter(id -> set.has(id) && feed.arrivedBy(id.transaction(), until))
                    .map(set::event)
                    .toList();
        }
    }

    @Override
    public Whereabouts whereabouts(TransactionId transaction) {
        synchronized (lock) {
            Objects.requireNonNull(visible.get());
            return feed.whereabouts(transaction);
        }
    }
}
