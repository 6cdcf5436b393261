package dev.evstore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line on a store that can't be written, as on a read-only file system: it is told so, since root writes anywhere else. */
class ReadOnlyStoreTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void aStoreOfSomebodyElses() throws IOException {
        try (FileEventStore store = FileEventStore.create(directory)) {
            store.append(StreamId.of("a"), ExpectedVersion.noStream(), NewEvent.of("Opened", "1"));
        }
        try (Stream<Path> local = Files.walk(directory.resolve(".evstore"))) {
            for (Path path : local.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private World.Ran run(String... arguments) {
        World world = new World(directory);
        world.stores = new FileStores(path -> false);
        String[] all = new String[arguments.length + 2];
        all[0] = "-C";
        all[1] = directory.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return world.run("", all);
    }

    @Test
    void whatReadsWorksAndLeavesNothingBehind() { // L1
        for (String command : new String[] {"status", "streams", "feed", "digest", "verify", "log", "export"}) {
            World.Ran ran = run(command);
            assertEquals(ExitCode.DONE, ran.exit(), () -> command + ": " + ran.err());
        }
        assertTrue(run("read", "a").out().contains("Opened"));
        assertFalse(Files.exists(directory.resolve(".evstore")));
    }

    @Test
    void whatWritesIsRefused() {
        for (String[] command :
                new String[][] {{"append", "a", "--type", "T", "--data", "1"}, {"restore"}, {"reindex"}}) {
            World.Ran ran = run(command);
            assertEquals(ExitCode.STORE_UNUSABLE, ran.exit(), ran.out());
            assertTrue(ran.err().startsWith("evstore: The store was opened read-only;"), ran.err());
        }
        assertFalse(Files.exists(directory.resolve(".evstore")));
    }
}
