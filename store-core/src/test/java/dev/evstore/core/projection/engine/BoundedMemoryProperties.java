package dev.evstore.core.projection.engine;

import static dev.evstore.core.projection.engine.OneStore.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.testkit.MemoryRows;
import dev.evstore.testkit.ProjectionRun;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** However states grow, and however many are new: what is held is bounded in bytes, too (rule W3). */
class BoundedMemoryProperties {

    private static final long BYTES = 50_000;

    /** So many events of so much payload for a row, of which each keeps all that it is told; or all is written. */
    record Move(int key, int events, int payload, Does does) {}

    /** What happens to a row. */
    enum Does {
        GROW,
        REPLACE,
        REWIND,
        FREEZE
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(1, 1, 1, 3, 300),
                        Arbitraries.of(0, 1, 10, 100, 1_000),
                        Arbitraries.frequencyOf(
                                Tuple.of(5, Arbitraries.of(Does.GROW)),
                                Tuple.of(2, Arbitraries.of(Does.REPLACE)),
                                Tuple.of(2, Arbitraries.of(Does.REWIND)),
                                Tuple.of(1, Arbitraries.of(Does.FREEZE))))
                .as(Move::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE) // W3
    void moreIsNeverHeldThanIsSaidToBe(@ForAll("moves") List<Move> moves) {
        EngineLimits limits = new EngineLimits(1_000, 1_000, BYTES);
        MemoryRows store = new MemoryRows();
        Set<String> asked = new HashSet<>();
        Rows<String> rows =
                new Rows<>(noticing(store, asked), new StateCodec<>(new JacksonPayloads(), String.class), limits, true);
        Set<String> changed = new HashSet<>();
        int events = 0;
        for (Move move : moves) {
            if (move.does() == Does.FREEZE) {
                write(rows, store);
                assertFalse(rows.full(), "nothing is left to be written");
                changed.clear();
                rows.trim();
                long held = held(rows, store, asked);
                assertTrue(held <= BYTES, "all is written: what there is no room for is let go of");
                assertTrue(held >= Math.min(total(store), BYTES - largest(store)), "and no more than that");
                continue;
            }
            Row<String> row = rows.get("k" + move.key());
            changed.add(row.key);
            if (move.does() == Does.REWIND && row.mark != null) {
                row.rewind(rows.before(row, event(events / 2)));
            }
            for (int n = 0; n < move.events(); n++) {
                String more = "x".repeat(move.payload());
                String before = row.state == null || move.does() == Does.REPLACE ? "" : row.state;
                row.given(event(events++), before + more, 2 + move.payload()); // its quotes
                rows.changed(row);
            }
            rows.changed(row);
            long unwritten =
                    changed.stream().mapToLong(key -> bytes(rows.get(key))).sum();
            Statistics.label("much").collect(unwritten >= BYTES);
            assertTrue(rows.full() || unwritten < BYTES, () -> unwritten + " bytes are not written");
        }
    }

    @Example // W2, W3
    void rowsAreKeptUntilTheyAreWrittenAndThenNoMoreThanMayBe() {
        MemoryRows store = new MemoryRows();
        Set<String> asked = new HashSet<>();
        Rows<String> rows = new Rows<>(
                noticing(store, asked),
                new StateCodec<>(new JacksonPayloads(), String.class),
                new EngineLimits(1_000, 5, BYTES),
                true);
        for (int n = 0; n < 100; n++) {
            Row<String> row = rows.get("k" + n);
            row.given(event(n), "s" + n, 2);
            rows.changed(row);
        }
        store.give(new Batch(rows.freeze(), List.of(), List.of(), List.of(), Set.of(), Set.of(), List.of(), null));
        rows.trim();
        asked.clear();
        for (int n = 0; n < 100; n++) {
            assertEquals("s" + n, rows.get("k" + n).state);
        }
        assertEquals(Set.of(), asked, "a database does not have them yet");
        rows.written(rows.frozen());
        rows.trim();
        for (int n = 99; n >= 0; n--) {
            assertEquals("s" + n, rows.get("k" + n).state);
        }
        assertEquals(90, asked.size(), "twice five are held");
    }

    @Example // W3
    void imagesCountAsLongAsTheyAreHeld() {
        AfterImages<String> images = new AfterImages<>();
        for (int n = 1; n <= 5_000; n++) {
            images.add(new AfterImages.Image<>(n, event(n), "s", 10));
        }
        long levels = 13;
        assertTrue(images.bytes() <= 10 * 3 * levels, () -> "three of a level: " + images.bytes());
        assertTrue(images.bytes() >= 10L * images.kept(5_000).size());
        images.dropAbove(4_096);
        assertTrue(images.bytes() >= 10);
        images.dropAbove(0);
        assertEquals(0, images.bytes());
    }

    @Example // W3
    void aRowCountsWhatItHoldsNow() {
        Row<String> row = new Row<>("k", false);
        row.given(event(1), "s", 10);
        row.given(event(2), "ss", 10);
        assertEquals(20, row.held());
        row.given(event(3), null, 10);
        assertEquals(0, row.held());
        row.given(event(4), "s", 10);
        row.rewind(new AfterImages.Image<>(1, event(1), "s", 7));
        assertEquals(7, row.held());
        row.rewind(null);
        assertEquals(0, row.held());
        row.failures.add(new Failure("k", event(5), "it threw", false));
        long withFailure = row.held();
        row.rewind(null);
        assertEquals(withFailure, row.held(), "what was decided of it is remembered");
        row.frozen(1);
        assertEquals(0, row.held(), "as long as it is not written");
    }

    /** What a row has in memory that would be written. */
    private static long bytes(Row<String> row) {
        return length(row.state)
                + row.images.kept(row.count).stream()
                        .mapToLong(image -> length(image.state()))
                        .sum();
    }

    private static long length(@Nullable String state) {
        return state == null ? 0 : state.length() + 2;
    }

    /** The states that can be had without asking the store for them. */
    private static long held(Rows<String> rows, MemoryRows store, Set<String> asked) {
        long held = 0;
        for (String key : List.copyOf(store.seen().rows().keySet())) {
            asked.clear();
            Row<String> row = rows.get(key);
            held += asked.isEmpty() ? bytes(row) : 0;
        }
        return held;
    }

    private static long total(MemoryRows store) {
        return store.seen().rows().values().stream()
                .mapToLong(BoundedMemoryProperties::bytes)
                .sum();
    }

    private static long largest(MemoryRows store) {
        return store.seen().rows().values().stream()
                .mapToLong(BoundedMemoryProperties::bytes)
                .max()
                .orElse(0);
    }

    private static long bytes(StoredRow row) {
        byte[] state = row.state();
        return state == null ? 0 : state.length;
    }

    private static RowStore noticing(RowStore store, Set<String> asked) {
        return (RowStore) Proxy.newProxyInstance(
                RowStore.class.getClassLoader(), new Class<?>[] {RowStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("row")) {
                        asked.add((String) arguments[0]);
                    }
                    return method.invoke(store, arguments);
                });
    }

    private static void write(Rows<String> rows, MemoryRows store) {
        do {
            List<RowWrite> writes = rows.freeze();
            long bytes = writes.stream().mapToLong(RowWrite::bytes).sum();
            long last = writes.isEmpty() ? 0 : writes.get(writes.size() - 1).bytes();
            assertTrue(bytes - last < BYTES, () -> bytes + " bytes in one part");
            store.give(new Batch(writes, List.of(), List.of(), List.of(), Set.of(), Set.of(), List.of(), null));
        } while (rows.anyDirty());
        rows.written(rows.frozen());
    }

    private static EventId event(int number) {
        return new EventId(TransactionId.of(String.format("01a1f9a5-4265-7000-8000-%012x", number)), 0);
    }

    /** Of each number a row that holds so much. */
    private static Projection<String> large(int bytes) {
        return OneStore.byKeys(Projection.named("large").version(1))
                .initially(() -> "")
                .on(Did.class, (String state, Did did) -> "x".repeat(bytes))
                .build();
    }

    @Example // W3
    void newRowsCountBeforeTheyAreWritten() {
        try (OneStore one = new OneStore()) {
            Transaction[] all = IntStream.range(0, 1_000)
                    .mapToObj(n -> at(n, Did.of("k" + n, n)))
                    .toArray(Transaction[]::new);
            one.arrive(all);
            ProjectionRun<String> run = one.run(large(200), new EngineLimits(20, 100_000, BYTES));
            run.catchUp();
            assertEquals(1_000, run.rows().committed().views().size());
            assertEquals(0, run.rows().parts(), "no page is too much");
            assertTrue(
                    run.rows().largestBytes() < BYTES + 20 * 300,
                    () -> "" + run.rows().largestBytes());
            one.retract(all);
            one.arrive(all);
            run.catchUp();
            assertEquals(1_000, run.rows().committed().views().size());
        }
    }

    @Example // W3, R4
    void failuresCountToo() {
        try (OneStore one = new OneStore()) {
            one.arrive(IntStream.range(0, 1_000)
                    .mapToObj(n -> at(n, Did.failing()))
                    .toArray(Transaction[]::new));
            Projection<String> parking = OneStore.chain(ProjectionStart::single, ErrorPolicy.PARK);
            ProjectionRun<String> run = one.run(parking, new EngineLimits(20, 100_000, 5_000));
            int writes = 0;
            while (run.step()) {
                if (run.engine().full()) {
                    run.write();
                    writes++;
                }
            }
            run.write();
            assertTrue(writes >= 20, "a write for 25 of them, at the most, and what is left of a page");
            assertEquals(1_000, run.rows().committed().failures().size());
        }
    }

    @Example // W3, S1
    void statesThatAreLargerThanTheirEventsAreWrittenInParts() {
        try (OneStore one = new OneStore()) {
            List<Transaction> all = new ArrayList<>();
            IntStream.range(0, 200).forEach(n -> all.add(at(n, Did.of("k" + n, n))));
            one.arrive(all.toArray(Transaction[]::new));
            ProjectionRun<String> run = one.run(large(5_000), new EngineLimits(1_000, 100_000, BYTES));
            run.step();
            assertTrue(run.freeze());
            assertTrue(run.rows().parts() > 10);
            assertTrue(
                    run.rows().largestBytes() <= BYTES + 5_002,
                    () -> "" + run.rows().largestBytes());
            run.crash();
            assertEquals(0, run.rows().seen().views().size(), "all of them, or none");
            run.catchUp();
            assertEquals(200, run.rows().committed().views().size());
            String row = run.rows().committed().views().get("k7");
            assertEquals(5_002, String.valueOf(row).getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
