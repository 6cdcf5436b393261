package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.EventId;
import java.util.Set;
import java.util.TreeSet;

/**
 * Somebody who reads the feed through a filter, in pages of a size, and holds what it was told: arrivals less
 * retractions. Now and then it saves that together with its cursor; a stop of the machine takes it back to there.
 */
final class Consumer {

    /** What the consumer's cursor is worth to the index it is about to ask. */
    enum Cursor {
        GOOD,
        /** The index may be another one: no number of the old one that was lost had ever been given away. */
        DOUBTFUL,
        /** The index is another one. */
        STALE
    }

    private record Place(FeedCursor cursor, Set<EventId> view) {
        private static Place start() {
            return new Place(FeedCursor.beginning(), new TreeSet<>());
        }

        private Place copy() {
            return new Place(cursor, new TreeSet<>(view));
        }
    }

    private final EventFilter filter;
    private final int limit;
    private final int pagesBetweenSaves;
    private final Positions positions;
    private Place here = Place.start();
    private Place saved = Place.start();
    private Cursor worth = Cursor.GOOD;
    private int pages;

    Consumer(EventFilter filter, int limit, int pagesBetweenSaves, Positions positions) {
        this.filter = filter;
        this.limit = limit;
        this.pagesBetweenSaves = pagesBetweenSaves;
        this.positions = positions;
    }

    /** Another of the kind, which has what this one has saved. */
    Consumer copy() {
        Consumer copy = new Consumer(filter, limit, pagesBetweenSaves, positions);
        copy.saved = saved.copy();
        copy.here = saved.copy();
        copy.worth = worth;
        return copy;
    }

    /** The machine stopped. */
    void fallBack() {
        here = saved.copy();
    }

    /** The index is not the one that gave the cursor, or may not be. */
    void doubt(Cursor now) {
        if (worth != Cursor.STALE) {
            worth = now;
        }
    }

    /** Reads a page; tells whether it was the last. */
    boolean readPage(EventStore store) {
        FeedPage page = page(store);
        TreeSet<EventId> view = new TreeSet<>(here.view());
        page.entries().forEach(entry -> see(entry, view));
        here = new Place(page.next(), view);
        if (++pages % pagesBetweenSaves == 0) {
            saved = here;
        }
        return page.atEnd();
    }

    private FeedPage page(EventStore store) {
        try {
            FeedPage page = store.readFeed(here.cursor(), filter, limit);
            if (worth == Cursor.STALE) {
                assertTrue(here.cursor().isBeginning(), "P5: a cursor of another index is taken for its own");
            }
            worth = Cursor.GOOD;
            return page;
        } catch (StaleCursorException e) {
            if (worth == Cursor.GOOD) {
                return fail("P4, P5: a good cursor is called stale", e);
            }
            here = Place.start();
            saved = Place.start();
            worth = Cursor.GOOD;
            return store.readFeed(here.cursor(), filter, limit);
        }
    }

    private void see(FeedEntry entry, Set<EventId> view) {
        if (entry instanceof FeedEntry.Arrival arrival) {
            EventId id = arrival.event().id();
            positions.arrival(arrival);
            assertTrue(view.add(id), () -> "P3: " + id + " arrives, but was never retracted");
        } else if (entry instanceof FeedEntry.Retraction gone) {
            positions.retraction(gone);
            gone.events().forEach(event -> {
                EventId id = new EventId(gone.transaction(), event.ordinal());
                assertTrue(view.remove(id), () -> "P6: " + id + " is retracted, but was never seen");
            });
        }
    }

    /** Reads to the end, and holds what it was told against what is there. */
    void readOn(EventStore store, History model) {
        boolean atEnd;
        do {
            atEnd = readPage(store);
        } while (!atEnd);
        Set<EventId> visible = new TreeSet<>();
        for (TransactionHeader transaction : model.transactions().values()) {
            for (int k = 0; k < transaction.events().size(); k++) {
                Slot slot = transaction.events().get(k);
                if (filter.accepts(slot.stream(), slot.type(), slot.tags())) {
                    visible.add(new EventId(transaction.id(), k));
                }
            }
        }
        assertEquals(visible, here.view(), "P3, P6: a consumer's view");
    }
}
