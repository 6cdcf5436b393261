package dev.evstore.fs;

import static dev.evstore.fs.TwoClones.assertStatus;
import static dev.evstore.fs.TwoClones.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges over histories and working trees of every shape. Needs the git program. */
class MergeHistoryTraps {

    @TempDir
    Path directory;

    private TwoClones clones;
    private GitClone ours;
    private GitClone theirs;

    @BeforeEach
    void twoClones() {
        use(TwoClones.in(directory.resolve("first"), ""));
    }

    private void use(TwoClones two) {
        clones = two;
        ours = two.ours();
        theirs = two.theirs();
    }

    @Test
    void T33_aStoreBelowTheRootWithBlanksAndOtherLettersInItsPath() { // T33
        use(TwoClones.in(directory.resolve("zwei Klone"), "mein Ordner/Größe ü"));
        clones.commit(theirs, "a", "theirs");
        clones.commit(ours, "b", "ours");
        assertEquals(new MergeReport.Arrived(1, 1, 0), clones.merge().arrived());
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        assertStatus(ours);
    }

    @Test
    void T76_aLinkedWorkingTree() { // T76
        clones.commit(theirs, "a", "theirs");
        ours.git("fetch", "-q");
        ours.git(
                "worktree",
                "add",
                "-q",
                "-b",
                "side",
                directory.resolve("linked").toString());
        GitClone linked = new GitClone(directory.resolve("linked"));
        clones.commit(linked, "b", "linked");
        try (FileEventStore store = FileEventStore.open(linked.root())) {
            MergeReport report = GitWorkTree.of(store).merge("origin/main");
            assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        }
        assertEquals(List.of("theirs"), clones.events(linked, "a"));
        assertStatus(linked);
        assertStatus(ours);
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge("side").outcome());
        assertStatus(ours);
    }

    @Test
    void aBranchWithoutACommitFollowsTheOther() throws IOException { // G3
        Path fresh = Files.createDirectories(directory.resolve("fresh"));
        GitClone unborn = TwoClones.name(init(fresh));
        FileEventStore.create(fresh).close();
        clones.append(unborn, "b", "own");
        clones.commit(theirs, "a", "theirs");
        unborn.git("fetch", "-q", theirs.root().toString(), "main:refs/remotes/origin/main");
        try (FileEventStore store = FileEventStore.open(fresh)) {
            MergeReport report = GitWorkTree.of(store).merge("origin/main");
            assertEquals(MergeReport.Outcome.FAST_FORWARD, report.outcome());
        }
        assertEquals(List.of("theirs"), clones.events(unborn, "a"));
        assertEquals(List.of("own"), clones.events(unborn, "b"));
        assertEquals(1, unborn.git("status", "--porcelain", "-uall").lines().count(), "its own event is uncommitted");
    }

    private static GitClone init(Path place) {
        GitClone clone = new GitClone(place);
        clone.git("init", "-q", "-b", "main");
        return clone;
    }

    @Test
    void unrelatedHistoriesAreRefusedWithTheWayOut() throws IOException { // G3
        Path fresh = Files.createDirectories(directory.resolve("fresh"));
        GitClone other = TwoClones.name(init(fresh));
        FileEventStore.create(fresh).close();
        clones.commit(other, "c", "other");
        clones.commit(ours, "b", "ours");
        ours.git("fetch", "-q", fresh.toString(), "main:refs/heads/other");
        GitRefusedException refused = assertThrows(GitRefusedException.class, () -> clones.merge("other"));
        assertTrue(refused.remedy().contains("git merge --allow-unrelated-histories other"), refused.getMessage());
        ours.git("merge", "-q", "--no-edit", "--allow-unrelated-histories", "other"); // T31: two inits merge
        assertEquals(MergeReport.Outcome.UP_TO_DATE, clones.merge("other").outcome());
        assertEquals(List.of("other"), clones.events(ours, "c"));
    }

    @Test
    void T68_aShallowCloneFollowsButMergesOnlyWhatItCanTell() throws IOException { // T68
        clones.commit(theirs, "a", "1");
        clones.commit(theirs, "a", "2");
        Path place = directory.resolve("shallow");
        theirs.git("clone", "-q", "--depth=1", theirs.root().toUri().toString(), place.toString());
        GitClone shallow = TwoClones.name(new GitClone(place));
        theirs.git("branch", "old", "HEAD~1");
        clones.commit(theirs, "a", "3");
        shallow.git("fetch", "-q");
        try (FileEventStore store = FileEventStore.open(place)) {
            assertEquals(
                    MergeReport.Outcome.FAST_FORWARD,
                    GitWorkTree.of(store).merge("origin/main").outcome());
        }
        clones.commit(shallow, "b", "ours");
        theirs.git("checkout", "-q", "old");
        clones.commit(theirs, "c", "old");
        shallow.git("fetch", "-q", "--depth=1", "origin", "old:refs/heads/old");
        try (FileEventStore store = FileEventStore.open(place)) {
            GitWorkTree git = GitWorkTree.of(store);
            GitRefusedException refused = assertThrows(GitRefusedException.class, () -> git.merge("old"));
            assertTrue(refused.remedy().contains("git fetch --unshallow"), refused.getMessage());
            shallow.git("fetch", "-q", "--unshallow");
            assertEquals(MergeReport.Outcome.MERGED, git.merge("old").outcome());
        }
        assertEquals(List.of("1", "2", "3"), clones.events(shallow, "a"));
    }

    @Test
    void T68_aPartialCloneNamesWhatBringsTheObjects() { // T68
        theirs.git("config", "uploadpack.allowFilter", "true");
        Path place = directory.resolve("partial");
        theirs.git("clone", "-q", "--filter=blob:none", theirs.root().toUri().toString(), place.toString());
        GitClone partial = TwoClones.name(new GitClone(place));
        clones.commit(theirs, "a", "1");
        partial.git("fetch", "-q");
        try (FileEventStore store = FileEventStore.open(place)) {
            GitWorkTree git = GitWorkTree.of(store);
            GitRefusedException refused = assertThrows(GitRefusedException.class, () -> git.merge("origin/main"));
            assertEquals("git fetch --refetch --no-filter, then repeat", refused.remedy());
            partial.git("fetch", "-q", "--refetch", "--no-filter");
            assertEquals(
                    MergeReport.Outcome.FAST_FORWARD, git.merge("origin/main").outcome());
        }
        assertEquals(List.of("1"), clones.events(partial, "a"));
    }

    @Test
    void T68_aSparseCheckoutAndACloneWithoutOneAreRefused() { // T68, L3
        clones.commit(theirs, "a", "1");
        clones.merge();
        clones.commit(theirs, "a", "2");
        ours.git("sparse-checkout", "set", "--no-cone", "/*", "!/events/20*");
        GitRefusedException refused = assertThrows(GitRefusedException.class, clones::merge);
        assertTrue(refused.remedy().contains("git sparse-checkout disable"), refused.getMessage());
        ours.git("sparse-checkout", "disable");
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
        assertEquals(List.of("1", "2"), clones.events(ours, "a"));
    }

    @Test
    void aCrissCrossHistoryMergesAsGitDoes() { // G3
        write(theirs, "file", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        theirs.commit("file");
        clones.merge();
        clones.commit(theirs, "a", "theirs 1");
        clones.commit(ours, "a", "ours 1");
        String oursFirst = ours.git("rev-parse", "HEAD").strip();
        clones.merge();
        theirs.git("fetch", "-q", ours.root().toString(), oursFirst);
        theirs.git("merge", "-q", "--no-edit", "FETCH_HEAD");
        write(theirs, "file", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
        clones.commit(theirs, "a", "theirs 2");
        write(ours, "file", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
        clones.commit(ours, "a", "ours 2");
        ours.git("fetch", "-q");
        assertEquals(
                2,
                ours.git("merge-base", "--all", "HEAD", "origin/main").lines().count());

        assertEquals(MergeReport.Outcome.MERGED, clones.merge().outcome());

        assertEquals("one\n2\n3\n4\n5\n6\n7\n8\nnine\n", TwoClones.text(ours, "file"));
        assertEquals(4, clones.events(ours, "a").size());
        assertStatus(ours);
    }

    @Test
    void anOctopusIsMetAsAnyCommit() { // G3
        for (String name : List.of("x", "y", "z")) {
            theirs.git("checkout", "-q", "-b", name, "main");
            clones.commit(theirs, name, name);
        }
        theirs.git("checkout", "-q", "main");
        theirs.git("merge", "-q", "--no-edit", "x", "y", "z");
        clones.commit(ours, "b", "ours");
        assertEquals(new MergeReport.Arrived(3, 3, 0), clones.merge().arrived());
        assertStatus(ours);
    }

    private void restoreAll(String ref, int transactions) {
        try (FileEventStore store = clones.open(ours)) {
            RestoreReport restored = GitWorkTree.of(store).restore(ref);
            assertEquals(transactions, restored.transactions());
            assertEquals(transactions, store.status().uncommitted(), "kept a second time until it is committed (L2)");
            assertEquals(0, GitWorkTree.of(store).restore(ref).transactions());
        }
    }

    @Test
    void T69_aMergeThatTookOnlyOursIsNamedAndRestored() { // T69
        clones.commit(theirs, "a", "1");
        clones.commit(ours, "b", "ours");
        ours.git("fetch", "-q");
        ours.git("merge", "-q", "--no-edit", "-s", "ours", "origin/main");
        String merge = ours.git("rev-parse", "HEAD").strip();
        clones.commit(ours, "b", "later");
        MergeReport report = clones.merge();
        assertEquals(
                List.of(merge),
                report.missing().stream().map(MergeReport.Missing::removedBy).toList());
        restoreAll("origin/main", 1);
        assertEquals(List.of("1"), clones.events(ours, "a"));
        assertEquals(List.of(), clones.merge().missing());
    }

    @Test
    void T69_aRevertOnOurSideAndAMergeAfterItNamesTheRevert() { // T69
        clones.commit(theirs, "a", "1");
        clones.merge();
        ours.git("revert", "--no-edit", "HEAD");
        String revert = ours.git("rev-parse", "HEAD").strip();
        clones.commit(theirs, "a", "2");
        MergeReport report = clones.merge();
        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(
                List.of(revert),
                report.missing().stream().map(MergeReport.Missing::removedBy).toList());
        assertEquals(List.of("2"), clones.events(ours, "a"));
    }

    @Test
    void T69_packedAwayIsNotMissing() throws IOException { // K4
        clones.commit(theirs, "a", "1");
        clones.commit(theirs, "a", "2");
        clones.merge();
        List<Path> loose = eventFiles(ours);
        StringBuilder pack = new StringBuilder();
        for (Path file : loose) {
            pack.append(Files.readString(file));
        }
        Files.writeString(loose.get(0).resolveSibling("pack.jsonl"), pack);
        for (Path file : loose) {
            Files.delete(file);
        }
        ours.commit("packed");
        MergeReport report = clones.merge();
        assertEquals(List.of(), report.missing());
        assertEquals(List.of("1", "2"), clones.events(ours, "a"));
    }

    private static List<Path> eventFiles(GitClone clone) throws IOException {
        try (Stream<Path> files = Files.walk(clone.root().resolve("events"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void T71_resetOfStagedEventsAndAnAbortedMerge() throws IOException { // T71
        clones.commit(theirs, "a", "theirs");
        write(theirs, "file", "theirs\n");
        theirs.commit("theirs");
        write(ours, "file", "ours\n");
        ours.commit("ours");
        clones.append(ours, "b", "uncommitted");
        assertEquals(MergeReport.Outcome.CONFLICTS, clones.merge().outcome());
        ours.git("add", "events");
        ours.git("merge", "--abort");
        ours.git("reset", "-q", "--hard");
        try (FileEventStore store = clones.open(ours)) {
            store.restore();
        }
        assertEquals(List.of("uncommitted"), clones.events(ours, "b"));
        assertEquals(List.of(), clones.events(ours, "a"));
        assertEquals(MergeReport.Outcome.CONFLICTS, clones.merge().outcome(), "and again");
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
    }

    private static String path(Path file) {
        return "events/" + file.subpath(file.getNameCount() - 2, file.getNameCount());
    }

    @Test
    void somethingElseUnderTheNameOfAnArrivingFileRefuses() throws IOException { // G3
        clones.commit(theirs, "a", "1");
        Path file = eventFiles(theirs).get(0);
        String path = path(file);
        write(ours, path, "mine\n");
        GitRefusedException refused = assertThrows(GitRefusedException.class, clones::merge);
        assertTrue(refused.where().contains(path), refused.getMessage());
        assertEquals("mine\n", TwoClones.text(ours, path));
        write(ours, path, Files.readString(file));
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome(), "equal bytes are no obstacle");
        assertStatus(ours);
    }

    @Test
    void T62_noLinkIsFollowed() throws IOException { // T62
        clones.commit(theirs, "a", "1");
        String file = path(eventFiles(theirs).get(0));
        Path month = ours.root().resolve(file.substring(0, file.lastIndexOf('/')));
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(month, outside);
        assertThrows(GitRefusedException.class, clones::merge);
        try (Stream<Path> files = Files.list(outside)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aPeerThatDeletesEventsIsReported() throws IOException { // G3
        clones.commit(theirs, "a", "1");
        clones.commit(theirs, "b", "2");
        clones.merge();
        clones.commit(ours, "c", "ours");
        Files.delete(eventFiles(theirs).get(0));
        theirs.commit("deleted");
        MergeReport report = clones.merge();
        assertEquals(1, report.retracted());
        assertEquals(0, report.arrived().transactions());
        assertStatus(ours);
    }

    @Test
    void namesThatAreNoCommitAreRefused() { // G3
        for (String name : List.of("nothing", "", "--abort", "-X", "HEAD:events", "main~99", "a..b", "\0")) {
            GitRefusedException refused = assertThrows(GitRefusedException.class, () -> clones.merge(name));
            assertTrue(refused.what().contains("no such commit"), name);
        }
    }
}
