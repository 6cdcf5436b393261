package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merging and exchanging with a resolver. Needs git. */
class ReconcileWithGitScenarios {

    private static final StreamId A = StreamId.of("a");
    private static final ReconcileOptions ALL = ReconcileOptions.all();

    @TempDir
    Path directory;

    private GitClone anna;
    private GitClone bert;

    /** Anna's event is at the remote; Bert's, written apart, is committed. */
    @BeforeEach
    void aForkToBe() {
        anna = GitClone.withStore(directory.resolve("anna"), "");
        anna.git("clone", "-q", "--bare", ".", directory.resolve("origin.git").toString());
        anna.git("remote", "add", "origin", directory.resolve("origin.git").toString());
        anna.git("fetch", "-q", "origin");
        anna.git("branch", "-q", "-u", "origin/main");
        bert = new GitClone(directory.resolve("bert"));
        anna.git(
                "clone",
                "-q",
                directory.resolve("origin.git").toString(),
                bert.root().toString());
        for (GitClone clone : List.of(anna, bert)) {
            clone.git("config", "user.name", "somebody");
            clone.git("config", "user.email", "somebody@example.org");
        }
        append(anna, "a", "Anna");
        anna.commit("anna");
        anna.git("push", "-q");
        append(bert, "a", "Bert");
        bert.commit("bert");
        bert.git("fetch", "-q");
    }

    private static TransactionId append(GitClone clone, String stream, String type) {
        try (FileEventStore store = FileEventStore.open(clone.root())) {
            return append(store, stream, type);
        }
    }

    private static TransactionId append(FileEventStore store, String stream, String type) {
        return store.append(StreamId.of(stream), ExpectedVersion.current(), NewEvent.of(type, "1"))
                .transaction();
    }

    private static Resolver saying(String type) {
        return fork -> Resolution.resolve(A, NewEvent.of(type, "1"));
    }

    private static List<String> types(FileEventStore store) {
        return store.read(A).events().stream()
                .map(event -> event.type().value())
                .toList();
    }

    @Test
    void forksAreResolvedWithTheMergeAndOnlyThatIsCommitted() { // G3, M3
        try (FileEventStore store = FileEventStore.open(bert.root())) {
            TransactionId mine = append(store, "notes", "Noted");
            MergeReport report = GitWorkTree.of(store).merge("origin/main", saying("Merged"), ALL);
            assertEquals(MergeReport.Outcome.MERGED, report.outcome());
            assertEquals(1, report.reconciled().resolved().size());
            assertEquals(1, report.committed().transactions());
            assertTrue(report.isClean(), report::toString);
            assertEquals(bert.git("rev-parse", "HEAD").strip(), report.commit());
            assertEquals(List.of(), report.status().forks());
            assertEquals("Merged", types(store).get(2));
            assertEquals(1, store.status().uncommitted(), "the note");
            assertTrue(bert.git("status", "--porcelain", "-uall").contains(mine.toString()));
            assertEquals(
                    report.committed().files(),
                    bert.git("diff", "--name-only", "HEAD~1", "HEAD").lines().toList());
        }
    }

    @Test
    void aResolutionOverEventsNobodyCommittedWaitsWithThem() { // G3, G7
        try (FileEventStore store = FileEventStore.open(bert.root())) {
            TransactionId mine = append(store, "a", "More");
            MergeReport report = GitWorkTree.of(store).merge("origin/main", Resolvers.acceptOrder(), ALL);
            TransactionId resolution = report.reconciled().resolved().get(0).transaction();
            assertEquals(List.of(), report.status().forks());
            assertTrue(report.committed().commit().isEmpty());
            assertEquals(Set.of(mine), report.committed().leftOut().get(0).missing());
            assertFalse(report.isClean());
            assertEquals(2, store.status().uncommitted());

            CommitResult committed = GitWorkTree.of(store).commit(null);
            assertEquals(2, committed.transactions());
            assertTrue(store.readTransaction(resolution).isPresent());
            assertTrue(GitWorkTree.of(store)
                    .merge("origin/main", Resolvers.acceptOrder(), ALL)
                    .isClean());
        }
    }

    @Test
    void aForkThatTheResolverLeavesIsReportedAndTheMergeStays() { // G3, M3
        try (FileEventStore store = FileEventStore.open(bert.root())) {
            MergeReport report =
                    GitWorkTree.of(store).merge("origin/main", fork -> Resolution.unresolvable("ask Anna"), ALL);
            assertEquals(MergeReport.Outcome.MERGED, report.outcome());
            assertEquals("ask Anna", report.reconciled().unresolved().get(0).reason());
            assertFalse(report.isClean());
            assertEquals(bert.git("rev-parse", "HEAD").strip(), report.commit());
            assertTrue(report.committed().commit().isEmpty());
        }
    }

    @Test
    void whereAPersonHasToEndTheMergeNobodyIsAsked() throws IOException { // G3
        for (GitClone clone : List.of(anna, bert)) {
            Files.writeString(clone.root().resolve("notes.txt"), clone.root().toString());
            clone.commit("notes");
        }
        anna.git("push", "-q");
        bert.git("fetch", "-q");
        Resolver never = fork -> {
            throw new AssertionError("asked");
        };
        ReconcileReport nothing = new ReconcileReport(List.of(), List.of());
        try (FileEventStore store = FileEventStore.open(bert.root())) {
            MergeReport merged = GitWorkTree.of(store).merge("origin/main", never, ALL);
            assertEquals(List.of("notes.txt"), merged.conflicts());
            assertEquals(nothing, merged.reconciled());
            bert.git("merge", "--abort");
            SyncReport synced = GitWorkTree.of(store).sync(null, false, never, ALL);
            assertFalse(synced.pushed());
            assertEquals(nothing, synced.merged().reconciled());
        }
    }

    @Test
    void resolutionsArePushedAtOnce() { // G6
        try (FileEventStore b = FileEventStore.open(bert.root());
                FileEventStore a = FileEventStore.open(anna.root())) {
            append(b, "notes", "Noted");
            SyncReport report = GitWorkTree.of(b).sync(null, false, saying("Merged"), ALL);
            assertTrue(report.isClean(), report::toString);
            assertEquals(2, report.committed().transactions(), "the note, and the resolution");
            assertEquals(1, report.merged().reconciled().resolved().size());
            assertEquals(bert.git("rev-parse", "HEAD").strip(), report.merged().commit());
            assertEquals("", bert.git("status", "--porcelain"));
            assertEquals(bert.git("rev-parse", "HEAD"), bert.git("rev-parse", "origin/main"));

            assertTrue(GitWorkTree.of(a).sync(null, false).isClean());
            assertEquals(b.digest(), a.digest());
            assertEquals(List.of(), a.forks());
        }
    }

    @Test
    void resolvedDifferentlyAtOnceOneHasTheLastWord() { // G6, M2
        AtomicInteger asked = new AtomicInteger();
        try (FileEventStore a = FileEventStore.open(anna.root());
                FileEventStore b = FileEventStore.open(bert.root())) {
            bert.git("push", "-q", "origin", "HEAD:side");
            SyncReport report = GitWorkTree.of(b)
                    .sync(
                            null,
                            false,
                            fork -> {
                                if (asked.incrementAndGet() == 1) { // Anna has the same fork, and is faster
                                    anna.git("fetch", "-q");
                                    MergeReport annas = GitWorkTree.of(a).merge("origin/side", saying("ByAnna"), ALL);
                                    assertTrue(annas.isClean(), annas::toString);
                                    anna.git("push", "-q");
                                }
                                return Resolution.resolve(A, NewEvent.of("ByBert", "1"));
                            },
                            ALL);
            assertEquals(2, asked.get(), "once more, about the fork of both resolutions");
            assertTrue(report.isClean(), report::toString);
            assertEquals(2, report.merged().reconciled().resolved().size());
            assertEquals(2, report.committed().transactions());
            assertTrue(GitWorkTree.of(a).sync(null, false).isClean());
            assertEquals(b.digest(), a.digest());
            assertTrue(types(a).containsAll(Set.of("ByAnna", "ByBert")), types(a)::toString);
        }
    }

    @Test
    void aMergeIsNoDryRun() {
        try (FileEventStore store = FileEventStore.open(bert.root())) {
            GitWorkTree git = GitWorkTree.of(store);
            Resolver any = Resolvers.acceptOrder();
            assertThrows(IllegalArgumentException.class, () -> git.merge("origin/main", any, ALL.asDryRun()));
            assertThrows(IllegalArgumentException.class, () -> git.sync(null, false, any, ALL.asDryRun()));
        }
    }
}
