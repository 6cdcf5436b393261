package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.AppendResult;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.SqlProjection;
import dev.evstore.core.projection.SqlProjectionBuilder;
import dev.evstore.core.projection.SqlRefusedException;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlTables;
import dev.evstore.core.projection.SqlView;
import dev.evstore.fs.Counting.Added;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Projections with tables, at work. */
class SqlProjectionHostTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private FileEventStore store;

    @BeforeEach
    void openStore() {
        store = FileEventStore.create(directory.resolve("store"));
    }

    @AfterEach
    void nothingIsWrongWithTheStore() {
        try (FileEventStore closing = store) {
            assertEquals(List.of(), closing.verify((done, total) -> {}));
        }
    }

    private ProjectionHost open(Projection<?>... projections) {
        return ProjectionHost.open(store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(projections));
    }

    private static List<String> lines(ProjectionHost host, SqlProjection ledger) {
        return Ledgers.lines(host, ledger);
    }

    private Path fileOf(AppendResult appended) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("store/events"))) {
            return files.filter(file -> file.getFileName().toString().equals(appended.transaction() + ".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Takes what was appended away, so that it can come late. */
    private Path takeAway(AppendResult appended) throws IOException {
        return Files.move(fileOf(appended), directory.resolve(appended.transaction() + ".jsonl"));
    }

    private void bringBack(Path file) throws IOException {
        Files.move(
                file,
                Files.createDirectories(directory.resolve("store/events/2026-10"))
                        .resolve(file.getFileName()));
    }

    private static EventId event(AppendResult appended) {
        return new EventId(appended.transaction(), 0);
    }

    @Test
    void o5_anArrivalLedgerHasItsLinesAsTheyCame() throws IOException { // O5
        SqlProjection ledger = Ledgers.arriving();
        try (ProjectionHost host = open(ledger)) {
            Path late = takeAway(add(store, "a", 1));
            AppendResult second = add(store, "a", 2);
            host.catchUp();
            long before = host.status("ledger").counts().events();
            bringBack(late);
            host.catchUp();
            assertEquals(List.of("a 1: 2 of 3", "a 2: 1 of 3"), lines(host, ledger));
            assertEquals(1, host.status("ledger").counts().events() - before, "only what is new");
            takeAway(second);
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 1"), lines(host, ledger), "what was retracted builds it anew");
        }
    }

    @Test
    void o3_aLateEventGivesOnlyItsOwnRowAgain() throws IOException { // O3
        SqlProjection ledger = Ledgers.resetting();
        try (ProjectionHost host = open(ledger)) {
            Path late = takeAway(add(store, "a", 1));
            add(store, "a", 2);
            addMany(store, 10, 1);
            host.catchUp();
            long before = host.status("ledger").counts().events();
            bringBack(late);
            host.catchUp();
            assertEquals(Ledgers.fold(store), lines(host, ledger));
            assertEquals(2, host.status("ledger").counts().events() - before, "of 12");
        }
    }

    @Test
    void o3_aLongRowIsGivenAgainFromItsStart() throws IOException { // O3
        SqlProjection ledger = Ledgers.resetting();
        try (ProjectionHost host = open(ledger)) {
            addMany(store, 600, 2);
            Path late = takeAway(add(store, "s0", 7));
            addMany(store, 20, 2);
            host.catchUp();
            long before = host.status("ledger").counts().events();
            bringBack(late);
            host.catchUp();
            assertEquals(Ledgers.fold(store), lines(host, ledger));
            assertEquals(311, host.status("ledger").counts().events() - before);
        }
    }

    @Test
    void s1_aCrashBetweenAStatementAndItsCheckpointLeavesNeither() throws IOException { // S1
        AtomicReference<Consumer<Added>> during = new AtomicReference<>(added -> {});
        SqlProjection ledger = watched(during).reset(Ledgers::reset).build();
        Path crashed = Files.createDirectories(directory.resolve("crashed"));
        List<String> before;
        try (ProjectionHost host = open(ledger)) {
            addMany(store, 30, 2);
            host.catchUp();
            before = lines(host, ledger);
            addMany(store, 30, 2);
            during.set(added -> copy(databaseFiles(), crashed)); // each over the last
            host.catchUp();
        }
        Path home = databaseFiles().get(0).getParent();
        databaseFiles().forEach(file -> assertTrue(file.toFile().delete()));
        try (Stream<Path> files = Files.list(crashed)) {
            copy(files.toList(), Objects.requireNonNull(home));
        }
        try (ProjectionHost host = open(ledger)) {
            assertEquals(before, lines(host, ledger));
            host.catchUp();
            assertEquals(Ledgers.fold(store), lines(host, ledger));
        }
    }

    @Test
    void s8_whatIsRebuiltOnALateEventIsServedUntilThen() throws IOException { // S8
        AtomicReference<Consumer<Added>> during = new AtomicReference<>(added -> {});
        SqlProjection ledger = watched(during).rebuildsOnLate().build();
        List<Boolean> stale = new ArrayList<>();
        try (ProjectionHost host = open(ledger)) {
            Path late = takeAway(add(store, "a", 1));
            add(store, "a", 2);
            host.catchUp();
            bringBack(late);
            during.set(added -> {
                SqlView<Long> seen = host.query(ledger, "SELECT cents FROM line", row -> row.integer("cents"))
                        .orElseThrow();
                assertEquals(List.of(2L), seen.rows());
                stale.add(seen.stale());
            });
            host.catchUp();
            assertEquals(List.of(true, true), stale);
            assertEquals(List.of("a 1: 1 of 3", "a 2: 2 of 3"), lines(host, ledger));
        }
    }

    /** Has something done after each event, in the middle of the transaction. */
    private static SqlProjectionBuilder watched(AtomicReference<Consumer<Added>> afterEach) {
        return Ledgers.tables(1).on(Added.class, (tables, added, event) -> {
            Ledgers.add(tables, added.cents());
            Objects.requireNonNull(afterEach.get()).accept(added);
        });
    }

    @Test
    void w1_queriesSeeWhatIsCommittedWhileABatchIsWritten() { // W1
        AtomicReference<Consumer<Added>> during = new AtomicReference<>(added -> {});
        SqlProjection ledger = watched(during).reset(Ledgers::reset).build();
        try (ProjectionHost host = open(ledger)) {
            add(store, "a", 1);
            host.catchUp();
            List<List<String>> seen = new ArrayList<>();
            during.set(added -> seen.add(lines(host, ledger)));
            addMany(store, 2, 1);
            host.catchUp();
            assertEquals(List.of(List.of("a 1: 1 of 1"), List.of("a 1: 1 of 1")), seen);
            SqlView<SqlRow> now = host.query(ledger, Ledgers.LINES, row -> row).orElseThrow();
            assertEquals(3, now.rows().size());
            assertEquals(store.feedEnd(), now.position());
            assertEquals(store.digest(), now.digest());
        }
    }

    @Test
    void r4_stopNamesTheEventAndWritesNothingOfItsBatch() { // R4
        SqlProjection ledger = Ledgers.resetting();
        AppendResult bad;
        try (ProjectionHost host = open(ledger)) {
            add(store, "a", 1);
            host.catchUp();
            add(store, "b", 2);
            bad = add(store, "a", -13);
            StoreUnusableException failed = assertThrows(StoreUnusableException.class, host::catchUp);
            assertTrue(String.valueOf(failed.getMessage()).contains(event(bad).toString()), failed.getMessage());
            assertEquals(List.of("a 1: 1 of 1"), lines(host, ledger));
        }
        try (ProjectionHost host = open(ledger)) {
            assertEquals(List.of("a 1: 1 of 1"), lines(host, ledger), "statements and checkpoint are one");
            host.skip("ledger", event(bad));
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 1", "b 1: 2 of 2"), lines(host, ledger));
            assertTrue(host.query(ledger, "SELECT 1", row -> row).orElseThrow().differs());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorPolicy.class,
            names = {"SKIP", "PARK"})
    void r4_anEventThatFailsLeavesTheTablesAsTheyWere(ErrorPolicy policy) throws IOException { // R4
        SqlProjection ledger =
                Ledgers.ledger(1).reset(Ledgers::reset).onError(policy).build();
        try (ProjectionHost host = open(ledger)) {
            Path late = takeAway(add(store, "a", 1));
            add(store, "a", -13);
            add(store, "a", 2);
            host.catchUp();
            assertEquals(List.of("a 1: 2 of 2"), lines(host, ledger), "not even the statement before the refused one");
            bringBack(late);
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 3", "a 2: 2 of 3"), lines(host, ledger));
            assertEquals(
                    1,
                    policy == ErrorPolicy.PARK
                            ? host.status("ledger").counts().parked()
                            : host.status("ledger").counts().skipped());
        }
    }

    @Test
    void r4_whatIsParkedIsGivenAgainOnRetry() { // R4
        AtomicReference<Consumer<Added>> during = new AtomicReference<>(added -> {
            if (added.cents() == 1) {
                throw new IllegalStateException("not yet");
            }
        });
        SqlProjection ledger =
                watched(during).reset(Ledgers::reset).onError(ErrorPolicy.PARK).build();
        try (ProjectionHost host = open(ledger)) {
            add(store, "a", 1);
            add(store, "a", 2);
            host.catchUp();
            assertEquals(List.of("a 1: 2 of 2"), lines(host, ledger));
            during.set(added -> {});
            host.retry("ledger");
            host.catchUp();
            assertEquals(List.of("a 1: 1 of 3", "a 2: 2 of 3"), lines(host, ledger));
            assertEquals(0, host.status("ledger").counts().parked());
        }
    }

    @Test
    void r4_whatIsRetriedAndSkippedAtOnceIsLeftOut() { // R4
        SqlProjection ledger = Ledgers.ledger(1)
                .reset(Ledgers::reset)
                .onError(ErrorPolicy.PARK)
                .build();
        try (ProjectionHost host = open(ledger)) {
            AppendResult bad = add(store, "a", -13);
            add(store, "a", 2);
            host.catchUp();
            assertEquals(1, host.status("ledger").counts().parked());
            host.retry("ledger");
            host.skip("ledger", event(bad));
            host.catchUp();
            assertEquals(0, host.status("ledger").counts().parked());
            assertEquals(List.of("a 1: 2 of 2"), lines(host, ledger));
            assertTrue(host.status("ledger").differs());
        }
    }

    @Test
    void r4_aRefusedStatementFailsItsEventWhateverTheHandlerCatches() { // R4
        SqlProjection ledger = Ledgers.tables(1)
                .on(Added.class, (tables, added, event) -> {
                    try {
                        Ledgers.add(tables, added.cents());
                    } catch (SqlRefusedException e) {
                        assertThrows(SqlRefusedException.class, () -> Ledgers.add(tables, 1));
                    }
                })
                .reset(Ledgers::reset)
                .onError(ErrorPolicy.PARK)
                .build();
        try (ProjectionHost host = open(ledger)) {
            add(store, "a", -13);
            add(store, "a", 2);
            host.catchUp();
            assertEquals(List.of("a 1: 2 of 2"), lines(host, ledger));
            assertEquals(1, host.status("ledger").counts().parked());
        }
    }

    @Test
    void r4_aResetThatThrowsFailsTheProjection() throws IOException { // R4
        SqlProjection ledger = Ledgers.ledger(1)
                .reset((tables, key) -> {
                    Ledgers.reset(tables, key);
                    throw new IllegalStateException("secret");
                })
                .onError(ErrorPolicy.SKIP)
                .build();
        try (ProjectionHost host = open(ledger)) {
            AppendResult gone = add(store, "a", 1);
            add(store, "a", 2);
            host.catchUp();
            takeAway(gone);
            StoreUnusableException failed = assertThrows(StoreUnusableException.class, host::catchUp);
            assertTrue(String.valueOf(failed.getMessage()).contains("its reset threw"), failed.getMessage());
            assertFalse((failed.getMessage() + failed.where()).contains("secret"), failed.where());
            assertTrue(failed.where().matches(".*the row whose last event is [0-9a-f-]+/0"), failed.where());
            assertEquals(List.of("a 1: 1 of 3", "a 2: 2 of 3"), lines(host, ledger));
        }
    }

    @Test
    void s8_aNewVersionIsBuiltBesideTheTablesServed() { // S8
        SqlProjection first = Ledgers.resetting();
        addMany(store, 6, 2);
        List<String> before;
        try (ProjectionHost host = open(first)) {
            host.catchUp();
            before = lines(host, first);
        }
        SqlProjection second = Ledgers.ledger(2).reset(Ledgers::reset).build();
        try (ProjectionHost host = open(second)) {
            assertEquals(before, lines(host, second), "tables made alike");
            assertTrue(host.query(second, "SELECT 1", row -> row).orElseThrow().stale());
            host.catchUp();
            assertFalse(host.query(second, "SELECT 1", row -> row).orElseThrow().stale());
            assertEquals(before, lines(host, second));
        }
        SqlProjection other = Ledgers.ledger(3)
                .table("CREATE TABLE note(text TEXT)")
                .reset(Ledgers::reset)
                .build();
        try (ProjectionHost host = open(other)) {
            assertTrue(host.query(other, "SELECT 1", row -> row).isEmpty(), "others are not what it asks for");
            host.catchUp();
            assertEquals(before, lines(host, other));
        }
    }

    @Test
    void s1_tablesAreReachedByNobodyElseAndAtNoOtherTime() { // S1
        AtomicReference<SqlTables> kept = new AtomicReference<>();
        SqlProjection ledger = Ledgers.tables(1)
                .on(Added.class, (tables, added, event) -> kept.set(tables))
                .rebuildsOnLate()
                .build();
        try (ProjectionHost host = open(ledger)) {
            add(store, "a", 1);
            host.catchUp();
            assertThrows(
                    IllegalStateException.class,
                    () -> Objects.requireNonNull(kept.get()).update("DELETE FROM line"));
            for (String sql : List.of(
                    "DELETE FROM line",
                    "SELECT * FROM evstore_meta",
                    "WITH a AS (SELECT 1) DELETE FROM line RETURNING n",
                    "WITH a AS (SELECT 1) DELETE FROM line",
                    "SELECT * FROM nothing",
                    "SELECT 1; SELECT 2")) {
                assertThrows(IllegalArgumentException.class, () -> host.query(ledger, sql, row -> row), sql);
            }
            assertTrue(host.view(ledger, "a").isEmpty(), "it has no states");
            assertThrows(IllegalArgumentException.class, () -> host.query(Ledgers.resetting(), "SELECT 1", row -> row));
        }
    }

    /** However it is written, and whatever SQLite makes of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table log(key TEXT, cents INTEGER)",
                "CREATE  TABLE\n  log (key TEXT, cents INTEGER) -- lines",
                "CREATE TABLE IF NOT EXISTS log(key TEXT, cents INTEGER)",
                "CREATE TABLE log AS SELECT 'none' AS key, 0 AS cents",
                "CREATE VIRTUAL TABLE log USING fts5(key, cents UNINDEXED)",
                "CREATE TABLE log(id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, cents INTEGER)",
                "CREATE TABLE evstores(x); CREATE TABLE log(key TEXT, cents INTEGER)",
                "CREATE TABLE sqlited(x); CREATE TABLE log(key TEXT, cents INTEGER)"
            })
    void s8_tablesThatWereMadeAlikeAreServedWhileStale(String table) {
        add(store, "a", 1);
        try (ProjectionHost host = open(logged(1, table))) {
            host.catchUp();
        }
        SqlProjection next = logged(2, table);
        try (ProjectionHost host = open(next)) {
            assertTrue(host.status("log").stale());
            assertEquals(
                    List.of("1"),
                    host.query(next, "SELECT cents || '' AS cents FROM log WHERE key = 'a'", row -> row.text("cents"))
                            .orElseThrow()
                            .rows());
        }
        SqlProjection other = logged(2, "CREATE TABLE log(key, cents, more)");
        try (ProjectionHost host = open(other)) {
            assertTrue(host.query(other, "SELECT * FROM log", row -> row).isEmpty());
        }
    }

    private static SqlProjection logged(int version, String table) {
        SqlProjectionBuilder log =
                Projection.named("log").version(version).perStream().table("CREATE TABLE first(x)");
        Stream.of(table.split(";")).forEach(log::table);
        return log.on(
                        Added.class,
                        (tables, added, event) ->
                                tables.update("INSERT INTO log(key, cents) VALUES(?, ?)", tables.key(), added.cents()))
                .order(Order.ARRIVAL)
                .build();
    }

    @Test
    void r2_tablesThatCannotBeMadeFailAtOnce() { // R2
        SqlProjection wrong = Ledgers.ledger(1)
                .index("CREATE INDEX nowhere ON nothing(x)")
                .rebuildsOnLate()
                .build();
        try (ProjectionHost host = open(wrong)) {
            add(store, "a", 1);
            StoreUnusableException failed = assertThrows(StoreUnusableException.class, host::catchUp);
            assertTrue(String.valueOf(failed.getMessage()).contains("its tables can't be made"), failed.getMessage());
            assertInstanceOf(Readiness.Failed.class, host.status("ledger").readiness());
        }
    }

    @Test
    void anEventOfManyRowsIsGivenToEachUnderItsKey() {
        SqlProjection words = Projection.named("words")
                .version(1)
                .keyedByEach(event -> List.of("x" + event.stream(), "y" + event.stream()))
                .table("CREATE TABLE word(key TEXT, cents INTEGER, part REAL, bytes BLOB, flag INTEGER, empty TEXT)")
                .on(
                        Added.class,
                        (tables, added, event) -> tables.update(
                                "INSERT INTO word VALUES(?, ?, ?, ?, ?, ?)",
                                tables.key(),
                                added.cents(),
                                0.5,
                                new byte[] {7},
                                true,
                                null))
                .reset((tables, key) -> tables.update("DELETE FROM word WHERE key = ?", key))
                .build();
        try (ProjectionHost host = open(words)) {
            add(store, "a", 1L << 40);
            host.catchUp();
            List<SqlRow> rows = host.query(words, "SELECT * FROM word WHERE cents > ? ORDER BY key", row -> row, 5)
                    .orElseThrow()
                    .rows();
            assertEquals(
                    List.of("xa", "ya"),
                    rows.stream().map(row -> row.text("key")).toList());
            SqlRow row = rows.get(0);
            assertEquals(1L << 40, row.integer("cents"));
            assertEquals(0.5, row.real("part"));
            assertEquals(7, row.bytes("bytes")[0]);
            assertEquals(1, row.integer("flag"));
            assertTrue(row.isNull("empty"));
        }
    }

    @Test
    void s10_damageInTheTablesIsNoEventsFault() throws IOException { // S10
        SqlProjection notes = Projection.named("ledger")
                .version(1)
                .single()
                .table("CREATE TABLE note(text TEXT)")
                .on(Added.class, (tables, added, event) -> {
                    int before = tables.query("SELECT text FROM note").size();
                    tables.update("INSERT INTO note VALUES(?)", "somebody " + before + " owes " + added.cents());
                })
                .rebuildsOnLate()
                .onError(ErrorPolicy.PARK)
                .build();
        add(store, "a", 1);
        try (ProjectionHost host = open(notes)) {
            host.catchUp();
        }
        Path file = database();
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("somebody 0");
        assertTrue(at > 0);
        int page = at / 4096 * 4096;
        Arrays.fill(bytes, page, page + 8, (byte) 0x55);
        Files.write(file, bytes);
        add(store, "a", 2);
        try (ProjectionHost host = open(notes)) {
            host.catchUp();
            assertEquals(
                    List.of("somebody 0 owes 1", "somebody 1 owes 2"),
                    host.query(notes, "SELECT text FROM note ORDER BY text", row -> row.text("text"))
                            .orElseThrow()
                            .rows());
            assertEquals(0, host.status("ledger").counts().parked());
        }
    }

    private Path database() {
        return databaseFiles().get(0);
    }

    /** The database, and what SQLite has beside it but does not need after a crash. */
    private List<Path> databaseFiles() {
        try (Stream<Path> files =
                Files.walk(Local.of(directory.resolve("store")).resolve("projections"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{16}-1\\.db(-wal)?"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(List<Path> files, Path to) {
        try {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void r10_aHostWithThreadsWritesAndTheNextTakesOver() throws Exception { // R10
        SqlProjection ledger = Ledgers.resetting();
        addMany(store, 2_500, 7);
        try (ProjectionHost first = ProjectionHost.open(store, CODEC, ledger)) {
            assertTrue(first.awaitReady(LONG));
            assertEquals(Applied.APPLIED, first.awaitApplied(add(store, "s0", 1), LONG));
            assertEquals(Ledgers.fold(store), lines(first, ledger));
        }
        SqlProjection same = Ledgers.resetting();
        try (ProjectionHost second = ProjectionHost.open(store, CODEC, same)) {
            assertEquals(Applied.APPLIED, second.awaitApplied(add(store, "s0", 2), LONG));
            assertEquals(Ledgers.fold(store), lines(second, same));
        }
    }
}
