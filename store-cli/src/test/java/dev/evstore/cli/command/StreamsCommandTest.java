package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StreamsCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void listsStreamsByName() {
        world.fork();
        world.append(world.anna, "notes", "Noted", "1");
        world.append(world.anna, "account-2", "Opened", "1");
        Transcript.holds(getClass(), "streams", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
