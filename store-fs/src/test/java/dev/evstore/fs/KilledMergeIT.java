package dev.evstore.fs;

import static dev.evstore.fs.TwoClones.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.fs.git.Merging;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A merge that is killed between two steps, and whatever its user does then with git. Needs the git program. */
class KilledMergeIT {

    /** What people type; that it fails is all right. */
    private static final List<List<String>> HABITS = List.of(
            List.of("commit", "-q", "-a", "-m", "all"),
            List.of("commit", "-q", "-m", "what is staged"),
            List.of("merge", "-q", "--no-edit", "origin/main"),
            List.of("pull", "-q", "--no-edit", "--no-rebase"),
            List.of("stash", "-q"),
            List.of("reset", "-q", "--hard"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "PUBLISHED, false",
        "STAGED, false",
        "CHECKED_OUT, false",
        "MOVED, false",
        "STAGED, true",
        "CHECKED_OUT, true"
    })
    void T66_nothingIsLostDoubledOrDeleted(Merging.Step step, boolean forward) throws Exception { // T66
        TwoClones clones = TwoClones.in(directory, "data");
        write(clones.theirs(), "file", "1\n");
        write(clones.theirs(), "gone", "1\n");
        clones.commit(clones.theirs(), "a", "before");
        clones.merge();
        clones.commit(clones.theirs(), "a", "theirs 1");
        write(clones.theirs(), "file", "2\n");
        write(clones.theirs(), "new", "2\n");
        clones.theirs().git("rm", "-q", "gone");
        clones.commit(clones.theirs(), "b", "theirs 2");
        if (!forward) {
            clones.commit(clones.ours(), "c", "ours");
        }
        clones.append(clones.ours(), "d", "uncommitted");
        clones.ours().git("fetch", "-q");
        MergeProcess.killedAt(clones.ours().root().resolve("data"), "origin/main", step);
        for (List<String> habit : HABITS) {
            Path copy = directory.resolve(step + "-" + habit.get(0) + "-" + habit.size());
            assertEquals(
                    0,
                    new ProcessBuilder("cp", "-a", clones.ours().root().toString(), copy.toString())
                            .start()
                            .waitFor());
            goesOn(new TwoClones(clones.theirs(), new GitClone(copy), "data"), habit, !forward);
        }
    }

    private void goesOn(TwoClones clones, List<String> habit, boolean diverged) {
        GitClone ours = clones.ours();
        String what = habit + ": " + ours.tryGit(habit.toArray(String[]::new)).said();

        MergeReport report = clones.merge();

        assertEquals(List.of(), report.missing(), what);
        List<String> all = new ArrayList<>(List.of("a before", "a theirs 1", "b theirs 2", "d uncommitted"));
        if (diverged) {
            all.add("c ours");
        }
        assertEquals(new TreeSet<>(all), new TreeSet<>(clones.events(ours)), what);
        assertEquals(all.size(), clones.events(ours).size(), what);
        assertEquals("2\n", TwoClones.text(ours, "file"), what);
        assertEquals("2\n", TwoClones.text(ours, "new"), what);
        assertEquals(
                "",
                ours.git("log", "--all", "-m", "--no-renames", "--diff-filter=DM", "--format=%H", "--", "*.jsonl"),
                what);
        Set<String> left =
                new TreeSet<>(ours.git("status", "--porcelain", "-uall").lines().toList());
        assertTrue(left.size() <= 1 && left.stream().allMatch(line -> line.contains("events/")), what + left);
        assertTrue(ours.git("ls-files", "--", "gone").isEmpty(), what);
        ours.git("fsck", "--strict");
    }
}
