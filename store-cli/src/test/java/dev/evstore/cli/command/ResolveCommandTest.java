package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.InGit;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class ResolveCommandTest {

    @TempDir
    private Path directory;

    private World world;
    private InGit here;

    @BeforeEach
    void aStoreInARepository() throws Exception {
        world = new World(directory);
        here = new InGit(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        here.commit("a store");
    }

    /** Both sides change a frozen file of the store, and a note of the user's. */
    private void stopped(String rule) throws Exception {
        here.git("checkout", "-q", "-b", "side");
        change("theirs");
        here.git("checkout", "-q", "-");
        change("mine");
        here.ending(1, rule, "side");
    }

    private void change(String text) throws Exception {
        Files.writeString(directory.resolve("events/.gitignore"), text + "\n");
        Files.writeString(directory.resolve("notes.txt"), text + "\n");
        here.commit(text);
    }

    @Test
    void leavesTheUsersOwnConflictsAndSaysWhatRemains() throws Exception { // G5
        stopped("merge");
        Transcript.holds(getClass(), "merge", world);
    }

    @Test
    void knowsHowToGoOnWithARebase() throws Exception { // G5
        stopped("rebase");
        Transcript.holds(getClass(), "rebase", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
