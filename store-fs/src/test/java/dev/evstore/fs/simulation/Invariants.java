package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.StoreAgainstModel;
import dev.evstore.fs.log.KeptFiles;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What holds after every step.
 *
 * <ol>
 *   <li>The index is what {@code core.history} makes of the valid transactions in the working tree: order, versions, heads,
 *       forks, incomplete streams, stale reads, digest, log (I4, F1 to F7).
 *   <li>What was acknowledged is in the working tree, in a commit or in a second copy (A2, A3, L2).
 *   <li>No position was told of two things within an epoch: {@link Positions} (P1, P4).
 *   <li>A consumer's view, which is the arrivals less the retractions that it was told, is what is visible through its
 *       filter; a cursor is refused where the index is another one, and only there: {@link Consumer} (P3, P5, P6, P7).
 *   <li>Now and then: verify finds nothing, and status nothing that the walk did not do.
 * </ol>
 */
final class Invariants {

    private Invariants() {}

    static void check(World world, Replica replica, Random random) throws IOException {
        replica.store().refresh();
        List<TransactionHeader> there = replica.visible();
        StoreAgainstModel.check(replica.store(), there);
        checkAcknowledged(world, replica, there);
        Consumer reader =
                replica.consumers().get(random.nextInt(replica.consumers().size()));
        reader.readOn(replica.store(), History.of(there));
    }

    static void checkAcknowledged(World world, Replica replica, List<TransactionHeader> there) throws IOException {
        Set<TransactionId> lost = new HashSet<>(replica.acknowledged());
        lost.removeAll(world.commits().committed());
        there.forEach(header -> lost.remove(header.id()));
        if (!lost.isEmpty()) {
            lost.removeAll(kept(replica));
        }
        assertEquals(Set.of(), lost, () -> "A2, L2: " + replica.name() + " lost what was acknowledged");
    }

    /** What the second copies hold. */
    static Set<TransactionId> kept(Replica replica) throws IOException {
        KeptFiles copies = new KeptFiles(replica.layout());
        Set<TransactionId> kept = new HashSet<>();
        for (String path : copies.list()) {
            KeptFiles.transactions(copies.bytes(path)).forEach(header -> kept.add(header.id()));
        }
        return kept;
    }

    /** Everybody reads to the end; every byte is read. */
    static void checkAll(World world, Replica replica) throws IOException {
        History model = History.of(replica.visible());
        for (Consumer consumer : replica.consumers()) {
            consumer.readOn(replica.store(), model);
        }
        checkFindings(world, replica);
    }

    static void checkFindings(World world, Replica replica) throws IOException {
        assertEquals(List.of(), replica.store().verify(ProgressListener.NONE), "verify");
        boolean torn = false;
        for (byte[] file : replica.git().tree().files().values()) {
            torn |= !world.commits().contents().isWhole(file) || file.length == 0;
        }
        for (Finding finding : replica.store().status().findings()) {
            boolean expected = switch (finding.code()) {
                case CLOCK_AHEAD, LOCAL_RENEWED, INDEX_REBUILT -> true;
                case INVALID -> torn;
                // A second copy is made before the file: it outlives an append that stopped in between and was tried
                // again.
                case UNCOMMITTED_LOST, COMMAND_TWICE -> replica.isInGit();
                default -> false;
            };
            assertTrue(expected, () -> "status: " + finding);
        }
    }
}
