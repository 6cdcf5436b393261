package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is on the disk when a process stops between any two calls of writing a merge transaction: whatever it was, the
 * next who reconciles ends with what nobody's stop would have left. Needs git.
 */
@Tag("stores")
class StoppedMergeTraps {

    private static final StreamId A = StreamId.of("a");
    private static final Resolver MERGED = fork -> Resolution.resolve(A, NewEvent.of("Merged", "1.0"));
    private static final StoreOptions OPTIONS = StoreOptions.defaults().clock(new ManualClock());
    private static final List<Transaction> FORK = List.of(
            Foreign.at(1).onto("a").event("a", "Mine").build(),
            Foreign.at(2).numbered(2).onto("a").event("a", "Theirs").build());

    /** The last call that was made; each comes after those before. */
    enum Call {
        MONTH_MADE,
        DRAFT_BEGUN,
        DRAFT_WRITTEN,
        SECOND_COPY_LINKED,
        FILE_NAMED
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void T35_whereverTheWritingOfAMergeStopsTheNextOneEndsIt(Call last) throws IOException { // T35, A2, A3, L2
        GitClone.withStore(directory, "");
        ReplicaId self;
        try (FileEventStore store = FileEventStore.open(directory, OPTIONS)) {
            for (Transaction branch : FORK) {
                Files.write(directory.resolve("events/" + branch.header().id() + ".jsonl"), branch.bytes());
            }
            store.refresh();
            self = store.replica();
        }
        InMemoryEventStore uninterrupted = uninterrupted();
        Transaction merge = uninterrupted.transactions().get(FORK.size());
        stopAfter(last, merge, self);

        try (FileEventStore store = FileEventStore.open(directory, OPTIONS)) {
            boolean written = last == Call.FILE_NAMED;
            assertEquals(written ? 0 : 1, store.forks().size());
            assertEquals(
                    written ? 0 : 1,
                    store.reconcile(MERGED, ReconcileOptions.all()).resolved().size());

            assertEquals(List.of(), store.forks());
            assertEquals(uninterrupted.digest(), store.digest());
            assertEquals(
                    1,
                    StreamSupport.stream(store.readLog(null).spliterator(), false)
                            .filter(TransactionHeader::isMerge)
                            .count());
            assertEquals(List.of(), files(Local.layout(directory).temporary(), ".tmp"));
            assertEquals(
                    1,
                    files(directory.resolve("events"), merge.header().id().toString())
                            .size());
            assertTrue(store.status().isClean(), () -> store.status().toString());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            assertEquals(0, store.restore().transactions(), "nothing is taken for lost");
            ReferenceReader.check(directory, store);
        }
    }

    private static InMemoryEventStore uninterrupted() {
        InMemoryEventStore store = new InMemoryEventStore();
        store.ingest(FORK);
        store.reconcile(MERGED, ReconcileOptions.all());
        return store;
    }

    private void stopAfter(Call last, Transaction merge, ReplicaId self) throws IOException {
        StoreLayout layout = Local.layout(directory);
        Path month = Files.createDirectories(layout.month(ManualClock.START));
        String name = StoreLayout.mergeName(merge.header().id(), self);
        Path draft = layout.temporary().resolve("draft.tmp");
        Path second = layout.uncommitted().resolve(month.getFileName()).resolve(name);
        byte[] bytes = merge.bytes();
        if (last.compareTo(Call.DRAFT_BEGUN) >= 0) {
            Files.write(draft, last == Call.DRAFT_BEGUN ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
        }
        if (last.compareTo(Call.SECOND_COPY_LINKED) >= 0) {
            Files.createDirectories(second.getParent());
            Files.createLink(second, draft);
        }
        if (last.compareTo(Call.FILE_NAMED) >= 0) {
            Files.move(draft, month.resolve(name));
        }
    }

    private static List<String> files(Path below, String with) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.contains(with))
                    .toList();
        }
    }
}
