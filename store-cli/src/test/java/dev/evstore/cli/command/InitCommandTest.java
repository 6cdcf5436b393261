package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class InitCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void makesAStore() {
        Transcript.holds(getClass(), "a store", world);
    }

    @Test
    void makesARepositoryOnlyWhereThereIsNone() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        assertEquals(0, world.run("", "-C", directory + "/a", "init").exit());
        assertFalse(Files.exists(directory.resolve("a/.git")));
        assertEquals(0, world.run("", "-C", directory + "/a", "init", "--git").exit());
        assertTrue(Files.exists(directory.resolve("a/.git")));
        assertEquals(
                0, world.run("", "-C", directory + "/a", "init", "b", "--git").exit());
        assertFalse(Files.exists(directory.resolve("a/b/.git")));
    }

    @Test
    void saysSoWhenGitIsNotThereAndMakesNothing() {
        world.variables.put("PATH", "." + java.io.File.pathSeparator + directory);
        Transcript.holds(getClass(), "no git", world);
        assertFalse(Files.exists(directory.resolve("events")));
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
