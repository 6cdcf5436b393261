package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForksCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void showsAForkWhole() { // F4
        world.fork();
        world.append(world.bert, "account-1", "Closed", "null");
        world.sync();
        Transcript.holds(getClass(), "a fork", world);
    }

    @Test
    void showsOnlyTheUnitOfAStream() {
        world.fork();
        world.append(world.anna, "notes", "Noted", "1");
        Transcript.holds(getClass(), "of a stream", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
