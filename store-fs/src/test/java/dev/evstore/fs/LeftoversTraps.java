package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What killed processes leave in the local directory does not pile up, and what living ones need stays. */
@Tag("stores")
@Timeout(60)
class LeftoversTraps {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StoreLayout layout;

    @BeforeEach
    void tenEvents() {
        try (FileEventStore store = FileEventStore.create(directory)) {
            for (int k = 0; k < 10; k++) {
                store.append(A, ExpectedVersion.exactly(k), NewEvent.of("T", "{}"));
            }
        }
        layout = Local.layout(directory);
    }

    private static NavigableSet<String> names(Path directory, String glob) throws IOException {
        NavigableSet<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.map(path -> Objects.requireNonNull(path.getFileName()).toString())
                    .filter(name -> name.matches(glob))
                    .forEach(names::add);
        }
        return names;
    }

    private NavigableSet<String> drafts() throws IOException {
        return names(layout.temporary(), ".*\\.tmp");
    }

    private NavigableSet<String> databases() throws IOException {
        return names(layout.local(), "index-.*");
    }

    private String live() throws IOException {
        return Files.readString(layout.current(), StandardCharsets.US_ASCII).strip();
    }

    private void interruptedReindex(boolean fromScratch) {
        try (FileEventStore store = FileEventStore.open(directory)) {
            ProgressListener enough = (done, total) -> {
                if (done > 0) {
                    throw new IllegalStateException("the user has had enough");
                }
            };
            assertThrows(
                    IllegalStateException.class,
                    () -> Objects.requireNonNull(
                            fromScratch ? store.reindexFromScratch(enough) : store.reindex(enough)));
        }
    }

    @Test
    void T35_draftsOfKilledProcessesAreRemovedByTheNextThatOpens() throws IOException { // T35
        for (int k = 0; k < 3; k++) {
            Files.write(layout.temporary().resolve("killed-" + k + ".tmp"), new byte[1000]);
        }
        FileEventStore.open(directory).close();
        assertEquals(new TreeSet<>(), drafts());
    }

    @Test
    void T35_theDraftOfALivingWriterStays() throws Exception { // T35: whoever writes one holds the lock
        Path draft = Files.write(layout.temporary().resolve("being-written.tmp"), new byte[1000]);
        List<FileEventStore> opened = new ArrayList<>();
        Thread opening = new Thread(() -> opened.add(FileEventStore.open(directory)));
        try (StoreLock writer = StoreLock.open(layout.lock())) {
            writer.acquire();
            opening.start();
            while (opening.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertTrue(Files.exists(draft));
            writer.release();
        }
        opening.join();
        opened.forEach(FileEventStore::close);
        assertEquals(new TreeSet<>(), drafts());
    }

    @Test
    void T35_supersededAndTornDatabasesAndLogsAloneAreRemoved() throws IOException { // T35
        String live = live();
        String superseded = live.replace("-1.db", "-7.db");
        Files.copy(layout.local().resolve(live), layout.local().resolve(superseded));
        Files.writeString(layout.local().resolve("index-0123456789abcdef-1.db"), "torn");
        Files.writeString(layout.local().resolve("index-0123456789abcdef-2.db-wal"), "alone");
        Files.writeString(layout.local().resolve("index-of-the-user.txt"), "not ours");
        FileEventStore.open(directory).close();
        assertEquals(new TreeSet<>(List.of(live, "index-of-the-user.txt")), databases());
    }

    @Test
    void T35_anInterruptedReindexIsLeftForTheNextOneAndNoSecondOneBesideIt() throws IOException { // T35
        for (int k = 0; k < 3; k++) {
            interruptedReindex(false);
            interruptedReindex(true);
        }
        FileEventStore.open(directory).close();
        String live = live();
        NavigableSet<String> left = databases();
        left.remove(live);
        assertEquals(1, left.size(), left::toString);
        try (FileEventStore store = FileEventStore.open(directory)) {
            long[] first = {-1};
            store.reindexFromScratch((done, total) -> {
                if (total > 0 && first[0] < 0) {
                    first[0] = done;
                }
            });
            assertEquals(10, first[0], "nothing is built a second time");
        }
        FileEventStore.open(directory).close();
        assertEquals(new TreeSet<>(List.of(live())), databases());
    }

    @Test
    void T35_whatALivingProcessBuildsStaysWhoeverOpensTheStore() throws IOException { // T35, T59
        try (FileEventStore store = FileEventStore.open(directory)) {
            store.reindex((done, total) -> FileEventStore.open(directory).close());
            assertEquals(10, store.read(A).events().size());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
    }
}
