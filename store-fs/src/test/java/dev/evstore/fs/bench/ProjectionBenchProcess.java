package dev.evstore.fs.bench;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.fs.FileEventStore;
import dev.evstore.fs.ProjectionHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process that measures read models on one store: {@code TASK DIRECTORY TRANSACTIONS STREAMS}. */
final class ProjectionBenchProcess {

    private static final int SWITCHED = 1_000;
    /** As many are not counted before. */
    private static final int LATE_TAKES = 25;

    private static final Duration LONG = Duration.ofHours(1);

    record Deposited(long amount, String note) {}

    record Count(long events) {}

    record Largest(long amount, long events) {}

    private static final EventCodec<Deposited> CODEC = EventCodec.of(Deposited.class, new JacksonPayloads())
            .type(Workload.TYPE, Deposited.class)
            .build();

    private final Path directory;
    private final Path table;
    private final Workload workload;

    private ProjectionBenchProcess(Path directory, Workload workload) {
        this.directory = directory.resolve("store");
        this.table = directory.resolve("peer.db");
        this.workload = workload;
    }

    /** What can be measured; each goes on with what the one before it left. */
    enum Task {
        REBUILD,
        REBUILD_TYPED,
        REBUILD_KEYED,
        START,
        LATE,
        SWITCH
    }

    public static void main(String[] arguments) throws Exception {
        ProjectionBenchProcess process = new ProjectionBenchProcess(
                Path.of(arguments[1]), new Workload(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])));
        switch (Task.valueOf(arguments[0])) {
            case REBUILD -> {
                process.rebuild("rebuild, counts by stream", counts("counts"));
                process.rebuild("rebuild once more in that process", counts("again"));
                process.peer("peer rebuild, counts by stream");
            }
            case REBUILD_TYPED -> process.rebuild("rebuild, decoded, by stream", largest());
            case REBUILD_KEYED -> process.rebuild("rebuild, decoded, a row an event", byAmount());
            case START -> process.start();
            case LATE -> {
                process.late("late event, first of its stream", 1);
                process.late("late event, before the last ten of its stream", -10);
            }
            case SWITCH -> process.switchBranch();
        }
    }

    private static Projection<Count> counts(String name) {
        return Projection.named(name)
                .version(1)
                .perStream()
                .initially(() -> new Count(0))
                .onEvery((count, event) -> new Count(count.events() + 1))
                .build();
    }

    private static Projection<Largest> largest() {
        return Projection.named("largest")
                .version(1)
                .perStream()
                .initially(() -> new Largest(0, 0))
                .on(
                        Deposited.class,
                        (largest, deposited) ->
                                new Largest(Math.max(largest.amount(), deposited.amount()), largest.events() + 1))
                .build();
    }

    private static Projection<Count> byAmount() {
        return Projection.named("by-amount")
                .version(1)
                .keyedBy(event -> Long.toString(((Deposited) event.value()).amount()))
                .initially(() -> new Count(0))
                .on(Deposited.class, (count, deposited) -> new Count(count.events() + 1))
                .build();
    }

    private void rebuild(String what, Projection<?> projection) throws Exception {
        try (FileEventStore store = FileEventStore.open(directory)) {
            Stopwatch.once(what, () -> {
                try (ProjectionHost host = ProjectionHost.open(store, CODEC, projection)) {
                    require(host.awaitReady(LONG));
                }
            });
        }
        Stopwatch.say(what + ", peak heap in bytes", peakHeap(), 0);
    }

    private void peer(String what) throws Exception {
        try (Peer peer = new Peer(table)) {
            Stopwatch.once(what, () -> require(peer.count() == workload.transactions()));
        }
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    /** From an open store to all being ready, with everything applied before. */
    private void start() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory)) {
            for (int take = 0; take < 6; take++) {
                Projection<Count> counts = counts("counts");
                long start = System.nanoTime();
                long processor = Stopwatch.processor();
                try (ProjectionHost host = ProjectionHost.open(store, CODEC, counts)) {
                    require(host.view(counts, "account-1").isPresent());
                    long served = System.nanoTime();
                    require(host.awaitReady(LONG));
                    if (take > 0) {
                        Stopwatch.say("start, first row served", served - start, 0);
                        Stopwatch.say("start, ready", System.nanoTime() - start, Stopwatch.processor() - processor);
                    }
                }
            }
        }
    }

    /**
     * One event that another replica wrote long ago, or lately, into a row of that stream's events.
     *
     * @param version before which of the stream's events; from the end if negative
     */
    private void late(String what, int version) throws Exception {
        try (FileEventStore store = FileEventStore.open(directory);
                ProjectionHost host = ProjectionHost.open(store, CODEC, counts("counts"))) {
            require(host.awaitReady(LONG));
            for (int take = 0; take < 2 * LATE_TAKES; take++) {
                StreamId stream = StreamId.of("account-" + take % workload.streams());
                long versions = store.read(stream, ReadOptions.forwards().limit(1))
                        .state()
                        .version()
                        .value();
                long before = version > 0 ? version : versions + 1 + version;
                TransactionId next = store.read(
                                stream, ReadOptions.forwards().from(before).limit(1))
                        .events()
                        .get(0)
                        .id()
                        .transaction();
                Transaction late = early(stream, next.millis() - 1, take);
                write(late, "late-" + before + "-" + take);
                long start = System.nanoTime();
                long processor = Stopwatch.processor();
                require(host.awaitApplied(late.header().id(), LONG) == Applied.APPLIED);
                if (take >= LATE_TAKES) {
                    Stopwatch.say(what, System.nanoTime() - start, Stopwatch.processor() - processor);
                }
            }
        }
    }

    /** As a checkout of a branch without the last 1,000 events does it, and one back. */
    private void switchBranch() throws Exception {
        try (FileEventStore store = FileEventStore.open(directory);
                ProjectionHost host = ProjectionHost.open(store, CODEC, counts("counts"))) {
            require(host.awaitReady(LONG));
            List<Append> more = new ArrayList<>();
            for (int k = 0; k < SWITCHED; k++) {
                more.add(Append.to(
                        StreamId.of("account-" + k % workload.streams()),
                        ExpectedVersion.any(),
                        NewEvent.of(Workload.TYPE, Workload.data(k))));
            }
            Path before = newest();
            require(store.appendAll(more).results().size() == SWITCHED);
            Path file = newest();
            require(!file.equals(before));
            host.catchUp();
            Path aside = directory.resolveSibling("aside.jsonl");
            for (int take = 0; take < 4; take++) {
                Files.move(file, aside);
                Stopwatch.once("switch away from 1,000 events", host::catchUp);
                Files.move(aside, file);
                Stopwatch.once("switch back to 1,000 events", host::catchUp);
            }
        }
    }

    private Path newest() throws IOException {
        try (var files = Files.walk(directory.resolve("events"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .max((a, b) -> {
                        try {
                            return Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .orElseThrow();
        }
    }

    /** What a replica wrote that had seen nothing of this store. */
    private static Transaction early(StreamId stream, long millis, int seed) {
        Clock past = Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        try (InMemoryEventStore elsewhere = new InMemoryEventStore(past, new Random(seed))) {
            elsewhere.append(stream, ExpectedVersion.any(), NewEvent.of(Workload.TYPE, Workload.data(seed)));
            return elsewhere.transactions().get(0);
        }
    }

    private void write(Transaction transaction, String name) throws IOException {
        Path month = Files.createDirectories(directory.resolve("events").resolve("2020-01"));
        Files.write(month.resolve(name + ".jsonl"), transaction.bytes());
    }

    private static void require(boolean right) {
        if (!right) {
            throw new IllegalStateException("what was measured is not what was meant");
        }
    }
}
