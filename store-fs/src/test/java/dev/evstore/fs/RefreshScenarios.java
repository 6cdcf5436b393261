package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of the blueprint about how change is seen. */
@Tag("stores")
@Timeout(60)
class RefreshScenarios {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private FileEventStore store;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void open() throws IOException {
        Git.init(directory);
        store = FileEventStore.create(directory);
        file = Files.createDirectories(directory.resolve("events/2026-10")).resolve("x.jsonl");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] event(int millis, String type) {
        Transaction transaction = Foreign.at(millis).free("a").event("a", type).build();
        return transaction.bytes();
    }

    private List<String> types() {
        return store.read(A).events().stream()
                .map(event -> event.type().value())
                .toList();
    }

    @Test
    void aChangeRightAfterALookIsSeen() throws IOException { // T27
        for (int round = 0; round < 10; round++) {
            Files.write(file, event(round, "Old"));
            store.refresh();
            Files.write(file, event(100 + round, "New")); // of equal size, and perhaps within the clock's grain
            IndexRows.refreshUntilSettled(store, directory);
            assertEquals(List.of("New"), types());
        }
    }

    @Test
    void whatVanishesWhileGitIsBetweenTwoStepsStaysUntilGitIsDone() throws IOException { // P6, T28
        Files.write(file, event(1, "One"));
        store.refresh();
        Path underWay = Files.createFile(directory.resolve(".git/MERGE_HEAD"));
        Files.delete(file);
        assertEquals(RefreshReport.NOTHING, store.refresh());
        assertEquals(List.of("One"), types());
        Files.delete(underWay);
        assertEquals(new RefreshReport(0, 0, 0, 1), store.refresh());
        assertEquals(List.of(), types());
    }

    @Test
    void aLookWithoutChangeTakesNoLock() throws IOException { // T34
        Files.write(file, event(1, "One"));
        IndexRows.refreshUntilSettled(store, directory);
        store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10); // what it gives is durable now
        try (StoreLock lock = StoreLock.open(Local.of(directory).resolve("lock"))) {
            lock.acquire();
            assertEquals(
                    1,
                    store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10)
                            .entries()
                            .size());
            lock.release();
        }
    }

    @Test
    void aFileThatIsSeenHalfWrittenIsLookedAtUntilItIsWhole() throws IOException { // T27, V2
        byte[] whole = event(1, "One");
        Files.write(file, Arrays.copyOf(whole, whole.length - 9));
        store.refresh();
        store.refresh();
        assertEquals(1, store.status().findings().size());
        Files.write(file, whole);
        store.refresh();
        assertEquals(List.of("One"), types());
        assertEquals(0, store.status().findings().size());
    }
}
