package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.id.EventId;
import java.util.Map;
import java.util.TreeMap;

/** A consumer that holds what it was told: events and whether they are redacted, arrivals less retractions. */
final class ConsumersView {

    private final Map<EventId, Boolean> view = new TreeMap<>();
    private FeedCursor cursor = FeedCursor.beginning();

    /** Reads to the end, in pages of that many. */
    void readOn(EventStore store, int limit) {
        FeedPage page;
        do {
            page = store.readFeed(cursor, EventFilter.all(), limit);
            page.entries().forEach(this::see);
            cursor = page.next();
        } while (!page.atEnd());
    }

    private void see(FeedEntry entry) {
        if (entry instanceof FeedEntry.Arrival arrival) {
            EventId id = arrival.event().id();
            assertNull(
                    view.put(id, arrival.event() instanceof RedactedEvent),
                    () -> id + " arrives, but was never retracted"); // each arrival once
        } else if (entry instanceof FeedEntry.Retraction gone) {
            gone.events()
                    .forEach(event -> assertNotNull(
                            view.remove(new EventId(gone.transaction(), event.ordinal())),
                            () -> gone + " tells of what was never seen")); // T49
        }
    }

    Map<EventId, Boolean> view() {
        return view;
    }
}
