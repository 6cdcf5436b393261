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
final class PackCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void threeEventsCommittedOneByOne() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        assertEquals(
                0, world.run("", "-C", directory.toString(), "init", "--git").exit());
        git("config", "user.name", "Anna");
        git("config", "user.email", "anna@example.org");
        for (int k = 0; k < 3; k++) {
            try (EventStore store = world.stores.open(directory)) {
                world.append(store, "a", "T", "1");
            }
            git("add", "-A");
            git("commit", "-q", "-m", "an event");
        }
    }

    @Test
    void packsAndSaysWhoStillHoldsTheFiles() throws Exception { // K3
        git("branch", "side");
        Transcript.holds(getClass(), "packed", world);
    }

    @Test
    void packsForPrograms() { // K3
        Transcript.holds(getClass(), "json", world);
    }

    @Test
    void refusesBadInputAndWhatGitHasNotEnded() throws Exception { // K3, G4
        git("bisect", "start");
        Transcript.holds(getClass(), "refused", world);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), () -> command + ": " + said);
    }
}
