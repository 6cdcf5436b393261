package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a look at the files sees, and what it costs. */
@Tag("stores")
@Timeout(60)
class LookTraps {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private FileEventStore store;

    @SuppressWarnings("NullAway.Init")
    private Path month;

    @BeforeEach
    void open() throws IOException {
        store = FileEventStore.create(
                directory, StoreOptions.defaults().clock(new ManualClock()).random(new Random(3)));
        month = Files.createDirectories(directory.resolve("events/2026-10"));
    }

    @AfterEach
    void close() {
        try (FileEventStore closing = store) {
            ReferenceReader.check(directory, closing);
        }
    }

    private static Transaction free(int millis, String type) {
        return Foreign.at(millis).free("a").event("a", type).build();
    }

    private static byte[] bytes(Transaction... transactions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Transaction transaction : transactions) {
            out.writeBytes(transaction.bytes());
        }
        return out.toByteArray();
    }

    private List<String> types() {
        return store.read(A).events().stream()
                .map(event -> event.type().value())
                .toList();
    }

    @Test
    void T27_aFileReplacedInPlaceByOneOfEqualSizeInTheSameTickIsSeen() throws IOException { // T27
        // Within one tick of the file system's clock both have the same size, times and inode. Ticks can't be made, so
        // the
        // index is told that the second has the stamp of the first.
        String unsettled = " WHERE stamp LIKE '%unsettled'";
        Path file = month.resolve("x.jsonl");
        int round = 0;
        do {
            assertTrue(round++ < 50, "no look came soon enough after a write, or none takes that for a risk");
            Files.deleteIfExists(file);
            Files.write(file, bytes(free(round, "Old")));
            store.refresh();
        } while (IndexRows.number(directory, "SELECT count(*) FROM file" + unsettled) == 0);
        Files.write(file, bytes(free(100 + round, "New")), StandardOpenOption.TRUNCATE_EXISTING);
        Stamp now = Objects.requireNonNull(Stamp.of(file));
        IndexRows.number(
                directory, "UPDATE file SET stamp = '" + now.encoded() + " unsettled'" + unsettled + " RETURNING f");
        IndexRows.refreshUntilSettled(store, directory);
        assertEquals(List.of("New"), types());
    }

    @Test
    void T27_aFileThatGrowsAfterItWasSeenHalfWrittenIsSeenWhole() throws IOException { // T27
        Path file = month.resolve("x.jsonl");
        Files.write(file, bytes(free(1, "One"), free(2, "Two")));
        store.refresh();
        Files.write(file, bytes(free(3, "Three")), StandardOpenOption.APPEND);
        IndexRows.refreshUntilSettled(store, directory);
        assertEquals(List.of("One", "Two", "Three"), types());
    }

    @Test
    void T27_aFileThatWasSeenCutIsLookedAtAgainHoweverLateItIsFinished() throws IOException { // T27, V2
        Path file = month.resolve("x.jsonl");
        byte[] whole = bytes(free(1, "One"), free(2, "Two"));
        Files.write(file, Arrays.copyOf(whole, whole.length - 10));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00.5Z")));
        Files.setLastModifiedTime(month, FileTime.from(Instant.parse("2020-01-01T00:00:00.5Z")));
        store.refresh();
        store.refresh();
        assertEquals(List.of("One"), types());
        Files.write(file, whole);
        store.refresh();
        assertEquals(List.of("One", "Two"), types());
        assertTrue(store.status().isClean(), () -> store.status().toString());
    }

    @Test
    void T29_aDirectoryReplacedByAnother() throws IOException { // T29
        Files.write(month.resolve("x.jsonl"), bytes(free(1, "One")));
        IndexRows.refreshUntilSettled(store, directory);
        Path draft = Files.createDirectories(directory.resolve("draft"));
        Files.write(draft.resolve("x.jsonl"), bytes(free(2, "Two")));
        Files.setLastModifiedTime(draft.resolve("x.jsonl"), Files.getLastModifiedTime(month.resolve("x.jsonl")));
        Files.setLastModifiedTime(draft, Files.getLastModifiedTime(month));
        Files.move(month, directory.resolve("old"));
        Files.move(draft, month);
        store.refresh();
        assertEquals(List.of("Two"), types());
    }

    @Test
    void T29_aFileThatMovesDuringALookIntoADirectoryAlreadyPassedIsNotRetracted() throws Exception { // T29
        Path passed = Files.createDirectories(directory.resolve("events/2026-01"));
        Path slow = Files.createDirectories(directory.resolve("events/2026-05"));
        Files.write(month.resolve("x.jsonl"), bytes(free(1, "One")));
        for (int k = 0; k < 2000; k++) {
            Files.createFile(slow.resolve(k + ".txt"));
        }
        IndexRows.refreshUntilSettled(store, directory);
        Path told = Local.of(directory).resolve("tmp/clock"); // written when a directory is about to be listed
        FileTime before = Files.getLastModifiedTime(told);
        Files.write(slow.resolve("y.jsonl"), bytes(free(2, "Two")));
        Thread mover = new Thread(() -> {
            try {
                while (Files.getLastModifiedTime(told).equals(before)) {
                    Thread.onSpinWait();
                }
                Files.move(month.resolve("x.jsonl"), passed.resolve("x.jsonl"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        mover.start();
        RefreshReport report = store.refresh();
        mover.join();
        assertEquals(0, report.retracted());
        assertEquals(0, store.refresh().retracted());
        assertEquals(List.of("One", "Two"), types());
    }

    @Test
    void T28_directoriesThatComeAndGoDuringALookAreNoTrouble() throws Exception { // T28
        Files.write(month.resolve("x.jsonl"), bytes(free(1, "One")));
        Path draft = Files.createDirectories(directory.resolve("draft/b"));
        Files.write(draft.resolve("y.jsonl"), bytes(free(2, "Two")));
        boolean[] done = {false};
        Thread mover = new Thread(() -> {
            try {
                for (int k = 0; k < 400; k++) {
                    Files.move(directory.resolve("draft"), directory.resolve("events/moved"));
                    Files.move(directory.resolve("events/moved"), directory.resolve("draft"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                synchronized (done) {
                    done[0] = true;
                }
            }
        });
        mover.start();
        for (boolean last = false; !last; ) {
            synchronized (done) {
                last = done[0];
            }
            store.refresh();
        }
        mover.join();
        IndexRows.refreshUntilSettled(store, directory);
        assertEquals(List.of("One"), types());
        assertTrue(store.status().isClean(), () -> store.status().toString());
    }

    @Test
    void aLookWithoutChangeWritesNothingAndReadsNoFile() throws IOException {
        for (int k = 0; k < 30; k++) {
            Files.write(month.resolve(k + ".jsonl"), bytes(free(k, "T")));
        }
        IndexRows.refreshUntilSettled(store, directory);
        store.readFeed(FeedCursor.beginning(), EventFilter.all(), 5); // makes the page durable, once
        long changes = fileChanges();
        for (int look = 0; look < 20; look++) {
            assertEquals(RefreshReport.NOTHING, store.refresh());
            store.readFeed(FeedCursor.beginning(), EventFilter.all(), 5);
        }
        // Whoever lists a directory asks the file system for "now" by writing a file of the store's own.
        assertEquals(changes, fileChanges(), "a directory was listed, or the index written");
    }

    @Test
    void oneFileMoreCostsOneDirectoryAndOneFile() throws IOException {
        Path other = Files.createDirectories(directory.resolve("events/2026-09"));
        for (int k = 0; k < 30; k++) {
            Files.write(month.resolve(k + ".jsonl"), bytes(free(k, "T")));
            Files.write(other.resolve(k + ".jsonl"), bytes(free(100 + k, "T")));
        }
        IndexRows.refreshUntilSettled(store, directory);
        long known = IndexRows.number(directory, "SELECT max(f) FROM file");
        Files.write(month.resolve("more.jsonl"), bytes(free(500, "More")));
        assertEquals(new RefreshReport(1, 1, 0, 0), store.refresh());
        assertEquals(known + 1, IndexRows.number(directory, "SELECT max(f) FROM file"), "files recorded anew");
        assertEquals(61, store.read(A).events().size());
    }

    @Test
    void anAppendReadsNoFileAgain() throws IOException {
        store.append(A, ExpectedVersion.any(), NewEvent.of("One", "{}"));
        store.append(A, ExpectedVersion.any(), NewEvent.of("Two", "{}"));
        IndexRows.refreshUntilSettled(store, directory);
        assertEquals(2, IndexRows.number(directory, "SELECT max(f) FROM file"), "what was appended is known already");
        assertEquals(2, IndexRows.number(directory, "SELECT count(*) FROM copy"));
    }

    /** The time of the last change of anything in the store's own directory. */
    private long fileChanges() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve(".evstore"))) {
            long newest = 0;
            for (Path path : all.toList()) {
                String name = path.getFileName().toString();
                if (!name.endsWith("-shm")) { // where readers note what they read
                    newest = Math.max(newest, Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS));
                }
            }
            return newest;
        }
    }
}
