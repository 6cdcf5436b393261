package dev.evstore.fs.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.Durability;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StoreException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.OnDisk;
import dev.evstore.fs.StoreOptions;
import dev.evstore.fs.replica.ReplicaFile;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed after any of its calls to the disk; the next one acknowledges something; then the power goes, and
 * takes every name that was not synced.
 */
@Tag("stores")
@Timeout(60)
class PowerCutTraps {

    private static final StreamId A = StreamId.of("a");
    private static final Append COMMAND =
            Append.to(A, ExpectedVersion.any(), NewEvent.of("Done", "{}")).command("c");

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final SimulatedDisk disk = new SimulatedDisk(false);

    private FileEventStore open(Path root, Durability durability) {
        return OnDisk.create(
                root, StoreOptions.defaults().clock(clock).durability(durability), disk, ReplicaFile::newId);
    }

    private FileEventStore open(Path root) {
        return open(root, Durability.FULL);
    }

    /** Ends the process after so many calls; tells whether it made as many. */
    private boolean killedAfter(int calls, FileEventStore store, Consumer<FileEventStore> work) {
        int fired = disk.fired();
        disk.arm(calls, SimulatedDisk.Fault.STOP_AFTER);
        try (store) {
            work.accept(store);
            disk.disarm();
        } catch (SimulatedDisk.Stopped | StoreException e) {
            assertTrue(disk.isOff(), e::toString);
        }
        disk.start();
        return disk.fired() > fired;
    }

    private void losePower(FileEventStore store) throws IOException {
        disk.stop();
        try {
            store.close();
        } catch (SimulatedDisk.Stopped e) {
            assertTrue(disk.isOff(), "it has nothing to save");
        }
        disk.cutPower(new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public int nextInt(int bound) {
                return 0; // no name stays
            }

            @Override
            public boolean nextBoolean() {
                return true; // each goes
            }
        });
        disk.start();
    }

    private interface Trap {
        /** Tells whether anybody was killed. */
        boolean at(int calls, Path root) throws IOException;
    }

    private void atEachCall(Trap trap) throws IOException {
        int calls = 0;
        while (trap.at(calls, Files.createDirectories(directory.resolve("killed-after-" + calls)))) {
            calls++;
        }
        assertTrue(calls > 3, "it writes, moves and syncs");
    }

    @Test
    void T47_aCommandThatIsAppliedAlreadyIsDurableWhenThatIsSaid() throws IOException { // T47, A2, A6
        atEachCall((calls, root) -> {
            boolean killed = killedAfter(calls, open(root), store -> store.append(COMMAND));
            FileEventStore next = open(root);
            AppendResult again = next.append(COMMAND);
            losePower(next);
            try (FileEventStore store = open(root)) {
                assertTrue(store.readTransaction(again.transaction()).isPresent(), () -> "killed after call " + calls);
            }
            return killed;
        });
    }

    @Test
    void T47_whatAnAppendNamesThatAKilledOneLeftIsDurableWithIt() throws IOException { // T47, A2, A3
        for (Durability before : Durability.values()) {
            atEachCall((calls, root) -> {
                Path of = root.resolve(before.name());
                boolean killed = killedAfter(calls, open(of, before), store -> store.append(COMMAND));
                clock.move(Duration.ofDays(31));
                FileEventStore next = open(of);
                TransactionId child = next.append(A, ExpectedVersion.current(), NewEvent.of("After", "{}"))
                        .transaction();
                losePower(next);
                try (FileEventStore store = open(of)) {
                    Set<TransactionId> parents = store.readTransaction(child)
                            .orElseThrow()
                            .header()
                            .parents()
                            .keySet();
                    parents.forEach(parent ->
                            assertTrue(store.readTransaction(parent).isPresent(), () -> "killed after call " + calls));
                }
                return killed;
            });
        }
    }

    @Test
    void T47_aMonthThatAKilledProcessMadeIsDurableWithWhatIsInIt() throws IOException { // T47, A2
        atEachCall((calls, root) -> {
            boolean killed = killedAfter(calls, open(root), store -> store.append(COMMAND));
            FileEventStore next = open(root);
            TransactionId acknowledged = next.append(A, ExpectedVersion.any(), NewEvent.of("After", "{}"))
                    .transaction();
            losePower(next);
            try (FileEventStore store = open(root)) {
                assertTrue(store.readTransaction(acknowledged).isPresent(), () -> "killed after call " + calls);
            }
            return killed;
        });
    }

    @Test
    void T23_aCursorStaysGoodOverAReindexThatWasKilled() throws IOException { // T23, P4, P5
        atEachCall((calls, root) -> {
            FileEventStore first = open(root);
            first.append(COMMAND);
            FeedPage page = page(first, FeedCursor.beginning());
            boolean killed = killedAfter(calls, first, store -> store.reindex(ProgressListener.NONE));
            losePower(open(root)); // which has removed what was superseded
            try (FileEventStore store = open(root)) {
                assertEquals(List.of(), page(store, page.next()).entries());
            }
            return killed;
        });
    }

    @Test
    void T23_whatAnIndexThatAKilledReindexNamedHasGivenAwayStays() throws IOException { // T23, P4, P5
        atEachCall((calls, root) -> {
            FileEventStore beside = open(root);
            beside.append(COMMAND);
            boolean killed = killedAfter(
                    calls, open(root), store -> store.reindex((done, total) -> bring(root, "seen-in-the-new-one", 2)));
            FeedPage page = page(beside, FeedCursor.beginning());
            bring(root, "before-it", 1);
            losePower(beside);
            try (FileEventStore store = open(root)) {
                assertEquals(1, page(store, page.next()).entries().size(), () -> "killed after call " + calls);
            }
            return killed;
        });
    }

    private static FeedPage page(FileEventStore store, FeedCursor after) {
        return store.readFeed(after, EventFilter.all(), 10);
    }

    private static void bring(Path root, String name, long millis) {
        try {
            Files.write(
                    root.resolve("events").resolve(name + ".jsonl"),
                    Foreign.at(millis).onto("b").event("b", "Theirs").build().bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
