package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.EventStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class RestoreCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void aStoreInARepository() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        git("add", "-A");
        git("commit", "-q", "-m", "a store");
    }

    @Test
    void bringsBackWhatGitCleanRemoved() throws Exception { // L2, T65
        assertEquals(
                0,
                world.run("", "-C", directory.toString(), "append", "a", "--type", "T", "--data", "1")
                        .exit());
        git("clean", "-q", "-fd");
        Transcript.holds(getClass(), "lost", world);
    }

    @Test
    void saysHowToGetWhatIsNotCheckedOut() throws Exception { // L3, T68
        try (EventStore store = world.stores.open(directory)) {
            world.append(store, "a", "T", "1");
        }
        git("add", "-A");
        git("commit", "-q", "-m", "events");
        git("sparse-checkout", "set", "--no-cone", "/*", "!/events/20*");
        Transcript.holds(getClass(), "not checked out", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), () -> command + ": " + said);
    }
}
