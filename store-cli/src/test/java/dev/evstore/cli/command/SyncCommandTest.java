package dev.evstore.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.cli.InGit;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class SyncCommandTest {

    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void twoClones() throws Exception {
        world = new World(directory);
        world.stores = new World.OnFiles();
        new InGit(directory).git("init", "-q", "--bare", "-b", "main", "origin.git");
        new InGit(directory).git("clone", "-q", "origin.git", "anna");
        assertEquals(0, world.run("", "-C", directory + "/anna", "init").exit());
        new InGit(directory.resolve("anna")).commit("a store");
        new InGit(directory.resolve("anna")).git("push", "-q", "origin", "HEAD:main");
        new InGit(directory).git("clone", "-q", "origin.git", "bert");
        for (String name : List.of("anna", "bert")) {
            new InGit(directory.resolve(name)).git("config", "user.name", name);
            new InGit(directory.resolve(name)).git("config", "user.email", name + "@example.org");
        }
    }

    @Test
    void exchangesWhatTwoClonesWrote() { // G6
        Transcript.holds(getClass(), "two clones", world);
    }

    @Test
    void resolvesWhatForkedIfToldHow() throws Exception { // G6, M2
        Files.writeString(
                directory.resolve("decide.sh"),
                "cat > " + directory
                        + "/told; echo '{\"resolve\":[{\"stream\":\"account-1\",\"type\":\"Checked\",\"data\":12}]}'\n");
        StoreOptions later = StoreOptions.defaults().clock(Clock.offset(World.CLOCK, Duration.ofMinutes(1)));
        try (EventStore store = FileEventStore.open(directory.resolve("bert"), later)) {
            world.append(store, "account-1", "MoneyDeposited", "{\"amount\":7}");
        }
        Transcript.holds(getClass(), "a fork", world);
    }

    @Test
    void leavesTheUsersOwnConflictToTheUser() throws Exception { // G3, G6
        for (String name : List.of("anna", "bert")) {
            Files.writeString(directory.resolve(name).resolve("notes.txt"), name + "\n");
            new InGit(directory.resolve(name)).commit(name);
        }
        Transcript.holds(getClass(), "a conflict", world);
    }

    @Test
    void saysWhoIsMissing() {
        Transcript.holds(getClass(), "nobody there", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }
}
