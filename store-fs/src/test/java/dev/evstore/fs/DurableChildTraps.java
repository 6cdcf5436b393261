package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendedAll;
import dev.evstore.core.Durability;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.StoreException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolvers;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is durable stands on nothing that can be lost (A2, A4). */
@Tag("stores")
class DurableChildTraps {

    private static final StreamId A = StreamId.of("a");
    private static final StoreOptions RELAXED = StoreOptions.defaults().durability(Durability.RELAXED);

    @TempDir
    Path directory;

    private static TransactionId append(FileEventStore store, String type) {
        return store.append(A, ExpectedVersion.current(), NewEvent.of(type, "{}"))
                .transaction();
    }

    /** How many files of this store a power cut could take back. */
    private long unsynced() throws IOException {
        return IndexRows.number(directory, "SELECT count(*) FROM unsynced");
    }

    @Test
    void T47_whatADurableAppendBuildsOnIsSyncedBeforeIt() throws IOException { // T47, A2
        try (FileEventStore store = FileEventStore.create(directory, RELAXED)) {
            append(store, "One");
            append(store, "Two");
            assertEquals(2, unsynced());
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(2, unsynced(), "what a process did not sync the next one knows of");
            append(store, "Three");
            assertEquals(0, unsynced());
            assertTrue(store.status().isClean(), () -> store.status().toString());
        }
    }

    @Test
    void T47_whatADurableMergeSupersedesIsSyncedBeforeIt() throws IOException { // T47, A2, M1
        try (FileEventStore store = FileEventStore.create(directory, RELAXED)) {
            append(store, "Mine");
            Files.write(
                    directory.resolve("events/theirs.jsonl"),
                    Foreign.at(1).onto("a").event("a", "Theirs").build().bytes());
            assertEquals(1, store.refresh().transactions());
            assertEquals(1, unsynced());
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            store.reconcile(Resolvers.acceptOrder(), ReconcileOptions.all());
            assertEquals(List.of(), store.forks());
            assertEquals(0, unsynced());
        }
    }

    @Test
    void T47_nothingBuildsOnAGroupThatFailed() throws IOException { // T47, A4
        try (FileEventStore store = FileEventStore.create(directory)) {
            TransactionId before = append(store, "Before");
            Path drafts = Local.of(directory).resolve("tmp");
            Path aside = drafts.resolveSibling("aside");
            Files.move(drafts, aside);
            Files.write(drafts, new byte[] {1});
            AppendedAll failed = store.appendAll(List.of(
                    Append.to(A, ExpectedVersion.current(), NewEvent.of("Lost", "{}")),
                    Append.to(A, ExpectedVersion.current(), NewEvent.of("LostWithIt", "{}"))));
            assertEquals(List.of(), failed.results());
            assertThrows(StoreException.class, () -> append(store, "LostAlone"));
            Files.delete(drafts);
            Files.move(aside, drafts);

            TransactionId after = append(store, "After");
            TransactionHeader header =
                    store.readTransaction(after).orElseThrow().header();
            assertEquals(Set.of(before), header.parents().keySet());
            assertEquals(List.of(before), header.supersedes(A));
            assertTrue(store.status().isClean(), () -> store.status().toString());
            ReferenceReader.check(directory, store);
        }
    }
}
