package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a projection's versions (rule S8). */
class StateFilesTest {

    private static final String V1 = "1".repeat(16);
    private static final String V2 = "2".repeat(16);
    private static final String V3 = "3".repeat(16);
    private static final String V4 = "4".repeat(16);

    @TempDir
    Path root;

    private Path directory = Path.of("");
    private StateFiles files = of(directory);

    private StateFiles of(Path where) {
        return new StateFiles(new StoreLayout(where, where.resolve("local")), new Disk(), directory);
    }

    @BeforeEach
    void make() throws IOException {
        directory = new StoreLayout(root, root.resolve("local")).projection("totals");
        files = of(root);
        files.make("totals");
    }

    private Path build(String version) throws IOException {
        Path database = Files.createFile(files.fresh(version));
        files.startBuilding(version, database);
        return database;
    }

    private Path served(String version) throws IOException {
        Path database = build(version);
        files.serveBuilt(version, database);
        files.lead(version);
        return database;
    }

    private List<String> names(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    /** Later than all others: the clock of a file system may not tell two that are close. */
    private void older(String version, int seconds) throws IOException {
        Files.setLastModifiedTime(
                directory.resolve(version + ".current"), FileTime.fromMillis(1_000_000_000_000L - 1000L * seconds));
    }

    @Test
    void s8_betweenAnyTwoStepsOfTheSwapSomethingIsServed() throws IOException { // S8
        Path first = served(V1);
        Path second = build(V1);
        assertEquals(first, files.current(V1));
        assertEquals(second, files.building(V1));
        // a crash after the first step
        Files.writeString(directory.resolve(V1 + ".current"), second.getFileName() + "\n");
        assertEquals(second, files.current(V1));
        assertEquals(second, files.building(V1));
        files.clean(V1);
        assertEquals(List.of(second.getFileName().toString()), names(".db"), "what both name is kept");
        files.serveBuilt(V1, second);
        assertEquals(second, files.current(V1));
        assertNull(files.building(V1));
        files.clean(V1);
        assertEquals(List.of(second.getFileName().toString()), names(".db"));
    }

    @Test
    void s8_aCrashBeforeAVersionLeadsIsMadeGoodAtTheNextStart() throws IOException { // S8
        served(V1);
        files.serveBuilt(V2, build(V2)); // and no further
        assertEquals(V1, files.last());
        files.lead(V2);
        assertEquals(V2, files.last());
    }

    @Test
    void s8_theLastThreeVersionsAreKept() throws IOException { // S8
        served(V1);
        older(V1, 30);
        served(V2);
        older(V2, 20);
        served(V3);
        older(V3, 10);
        files.lead(V1); // older code is back: it counts from now on
        assertEquals(V1, files.last());
        Path fourth = served(V4);
        files.clean(V4);
        assertEquals(List.of(V1 + ".current", V3 + ".current", V4 + ".current"), names(".current"));
        assertEquals(List.of(V1 + "-1.db", V3 + "-1.db", V4 + "-1.db"), names(".db"));
        assertEquals(fourth, files.current(V4));
    }

    @Test
    void aVersionThatSomebodyWorksOnIsKept() throws IOException {
        served(V1);
        older(V1, 30);
        served(V2);
        older(V2, 20);
        served(V3);
        older(V3, 10);
        try (StoreLock lock = StoreLock.open(files.lock(V1))) {
            assertTrue(lock.tryAcquire());
            served(V4);
            assertEquals(V1, inAnotherThread(() -> files.workedOn()));
            inAnotherThread(() -> {
                files.clean(V4);
                return "";
            });
            lock.release();
        }
        assertEquals(4, names(".current").size());
        assertNull(files.workedOn());
        files.clean(V4);
        assertEquals(3, names(".current").size());
    }

    private interface Task {
        @Nullable
        String run() throws IOException;
    }

    /** A lock is held by a thread. */
    private static @Nullable String inAnotherThread(Task task) {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return task.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .join();
    }

    @Test
    void s10_aDamagedBuildTakesNothingFromWhatIsServed() throws IOException { // S10
        Path served = served(V1);
        build(V1);
        files.abandon(V1);
        assertNull(files.building(V1));
        assertEquals(served, files.current(V1));
        files.abandon(V1);
        assertNull(files.current(V1));
    }

    @Test
    void s10_onlyTheDatabaseThatIsDamagedIsSetAside() throws IOException { // S10
        Path old = served(V1);
        Path now = served(V1);
        files.setAside(old.getFileName().toString());
        assertEquals(now, files.current(V1));
        files.setAside("../" + now.getFileName());
        assertEquals(now, files.current(V1));
        files.setAside(now.getFileName().toString());
        assertNull(files.current(V1));
    }

    @Test
    void aNameThatPointsElsewhereIsNone() throws IOException {
        Files.writeString(directory.resolve(V1 + ".current"), "../../index.db\n");
        assertNull(files.current(V1));
        Files.writeString(directory.resolve("last"), "../x\n");
        assertNull(files.last());
        assertFalse(Files.exists(directory.resolve(V1 + "-1.db")));
    }
}
