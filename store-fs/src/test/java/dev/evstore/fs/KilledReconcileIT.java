package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.testkit.Foreign;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a process that resolves many forks. Needs git. Many rounds:
 *
 * <pre>mvn -pl store-core,store-fs test -Dtest=KilledReconcileIT -Dtest.excluded=none \
 *     -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("stores")
@Timeout(120)
class KilledReconcileIT {

    private static final int UNITS = 40;

    private static final Resolver RESOLVER =
            fork -> Resolution.resolve(fork.streams().get(0).id(), NewEvent.of("Resolved", "1.0"));

    @TempDir
    Path parent;

    @Test
    void T35_whatWasResolvedBeforeAKillStaysResolvedAndTheRestIsAFork() throws Exception { // T35, M1, M3, A3
        rounds(4, 1);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void T35_afterTwoHundredKillsWhatWasResolvedStaysResolved() throws Exception { // T35, M1, M3, A3
        rounds(200, System.nanoTime());
    }

    private void rounds(int count, long seed) throws Exception {
        Random random = new Random(seed);
        int between = 0;
        for (int round = 0; round < count; round++) {
            try {
                int resolved = killed(parent.resolve("round-" + round), random);
                between += resolved > 0 && resolved < UNITS ? 1 : 0;
            } catch (Exception | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertTrue(between > 0, "nothing was killed in the middle");
    }

    /** One round; gives how many units were resolved when the process died. */
    private static int killed(Path directory, Random random) throws Exception {
        List<Transaction> forks = forks();
        GitClone.withStore(directory, "");
        Files.write(directory.resolve("events/forks.jsonl"), bytes(forks));
        List<String> asked = askedUntilKilled(directory, random);

        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(List.of(), store.status().findings());
            assertEquals(List.of(), drafts(directory));
            List<String> left = store.forks().stream()
                    .map(unit -> unit.streams().get(0).value())
                    .toList();
            int resolved = UNITS - left.size();
            // Whoever was asked about a unit had written the one before.
            assertTrue(resolved == asked.size() || resolved == asked.size() - 1, () -> asked + " asked, left " + left);
            assertEquals(names().subList(resolved, UNITS), left);
            assertEquals(resolved, merges(store));

            ReconcileReport report = store.reconcile(RESOLVER, ReconcileOptions.all());
            assertEquals(left.size(), report.resolved().size());
            assertTrue(report.resolved().stream().noneMatch(ReconcileReport.Resolved::alreadyThere));
            assertEquals(UNITS, merges(store));
            assertEquals(uninterrupted(forks), store.digest());
            assertTrue(store.status().isClean(), () -> store.status().toString());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            assertEquals(
                    UNITS * 3,
                    store.readFeed(FeedCursor.beginning(), EventFilter.all(), EventStore.MAX_PAGE).entries().stream()
                            .map(entry -> ((FeedEntry.Arrival) entry).event().id())
                            .distinct()
                            .count());
            ReferenceReader.check(directory, store);
            return resolved;
        }
    }

    /** What the process was asked to resolve before it died: some units, and some time into the next. */
    private static List<String> askedUntilKilled(Path directory, Random random) throws Exception {
        List<String> said = new ArrayList<>();
        try (StoreProcess process = StoreProcess.start(KilledReconcileIT.class, List.of(directory))) {
            process.go();
            for (int line = random.nextInt(UNITS - 1); line >= 0; line--) {
                said.add(process.line());
            }
            LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(3)));
            said.addAll(process.kill());
        }
        return said.stream().filter(names()::contains).toList(); // the last line may be a part of one
    }

    /** {@code DIRECTORY}: resolves everything, and says what it is asked about. */
    public static void main(String[] arguments) throws IOException {
        try (FileEventStore store = FileEventStore.open(Path.of(arguments[0]))) {
            StoreProcess.awaitGo();
            store.reconcile(
                    fork -> {
                        StoreProcess.say(fork.streams().get(0).id().value());
                        return RESOLVER.resolve(fork);
                    },
                    ReconcileOptions.all());
        }
    }

    private static List<String> names() {
        return Stream.iterate(10, k -> k + 1).limit(UNITS).map(k -> "s" + k).toList();
    }

    private static List<Transaction> forks() {
        List<Transaction> forks = new ArrayList<>();
        for (String name : names()) {
            for (int branch = 0; branch < 2; branch++) {
                forks.add(Foreign.at(forks.size())
                        .numbered(forks.size() + 1)
                        .onto(name)
                        .event(name, "Written")
                        .build());
            }
        }
        return forks;
    }

    private static byte[] bytes(List<Transaction> transactions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transactions.forEach(transaction -> bytes.writeBytes(transaction.bytes()));
        return bytes.toByteArray();
    }

    private static Digest uninterrupted(List<Transaction> forks) {
        try (InMemoryEventStore store = new InMemoryEventStore()) {
            store.ingest(forks);
            store.reconcile(RESOLVER, ReconcileOptions.all());
            return store.digest();
        }
    }

    private static long merges(EventStore store) {
        return StreamSupport.stream(store.readLog(null).spliterator(), false)
                .filter(TransactionHeader::isMerge)
                .count();
    }

    private static List<Path> drafts(Path directory) throws IOException {
        try (Stream<Path> drafts = Files.list(Local.layout(directory).temporary())) {
            return drafts.filter(path -> path.toString().endsWith(".tmp")).toList();
        }
    }
}
