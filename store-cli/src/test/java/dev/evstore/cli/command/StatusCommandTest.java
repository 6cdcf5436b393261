package dev.evstore.cli.command;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorld() {
        world = new World(directory);
    }

    @Test
    void saysThatNothingWaits() {
        world.append(world.anna, "account-1", "Opened", "1");
        Transcript.holds(getClass(), "clean", world);
    }

    @Test
    void endsWithOneWhileForksRemain() { // F2
        world.fork();
        Transcript.holds(getClass(), "forked", world);
    }

    @Test
    void endsWithOneWhilePartsAreMissing() { // F7
        world.append(world.bert, "account-1", "Opened", "1");
        world.append(world.bert, "account-1", "Closed", "2");
        world.anna.ingest(world.bert.transactions().subList(1, 2));
        Transcript.holds(getClass(), "incomplete", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
