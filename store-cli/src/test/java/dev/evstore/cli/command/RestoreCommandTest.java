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
final class RestoreCommandTest {

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
        here.commit("a store");
    }

    @Test
    void bringsBackWhatGitCleanRemoved() throws Exception { // L2, T65
        assertEquals(
                0,
                world.run("", "-C", directory.toString(), "append", "a", "--type", "T", "--data", "1")
                        .exit());
        here.git("clean", "-q", "-fd");
        Transcript.holds(getClass(), "lost", world);
    }

    @Test
    void saysHowToGetWhatIsNotCheckedOut() throws Exception { // L3, T68
        try (EventStore store = world.stores.open(directory)) {
            world.append(store, "a", "T", "1");
        }
        here.commit("events");
        here.git("sparse-checkout", "set", "--no-cone", "/*", "!/events/20*");
        Transcript.holds(getClass(), "not checked out", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
