package dev.evstore.fs;

import static dev.evstore.fs.TwoClones.assertStatus;
import static dev.evstore.fs.TwoClones.text;
import static dev.evstore.fs.TwoClones.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.GitRefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merges as people have them, and what is odd about their repositories. Needs the git program. */
class MergeTraps {

    @TempDir
    Path directory;

    private TwoClones clones;
    private GitClone ours;
    private GitClone theirs;

    @BeforeEach
    void twoClones() {
        use(TwoClones.in(directory, ""));
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
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
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
        Files.setLastModifiedTime(
                ours.root().resolve("file"), FileTime.fromMillis(1_000_000_000_000L));
        assertEquals(MergeReport.Outcome.FAST_FORWARD, clones.merge().outcome());
        assertEquals("2\n", text(ours, "file"));
    }

    @Test
    void aConflictInTheUsersOwnFilesIsLeftToThePersonWithAllEventsThere() { // G3
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
}
