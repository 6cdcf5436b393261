package dev.evstore.fs;

import dev.evstore.core.StoreObserver;
import dev.evstore.testkit.EventStoreContract;
import dev.evstore.testkit.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The store on files does what every event store has to do. */
@Tag("stores")
class FileEventStoreContractTest extends EventStoreContract {

    @TempDir
    Path directory;

    @Override
    protected Subject open(Clock wall, Random random, StoreObserver observer) throws IOException {
        StoreOptions options = StoreOptions.defaults()
                .clock(wall)
                .random(random)
                .observer(observer)
                .poll(Duration.ofHours(1));
        return new EventFilesByHand(Files.createTempDirectory(directory, "store"), options);
    }
}
