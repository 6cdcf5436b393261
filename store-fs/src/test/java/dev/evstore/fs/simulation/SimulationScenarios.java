package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios of {@code blueprints/simulation.md}: what a simulated machine does, and that a seed says all. */
class SimulationScenarios {

    private static final byte[] BYTES = "an event".getBytes(StandardCharsets.US_ASCII);
    private static final int CUTS = 200;

    @TempDir
    Path directory;

    private Path temporary = Path.of("");

    @BeforeEach
    void placeForDrafts() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
    }

    @Test
    void whatWasSyncedIsThereAfterAPowerCut() throws IOException {
        for (int seed = 0; seed < CUTS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed % 2 == 0);
            Path month = directory.resolve("synced-" + seed);
            disk.createDirectories(month);
            disk.publish(temporary, month.resolve("a"), BYTES, true);
            disk.stop();
            disk.cutPower(new Random(seed));
            assertArrayEquals(BYTES, Files.readAllBytes(month.resolve("a")));
        }
    }

    @Test
    void whatWasNotSyncedMayBeGoneTornOrWholeAfterAPowerCut() throws IOException {
        boolean gone = false;
        boolean torn = false;
        boolean whole = false;
        for (int seed = 0; seed < CUTS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed % 2 == 0);
            Path file = directory.resolve("unsynced-" + seed);
            disk.publish(temporary, file, BYTES, false);
            disk.stop();
            disk.cutPower(new Random(seed));
            if (!Files.exists(file)) {
                gone = true;
            } else if (Arrays.equals(BYTES, Files.readAllBytes(file))) {
                whole = true;
            } else {
                torn = true;
            }
        }
        assertTrue(gone && torn && whole);
    }

    @Test
    void aMachineThatHasStoppedDoesNothing() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(true);
        disk.arm(1, SimulatedDisk.Fault.STOP_BEFORE);
        Path file = directory.resolve("a");
        assertThrows(SimulatedDisk.Stopped.class, () -> disk.publish(temporary, file, BYTES, true));
        assertFalse(Files.exists(file), "the draft was written, and its move met the stop");
        assertThrows(SimulatedDisk.Stopped.class, () -> disk.put(file, BYTES));
        assertFalse(Files.exists(file));
        disk.start();
        disk.put(file, BYTES);
        assertArrayEquals(BYTES, Files.readAllBytes(file));
    }

    @Test
    void aSeedSaysAllThatHappens() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            Walk.Result once = new Walk(seed, Set.of()).run(directory);
            Walk.Result twice = new Walk(seed, Set.of()).run(directory);
            assertEquals(once.trace(), twice.trace());
            assertEquals(
                    once.steps(),
                    once.trace().stream()
                            .filter(line -> line.matches("[0-9].*"))
                            .count());
        }
    }
}
