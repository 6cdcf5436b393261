package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
final class CommitCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aStoreInARepository() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        git("config", "user.name", "Anna");
        git("config", "user.email", "anna@example.org");
    }

    @Test
    void appendsBecomeOneFileAndOneCommit() throws Exception { // G1, K1
        Transcript.holds(getClass(), "a commit", world);
        assertEquals("", git("status", "--porcelain"));
        assertEquals("the orders of Friday", git("log", "-1", "--format=%B").strip());
    }

    @Test
    void whatMustWaitIsNamed() throws Exception { // G7
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        git("checkout", "-q", "-b", "other");
        append();
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        append();
        git("checkout", "-q", "-");
        Files.writeString(directory.resolve("events/odd.jsonl"), "no event\n");
        Transcript.holds(getClass(), "left out", world);
    }

    @Test
    void refusalsNameTheWayOut() throws Exception { // G4
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        append();
        git("checkout", "-q", "--detach");
        Transcript.holds(getClass(), "refused", world);
        assertTrue(git("status", "--porcelain").contains("?? events/"));
    }

    private void append() {
        assertEquals(
                0,
                world.run("", "-C", directory.toString(), "append", "a", "--type", "T", "--data", "1")
                        .exit());
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), () -> command + ": " + said);
        return said;
    }
}
