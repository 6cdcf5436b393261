package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The feed while nothing goes away: order, pages, filters, cursors, late arrivals (rules P1, P2, P3, P5, P8). */
public abstract class FeedContract extends StoreContract {

    private TransactionId append(String stream, String... types) {
        return store().append(
                        stream(stream),
                        ExpectedVersion.any(),
                        List.of(types).stream().map(StoreContract::event).toArray(NewEvent[]::new))
                .transaction();
    }

    @Test
    void anEmptyStoreHasAnEmptyFeedAndAPlaceToGoOnFrom() {
        FeedPage nothing = page(FeedCursor.beginning(), 10);
        assertEquals(List.of(), nothing.entries());
        assertTrue(nothing.atEnd());
        append("a", "One");
        assertEquals(List.of("+One"), inWords(page(nothing.next(), 10).entries()));
    }

    @Test
    void resumeIsExclusiveAndSequencesAscend() { // P1, P3
        append("a", "E1");
        append("b", "E2", "E3");
        append("a", "E4");
        FeedPage all = page(FeedCursor.beginning(), 10);
        assertEquals(List.of("+E1", "+E2", "+E3", "+E4"), inWords(all.entries()));

        List<Long> arrivals =
                all.entries().stream().map(e -> e.position().arrivals()).toList();
        assertEquals(
                List.of(1L, 3L, 3L, 4L), arrivals, "a number for each event, from 1; a position ends a transaction");
        assertEquals(List.of("+E4"), inWords(entries(all.entries().get(1).position())));
        assertEquals(List.of(), inWords(entries(all.next())));
        assertEquals(all.entries().get(3).position(), all.next());
        append("c", "E5");
        assertEquals(List.of("+E5"), inWords(entries(all.next())));
    }

    @Test
    void theEndIsWhereAConsumerStandsThatHasSeenEverything() { // P3, P5
        assertEquals(page(FeedCursor.beginning(), 1).next(), store().feedEnd());
        append("a", "E1", "E2");
        Transaction gone = Foreign.at(-9).free("b").event("b", "Gone").build();
        arrive(gone);
        retract(gone.header().id());
        assertEquals(end(), store().feedEnd());
        append("a", "E3");
        assertEquals(end(), store().feedEnd());
    }

    @Test
    void T20_aPageNeverSplitsATransaction() { // T20, P3
        append("a", "E1");
        append("a", "E2", "E3", "E4");
        append("a", "E5");
        FeedPage first = page(FeedCursor.beginning(), 2);
        assertEquals(List.of("+E1", "+E2", "+E3", "+E4"), inWords(first.entries()));
        assertFalse(first.atEnd());
        FeedPage second = page(first.next(), 2);
        assertEquals(List.of("+E5"), inWords(second.entries()));
        assertTrue(second.atEnd());
    }

    @Test
    void aPageThatIsFullAtTheEndSaysThatItIsTheEnd() {
        append("a", "E1");
        append("a", "E2");
        assertTrue(page(FeedCursor.beginning(), 2).atEnd());
        assertFalse(page(FeedCursor.beginning(), 1).atEnd());
    }

    @Test
    void T21_tenThousandRejectedEventsDoNotLookLikeTheEnd() { // T21, P3
        NewEvent[] noise = Collections.nCopies(2500, event("Noise")).toArray(NewEvent[]::new);
        append("wanted", "First");
        for (int i = 0; i < 4; i++) {
            store().append(stream("noise"), ExpectedVersion.any(), noise);
        }
        append("wanted", "Second");

        EventFilter filter = EventFilter.prefix("wanted");
        FeedPage page = store().readFeed(FeedCursor.beginning(), filter, 2);
        List<String> seen = new ArrayList<>(inWords(page.entries()));
        while (!page.atEnd()) {
            page = store().readFeed(page.next(), filter, 2);
            seen.addAll(inWords(page.entries()));
        }
        assertEquals(List.of("+First", "+Second"), seen);
        assertEquals(10_002, page.next().arrivals(), "what was passed over is passed over for good");
    }

    @Test
    void filtersLookAtPrefixGlobTypeAndTags() { // P3
        store().append(
                        stream("a/x/1"),
                        ExpectedVersion.any(),
                        event("T1").tags("red", "big"),
                        event("T2").tags("red"));
        store().append(stream("a/y"), ExpectedVersion.any(), event("T3"));
        store().append(stream("b"), ExpectedVersion.any(), event("T1").tags("red"));

        assertEquals(List.of("+T1", "+T2", "+T3"), filtered(EventFilter.prefix("a/")));
        assertEquals(List.of("+T1", "+T2"), filtered(EventFilter.glob("a/*1")), "* crosses /");
        assertEquals(List.of("+T3"), filtered(EventFilter.glob("?/[x-z]")));
        assertEquals(List.of("+T1", "+T1"), filtered(EventFilter.all().withTypes(EventType.of("T1"))));
        assertEquals(List.of("+T1", "+T2", "+T1"), filtered(EventFilter.all().withTags("red")));
        assertEquals(List.of("+T1"), filtered(EventFilter.all().withTags("red", "big")));
        assertEquals(
                List.of("+T2"),
                filtered(EventFilter.prefix("a").withTypes(EventType.of("T2")).withTags("red")));
        assertEquals(List.of(), filtered(EventFilter.prefix("c")));
    }

    private List<String> filtered(EventFilter filter) {
        FeedPage page = store().readFeed(FeedCursor.beginning(), filter, 100);
        assertTrue(page.atEnd());
        assertEquals(store().status().events(), page.next().arrivals());
        return inWords(page.entries());
    }

    @Test
    void aPageIsNotLargerThanTheStoreGives() {
        assertThrows(IllegalArgumentException.class, () -> page(FeedCursor.beginning(), 0));
        NewEvent[] many = Collections.nCopies(4000, event("T")).toArray(NewEvent[]::new);
        for (int i = 0; i < 4; i++) {
            store().append(stream("a"), ExpectedVersion.any(), many);
        }
        FeedPage page = page(FeedCursor.beginning(), Integer.MAX_VALUE);
        assertEquals(12_000, page.entries().size(), EventStore.MAX_PAGE + ", and the rest of the last transaction");
        assertFalse(page.atEnd());
    }

    @Test
    void arrivalsOfOneLookComeInCanonicalOrder() { // P2
        arrive(
                Foreign.at(3).free("a").event("a", "Third").build(),
                Foreign.at(1).free("a").event("a", "First").build(),
                Foreign.at(2).free("b").event("b", "Second").build());
        assertEquals(List.of("+First", "+Second", "+Third"), inWords(entries(FeedCursor.beginning())));
    }

    @Test
    void anEventIsLateWhenOneThatFollowsItInItsStreamWasHereBefore() { // P2
        append("a", "Here");
        FeedCursor before = end();
        long generation = page(before, 1).generation();
        arrive(
                Foreign.at(-5)
                        .free("a")
                        .free("b")
                        .event("b", "B1")
                        .event("a", "A1")
                        .build(),
                Foreign.at(5).free("a").event("a", "A2").build());
        assertEquals(List.of("+B1", "+A1!", "+A2"), inWords(entries(before)));
        assertTrue(page(before, 1).generation() > generation, "P8");
        assertEquals(List.of("A1", "Here", "A2"), types("a"));
        List<Long> versions = page(before, 10).entries().stream()
                .map(e -> ((FeedEntry.Arrival) e).event().version().value())
                .toList();
        assertEquals(List.of(1L, 1L, 3L), versions);
    }

    @Test
    void inOrderTheGenerationStands() { // P8
        append("a", "E1");
        arrive(Foreign.at(5).onto("b").event("b", "E2").build());
        append("a", "E3");
        assertEquals(0, page(FeedCursor.beginning(), 1).generation());
        assertEquals(0, store().status().generation());
    }

    @Test
    void aTransactionWithoutEventsTakesANumberAndShowsNothing() { // P1
        Transaction left = Foreign.at(1).onto("a").event("a", "Left").build();
        Transaction right = Foreign.at(2).onto("a").event("a", "Right").build();
        arrive(left, right);
        arrive(Foreign.merge("a", List.of(left, right)));
        append("b", "After");
        assertEquals(List.of("+Left", "+Right", "+After"), inWords(entries(FeedCursor.beginning())));
        assertEquals(4, end().arrivals());
        FeedCursor afterMerge = entries(FeedCursor.beginning()).get(1).position();
        assertEquals(List.of("+After"), inWords(entries(afterMerge)));
    }

    @Test
    void aCursorSurvivesAsText() {
        append("a", "E1");
        append("a", "E2");
        FeedCursor cursor = page(FeedCursor.beginning(), 1).next();
        assertEquals(List.of("+E2"), inWords(entries(FeedCursor.of(cursor.toString()))));
    }

    @Test
    void aCursorOfAnotherIndexIsStale() throws Exception { // P5
        append("a", "E1");
        FeedCursor mine = end();
        try (Subject other = open(clock, new Random(8))) {
            other.store().append(StreamId.of("a"), ExpectedVersion.any(), event("E1"));
            FeedCursor theirs = other.store()
                    .readFeed(FeedCursor.beginning(), EventFilter.all(), 1)
                    .next();
            assertNotEquals(mine.epoch(), theirs.epoch());
            assertStale(theirs);
            assertThrows(StaleCursorException.class, () -> other.store().readFeed(mine, EventFilter.all(), 1));
        }
    }

    @Test
    void aCursorThatThisIndexNeverGaveIsStale() { // P5
        append("a", "E1");
        append("a", "E2", "E3");
        FeedCursor good = end();
        String epoch = good.epoch();
        assertStale(new FeedCursor(epoch, good.arrivals(), 0, good.check() ^ 1));
        assertStale(new FeedCursor(epoch, good.arrivals() + 1, 0, good.check()));
        assertStale(new FeedCursor(epoch, 0, 0, good.check()));
        assertStale(new FeedCursor(epoch, good.arrivals(), 1, good.check()));
        assertStale(new FeedCursor(epoch, Long.MAX_VALUE, 0, good.check()));
        assertStale(new FeedCursor(epoch, good.arrivals(), Long.MAX_VALUE, good.check()));
        assertStale(new FeedCursor(epoch, -1, 0, good.check()));
        assertStale(new FeedCursor(epoch, good.arrivals(), -1, good.check()));
        for (int check : IntStream.range(0, 20).toArray()) {
            assertStale(new FeedCursor(epoch, 2, 0, check)); // inside the second transaction
        }
        assertEquals(List.of(), entries(good));
    }

    private void assertStale(FeedCursor cursor) {
        assertThrows(StaleCursorException.class, () -> page(cursor, 1), cursor::toString);
    }
}
