package dev.evstore.core.subscription;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import java.util.ArrayList;
import java.util.List;

/** The part of a store's feed that a subscription reads. */
record Reader(EventStore store, EventFilter filter, int limit) {

    FeedPage after(FeedCursor position) {
        return store.readFeed(position, filter, limit);
    }

    FeedCursor end() {
        return store.feedEnd();
    }

    /** A page's entries, those of one transaction together: between two of these, and nowhere else, a cursor can stand. */
    static List<List<FeedEntry>> units(FeedPage page) {
        List<List<FeedEntry>> units = new ArrayList<>();
        List<FeedEntry> unit = new ArrayList<>();
        for (FeedEntry entry : page.entries()) {
            if (!unit.isEmpty() && !unit.get(0).position().equals(entry.position())) {
                units.add(unit);
                unit = new ArrayList<>();
            }
            unit.add(entry);
        }
        if (!unit.isEmpty()) {
            units.add(unit);
        }
        return units;
    }
}
