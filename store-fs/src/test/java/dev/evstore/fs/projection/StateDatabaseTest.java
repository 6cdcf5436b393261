package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.RowWrite;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written together stands together, and only where the writer thinks it stands (rules S1, S2). */
class StateDatabaseTest {

    private static final String PRINT = "0123456789abcdef";

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void create() {
        file = directory.resolve("state.db");
        StateDatabase.create(file, PRINT, at(0), List.of(), List.of());
    }

    private static EventId event(int number) {
        return new EventId(TransactionId.of(String.format("01a1f9a5-4265-7000-8000-%012x", number)), 0);
    }

    private static Checkpoint at(long arrivals) {
        FeedCursor cursor = arrivals == 0 ? FeedCursor.beginning() : new FeedCursor(PRINT, arrivals, 0, 0);
        return new Checkpoint(cursor, false, null, arrivals, arrivals, 0, null, 0);
    }

    private static RowWrite row(String key, int event, byte[] state) {
        StoredRow row = new StoredRow(state, event(event), event);
        return new RowWrite(
                key,
                row,
                0,
                List.of(new RowImage(event, event(event), state)),
                true,
                null,
                List.of(new Failure(key, event(event), "it threw", true)));
    }

    private static Batch batch(List<RowWrite> rows, List<Member> joined, List<Member> left, @Nullable Checkpoint to) {
        return batch(rows, joined, left, Set.of(), to);
    }

    private static Batch batch(
            List<RowWrite> rows,
            List<Member> joined,
            List<Member> left,
            Set<EventId> excluded,
            @Nullable Checkpoint to) {
        return new Batch(rows, joined, left, List.of(), Set.of(), excluded, List.of(), to);
    }

    /** Changes something in every table. */
    private static Batch everywhere(int number) {
        return batch(
                List.of(row("a", number, bytes("a" + number)), row("b", number, bytes("b" + number))),
                List.of(new Member("a", event(number))),
                List.of(new Member("a", event(number - 1))),
                Set.of(event(number)),
                at(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All that a database holds. */
    private static List<String> dump(Path database) {
        List<String> all = new ArrayList<>();
        try (Sql sql = Sql.openExisting(database)) {
            for (String columns : List.of(
                    "write, cursor, passed, complete FROM evstore_meta",
                    "key, hex(state), hex(mark), n, sum FROM evstore_row",
                    "key, n, hex(at), hex(state) FROM evstore_image",
                    "key, hex(event), '', '' FROM evstore_member",
                    "key, hex(event), error, parked FROM evstore_failure",
                    "hex(event), '', '', '' FROM evstore_excluded")) {
                all.addAll(sql.list(
                        "SELECT " + columns + " ORDER BY 1, 2",
                        row -> columns + ": " + row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " "
                                + row.getString(4)));
            }
        }
        return all;
    }

    @Test
    void R6_askingHowManyFailedCostsNoMoreThanTheMostThatAreCounted() { // R6
        Path file = directory.resolve("many.db");
        StateDatabase.create(file, PRINT, at(0), List.of(), List.of());
        try (Sql sql = Sql.openExisting(file)) {
            sql.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)"
                    + " INSERT INTO evstore_failure SELECT 'k', CAST(printf('%018d', i) AS BLOB), 'e', i > 300 FROM n");
            for (String query : List.of(
                    "SELECT 1 FROM evstore_failure WHERE parked = 1 LIMIT 10000",
                    "SELECT key FROM evstore_failure ORDER BY parked DESC, event LIMIT 10",
                    "SELECT DISTINCT event FROM evstore_failure WHERE parked = 1 AND event > x'00' ORDER BY event LIMIT 10")) {
                String plan = String.join("; ", sql.list("EXPLAIN QUERY PLAN " + query, row -> row.getString(4)));
                assertTrue(plan.contains("evstore_failure_parked") && !plan.contains("TEMP B-TREE"), plan);
            }
        }
        try (StateDatabase database = StateDatabase.open(file)) {
            assertEquals(300, database.failures(false));
            assertEquals(ProjectionStatus.Counts.MOST, database.failures(true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT ON evstore_row WHEN NEW.key = 'a'",
                "INSERT ON evstore_row WHEN NEW.key = 'b'",
                "DELETE ON evstore_image",
                "INSERT ON evstore_image",
                "DELETE ON evstore_failure",
                "INSERT ON evstore_failure",
                "DELETE ON evstore_member",
                "INSERT ON evstore_member",
                "INSERT ON evstore_excluded",
                "UPDATE OF write ON evstore_meta"
            })
    void r9_s1_aWriteThatStopsAtAnyStatementLeavesNothing(String statement) { // R9, S1
        try (StateDatabase database = StateDatabase.open(file)) {
            database.takeOver();
            database.write(everywhere(1));
            List<String> before = dump(file);
            try (Sql sql = Sql.openExisting(file)) {
                sql.execute("CREATE TRIGGER refused BEFORE " + statement
                        + " BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
                assertThrows(IndexException.class, () -> database.write(everywhere(2)));
                sql.execute("DROP TRIGGER refused");
            }
            assertEquals(before, dump(file));
            database.write(everywhere(2));
            assertNotEquals(before, dump(file));
            assertEquals(2, database.meta().write());
        }
    }

    @Test
    void r9_s1_whoIsKilledInTheMiddleOfAWriteLeavesTheStateBefore() throws IOException { // R9, S1
        try (StateDatabase database = StateDatabase.open(file)) {
            database.takeOver();
            database.write(everywhere(1));
            List<String> before = dump(file);
            List<RowWrite> large = IntStream.range(0, 24)
                    .mapToObj(n -> row("large" + n, 7, new byte[1 << 20]))
                    .toList();
            database.write(batch(large, List.of(), List.of(), null));
            Path killed = copy("in the middle");
            assertTrue(Files.size(killed.resolveSibling("state.db-wal")) > 10 << 20, "most of it is on the disk");
            assertEquals(before, dump(killed));
            database.write(everywhere(2));
            List<String> after = dump(file);
            assertEquals(after, dump(copy("afterwards")));
            assertEquals(
                    26,
                    after.stream()
                            .filter(line -> line.contains("FROM evstore_row"))
                            .count());
        }
    }

    /** What a killed process leaves on the disk. */
    private Path copy(String name) throws IOException {
        Path copies = Files.createDirectory(directory.resolve(name));
        for (String each : List.of("state.db", "state.db-wal")) {
            Files.copy(directory.resolve(each), copies.resolve(each));
        }
        return copies.resolve("state.db");
    }

    @Test
    void r9_s2_aStaleWriterIsRefused() { // R9, S2
        try (StateDatabase stale = StateDatabase.open(file);
                StateDatabase database = StateDatabase.open(file)) {
            stale.takeOver();
            stale.write(everywhere(1));
            database.takeOver();
            List<String> before = dump(file);
            assertThrows(StateLostException.class, () -> stale.write(everywhere(2)));
            assertEquals(before, dump(file));
            database.write(everywhere(3));
            assertThrows(StateLostException.class, () -> stale.write(everywhere(2)));
            assertEquals("b3", text(database, "b"));
        }
    }

    private static String text(StateDatabase database, String key) {
        StoredRow row = Objects.requireNonNull(database.row(key));
        return new String(Objects.requireNonNull(row.state()), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fence = fence + 1", "write = write + 1", "cursor = '0123456789abcdef-9-0-00000000'"})
    void s2_aWriteStandsOnTheVeryFenceWriteAndCursorItKnows(String change) { // S2
        try (StateDatabase database = StateDatabase.open(file);
                Sql other = Sql.openExisting(file)) {
            database.takeOver();
            database.write(everywhere(1));
            other.update("UPDATE evstore_meta SET " + change);
            List<String> before = dump(file);
            assertThrows(StateLostException.class, () -> database.write(everywhere(2)));
            assertEquals(before, dump(file));
        }
    }

    @Test
    void s2_ofAHundredWritersOneWritesEachNumber() throws Exception { // S2
        int writers = 100;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CyclicBarrier allKnowWhereItStands = new CyclicBarrier(writers);
        try {
            for (int round = 1; round <= 2; round++) {
                int write = round;
                List<Future<Boolean>> tries = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    int own = writer;
                    tries.add(threads.submit(() -> writes(own, write, allKnowWhereItStands)));
                }
                int written = 0;
                for (Future<Boolean> each : tries) {
                    written += each.get() ? 1 : 0;
                }
                assertEquals(1, written);
                try (StateDatabase database = StateDatabase.open(file)) {
                    assertEquals(write, database.meta().write());
                    assertEquals(
                            text(database, "a").substring(1),
                            text(database, "b").substring(1));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean writes(int writer, int number, CyclicBarrier barrier) throws Exception {
        try (StateDatabase database = StateDatabase.open(file)) {
            database.takeOver();
            barrier.await();
            try {
                database.write(everywhere(1000 * number + writer));
                return true;
            } catch (StateLostException e) {
                return false;
            }
        }
    }

    @Test
    void s10_aRowWithOtherBytesThanWereWrittenIsDamaged() { // S10
        try (StateDatabase database = StateDatabase.open(file);
                Sql other = Sql.openExisting(file)) {
            database.takeOver();
            database.write(everywhere(1));
            other.update("UPDATE evstore_row SET state = CAST('a2' AS BLOB) WHERE key = 'a'");
            assertThrows(DamagedStateException.class, () -> database.row("a"));
            assertThrows(DamagedStateException.class, () -> database.rows("", "", 10));
            other.update("UPDATE evstore_row SET n = 7 WHERE key = 'b'");
            assertThrows(DamagedStateException.class, () -> database.row("b"));
            other.update("UPDATE evstore_meta SET cursor = 'nowhere'");
            assertThrows(DamagedStateException.class, database::meta);
            other.update("UPDATE evstore_image SET key = 'c' WHERE key = 'a'");
            assertThrows(DamagedStateException.class, () -> database.image("c", 9, event(9)));
        }
    }

    @Test
    void rowsAreListedByUtf8BytesWithinAPrefix() {
        List<String> keys =
                List.of("", "a", "a\u0000b", "a\uFFFD", "a\uD83D\uDE00", "a\uDBFF\uDFFF", "a\uDBFF\uDFFFz", "b");
        try (StateDatabase database = StateDatabase.open(file)) {
            database.takeOver();
            List<RowWrite> rows =
                    keys.stream().map(key -> row(key, 1, bytes("x"))).toList();
            database.write(batch(rows, List.of(), List.of(), at(1)));
            assertEquals(keys, listed(database, "", 100));
            assertEquals(keys.subList(1, 7), listed(database, "a", 2));
            assertEquals(keys.subList(5, 7), listed(database, "a\uDBFF\uDFFF", 1));
            assertEquals(List.of("a\u0000b"), listed(database, "a\u0000", 1));
            assertArrayEquals(bytes("x"), database.rows("b", "", 1).get(0).row().state());
        }
    }

    /** All in pages. */
    private static List<String> listed(StateDatabase database, String prefix, int page) {
        List<String> all = new ArrayList<>();
        List<StateDatabase.Keyed> rows = database.rows(prefix, "", page);
        while (!rows.isEmpty()) {
            rows.forEach(row -> all.add(row.key()));
            String last = all.get(all.size() - 1);
            rows = rows.size() < page ? List.of() : database.rows(prefix, last, page);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evstore_row WHERE key = 'k'",
                "evstore_row WHERE key > 'k' ORDER BY key",
                "evstore_image WHERE key = 'k' AND n <= 7 ORDER BY n DESC",
                "evstore_member WHERE key = 'k' AND event > x'01' ORDER BY event",
                "evstore_member WHERE event BETWEEN x'01' AND x'02'",
                "evstore_failure WHERE key = 'k' AND event > x'01'"
            })
    void s11_nothingIsLookedUpByGoingThroughATable(String what) { // S11
        try (Sql sql = Sql.openExisting(file)) {
            List<String> plan = sql.list("EXPLAIN QUERY PLAN SELECT * FROM " + what, row -> row.getString(4));
            assertEquals(1, plan.size(), plan::toString);
            assertTrue(plan.get(0).startsWith("SEARCH "), plan::toString);
        }
    }
}
