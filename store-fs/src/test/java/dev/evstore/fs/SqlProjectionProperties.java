package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.projection.SqlProjection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables against a fold of all that can be seen, while event files come, go and come back. */
class SqlProjectionProperties {

    private static final int STEPS = 80;

    @TempDir
    Path directory;

    private final List<Path> hidden = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void o1_tablesAreTheFoldWhateverCameWentAndCameBack(long seed) throws IOException { // O1
        walk(Ledgers.resetting(), new Random(seed));
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void o1_tablesThatAreRebuiltOnLateEventsAreTheFoldToo(long seed) throws IOException { // O1
        walk(Ledgers.rebuilding(), new Random(seed));
    }

    /** Pages and batches of a few, so that there are many. */
    private static ProjectionHost open(FileEventStore store, SqlProjection ledger) {
        ProjectionOptions options =
                ProjectionOptions.defaults().withoutThreads().page(3).changes(2);
        return ProjectionHost.open(store, CODEC, options, List.of(ledger));
    }

    private void walk(SqlProjection ledger, Random random) throws IOException {
        Files.createDirectories(directory.resolve("aside"));
        try (FileEventStore store = FileEventStore.create(directory.resolve("store"))) {
            ProjectionHost host = open(store, ledger);
            for (int step = 0; step < STEPS; step++) {
                int what = random.nextInt(12);
                if (what < 5) {
                    add(store, "s" + random.nextInt(3), 100 + step);
                } else if (what < 7) {
                    hide(random);
                } else if (what < 9) {
                    bringBack(random);
                } else if (what == 9) {
                    host.close();
                    host = open(store, ledger);
                } else {
                    host.catchUp();
                    assertEquals(Ledgers.fold(store), Ledgers.lines(host, ledger));
                }
            }
            host.catchUp();
            assertEquals(Ledgers.fold(store), Ledgers.lines(host, ledger));
            host.close();
            assertEquals(List.of(), store.verify((done, total) -> {}));
        }
    }

    private void hide(Random random) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store/events"))) {
            List<Path> there = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
            if (!there.isEmpty()) {
                Path file = there.get(random.nextInt(there.size()));
                Files.move(file, directory.resolve("aside").resolve(file.getFileName()));
                hidden.add(file);
            }
        }
    }

    private void bringBack(Random random) throws IOException {
        if (!hidden.isEmpty()) {
            Path file = hidden.remove(random.nextInt(hidden.size()));
            Files.move(directory.resolve("aside").resolve(file.getFileName()), file);
        }
    }
}
