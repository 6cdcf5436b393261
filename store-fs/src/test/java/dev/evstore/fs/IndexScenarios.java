package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint "index". */
class IndexScenarios {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private FileEventStore store;

    @BeforeEach
    void twentyEvents() {
        store = FileEventStore.create(directory);
        for (int k = 0; k < 20; k++) {
            store.append(A, ExpectedVersion.exactly(k), NewEvent.of("Counted", String.valueOf(k)));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private FeedPage page(FeedCursor after, int limit) {
        return store.readFeed(after, EventFilter.all(), limit);
    }

    @Test
    void anInterruptedReindexGoesOnWhereItWas() {
        FeedCursor cursor = page(FeedCursor.beginning(), 5).next();
        assertThrows(
                IllegalStateException.class,
                () -> store.reindex((done, total) -> {
                    if (done > 0) {
                        throw new IllegalStateException("the user has had enough");
                    }
                }));
        assertEquals(20, store.read(A).events().size());
        long[] first = {-1};
        store.reindex((done, total) -> {
            if (total > 0 && first[0] < 0) {
                first[0] = done;
            }
        });
        assertEquals(20, first[0], "nothing is built a second time");
        assertEquals(15, page(cursor, 100).entries().size());
    }

    @Test
    void whatChangesWhileAReindexIsInterruptedIsNotOverlooked() throws IOException { // I4
        Transaction gone = Foreign.at(5).onto("b").event("b", "Gone").build();
        Transaction late = Foreign.at(6).onto("c").event("c", "Late").build();
        Path month = Files.createDirectories(directory.resolve("events/2026-01"));
        Files.write(month.resolve("gone.jsonl"), gone.bytes());
        assertThrows(
                IllegalStateException.class,
                () -> store.reindexFromScratch((done, total) -> {
                    if (done > 0) {
                        throw new IllegalStateException("the user has had enough");
                    }
                }));
        Files.delete(month.resolve("gone.jsonl"));
        Files.write(month.resolve("late.jsonl"), late.bytes());
        store.reindexFromScratch(ProgressListener.NONE);
        assertEquals(0, store.read(StreamId.of("b")).events().size());
        assertEquals(1, store.read(StreamId.of("c")).events().size());
        assertEquals(List.of(), store.verify(ProgressListener.NONE));
    }

    @Test
    void aReindexKeepsPositionsFlagsAndRetractions() throws IOException { // P1, P5, P6, P7
        Transaction late = Foreign.at(5).onto("a").event("a", "Late").build();
        Transaction gone = Foreign.at(6).onto("b").event("b", "Gone").build();
        Path month = Files.createDirectories(directory.resolve("events/2026-01"));
        Files.write(month.resolve("late.jsonl"), late.bytes());
        Files.write(month.resolve("gone.jsonl"), gone.bytes());
        store.refresh();
        FeedCursor all = page(FeedCursor.beginning(), 100).next();
        Files.delete(month.resolve("late.jsonl"));
        Files.delete(month.resolve("gone.jsonl"));
        store.refresh();
        Files.write(month.resolve("back.jsonl"), late.bytes());
        store.refresh();

        List<FeedCursor> cursors =
                List.of(FeedCursor.beginning(), page(FeedCursor.beginning(), 3).next(), all);
        List<List<FeedEntry>> before = new ArrayList<>();
        cursors.forEach(cursor -> before.add(page(cursor, 100).entries()));
        store.reindex(ProgressListener.NONE);
        for (int k = 0; k < cursors.size(); k++) {
            assertEquals(before.get(k), page(cursors.get(k), 100).entries());
        }
        List<FeedEntry> rest = before.get(2);
        assertEquals(3, rest.size());
        FeedEntry.Arrival back = (FeedEntry.Arrival) rest.get(2);
        assertTrue(back.late() && back.again(), back.toString());
        assertEquals(List.of(), store.verify(ProgressListener.NONE));
    }

    @Test
    void aReindexFromScratchBeginsANewEpoch() { // P5
        FeedCursor cursor = page(FeedCursor.beginning(), 5).next();
        store.reindexFromScratch(ProgressListener.NONE);
        assertThrows(StaleCursorException.class, () -> page(cursor, 5));
        assertEquals(20, page(FeedCursor.beginning(), 100).entries().size());
        store.append(A, ExpectedVersion.exactly(20), NewEvent.of("Counted", "20"));
        assertEquals(List.of(), store.verify(ProgressListener.NONE));
    }

    @Test
    void aStoreOpenedReadOnlyWritesNoEventAndNoIdentity() throws IOException {
        store.close();
        SelfRepairTraps.deleteAll(directory.resolve(".evstore"));
        try (FileEventStore reader = FileEventStore.openReadOnly(directory)) {
            assertEquals(20, reader.read(A).events().size());
            FeedCursor here = reader.readFeed(FeedCursor.beginning(), EventFilter.all(), 5)
                    .next();
            assertEquals(
                    15, reader.readFeed(here, EventFilter.all(), 100).entries().size());
            assertThrows(
                    StoreUnusableException.class,
                    () -> reader.append(A, ExpectedVersion.current(), NewEvent.of("Counted", "20")));
        }
        assertFalse(Files.exists(directory.resolve(".evstore")));
    }

    @Test
    void aSecondProcessIsSwitchedOverByAReindex() { // T59
        FeedCursor cursor = page(FeedCursor.beginning(), 5).next();
        try (FileEventStore other = FileEventStore.open(directory)) {
            AtomicBoolean appended = new AtomicBoolean();
            store.reindex((done, total) -> {
                if (total > 0 && appended.compareAndSet(false, true)) {
                    other.append(A, ExpectedVersion.exactly(20), NewEvent.of("Counted", "20"));
                    assertEquals(21, store.read(A).events().size());
                }
            });
            assertTrue(appended.get());
            other.append(A, ExpectedVersion.exactly(21), NewEvent.of("Counted", "21"));
            assertEquals(22, store.read(A).events().size());
            assertEquals(17, page(cursor, 100).entries().size(), "nothing is lost or doubled");
        }
    }
}
