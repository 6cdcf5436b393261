package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that git took away before they were committed, and events that git has and did not check out. Needs git. */
class UncommittedScenarios {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private GitClone git;

    @BeforeEach
    void aRepository() {
        git = GitClone.withStore(directory.resolve("repository"), "");
    }

    @Test
    void gitCleanBeforeTheCommit() { // T65, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            append(store, "2");
            assertEquals(2, store.status().uncommitted());
            assertTrue(store.status().isClean());

            git.git("clean", "-q", "-fd");

            StoreStatus status = store.status();
            assertEquals(0, status.events());
            assertEquals(2, status.uncommitted());
            assertEquals(
                    List.of(Finding.Code.UNCOMMITTED_LOST, Finding.Code.UNCOMMITTED_LOST),
                    status.findings().stream().map(Finding::code).toList());
            assertEquals("evstore restore", status.findings().get(0).remedy());

            RestoreReport report = store.restore();
            assertEquals(2, report.transactions());
            assertEquals(
                    report.files(),
                    status.findings().stream().map(Finding::where).sorted().toList());
            assertEquals(2, store.read(A).events().size());
            assertTrue(store.status().isClean());
            assertEquals(new RestoreReport(List.of(), 0), store.restore());
        }
    }

    @Test
    void resetOfStagedEvents() { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.git("add", "-A");
            git.git("reset", "-q", "--hard");
            assertEquals(1, lost(store));
            assertEquals(1, store.restore().transactions());
            assertEquals(1, store.read(A).events().size());
        }
    }

    @Test
    void aDroppedStash() { // T71, T73, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.git("stash", "-q", "-u");
            assertEquals(1, lost(store), "the stash is no place to rely on");
            git.git("stash", "drop", "-q");
            assertEquals(1, lost(store));
            assertEquals(1, store.restore().transactions());
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void aStashIsPoppedAfterTheRestore() { // T73, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.git("stash", "-q", "-u");
            assertEquals(1, store.restore().transactions());

            GitClone.Ended pop = git.tryGit("stash", "pop");

            assertNotEquals(0, pop.exit());
            assertTrue(pop.said().contains("already exists, no checkout"), pop.said());
            assertEquals(1, store.read(A).events().size());
            assertTrue(store.status().isClean());
            assertFalse(git.git("stash", "list").isEmpty(), "git keeps the stash");
        }
    }

    @Test
    void aCommitEndsIt() throws IOException { // L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            assertEquals(1, kept().size());
            git.commit("events");
            assertEquals(0, store.status().uncommitted());
            assertEquals(List.of(), kept());
            assertTrue(store.status().isClean());
            assertEquals("", git.git("status", "--porcelain"));
        }
    }

    @Test
    void eventsOfAnotherBranchAreNotLost() throws IOException { // L2
        git.git("checkout", "-q", "-b", "other");
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("on a branch");
            git.git("checkout", "-q", "main");

            StoreStatus status = store.status();
            assertTrue(status.isClean(), status.toString());
            assertEquals(0, status.uncommitted());
            assertEquals(List.of(), store.restore().files(), "they would be in the way of a checkout");
            git.git("checkout", "-q", "other");
            git.git("checkout", "-q", "main");

            git.git("branch", "-q", "-D", "other");
            assertEquals(1, lost(store));
            assertEquals(1, store.restore().transactions());
        }
    }

    @Test
    void aSparseCheckoutLeavesEventsOut() { // T68, L3
        commitEvents();
        try (FileEventStore store = FileEventStore.open(git.root())) {
            git.git("sparse-checkout", "set", "--no-cone", "/*", "!/events/20*");
            StoreStatus status = store.status();
            assertEquals(
                    List.of(Finding.Code.NOT_CHECKED_OUT),
                    status.findings().stream().map(Finding::code).toList());
            assertEquals("git sparse-checkout disable", status.findings().get(0).remedy());
            refuses(store, "git sparse-checkout disable");

            git.git("sparse-checkout", "disable");
            append(store, "3");
            assertEquals(3, store.read(A).events().size());
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void aCloneWithoutACheckout() { // T68, L3
        commitEvents();
        GitClone clone = new GitClone(directory.resolve("clone"));
        git.git("clone", "-q", "-n", git.root().toString(), clone.root().toString());

        StoreUnusableException refused =
                assertThrows(StoreUnusableException.class, () -> FileEventStore.open(clone.root()));
        assertTrue(refused.remedy().startsWith("git checkout HEAD -- events"), refused.toString());
        try (FileEventStore store = FileEventStore.create(clone.root())) {
            refuses(store, "git checkout HEAD -- events");
            clone.git("checkout", "HEAD", "--", "events");
            append(store, "3");
            assertEquals(3, store.read(A).events().size());
        }
    }

    private void commitEvents() {
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            append(store, "2");
        }
        git.commit("events");
    }

    private static void append(FileEventStore store, String data) {
        store.append(A, ExpectedVersion.current(), NewEvent.of("T", data));
    }

    private static long lost(FileEventStore store) {
        return store.status().findings().stream()
                .filter(finding -> finding.code() == Finding.Code.UNCOMMITTED_LOST)
                .count();
    }

    private static void refuses(FileEventStore store, String command) {
        StoreUnusableException refused = assertThrows(StoreUnusableException.class, () -> append(store, "no"));
        assertTrue(refused.remedy().contains(command), refused.toString());
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> all = Files.walk(Local.of(git.root()).resolve("uncommitted"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
