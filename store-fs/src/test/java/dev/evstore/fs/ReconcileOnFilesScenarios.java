package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only files and git can show of reconciling. Needs git. */
class ReconcileOnFilesScenarios {

    private static final StreamId A = StreamId.of("a");
    private static final Resolver MERGED = fork -> Resolution.resolve(A, NewEvent.of("Merged", "1.0"));

    @TempDir
    Path directory;

    private GitClone anna;
    private GitClone bert;

    /** Both wrote one stream apart, and have each other's files. */
    @BeforeEach
    void aFork() {
        anna = GitClone.withStore(directory.resolve("anna"), "");
        append(anna, "Base");
        anna.commit("base");
        bert = new GitClone(directory.resolve("bert"));
        anna.git("clone", "-q", ".", bert.root().toString());
        append(anna, "Anna");
        append(bert, "Bert");
        anna.commit("anna");
        bert.commit("bert");
        bert.git("pull", "-q", "--no-rebase", "--no-edit");
        anna.git("pull", "-q", "--no-rebase", "--no-edit", bert.root().toString(), "main");
    }

    private static void append(GitClone clone, String type) {
        try (FileEventStore store = FileEventStore.open(clone.root())) {
            store.append(A, ExpectedVersion.current(), NewEvent.of(type, "1"));
        }
    }

    private static ReconcileReport reconcile(GitClone clone, Resolver resolver) {
        try (FileEventStore store = FileEventStore.open(clone.root())) {
            return store.reconcile(resolver, ReconcileOptions.all());
        }
    }

    private static Path merge(GitClone clone, String below, TransactionId id) throws IOException {
        try (Stream<Path> files = Files.walk(clone.root().resolve(below))) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith(id + "."))
                    .toList();
            assertEquals(1, found.size(), found::toString);
            return found.get(0);
        }
    }

    @Test
    void aMergeHasAFileOfItsWritersOwn() throws IOException { // M1, M4, L2, T6
        TransactionId id = reconcile(anna, MERGED).resolved().get(0).transaction();
        assertEquals(id, reconcile(bert, MERGED).resolved().get(0).transaction());
        Path mine = merge(anna, "events", id);
        Path theirs = merge(bert, "events", id);
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            assertEquals(
                    id + "." + store.replica().shortForm() + ".jsonl",
                    mine.getFileName().toString());
            assertEquals(1, store.status().uncommitted());
        }
        assertTrue(!mine.getFileName().equals(theirs.getFileName()));
        assertArrayEquals(Files.readAllBytes(mine), Files.readAllBytes(theirs));
        assertArrayEquals(
                Files.readAllBytes(mine),
                Files.readAllBytes(
                        merge(anna, ".evstore/" + Local.of(anna.root()).getFileName() + "/uncommitted", id)));

        anna.commit("anna's resolution");
        bert.commit("bert's resolution");
        anna.git("pull", "-q", "--no-rebase", "--no-edit", bert.root().toString(), "main");
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            assertTrue(store.status().isClean(), "both files hold the same, which counts once");
            assertEquals(4, store.read(A).events().size());
            assertEquals(new ReconcileReport(List.of(), List.of()), store.reconcile(MERGED, ReconcileOptions.all()));
            assertEquals(List.of(), store.verify((done, total) -> {}));
        }
    }

    @Test
    void gitCleanBeforeTheCommitLosesNoResolution() { // L2
        reconcile(anna, MERGED);
        anna.git("clean", "-q", "-fd");
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            assertEquals(1, store.forks().size());
            assertEquals(1, store.restore().transactions());
            assertEquals(List.of(), store.forks());
        }
    }

    @Test
    void theIndexBuiltAgainSaysTheSame() { // A3, T3
        reconcile(anna, MERGED);
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            Digest before = store.digest();
            var slice = store.read(A);
            store.reindexFromScratch((done, total) -> {});
            assertEquals(before, store.digest());
            assertEquals(slice, store.read(A));
            assertEquals(List.of(), store.verify((done, total) -> {}));
        }
    }

    @Test
    void whatArrivesBesideWhileTheResolverThinksIsSeenBeforeItIsWritten() throws IOException {
        Path kept = directory.resolve("kept");
        TransactionId id = reconcile(bert, MERGED).resolved().get(0).transaction();
        Files.copy(merge(bert, "events", id), kept);
        AtomicInteger asked = new AtomicInteger();
        ReconcileReport report = reconcile(anna, fork -> {
            try {
                asked.incrementAndGet();
                Files.copy(kept, anna.root().resolve("events/arrived.jsonl"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return MERGED.resolve(fork);
        });
        assertEquals(1, asked.get());
        assertTrue(report.resolved().get(0).alreadyThere());
    }

    @Test
    void aNameThatIsTakenIsLeftToWhoHasIt() throws IOException { // K2
        TransactionId id;
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            id = store.reconcile(MERGED, ReconcileOptions.all().asDryRun())
                    .resolved()
                    .get(0)
                    .transaction();
            Path month;
            try (Stream<Path> months = Files.list(anna.root().resolve("events"))) {
                month = months.filter(Files::isDirectory).findFirst().orElseThrow();
            }
            Path taken = month.resolve(id + "." + store.replica().shortForm() + ".jsonl");
            Files.writeString(taken, "torn");
            store.reconcile(MERGED, ReconcileOptions.all());
            assertEquals(List.of(), store.forks());
            assertEquals("torn", Files.readString(taken));
            assertEquals(1, store.status().findings().size());
        }
    }

    @Test
    void whereEventFilesLackNothingIsResolved() throws IOException { // L3
        Path some;
        try (Stream<Path> files = Files.walk(anna.root().resolve("events"))) {
            some = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        try (FileEventStore store = FileEventStore.open(anna.root())) {
            Files.delete(some);
            StoreUnusableException refused = assertThrows(
                    StoreUnusableException.class,
                    () -> store.reconcile(Resolvers.acceptOrder(), ReconcileOptions.all()));
            assertTrue(refused.remedy().contains("git"), refused::toString);
        }
    }

    @Test
    void aStoreOpenedReadOnlyTellsOnlyWhatWouldBe() {
        try (FileEventStore store = FileEventStore.openReadOnly(anna.root())) {
            assertThrows(
                    StoreUnusableException.class,
                    () -> store.reconcile(Resolvers.acceptOrder(), ReconcileOptions.all()));
            assertEquals(
                    1,
                    store.reconcile(MERGED, ReconcileOptions.all().asDryRun())
                            .resolved()
                            .size());
        }
    }

    @Test
    void diskTroubleSaysThatNothingWasWritten() throws IOException { // A2, T36
        Clock later = Clock.fixed(Instant.parse("2031-01-02T03:04:05Z"), ZoneOffset.UTC);
        try (FileEventStore store =
                FileEventStore.open(anna.root(), StoreOptions.defaults().clock(later))) {
            Path month = Local.of(anna.root()).resolve("uncommitted/2031-01"); // where the second copy goes
            Files.writeString(month, "in the way");
            WriteFailedException failed =
                    assertThrows(WriteFailedException.class, () -> store.reconcile(MERGED, ReconcileOptions.all()));
            assertEquals(WriteFailedException.Outcome.NOTHING_WRITTEN, failed.outcome());
            assertEquals(1, store.forks().size(), "not in the index either");
            Files.delete(month);
            assertEquals(
                    1,
                    store.reconcile(MERGED, ReconcileOptions.all()).resolved().size());
        }
    }
}
