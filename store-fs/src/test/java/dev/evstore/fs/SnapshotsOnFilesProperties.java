package dev.evstore.fs;

import dev.evstore.testkit.ManualClock;
import dev.evstore.testkit.SnapshotWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** What holds of snapshots over a store in memory holds over files. */
@Tag("stores")
class SnapshotsOnFilesProperties {

    @Provide
    Arbitrary<List<SnapshotWalk.Move>> moves() {
        return SnapshotWalk.moves();
    }

    @Property(tries = 10, shrinking = ShrinkingMode.BOUNDED)
    void loadingWithSnapshotsIsLoadingWithout(@ForAll("moves") List<SnapshotWalk.Move> moves) // T44
            throws IOException {
        Path directory = Files.createTempDirectory("evstore-snapshots");
        StoreOptions options = StoreOptions.defaults()
                .clock(new ManualClock())
                .random(new Random(5))
                .poll(Duration.ofHours(1));
        try (EventFilesByHand hand = new EventFilesByHand(directory, options)) {
            SnapshotWalk.walk(hand, moves);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
