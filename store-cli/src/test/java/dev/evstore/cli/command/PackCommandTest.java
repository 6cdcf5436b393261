package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.InGit;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.EventStore;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class PackCommandTest {

    @TempDir
    private Path directory;

    private World world;
    private InGit here;

    @BeforeEach
    void threeEventsCommittedOneByOne() throws Exception {
        world = new World(directory);
        here = new InGit(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        here.git("config", "user.name", "Anna");
        here.git("config", "user.email", "anna@example.org");
        for (int k = 0; k < 3; k++) {
            try (EventStore store = world.stores.open(directory)) {
                world.append(store, "a", "T", "1");
            }
            here.commit("an event");
        }
    }

    @Test
    void packsAndSaysWhoStillHoldsTheFiles() throws Exception { // K3
        here.git("branch", "side");
        Transcript.holds(getClass(), "packed", world);
    }

    @Test
    void packsForPrograms() { // K3
        Transcript.holds(getClass(), "json", world);
    }

    @Test
    void refusesBadInputAndWhatGitHasNotEnded() throws Exception { // K3, G4
        here.git("bisect", "start");
        Transcript.holds(getClass(), "refused", world);
    }
}
