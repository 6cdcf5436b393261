package dev.evstore.cli.command;

import dev.evstore.cli.InGit;
import dev.evstore.cli.Stores;
import dev.evstore.cli.Transcript;
import dev.evstore.cli.World;
import dev.evstore.core.EventStore;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.RestoreReport;
import dev.evstore.fs.StoreOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs the git program. */
final class MergeCommandTest {

    private static final StoreOptions OPTIONS = StoreOptions.defaults().clock(World.CLOCK);

    @TempDir
    private Path directory;

    private World world;
    private InGit here;

    @BeforeEach
    void aStoreWithABranch() throws Exception {
        world = new World(directory);
        here = new InGit(directory);
        world.stores = new Stores() {
            @Override
            public EventStore create(Path place) {
                return FileEventStore.create(place, OPTIONS);
            }

            @Override
            public EventStore open(Path place) {
                return openFiles(place);
            }

            @Override
            public FileEventStore openFiles(Path place) {
                return FileEventStore.open(place, OPTIONS);
            }

            @Override
            public RestoreReport restore(Path place) {
                try (FileEventStore store = FileEventStore.open(place, OPTIONS)) {
                    return store.restore();
                }
            }
        };
        here.git("init", "-q", "-b", "main");
        here.git("config", "user.name", "Anna");
        here.git("config", "user.email", "anna@example.org");
        FileEventStore.create(directory, OPTIONS).close();
        here.commit("a store");
        here.git("checkout", "-q", "-b", "feature");
        append("a", "1");
        Files.writeString(directory.resolve("file"), "feature\n");
        here.commit("feature");
        here.git("checkout", "-q", "main");
    }

    @Test
    void followsABranchThatIsAhead() throws Exception { // G3
        Transcript.holds(getClass(), "ahead", world);
    }

    @Test
    void tellsWhatArrivedAndForked() throws Exception { // G3
        appendLater("a", "2");
        here.commit("main");
        Transcript.holds(getClass(), "two sides", world);
    }

    @Test
    void resolvesTheForkIfToldHowAndEndsWithOneWhileItRemains() throws Exception { // G3, M3
        appendLater("a", "2");
        here.commit("main");
        Files.writeString(directory.resolve("refuse.sh"), "echo '{\"unresolvable\":\"ask Anna\"}'\n");
        Transcript.holds(getClass(), "two sides resolved", world);
    }

    @Test
    void namesAResolutionThatWaitsForEventsNobodyCommitted() throws Exception { // G3, G7
        appendLater("a", "2");
        Transcript.holds(getClass(), "resolved over what nobody committed", world);
    }

    @Test
    void leavesConflictsInOtherFilesToThePerson() throws Exception { // G3
        Files.writeString(directory.resolve("file"), "main\n");
        here.commit("main");
        Transcript.holds(getClass(), "conflict", world);
    }

    @Test
    void refusesToOverwriteWhatIsNotCommitted() throws Exception { // G3
        Files.writeString(directory.resolve("file"), "mine\n");
        Transcript.holds(getClass(), "in the way", world);
    }

    @Test
    void namesWhatAReversedMergeTookAndBringsItBack() throws Exception { // T69
        here.git("merge", "-q", "--no-ff", "--no-edit", "feature");
        here.git("revert", "--no-edit", "-m", "1", "HEAD");
        Transcript.holds(getClass(), "reverted", world);
    }

    @Test
    void refusesBadInput() {
        Transcript.holds(getClass(), "bad input", world);
    }

    private void append(String stream, String data) {
        try (EventStore store = world.stores.open(directory)) {
            world.append(store, stream, "T", data);
        }
    }

    private void appendLater(String stream, String data) {
        StoreOptions later = StoreOptions.defaults().clock(Clock.offset(World.CLOCK, Duration.ofMinutes(1)));
        try (EventStore store = FileEventStore.open(directory, later)) {
            world.append(store, stream, "T", data);
        }
    }
}
