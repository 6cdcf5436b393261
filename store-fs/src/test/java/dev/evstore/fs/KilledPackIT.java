package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.id.TransactionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code evstore pack} is killed between two steps, and its user goes on with git. Needs the git program. */
class KilledPackIT {

    /** What people type; that it fails is all right. */
    private static final List<List<String>> HABITS = List.of(
            List.of("status"),
            List.of("commit", "-q", "-a", "-m", "all"),
            List.of("commit", "-q", "-m", "what is staged"),
            List.of("add", "-A"),
            List.of("merge", "-q", "--no-edit", "side"),
            List.of("stash", "-q", "-u"),
            List.of("reset", "-q", "--hard"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(PackOperation.Step.class)
    void T66_nothingIsLostOrDoubled(PackOperation.Step step) throws Exception { // T66, K3, K4
        Committing here = Committing.in(directory.resolve("repository"), "store");
        List<TransactionId> all = new ArrayList<>();
        for (int k = 0; k < 3; k++) {
            all.addAll(here.append("a", 1));
            here.git().commit("a" + k);
        }
        here.git().git("checkout", "-q", "-b", "side");
        all.addAll(here.append("b", 1));
        here.git().commit("side");
        here.git().git("checkout", "-q", "main");
        KilledProcess.at(here.root(), step, 1);
        for (List<String> habit : HABITS) {
            Path copy = directory.resolve(habit.get(0) + habit.size());
            assertEquals(
                    0,
                    new ProcessBuilder("cp", "-a", here.git().root().toString(), copy.toString())
                            .start()
                            .waitFor());
            GitClone git = new GitClone(copy);
            goesOn(new Committing(git, copy.resolve("store")), habit, all);
        }
    }

    private void goesOn(Committing here, List<String> habit, List<TransactionId> all) {
        String what =
                habit + ": " + here.git().tryGit(habit.toArray(String[]::new)).said();
        Committing clone =
                here.cloneTo(directory.resolve("clone-" + here.git().root().getFileName()));
        assertTrue(clone.countVisible() >= 3, what + ": what the user commits has all");
        try (FileEventStore store = FileEventStore.open(here.root())) {
            GitWorkTree tree = GitWorkTree.of(store);
            tree.commit(null);
            tree.pack(null, ProgressListener.NONE);
            assertEquals(List.of(), tree.merge("side").missing(), what);
            tree.commit(null);
            List<TransactionId> visible = new ArrayList<>();
            store.readLog(null).forEach(header -> visible.add(0, header.id()));
            assertEquals(all, visible, what);
            assertEquals(0, store.status().uncommitted(), what);
        }
        assertEquals(List.of(), here.statusOfEvents(), what);
        assertTrue(here.files().size() <= 2, what + here.files());
        here.git().git("fsck", "--no-dangling");
        assertEquals(
                "",
                here.git().git("log", "-m", "--no-renames", "--diff-filter=DM", "--format=%H", "--", "*/pack-*"),
                what + ": no pack goes");
        clone.git().git("pull", "-q", "--ff-only");
        assertEquals(all, clone.visible(), what);
    }
}
