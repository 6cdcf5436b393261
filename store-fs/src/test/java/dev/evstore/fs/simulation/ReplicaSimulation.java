package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One seed drives some replicas on simulated disks, clocks and clones through what can happen to them: {@link Step}.
 * After every step {@link Invariants} hold, and at the end {@link Ending}. {@code ./simulate} runs other seeds, and more.
 */
class ReplicaSimulation {

    private static final long FIRST = Long.getLong("evstore.first", 1);
    private static final long SEEDS = Long.getLong("evstore.seeds", 100);

    @Test
    void everySeedHoldsAfterEveryStep() throws IOException, InterruptedException {
        assertEquals(List.of(), Seeds.failing(FIRST, SEEDS), "seeds that fail, each printed above");
    }
}
