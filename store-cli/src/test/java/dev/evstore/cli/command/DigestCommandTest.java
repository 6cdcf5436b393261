package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DigestCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void isEqualOnReplicasThatHoldTheSame() { // I4
        world.fork();
        Transcript.holds(getClass(), "digests", world);
        org.junit.jupiter.api.Assertions.assertEquals(
                world.bert.digest() + "\n", world.run("", "digest").out());
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
