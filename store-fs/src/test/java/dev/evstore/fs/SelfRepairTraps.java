package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Durability;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store does when what it keeps for itself is gone, foreign, copied, torn or out of date. */
class SelfRepairTraps {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private FeedCursor cursor = FeedCursor.beginning();
    private Digest digest = Digest.EMPTY;

    @BeforeEach
    void someHistory() {
        try (FileEventStore store = FileEventStore.create(directory)) {
            for (int k = 0; k < 20; k++) {
                store.append(A, ExpectedVersion.current(), NewEvent.of("Counted", String.valueOf(k)));
            }
            cursor =
                    store.readFeed(FeedCursor.beginning(), EventFilter.all(), 5).next();
            digest = store.digest();
        }
    }

    private void opensWithAllEventsAndRefusesTheCursor(Finding.Code... notices) {
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(20, store.read(A).events().size());
            assertEquals(digest, store.digest());
            assertThrows(StaleCursorException.class, () -> store.readFeed(cursor, EventFilter.all(), 5));
            assertEquals(
                    List.of(notices),
                    store.notices().stream().map(Finding::code).toList());
            store.append(A, ExpectedVersion.exactly(20), NewEvent.of("Counted", "20"));
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(List.of(), store.notices(), "it is said once");
            assertEquals(21, store.read(A).events().size());
        }
    }

    @Test
    void T17_aDeletedIndexMakesCursorsStaleAndLosesNothing() throws IOException { // T17, P5
        deleteAll(directory.resolve(".evstore"));
        opensWithAllEventsAndRefusesTheCursor(Finding.Code.LOCAL_RENEWED);
    }

    @Test
    void T17_aCopiedStoreIsAnotherReplica() throws IOException { // T17, L1
        ReplicaId before;
        try (FileEventStore store = FileEventStore.open(directory)) {
            before = store.replica();
        }
        Path copy = Files.createTempDirectory("evstore-copy");
        try {
            copyAll(directory, copy);
            try (FileEventStore store = FileEventStore.open(copy)) {
                assertNotEquals(before, store.replica());
                assertEquals(digest, store.digest());
                assertThrows(StaleCursorException.class, () -> store.readFeed(cursor, EventFilter.all(), 5));
                assertEquals(Finding.Code.LOCAL_RENEWED, store.notices().get(0).code());
            }
        } finally {
            deleteAll(copy);
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(before, store.replica(), "the original is as it was");
            assertEquals(
                    5, store.readFeed(cursor, EventFilter.all(), 5).entries().size());
        }
    }

    @Test
    void T48_aRestoredBackupOfTheLocalDirectoryIsNotOurs() throws IOException { // T48, L1
        Path backup = Files.createTempDirectory("evstore-backup");
        try {
            copyAll(directory.resolve(".evstore"), backup);
            try (FileEventStore store = FileEventStore.open(directory)) {
                store.append(A, ExpectedVersion.current(), NewEvent.of("Counted", "\"later\""));
                cursor = store.readFeed(cursor, EventFilter.all(), 100).next();
            }
            deleteAll(directory.resolve(".evstore"));
            copyAll(backup, directory.resolve(".evstore"));
        } finally {
            deleteAll(backup);
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(21, store.read(A).events().size());
            assertThrows(StaleCursorException.class, () -> store.readFeed(cursor, EventFilter.all(), 5));
            assertEquals(Finding.Code.LOCAL_RENEWED, store.notices().get(0).code());
        }
    }

    @Test
    void L1_movingTheStoreChangesNothing() throws IOException {
        Path moved = directory.resolveSibling(directory.getFileName() + "-moved");
        Files.move(directory, moved);
        try (FileEventStore store = FileEventStore.open(moved)) {
            assertEquals(
                    5, store.readFeed(cursor, EventFilter.all(), 5).entries().size());
            assertEquals(List.of(), store.notices());
        } finally {
            Files.move(moved, directory);
        }
    }

    @Test
    void T58_aLocalDirectoryFromAPeerIsSetAsideWhole() throws IOException { // T58, L1
        deleteAll(directory.resolve(".evstore"));
        Path local = Files.createDirectory(directory.resolve(".evstore"));
        local = Files.createDirectory(local.resolve("0".repeat(32)));
        Files.writeString(local.resolve("owner"), "");
        Files.writeString(
                local.resolve("replica.json"), "{\"id\":\"00000000-0000-0000-0000-00000000dead\",\"seq\":7}\n");
        Files.writeString(local.resolve("current"), "index-0123456789abcdef-1.db\n");
        Files.writeString(local.resolve("index-0123456789abcdef-1.db"), "no database");
        opensWithAllEventsAndRefusesTheCursor(Finding.Code.LOCAL_RENEWED);
        try (Stream<Path> kept = Files.walk(directory.resolve(".evstore"))) {
            assertTrue(
                    kept.anyMatch(path -> path.toString().contains("aside-") && path.endsWith("replica.json")),
                    "it is kept for a person to look at");
        }
    }

    @Test
    void T58_aLinkInPlaceOfTheLocalDirectoryIsNotFollowed() throws IOException { // T58, L1
        Path elsewhere = Files.createTempDirectory("evstore-elsewhere");
        try {
            deleteAll(directory.resolve(".evstore"));
            Files.createSymbolicLink(directory.resolve(".evstore"), elsewhere);
            opensWithAllEventsAndRefusesTheCursor(Finding.Code.LOCAL_RENEWED);
            try (Stream<Path> inside = Files.list(elsewhere)) {
                assertEquals(0, inside.count(), "nothing was written through the link");
            }
        } finally {
            deleteAll(elsewhere);
        }
    }

    @Test
    void T19_anIndexThatIsNoDatabaseIsBuiltAgain() throws IOException { // T19
        Files.writeString(database(), "this was an index once, and is torn now".repeat(100));
        opensWithAllEventsAndRefusesTheCursor(Finding.Code.INDEX_REBUILT);
    }

    @Test
    void T19_aMissingDatabaseIsBuiltAgain() throws IOException { // T19
        Files.delete(database());
        opensWithAllEventsAndRefusesTheCursor(Finding.Code.INDEX_REBUILT);
    }

    @Test
    void T19_aPageTornInTheMiddleIsFoundWhenItIsReadAndTheIndexIsBuiltAgain() throws IOException { // T19
        try (FileEventStore store = FileEventStore.open(directory)) {
            store.verify(ProgressListener.NONE); // everything is in the main file when the last one closes
        }
        byte[] bytes = Files.readAllBytes(database());
        for (int at = 4096; at < bytes.length; at += 4096) {
            for (int k = 0; k < 200 && at + k < bytes.length; k++) {
                bytes[at + k] ^= 0x5A; // the head of every page but the first
            }
        }
        Files.write(database(), bytes);
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(20, store.read(A).events().size());
            assertEquals(digest, store.digest());
            assertEquals(
                    List.of(Finding.Code.INDEX_REBUILT),
                    store.notices().stream().map(Finding::code).toList());
            assertThrows(StaleCursorException.class, () -> store.readFeed(cursor, EventFilter.all(), 5));
            store.append(A, ExpectedVersion.exactly(20), NewEvent.of("Counted", "20"));
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
    }

    @Test
    void T19_whicheverPageIsTornAnAppendGoesThroughAtTheSecondTryAtTheLatest() throws IOException { // T19
        Path live = database();
        byte[] whole = Files.readAllBytes(live);
        for (int page = 1; page * 4096 < whole.length; page++) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, page * 4096, page * 4096 + 200, (byte) 0x5A);
            Files.write(database(), torn);
            try (FileEventStore store = FileEventStore.open(directory)) {
                NewEvent event = NewEvent.of("Counted", "\"after page " + page + " was torn\"");
                try {
                    store.append(A, ExpectedVersion.any(), event);
                } catch (WriteFailedException e) {
                    assertEquals(WriteFailedException.Outcome.NOTHING_WRITTEN, e.outcome());
                    store.append(A, ExpectedVersion.any(), event);
                }
                assertEquals(20 + page, store.read(A).events().size());
            }
            whole = Files.readAllBytes(database());
        }
    }

    @Test
    void theReplicasOwnCountOnlyGrowsWhateverBecomesOfTheIndex() throws IOException { // L1
        try (FileEventStore store = FileEventStore.open(directory)) {
            Files.delete(eventFiles().get(19));
            store.reindexFromScratch(ProgressListener.NONE);
            store.append(A, ExpectedVersion.exactly(19), NewEvent.of("Counted", "20"));
            RecordedEvent last = (RecordedEvent) store.read(A).events().get(19);
            assertEquals(21, Objects.requireNonNull(last.origin()).sequence());
        }
    }

    @Test
    void T25_whatIsEditedInPlaceIsFoundByVerifyAndTakenByReindex() throws IOException { // T25
        try (FileEventStore store = FileEventStore.open(directory)) {
            IndexRows.refreshUntilSettled(store, directory);
            Path file = eventFiles().get(3);
            String edited = Files.readString(file).replace("\"seq\":4", "\"seq\":9");
            Files.writeString(file, edited); // in place: no name came or went
            List<Finding> found = store.verify(ProgressListener.NONE);
            assertEquals(
                    List.of(Finding.Code.FILE_CHANGED),
                    found.stream().map(Finding::code).toList());
            assertTrue(found.get(0).where().endsWith(file.getFileName().toString()));
            store.reindex(ProgressListener.NONE);
            assertEquals(19, store.read(A).events().size());
            assertEquals(Finding.Code.INVALID, store.status().findings().get(0).code());
            FeedPage page = store.readFeed(cursor, EventFilter.all(), 100);
            assertTrue(page.entries().get(0) instanceof FeedEntry.Retraction);
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
    }

    @Test
    void T59_readersAndWritersGoOnWhileTheIndexIsBuiltAndAreSwitchedOver() throws Exception { // T59
        try (FileEventStore store = FileEventStore.open(directory);
                FileEventStore other = FileEventStore.open(directory)) {
            AtomicBoolean appended = new AtomicBoolean();
            store.reindex((done, total) -> {
                if (total > 0 && appended.compareAndSet(false, true)) {
                    other.append(A, ExpectedVersion.exactly(20), NewEvent.of("Counted", "\"meanwhile\""));
                    assertEquals(21, store.read(A).events().size());
                }
            });
            assertTrue(appended.get());
            assertEquals(21, store.read(A).events().size());
            assertEquals(21, other.read(A).events().size());
            other.append(A, ExpectedVersion.exactly(21), NewEvent.of("Counted", "\"after\""));
            FeedPage rest = store.readFeed(cursor, EventFilter.all(), 100);
            assertEquals(17, rest.entries().size(), "the cursor is good, and nothing is lost or doubled");
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            assertEquals(1, databases().size(), "the old one is gone");
        }
    }

    @Test
    void readOnlyUsesTheOwnIndexWhereItIsThere() {
        try (FileEventStore store = FileEventStore.openReadOnly(directory)) {
            assertEquals(
                    15, store.readFeed(cursor, EventFilter.all(), 100).entries().size());
        }
    }

    private long durable() throws IOException {
        return IndexRows.number(directory, "SELECT durable_a FROM state");
    }

    @Test
    void T23_noNumberLeavesTheStoreBeforeTheIndexIsSyncedUpToIt() throws IOException { // T23, P4
        try (FileEventStore store = FileEventStore.open(directory)) {
            store.append(A, ExpectedVersion.current(), NewEvent.of("Counted", "20"));
            assertTrue(durable() < 21, "an append gives no number away and syncs no index");
            FeedPage page = store.readFeed(cursor, EventFilter.all(), 100);
            assertEquals(21, page.next().arrivals());
            assertEquals(21, durable());
            store.append(A, ExpectedVersion.current(), NewEvent.of("Counted", "21"));
            assertTrue(durable() < 22);
            assertEquals(22, store.feedEnd().arrivals());
            assertEquals(22, durable());
        }
    }

    @Test
    void T26_whatAPowerCutTookOfAnUnsyncedFileIsSeenWhenTheStoreIsOpened() throws IOException { // T26, A2
        StoreOptions relaxed = StoreOptions.defaults().durability(Durability.RELAXED);
        Set<Path> before = Set.copyOf(eventFiles());
        try (FileEventStore store = FileEventStore.open(directory, relaxed)) {
            store.append(A, ExpectedVersion.current(), NewEvent.of("Counted", "20"));
            while (!store.writes().isQuiet()) {
                store.refresh(); // until no look would read the file again
            }
        }
        Path unsynced = eventFiles().stream()
                .filter(file -> !before.contains(file))
                .findFirst()
                .orElseThrow();
        Files.write(unsynced, new byte[(int) Files.size(unsynced)]); // the name came to the disk, the bytes did not
        try (FileEventStore store = FileEventStore.open(directory, relaxed)) {
            assertEquals(20, store.read(A).events().size());
            assertEquals(digest, store.digest());
            assertEquals(
                    List.of(Finding.Code.INVALID),
                    store.status().findings().stream()
                            .map(Finding::code)
                            .distinct()
                            .toList());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
        }
    }

    private Path database() throws IOException {
        return Local.of(directory)
                .resolve(Files.readString(Local.of(directory).resolve("current"), StandardCharsets.US_ASCII)
                        .strip());
    }

    private List<Path> databases() throws IOException {
        try (Stream<Path> all = Files.list(Local.of(directory))) {
            return all.filter(path -> path.toString().endsWith(".db")).toList();
        }
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("events"))) {
            return all.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
