package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.cli.Stores;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import dev.evstore.fs.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class DemoCommandTest {

    private static final StoreOptions OPTIONS = StoreOptions.defaults().clock(World.CLOCK);

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aWorldWithStoresOnFiles() {
        world = new World(directory);
        world.stores = new Stores() {
            @Override
            public EventStore create(Path place) {
                return FileEventStore.create(place, OPTIONS);
            }

            @Override
            public RestoreReport restore(Path place) {
                throw new AssertionError("the demonstration restores nothing");
            }

            @Override
            public EventStore open(Path place) {
                return FileEventStore.open(place, OPTIONS);
            }
        };
    }

    @Test
    void showsThatTwoClonesEndWithTheSameAndThatNothingIsMissed() {
        Transcript.holds(getClass(), "the demonstration", world);
        assertTrue(Files.isDirectory(directory.resolve("kept/anna/events")));
    }

    @Test
    void printsNothingButJsonWhenAskedTo() {
        World.Ran ran = world.run("", "demo", "--json");
        assertEquals(0, ran.exit(), ran.err());
        assertTrue(ran.out().lines().allMatch(line -> line.startsWith("{\"") && line.endsWith("}")), ran.out());
    }

    @Test
    void endsBadlyWhenWhatItClaimsDoesNotHold() {
        Stores sound = world.stores;
        world.stores = new Stores() {
            @Override
            public EventStore create(Path place) {
                return sound.create(place);
            }

            /** Not the store of that clone, but another one. */
            @Override
            public RestoreReport restore(Path place) {
                throw new AssertionError("the demonstration restores nothing");
            }

            @Override
            public EventStore open(Path place) {
                return sound.create(place.resolve("other"));
            }
        };
        World.Ran ran = world.run("", "demo");
        assertEquals(70, ran.exit());
        assertTrue(ran.err().contains("Bert's clone holds the same"), ran.err());
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "precious");
        Transcript.holds(getClass(), "not empty", world);
    }

    @Test
    void saysSoWhenGitIsNotThere() {
        world.variables.put("PATH", "");
        Transcript.holds(getClass(), "no git", world);
        assertFalse(Files.exists(directory.resolve("kept")));
    }
}
