package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class ResolveCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aStoreInARepository() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        git(0, "add", "-A");
        git(0, "commit", "-q", "-m", "a store");
    }

    /** Both sides change a frozen file of the store, and a note of the user's. */
    private void stopped(String rule) throws Exception {
        git(0, "checkout", "-q", "-b", "side");
        change("theirs");
        git(0, "checkout", "-q", "-");
        change("mine");
        git(1, rule, "side");
    }

    private void change(String text) throws Exception {
        Files.writeString(directory.resolve("events/.gitignore"), text + "\n");
        Files.writeString(directory.resolve("notes.txt"), text + "\n");
        git(0, "add", "-A");
        git(0, "commit", "-q", "-m", text);
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

    private void git(int exit, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exit, git.waitFor(), () -> command + ": " + said);
    }
}
