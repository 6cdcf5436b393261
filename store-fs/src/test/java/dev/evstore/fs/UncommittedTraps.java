package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Durability;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.StoreException;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What git does to event files, and where git's own files are otherwise than usual. Needs the git program. */
class UncommittedTraps {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private GitClone git;

    @BeforeEach
    void aRepository() {
        git = GitClone.withStore(directory.resolve("repository"), "");
    }

    @Test
    void T71_aFileThatAnAppendMadeIsKeptUnderASecondName() throws IOException { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Path file = eventFiles(git.root()).get(0);
            Path second = kept(git.root()).get(0);
            assertTrue(Files.isSameFile(file, second), "a link costs no room and no sync");
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(second));
        }
    }

    @Test
    void T65_outsideGitNothingIsKeptAndNothingIsUncommitted() throws IOException { // T65, L2
        Path plain = directory.resolve("plain");
        try (FileEventStore store = FileEventStore.create(plain)) {
            append(store, "1");
            assertEquals(0, store.status().uncommitted());
            assertEquals(new RestoreReport(List.of(), 0), store.restore());
        }
        assertFalse(Files.exists(Local.of(plain).resolve("uncommitted")));
    }

    @Test
    void T71_aNameThatIsTakenByOtherBytesIsNotReplaced() throws IOException { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Path file = eventFiles(git.root()).get(0);
            git.git("clean", "-q", "-fd");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "somebody's own\n");

            RestoreReport report = store.restore();

            assertEquals("somebody's own\n", Files.readString(file));
            assertEquals(1, report.transactions());
            assertTrue(Files.isRegularFile(git.root().resolve(report.files().get(0))), report.toString());
            assertEquals(1, store.read(A).events().size());
            assertEquals(1, store.status().uncommitted());
            Files.delete(file);
            git.commit("events");
            assertEquals(0, store.status().uncommitted(), "it is known by its new name");
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void T62_restoreGoesThroughNoLink() throws IOException { // T62, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Path month = eventFiles(git.root()).get(0).getParent();
            git.git("clean", "-q", "-fd");
            Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
            Files.createSymbolicLink(month, elsewhere);
            assertEquals(1, store.restore().transactions(), "it is in another directory");
            assertEquals(1, store.read(A).events().size());
            assertEquals(1, store.status().uncommitted());
            try (Stream<Path> files = Files.list(elsewhere)) {
                assertEquals(0, files.count());
            }
        }
    }

    @Test
    void T71_whatASlipRemovedIsFoundAfterPackingToo() throws IOException { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("one");
            append(store, "2");
            git.commit("two");
            append(store, "3");
            git.git("gc", "-q", "--prune=now");
            git.git("pack-refs", "--all", "--prune");
            assertEquals(1, store.status().uncommitted());
            assertEquals(1, kept(git.root()).size());
            for (Path file : eventFiles(git.root())) {
                Files.delete(file);
            }
            StoreStatus status = store.status();
            assertEquals(
                    List.of(Finding.Code.UNCOMMITTED_LOST, Finding.Code.NOT_CHECKED_OUT),
                    status.findings().stream().map(Finding::code).toList());
            assertTrue(status.findings().get(1).where().startsWith("2 files are missing"), status.toString());
            assertEquals(1, store.restore().transactions(), "git has the others");
            git.git("checkout", "-q", "HEAD", "--", "events");
            assertTrue(store.status().isClean());
            assertEquals(3, store.read(A).events().size());
        }
    }

    @Test
    void T76_aLinkedWorkingTreeADetachedHeadAndNoCommitAtAll() throws IOException { // T76, L2
        Path linked = directory.resolve("linked");
        git.git("worktree", "add", "-q", "--detach", linked.toString());
        lostAndFound(new GitClone(linked));
        Path fresh = directory.resolve("fresh");
        Files.createDirectories(fresh.resolve("data"));
        GitClone unborn = new GitClone(fresh);
        unborn.git("init", "-q");
        FileEventStore.create(fresh).close();
        lostAndFound(unborn);
    }

    @Test
    void T76_aSubmoduleAndAStoreBelowTheRootBehindALink() throws IOException { // T76, L2
        GitClone outer = GitClone.withStore(directory.resolve("outer"), "data/store");
        outer.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "add",
                "-q",
                git.root().toString(),
                "sub");
        lostAndFound(new GitClone(outer.root().resolve("sub")));
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), outer.root().resolve("data/store"));
        try (FileEventStore store = FileEventStore.open(link)) {
            append(store, "1");
            assertEquals(1, store.status().uncommitted());
            outer.commit("events below the root");
            assertEquals(0, store.status().uncommitted());
        }
    }

    private static void lostAndFound(GitClone clone) throws IOException {
        try (FileEventStore store = FileEventStore.open(clone.root())) {
            append(store, "1");
            for (Path file : eventFiles(clone.root())) {
                if (!clone.git("ls-files", "--", file.toString()).isEmpty()) {
                    continue;
                }
                Files.delete(file);
            }
            assertEquals(1, store.status().findings().size());
            assertEquals(1, store.restore().transactions());
            clone.commit("events");
            assertEquals(0, store.status().uncommitted());
            assertTrue(store.status().isClean(), store.status().toString());
        }
    }

    @Test
    void T68_plainRemovalOfCommittedEventsIsFoundAndRefused() throws IOException { // T68, L3
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("events");
            append(store, "2");
            Files.delete(eventFiles(git.root()).get(0));
            store.refresh();
            assertTrue(refusal(store).remedy().startsWith("git checkout HEAD -- events"));
            git.git("checkout", "-q", "HEAD", "--", "events");
            append(store, "3");
            assertEquals(3, store.read(A).events().size());
        }
    }

    @Test
    void T68_whatVanishedIsMissedThoughGitHoldsTheSame() throws IOException { // T68, L3
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("events");
            IndexRows.refreshUntilSettled(store, git.root());
            append(store, "2");
            Files.delete(eventFiles(git.root()).get(0));
            IndexRows.refreshUntilSettled(store, git.root());
            git.git("commit", "-q", "--allow-empty", "-m", "nothing");
            assertTrue(refusal(store).remedy().startsWith("git checkout HEAD -- events"));
        }
    }

    @Test
    void T68_filesThatGitWasToldToSkip() throws IOException { // T68, L3
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("events");
            Path file = eventFiles(git.root()).get(0);
            git.git("update-index", "--skip-worktree", file.toString());
            Files.delete(file);
            StoreUnusableException refused = refusal(store);
            String command = "git checkout --ignore-skip-worktree-bits HEAD -- events";
            assertTrue(refused.remedy().startsWith(command), refused.toString());
            git.git(command.substring("git ".length()).split(" "));
            append(store, "2");
            assertEquals(2, store.read(A).events().size());
        }
    }

    @Test
    void T68_aSparseIndexNamesWholeDirectories() throws IOException { // T68, L3
        Files.createDirectories(git.root().resolve("src"));
        Files.writeString(git.root().resolve("src/code"), "x");
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            git.commit("events");
            git.git("sparse-checkout", "set", "--sparse-index", "src");
            Files.createDirectories(git.root().resolve("events"));
            StoreUnusableException refused = refusal(store);
            assertTrue(refused.remedy().startsWith("git sparse-checkout disable"), refused.toString());
            git.git("sparse-checkout", "disable");
            append(store, "2");
        }
        assertEquals(2, eventFiles(git.root()).size());
    }

    @Test
    void T68_partialAndShallowClonesAreOrdinary() throws IOException { // T68, L3
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
        }
        git.commit("events");
        git.git("config", "uploadpack.allowFilter", "true");
        String url = git.root().toUri().toString();
        git.git(
                "clone",
                "-q",
                "--filter=blob:none",
                url,
                directory.resolve("partial").toString());
        git.git("clone", "-q", "--depth=1", url, directory.resolve("shallow").toString());
        for (String name : List.of("partial", "shallow")) {
            GitClone clone = new GitClone(directory.resolve(name));
            try (FileEventStore store = FileEventStore.open(clone.root())) {
                append(store, name);
                assertTrue(store.status().isClean(), store.status().toString());
                assertEquals(2, store.read(A).events().size());
                clone.commit("more");
                assertEquals(0, store.status().uncommitted());
            }
        }
    }

    @Test
    void T70_duringGitsOwnStepsAppendIsNotRefused() throws IOException { // T70, L3, P6
        Path note = git.root().resolve("note");
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Files.writeString(note, "base");
            git.commit("base");
            git.git("checkout", "-q", "-b", "other");
            Files.writeString(note, "theirs");
            git.commit("theirs");
            git.git("checkout", "-q", "main");
            Files.writeString(note, "ours");
            git.commit("ours");
            assertEquals(1, git.tryGit("merge", "other").exit(), "a conflict");
            Files.delete(eventFiles(git.root()).get(0));

            append(store, "2");
            assertTrue(store.status().findings().isEmpty(), "what lacks may come in a moment");
            assertEquals(2, store.read(A).events().size());

            git.git("merge", "--abort");
            store.refresh();
            refusal(store);
            git.git("checkout", "-q", "HEAD", "--", "events");
            append(store, "3");
            assertEquals(3, store.read(A).events().size());
            assertTrue(store.status().isClean(), store.status().toString());
        }
    }

    @Test
    void T71_otherBytesInHeadDoNotCount() throws IOException { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Path file = eventFiles(git.root()).get(0);
            Files.delete(file); // or both names would get other bytes
            Files.writeString(file, "damaged\n");
            git.commit("damaged");
            assertEquals(1, store.status().uncommitted());
            assertEquals(1, kept(git.root()).size());
            assertEquals(1, store.restore().transactions());
            assertEquals(1, store.read(A).events().size());
        }
    }

    @Test
    void T71_anAbortedMergeTakesStagedEventsAway() throws IOException { // T71, L2
        Path note = git.root().resolve("note");
        try (FileEventStore store = FileEventStore.open(git.root())) {
            Files.writeString(note, "base");
            git.commit("base");
            git.git("checkout", "-q", "-b", "other");
            Files.writeString(note, "theirs");
            git.commit("theirs");
            git.git("checkout", "-q", "main");
            Files.writeString(note, "ours");
            git.commit("ours");
            assertEquals(1, git.tryGit("merge", "other").exit(), "a conflict");
            append(store, "1");
            git.git("add", "events");
            git.git("merge", "--abort");
            assertEquals(0, eventFiles(git.root()).size());
            assertEquals(1, store.restore().transactions());
            assertTrue(store.status().isClean());
        }
    }

    @Test
    void T71_anAppendThatFailsLeavesNoSecondCopy() throws IOException { // T71, A2, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Path events = git.root().resolve("events");
            Path aside = Files.move(events, directory.resolve("aside"));
            Files.writeString(events, "no directory");
            assertThrows(StoreException.class, () -> append(store, "2"));
            Files.delete(events);
            Files.move(aside, events);
            assertEquals(1, kept(git.root()).size());
            assertTrue(store.status().isClean(), store.status().toString());
        }
    }

    @Test
    void T71_aStoreOpenedReadOnlyRestoresNothing() throws IOException { // T71, L2
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
        }
        git.git("clean", "-q", "-fd");
        try (FileEventStore store = FileEventStore.openReadOnly(git.root())) {
            assertThrows(StoreUnusableException.class, store::restore);
        }
        assertEquals(0, eventFiles(git.root()).size());
    }

    @Test
    void T71_withoutSyncsEventsAreKeptAsWell() throws IOException { // T71, L2
        StoreOptions relaxed = StoreOptions.defaults().durability(Durability.RELAXED);
        try (FileEventStore store = FileEventStore.open(git.root(), relaxed)) {
            append(store, "1");
            git.git("clean", "-q", "-fd");
            assertEquals(1, store.restore().transactions());
        }
    }

    @Test
    void T66_gitThatCannotBeReadIsToldAndStopsNoAppend() throws IOException { // T66
        try (FileEventStore store = FileEventStore.open(git.root())) {
            append(store, "1");
            Files.writeString(git.root().resolve(".git/HEAD"), "nonsense\n", StandardCharsets.UTF_8);
            append(store, "2");
            StoreStatus status = store.status();
            assertEquals(
                    List.of(Finding.Code.GIT_UNREADABLE),
                    status.findings().stream().map(Finding::code).toList());
            assertEquals(2, status.uncommitted());
            assertThrows(StoreUnusableException.class, store::restore);
        }
    }

    private static void append(FileEventStore store, String data) {
        store.append(A, ExpectedVersion.current(), NewEvent.of("T", '"' + data + '"'));
    }

    private static StoreUnusableException refusal(FileEventStore store) {
        return assertThrows(StoreUnusableException.class, () -> append(store, "no"));
    }

    private static List<Path> eventFiles(Path root) throws IOException {
        return files(root.resolve("events"));
    }

    private static List<Path> kept(Path root) throws IOException {
        return files(Local.of(root).resolve("uncommitted"));
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }
}
