package dev.evstore.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint positions-and-feed. */
class PositionsAndFeedScenarios {

    private static final StreamId A = StreamId.of("a");

    private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(3));
    private final Transaction foreign =
            Foreign.at(-5).free("a").event("a", "Foreign").build();

    private void append(StreamId stream, String... types) {
        for (String type : types) {
            store.append(stream, ExpectedVersion.any(), NewEvent.of(type, "{}"));
        }
    }

    private FeedPage read(FeedCursor after) {
        return store.readFeed(after, EventFilter.all(), 100);
    }

    private static List<String> types(FeedPage page) {
        return page.entries().stream()
                .map(entry -> arrival(entry).event().type().value())
                .toList();
    }

    private static FeedEntry.Arrival arrival(FeedEntry entry) {
        return assertInstanceOf(FeedEntry.Arrival.class, entry);
    }

    @Test
    void aConsumerGoesOnWhereItStopped() {
        append(A, "One", "Two");
        String kept = read(FeedCursor.beginning()).next().toString();
        append(A, "Three", "Four");
        assertEquals(List.of("Three", "Four"), types(read(FeedCursor.of(kept))));
    }

    @Test
    void aMergeBringsEarlierEvents() {
        append(A, "One", "Two");
        FeedPage before = read(FeedCursor.beginning());
        store.ingest(List.of(foreign));

        FeedPage after = read(before.next());
        assertEquals(List.of("Foreign"), types(after));
        assertTrue(arrival(after.entries().get(0)).late());
        assertTrue(after.generation() > before.generation());
    }

    @Test
    void aBranchIsLeftAndEnteredAgain() {
        store.ingest(List.of(foreign));
        FeedCursor seen = read(FeedCursor.beginning()).next();
        store.retract(List.of(foreign.header().id()));
        store.ingest(List.of(foreign));

        List<FeedEntry> entries = read(seen).entries();
        assertEquals(2, entries.size());
        assertEquals(
                foreign.header().id(),
                assertInstanceOf(FeedEntry.Retraction.class, entries.get(0)).transaction());
        assertTrue(arrival(entries.get(1)).again());
    }

    @Test
    void aRetractionNobodySaw() {
        append(A, "First");
        FeedCursor seen = read(FeedCursor.beginning()).next();
        store.ingest(List.of(foreign));
        store.retract(List.of(foreign.header().id()));
        assertEquals(List.of(), read(seen).entries());
    }

    @Test
    void anEventIsRedacted() {
        store.ingest(List.of(foreign));
        FeedCursor seen = read(FeedCursor.beginning()).next();
        store.ingest(List.of(Foreign.redacted(foreign, 0)));

        List<FeedEntry> entries = read(seen).entries();
        assertEquals(2, entries.size());
        assertInstanceOf(FeedEntry.Retraction.class, entries.get(0));
        assertInstanceOf(RedactedEvent.class, arrival(entries.get(1)).event());
        assertFalse(arrival(entries.get(1)).again());
    }

    @Test
    void aCursorOfAnotherEpoch() {
        append(A, "One");
        FeedCursor kept = read(FeedCursor.beginning()).next();
        try (InMemoryEventStore another = new InMemoryEventStore(new ManualClock(), new Random(4))) {
            another.ingest(store.transactions());
            assertThrows(StaleCursorException.class, () -> another.readFeed(kept, EventFilter.all(), 1));
            assertEquals(List.of("One"), types(another.readFeed(FeedCursor.beginning(), EventFilter.all(), 1)));
        }
    }

    @Test
    void aFilterRejectsThousands() {
        StreamId b = StreamId.of("b");
        append(b, "First");
        store.append(
                A,
                ExpectedVersion.any(),
                Collections.nCopies(4000, NewEvent.of("Noise", "0")).toArray(NewEvent[]::new));
        append(b, "Second");
        append(A, "Noise");

        FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.prefix("b"), 2);
        assertEquals(List.of("First", "Second"), types(page));
        assertTrue(page.atEnd());
        assertEquals(List.of(), read(page.next()).entries());
    }
}
