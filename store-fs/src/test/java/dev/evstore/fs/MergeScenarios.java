package dev.evstore.fs;

import static dev.evstore.fs.TwoClones.assertStatus;
import static dev.evstore.fs.TwoClones.text;
import static dev.evstore.fs.TwoClones.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.git.Merging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges as people have them, and what is odd about their repositories. Needs the git program. */
class MergeScenarios {

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
    void aBranchThatIsAheadIsFollowed() { // G3
        clones.commit(theirs, "a", "1");
        write(theirs, "README", "read me\n");
        theirs.commit("readme");

        MergeReport report = clones.merge();

        assertEquals(MergeReport.Outcome.FAST_FORWARD, report.outcome());
        assertEquals(new MergeReport.Arrived(1, 1, 0), report.arrived());
        assertEquals(ours.git("rev-parse", "origin/main").strip(), report.commit());
        assertEquals(report.commit(), ours.git("rev-parse", "HEAD").strip());
        assertEquals("read me\n", text(ours, "README"));
        assertStatus(ours);
        assertTrue(report.isClean(), report.toString());
        assertEquals(MergeReport.Outcome.UP_TO_DATE, clones.merge().outcome());
    }

    @Test
    void aSettingOfGitSaysWhetherABranchIsFollowed() { // G3
        clones.commit(theirs, "a", "1");
        ours.git("config", "merge.ff", "false");
        MergeReport report = clones.merge();
        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(
                ours.git("rev-parse", "HEAD~1", "origin/main"),
                ours.git("log", "-1", "--format=%P").replace(' ', '\n'));
        assertEquals("", ours.git("diff", "HEAD", "origin/main"));
        assertStatus(ours);
        assertEquals(MergeReport.Outcome.UP_TO_DATE, clones.merge().outcome());

        ours.git("config", "merge.ff", "only");
        clones.commit(theirs, "a", "2");
        GitRefusedException refused = refusedUnchanged("origin/main");
        assertTrue(refused.what().contains("merge.ff"), refused.what());
        assertTrue(refused.remedy().startsWith("git rebase origin/main"), refused.remedy());
        ours.git("rebase", "-q", "origin/main");
        clones.commit(theirs, "a", "3");
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
        assertEquals(List.of("1", "2", "3"), clones.events(ours, "a"));
    }

    @Test
    void twoSidesBecomeOneAndUncommittedEventsStayAsTheyAre() { // G3, G7
        clones.commit(theirs, "a", "theirs");
        clones.commit(ours, "b", "ours");
        clones.append(ours, "c", "uncommitted");
        String before = ours.git("status", "--porcelain");

        MergeReport report = clones.merge();

        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(new MergeReport.Arrived(1, 1, 0), report.arrived());
        assertEquals(
                "Merge remote-tracking branch 'origin/main' into main",
                ours.git("log", "-1", "--format=%s").strip());
        assertEquals(2, ours.git("log", "-1", "--format=%P").strip().split(" ").length);
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        assertEquals(List.of("ours"), clones.events(ours, "b"));
        assertEquals(List.of("uncommitted"), clones.events(ours, "c"));
        assertEquals(before, ours.git("status", "--porcelain"));
        ours.git("fsck", "--strict");
    }

    @Test
    void aForkIsReported() { // F2
        clones.commit(theirs, "a", "theirs");
        clones.commit(ours, "a", "ours");
        MergeReport report = clones.merge();
        assertEquals(1, report.status().forks().size());
        assertFalse(report.isClean());
        assertEquals(2, clones.events(ours, "a").size());
    }

    @Test
    void whatTheUserStagedAndChangedElsewhereStaysSo() { // G1, T67
        for (String name : List.of("staged", "changed", "removed", "taken")) {
            write(theirs, name, "1\n");
        }
        theirs.commit("files");
        clones.merge();
        clones.commit(theirs, "a", "theirs");
        write(theirs, "taken", "2\n");
        theirs.commit("theirs");
        clones.commit(ours, "b", "ours");
        write(ours, "staged", "mine\n");
        write(ours, "new", "mine\n");
        write(ours, "intended", "mine\n");
        ours.git("add", "staged", "new");
        ours.git("add", "-N", "intended");
        write(ours, "changed", "mine\n");
        write(ours, "untracked", "mine\n");
        ours.git("rm", "-q", "removed");

        MergeReport report = clones.merge();

        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals("2\n", text(ours, "taken"));
        assertStatus(ours, "M  staged", "A  new", " A intended", " M changed", "?? untracked", "D  removed");
        assertEquals("1\n", ours.git("show", "HEAD:staged"));
    }

    @Test
    void localChangesThatWouldBeOverwrittenRefuseBeforeAnythingChanges() throws Exception { // G3
        write(theirs, "file", "1\n");
        theirs.commit("file");
        clones.merge();
        clones.commit(theirs, "a", "theirs");
        write(theirs, "file", "2\n");
        write(theirs, "other", "2\n");
        theirs.commit("theirs");
        write(ours, "file", "mine\n");
        refusedUnchanged("file");
        ours.git("add", "file");
        refusedUnchanged("file");
        ours.git("reset", "-q", "--hard");
        write(ours, "other", "mine\n");
        refusedUnchanged("other");
        Files.delete(ours.root().resolve("other"));
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
    }

    private GitRefusedException refusedUnchanged(String named) {
        String before = ours.git("status", "--porcelain") + ours.git("rev-parse", "HEAD");
        GitRefusedException refused = assertThrows(GitRefusedException.class, clones::merge);
        assertTrue(refused.where().contains(named), refused.where());
        assertEquals(before, ours.git("status", "--porcelain") + ours.git("rev-parse", "HEAD"));
        return refused;
    }

    @Test
    void touchedButUnchangedFilesAreNoObstacle() throws Exception { // G3
        write(theirs, "file", "1\n");
        theirs.commit("file");
        clones.merge();
        write(theirs, "file", "2\n");
        theirs.commit("theirs");
        Files.setLastModifiedTime(ours.root().resolve("file"), FileTime.fromMillis(1_000_000_000_000L));
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
        assertEquals("2\n", text(ours, "file"));
    }

    @Test
    void aConflictInOtherFilesIsLeftToThePersonWithAllEventsThere() { // G3
        write(theirs, "file", "1\n");
        theirs.commit("file");
        clones.merge();
        clones.commit(theirs, "a", "theirs");
        write(theirs, "file", "theirs\n");
        theirs.commit("theirs");
        clones.commit(ours, "b", "ours");
        write(ours, "file", "ours\n");
        ours.commit("ours");

        MergeReport report = clones.merge();

        assertEquals(MergeReport.Outcome.CONFLICTS, report.outcome());
        assertEquals(List.of("file"), report.conflicts());
        assertEquals(new MergeReport.Arrived(1, 1, 0), report.arrived());
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        assertTrue(text(ours, "file").contains("<<<<<<<"));
        write(ours, "file", "both\n");
        ours.git("add", "file");
        ours.git("commit", "-q", "--no-edit");
        assertEquals(2, ours.git("log", "-1", "--format=%P").strip().split(" ").length);
        assertStatus(ours);
        assertEquals(MergeReport.Outcome.UP_TO_DATE, clones.merge().outcome());
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
    }

    @Test
    void aConflictOverWhatIsNotCommittedRefusesBeforeAnythingChanges() { // G3
        write(theirs, "file", "1\n");
        write(theirs, "other", "1\n");
        theirs.commit("files");
        clones.merge();
        write(theirs, "file", "theirs\n");
        write(theirs, "other", "theirs\n");
        clones.commit(theirs, "a", "theirs");
        write(ours, "file", "ours\n");
        ours.commit("ours");
        write(ours, "other", "not committed\n");
        refusedUnchanged("other");
        ours.git("add", "other");
        refusedUnchanged("other");
        assertFalse(Files.exists(ours.root().resolve(".git/MERGE_HEAD")));
        assertEquals("not committed\n", text(ours, "other"));
    }

    @Test
    void changesOfDifferentLinesAreMerged() { // G3
        write(theirs, "file", "1\n2\n3\n4\n5\n6\n7\n");
        theirs.commit("file");
        clones.merge();
        write(theirs, "file", "one\n2\n3\n4\n5\n6\n7\n");
        theirs.commit("theirs");
        write(ours, "file", "1\n2\n3\n4\n5\n6\nseven\n");
        ours.commit("ours");
        assertEquals(MergeReport.Outcome.MERGED, clones.merge().outcome());
        assertEquals("one\n2\n3\n4\n5\n6\nseven\n", text(ours, "file"));
        assertStatus(ours);
    }

    @Test
    void T36_aDiskThatIsFullWhileGitWritesTheUsersFilesIsCalledThat() { // T36, G3
        write(theirs, ".gitattributes", "file filter=room\n");
        theirs.commit("attributes");
        clones.merge();
        clones.commit(theirs, "a", "theirs");
        write(theirs, "file", "2\n");
        theirs.commit("theirs");
        ours.git("config", "filter.room.required", "true");
        ours.git("config", "filter.room.smudge", "echo 'No space left on device' >&2; false");

        GitRefusedException full = assertThrows(GitRefusedException.class, clones::merge);

        assertTrue(full.what().startsWith("Git could not write your files; the events are here"), full.toString());
        assertTrue(full.where().contains("No space left on device"), full.toString());
        assertTrue(full.remedy().startsWith("make room"), full.toString());
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        ours.git("config", "--remove-section", "filter.room");
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
        assertEquals("2\n", text(ours, "file"));
        assertStatus(ours);
    }

    @Test
    void aMergeProgramOfTheUsersIsRunByGit() { // G3
        write(theirs, ".gitattributes", "file merge=mine\n");
        write(theirs, "file", "1\n2\n3\n4\n5\n6\n7\n");
        theirs.commit("file");
        clones.merge();
        ours.git("config", "merge.mine.driver", "printf 'by program\\n' > %A");
        write(theirs, "file", "one\n2\n3\n4\n5\n6\n7\n");
        theirs.commit("theirs");
        write(ours, "file", "1\n2\n3\n4\n5\n6\nseven\n");
        ours.commit("ours");
        clones.commit(theirs, "a", "theirs");
        MergeReport report = clones.merge();
        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals("by program\n", text(ours, "file"));
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        assertStatus(ours);
    }

    @Test
    void aRevertedMergeIsNamedAndRestored() { // T69
        ours.git("checkout", "-q", "-b", "feature");
        clones.commit(ours, "a", "1");
        clones.commit(ours, "a", "2");
        ours.git("checkout", "-q", "main");
        ours.git("merge", "-q", "--no-ff", "--no-edit", "feature");
        ours.git("revert", "--no-edit", "-m", "1", "HEAD");
        String revert = ours.git("rev-parse", "HEAD").strip();
        clones.commit(ours, "b", "later");

        MergeReport report = clones.merge("feature");

        assertEquals(MergeReport.Outcome.UP_TO_DATE, report.outcome());
        assertEquals(2, report.missing().size());
        for (MergeReport.Missing missing : report.missing()) {
            assertEquals(revert, missing.removedBy());
            assertEquals(1, missing.transactions().size());
        }
        assertFalse(report.isClean());
        try (FileEventStore store = clones.open(ours)) {
            assertEquals(2, GitWorkTree.of(store).restore("feature").transactions());
            assertEquals(2, store.status().uncommitted(), "kept a second time until it is committed (L2)");
            assertEquals(0, GitWorkTree.of(store).restore("feature").transactions());
        }
        assertEquals(List.of("1", "2"), clones.events(ours, "a"));
        ours.commit("restored");
        assertEquals(List.of(), clones.merge("feature").missing());
    }

    @Test
    void aDirectoryAboveTheStoreWasRenamedWhileTheOtherSideAdded() { // T72, G8
        use(TwoClones.in(directory.resolve("second"), "data"));
        clones.commit(theirs, "a", "before");
        clones.merge();
        ours.git("mv", "data", "moved");
        ours.commit("moved");
        clones.commit(theirs, "a", "theirs");
        TwoClones here = new TwoClones(theirs, ours, "moved");
        MergeReport report = here.merge();
        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(1, report.elsewhere().size(), report.toString());
        String where = report.elsewhere().get(0).where();
        assertTrue(where.startsWith("data/events/20"), where);
        assertFalse(report.isClean());
        ours.git("mv", where, where.replace("data/", "moved/"));
        ours.commit("in its place");
        assertEquals(List.of("before", "theirs"), here.events(ours, "a"));
    }

    @Test
    void oneNameWithTwoContentsIsKeptTwice() throws IOException { // K4, G3
        clones.commit(theirs, "a", "1");
        clones.commit(ours, "b", "ours");
        String made = TwoClones.text(ours, path(eventFiles(ours).get(0)));
        String path = path(eventFiles(theirs).get(0));
        write(ours, path, made);
        ours.commit("a copy of ours under their name");

        MergeReport report = clones.merge();

        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(1, report.arrived().transactions());
        assertEquals(List.of("1"), clones.events(ours, "a"));
        assertEquals(made, TwoClones.text(ours, path));
        assertEquals(3, eventFiles(ours).size());
        assertStatus(ours);
        assertEquals(List.of(), report.missing());
    }

    private static String path(Path file) {
        return "events/" + file.subpath(file.getNameCount() - 2, file.getNameCount());
    }

    private static List<Path> eventFiles(GitClone clone) throws IOException {
        try (Stream<Path> files = Files.walk(clone.root().resolve("events"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void appendsGoOnWhileAMergeIsMade() { // G3, T34
        clones.commit(theirs, "a", "theirs");
        clones.commit(ours, "b", "ours");
        ours.git("fetch", "-q");
        try (FileEventStore store = clones.open(ours)) {
            MergeReport report =
                    GitWorkTree.of(store).merge("origin/main", step -> clones.append(ours, "c", step.name()));
            assertEquals(new MergeReport.Arrived(1, 1, 0), report.arrived());
            assertEquals(0, report.retracted());
            assertEquals(Merging.Step.values().length, report.status().uncommitted());
        }
        assertEquals(Stream.of(Merging.Step.values()).map(Enum::name).toList(), clones.events(ours, "c"));
        assertTrue(ours.git("status", "--porcelain", "-uall").lines().allMatch(line -> line.startsWith("?? events/")));
    }

    @Test
    void aCommitDuringTheMergeMakesItBegunAnew() { // G2, G3
        clones.commit(theirs, "a", "theirs");
        write(theirs, "file", "theirs\n");
        theirs.commit("file");
        clones.commit(ours, "b", "ours");
        ours.git("fetch", "-q");
        for (Merging.Step step : List.of(Merging.Step.WRITTEN, Merging.Step.STAGED, Merging.Step.CHECKED_OUT)) {
            ours.git("checkout", "-q", "-B", "main", "main");
            String start = ours.git("rev-parse", "HEAD").strip();
            AtomicBoolean done = new AtomicBoolean();
            try (FileEventStore store = clones.open(ours)) {
                GitWorkTree.of(store).merge("origin/main", reached -> {
                    if (reached == step && !done.getAndSet(true)) {
                        ours.git("commit", "-q", "--allow-empty", "-m", "meanwhile");
                    }
                });
            }
            assertEquals(List.of("theirs"), clones.events(ours, "a"));
            assertEquals("theirs\n", text(ours, "file"));
            assertEquals(
                    "meanwhile", ours.git("log", "-1", "--format=%s", "HEAD^1").strip());
            assertStatus(ours);
            ours.git("reset", "-q", "--hard", start);
        }
    }

    @Test
    void T75_whateverGitDoesUnderALiveProcess() { // T75, L1
        clones.commit(ours, "b", "ours");
        clones.commit(theirs, "a", "theirs");
        ours.git("fetch", "-q");
        FileEventStore live = clones.open(ours);
        ours.git("add", "-f", ".");
        ours.git("reset", "-q");
        ours.git("stash", "-q", "-a");
        ours.git("clean", "-q", "-xfd");
        StoreUnusableException gone = assertThrows(StoreUnusableException.class, () -> {
            try (live) {
                live.refresh();
            }
        });
        assertTrue(gone.what().contains("local directory was removed"), gone.what());
        MergeReport report = clones.merge();
        assertEquals(MergeReport.Outcome.MERGED, report.outcome());
        assertEquals(List.of("theirs"), clones.events(ours, "a"));
        assertEquals(List.of("ours"), clones.events(ours, "b"));
        assertStatus(ours);
    }
}
