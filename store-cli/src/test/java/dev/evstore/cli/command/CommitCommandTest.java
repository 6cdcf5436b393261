package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.InGit;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class CommitCommandTest {

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
        here.git("config", "user.name", "Anna");
        here.git("config", "user.email", "anna@example.org");
    }

    @Test
    void appendsBecomeOneFileAndOneCommit() throws Exception { // G1, K1
        Transcript.holds(getClass(), "a commit", world);
        assertEquals("", here.git("status", "--porcelain"));
        assertEquals(
                "the orders of Friday", here.git("log", "-1", "--format=%B").strip());
    }

    @Test
    void whatMustWaitIsNamed() throws Exception { // G7
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        here.git("checkout", "-q", "-b", "other");
        append();
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        append();
        here.git("checkout", "-q", "-");
        Files.writeString(directory.resolve("events/odd.jsonl"), "no event\n");
        Transcript.holds(getClass(), "left out", world);
    }

    @Test
    void refusalsNameTheWayOut() throws Exception { // G4
        assertEquals(0, world.run("", "-C", directory.toString(), "commit").exit());
        append();
        here.git("checkout", "-q", "--detach");
        Transcript.holds(getClass(), "refused", world);
        assertTrue(here.git("status", "--porcelain").contains("?? events/"));
    }

    private void append() {
        assertEquals(
                0,
                world.run("", "-C", directory.toString(), "append", "a", "--type", "T", "--data", "1")
                        .exit());
    }
}
