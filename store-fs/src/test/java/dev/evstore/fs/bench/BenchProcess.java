package dev.evstore.fs.bench;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that measures one thing: {@code TASK DIRECTORY TRANSACTIONS STREAMS}. */
final class BenchProcess {

    private static final int BATCH = 1_000;
    private static final int CALLERS = 32;

    private final Path directory;
    private final Path table;
    private final Workload workload;

    private BenchProcess(Path directory, Workload workload) {
        this.directory = directory.resolve("store");
        this.table = directory.resolve("peer.db");
        this.workload = workload;
    }

    /** What can be measured. */
    enum Task {
        /** Makes the store and the table. */
        IMPORT,
        OPEN,
        READ,
        VERIFY,
        REINDEX,
        /** Last: it changes both. */
        APPEND
    }

    public static void main(String[] arguments) throws Exception {
        BenchProcess process = new BenchProcess(
                Path.of(arguments[1]), new Workload(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])));
        switch (Task.valueOf(arguments[0])) {
            case IMPORT -> process.load();
            case OPEN -> process.open();
            case READ -> process.read();
            case VERIFY -> process.verify();
            case REINDEX -> process.reindex();
            case APPEND -> process.append();
        }
    }

    private void load() throws Exception {
        try (FileEventStore store = FileEventStore.create(directory)) {
            Stopwatch.once("import", () -> {
                for (int k = 0; k < workload.transactions(); k += BATCH) {
                    List<Append> batch = new ArrayList<>();
                    for (int i = k; i < Math.min(k + BATCH, workload.transactions()); i++) {
                        batch.add(workload.append(i));
                    }
                    require(store.appendAll(batch).results().size() == batch.size());
                }
            });
        }
        try (Peer peer = new Peer(table)) {
            Stopwatch.once("peer import", () -> {
                for (int k = 0; k < workload.transactions(); k += BATCH) {
                    peer.load(workload, k, BATCH);
                }
            });
        }
    }

    /** From the start of the process: the Java machine and its classes are part of what a user waits for. */
    private void open() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory)) {
            require(store.status().transactions() == workload.transactions());
            long start = ManagementFactory.getRuntimeMXBean().getStartTime();
            Stopwatch.say("open, status", (System.currentTimeMillis() - start) * 1_000_000, Stopwatch.processor());
        }
    }

    private void read() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory);
                Peer peer = new Peer(table)) {
            Stopwatch.takes("status", 20, () -> require(store.status().transactions() == workload.transactions()));
            Stopwatch.takes("forks", 100, () -> require(store.forks().isEmpty()));
            Stopwatch.takes("refresh, no change", 100, () -> store.refresh());
            FeedCursor end = store.feedEnd();
            Stopwatch.takes(
                    "feed page, no change",
                    100,
                    () -> require(store.readFeed(end, EventFilter.all(), BATCH).atEnd()));
            Stopwatch.takes("peer feed page, no change", 100, () -> peer.page(workload.transactions()));
            StreamId twenty = StreamId.of(Workload.TWENTY);
            Stopwatch.takes(
                    "stream of 20",
                    300,
                    () -> require(store.read(twenty).events().size() == 20));
            Stopwatch.takes("peer stream of 20", 300, () -> require(peer.read(Workload.TWENTY) == 20));
            Stopwatch.takes("catch-up in pages of 1,000", 1, () -> {
                FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), BATCH);
                while (!page.atEnd()) {
                    page = store.readFeed(page.next(), EventFilter.all(), BATCH);
                }
            });
            Stopwatch.takes("peer catch-up in pages of 1,000", 1, () -> {
                long at = peer.page(0);
                while (at < workload.transactions()) {
                    at = peer.page(at);
                }
            });
        }
    }

    private void verify() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory)) {
            Stopwatch.once(
                    "verify", () -> require(store.verify(ProgressListener.NONE).isEmpty()));
        }
    }

    private void reindex() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory)) {
            Stopwatch.once(
                    "reindex",
                    () -> require(store.reindex(ProgressListener.NONE).transactions() == workload.transactions()));
        }
    }

    private void append() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory);
                Peer peer = new Peer(table)) {
            AtomicInteger k = new AtomicInteger();
            Stopwatch.takes("append, 1 caller", 100, () -> appendTo(store, "one", k));
            Stopwatch.takes("peer append, 1 caller", 100, () -> peer.append("one", Workload.data(k.incrementAndGet())));
            together("append, 32 callers", caller -> appendTo(store, "many-" + caller, k));
            together(
                    "peer append, 32 callers",
                    caller -> peer.append("many-" + caller, Workload.data(k.incrementAndGet())));
        }
    }

    private static void appendTo(FileEventStore store, String stream, AtomicInteger k) {
        store.append(
                StreamId.of(stream),
                ExpectedVersion.current(),
                NewEvent.of(Workload.TYPE, Workload.data(k.incrementAndGet())));
    }

    private interface Calling {
        void call(int caller) throws Exception;
    }

    /** The time of one append while all are at it. */
    private static void together(String what, Calling calling) throws Exception {
        int each = 20;
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Callable<Boolean>> callers = new ArrayList<>();
            for (int c = 0; c < CALLERS; c++) {
                int caller = c;
                callers.add(() -> {
                    for (int i = 0; i < each; i++) {
                        calling.call(caller);
                    }
                    return true;
                });
            }
            for (int take = 0; take < 6; take++) {
                long start = System.nanoTime();
                long processor = Stopwatch.processor();
                for (Future<Boolean> done : threads.invokeAll(callers)) {
                    done.get();
                }
                if (take > 0) {
                    int all = each * CALLERS;
                    Stopwatch.say(what, (System.nanoTime() - start) / all, (Stopwatch.processor() - processor) / all);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void require(boolean right) {
        if (!right) {
            throw new IllegalStateException("what was measured is not what was meant");
        }
    }
}
