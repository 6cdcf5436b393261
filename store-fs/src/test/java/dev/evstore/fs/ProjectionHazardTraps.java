package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.View;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import dev.evstore.fs.index.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hazards of a host (rule R9), one by one. */
@Timeout(300)
class ProjectionHazardTraps extends HostFixture {

    /** Of each stream its sum, after something has been done for each event. */
    private static Projection<Total> totalsOf(int version, UnaryOperator<Added> doing) {
        return Projection.named("totals")
                .version(version)
                .perStream()
                .initially(Total::none)
                .on(Added.class, (total, added) -> total.plus(doing.apply(added)))
                .build();
    }

    private static ProjectionHost host(FileEventStore store, ProjectionOptions options, Projection<?>... all) {
        return ProjectionHost.open(store, CODEC, options, List.of(all));
    }

    private static Map<String, String> trails(ProjectionHost host, Projection<Trail> trails) {
        Map<String, String> rows = new TreeMap<>();
        host.list(trails, "").forEach(view -> rows.put(view.key(), view.state().amounts()));
        return rows;
    }

    @Test
    void r9_replayRacesLive() throws Exception { // R9
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create()) {
            addMany(store, 700, 3);
            try (ProjectionHost host = host(store, ProjectionOptions.defaults().page(50), trails)) {
                AppendResult last = add(store, "s0", 0);
                for (int n = 0; n < 60; n++) {
                    last = add(store, "s" + n % 4, n);
                }
                assertEquals(Applied.APPLIED, host.awaitApplied(last, LONG));
                assertTrue(host.awaitReady(LONG));
                assertEquals(KeptState.trails(store), trails(host, trails));
            }
        }
    }

    @Test
    void r9_w4_t42_aLostWriteIsReportedOnceAndTakenUpFromWhatIsCommitted() throws Exception { // R9, W4, T42
        Projection<Trail> trails = Counting.trails();
        Projection<Total> totals = Counting.totals(1);
        List<LogRecord> said = new ArrayList<>();
        Logger log = Logger.getLogger("dev.evstore.fs.projection.Worker");
        Handler listening = listening(said);
        log.addHandler(listening);
        try (FileEventStore store = create();
                ProjectionHost host = host(store, ProjectionOptions.defaults(), trails, totals)) {
            add(store, "a", 1);
            assertTrue(host.awaitReady(LONG));
            Path database = KeptState.database(directory, "trails", ".current");
            KeptState.refuse(database, "UPDATE OF write ON evstore_meta");
            AppendResult second = add(store, "a", 2);
            assertEquals(Applied.FAILED, host.awaitApplied(second, LONG));
            assertEquals(",1", host.view(trails, "a").orElseThrow().state().amounts());
            Readiness.Failed failed = assertInstanceOf(
                    Readiness.Failed.class, host.status("trails").readiness());
            assertTrue(failed.reason().contains("can't be written"), failed.reason());
            assertThrows(StoreUnusableException.class, host::catchUp);
            AppendResult third = add(store, "a", 3);
            assertEquals(Applied.FAILED, host.awaitApplied(third, LONG));
            KeptState.until(() -> host.view(totals, "a").orElseThrow().state().count() == 3);
            assertEquals(1, said.size(), "reported once");
            KeptState.allow(database);
            host.retry("trails");
            KeptState.until(() -> host.status("trails").readiness() instanceof Readiness.Ready);
            assertEquals(Applied.APPLIED, host.awaitApplied(third, LONG));
            assertEquals(",1,2,3", host.view(trails, "a").orElseThrow().state().amounts());
        } finally {
            log.removeHandler(listening);
        }
    }

    @Test
    void r7_theLogSaysWhereItFailedAndNothingOfThePayload() throws Exception { // R7
        Projection<Total> totals = totalsOf(1, added -> {
            if (added.cents() == 987_654_321) {
                throw new IllegalStateException("at " + added);
            }
            return added;
        });
        List<LogRecord> said = new ArrayList<>();
        Logger log = Logger.getLogger("dev.evstore.fs.projection.Worker");
        Handler listening = listening(said);
        log.addHandler(listening);
        try (FileEventStore store = create();
                ProjectionHost host = host(store, STILL, totals)) {
            add(store, "a", 1);
            host.catchUp();
            View<Total> view = host.view(totals, "a").orElseThrow();
            AppendResult failing = add(store, "a", 987_654_321);
            assertThrows(StoreUnusableException.class, host::catchUp);
            String told =
                    MessageFormat.format(said.get(0).getMessage(), said.get(0).getParameters());
            assertEquals(
                    "projection totals failed at " + view.position() + " with digest " + view.digest()
                            + ": a handler threw java.lang.IllegalStateException: " + failing.transaction() + "/0",
                    told);
            assertEquals(1, said.size());
        } finally {
            log.removeHandler(listening);
        }
    }

    private static Handler listening(List<LogRecord> said) {
        return new Handler() {
            @Override
            public synchronized void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    said.add(record);
                }
            }

            @Override
            public void flush() {
                // nothing is kept back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Test
    void w5_closeNeverReportsSuccessAfterAFailedWrite() throws Exception { // W5
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create()) {
            ProjectionHost host = host(store, ProjectionOptions.defaults(), trails);
            add(store, "a", 1);
            assertTrue(host.awaitReady(LONG));
            KeptState.until(() -> host.view(trails, "a").isPresent());
            Path database = KeptState.database(directory, "trails", ".current");
            KeptState.refuse(database, "INSERT ON evstore_row");
            assertEquals(Applied.FAILED, host.awaitApplied(add(store, "a", 2), LONG));
            assertThrows(StoreUnusableException.class, host::close);
            KeptState.allow(database);
            try (ProjectionHost again = host(store, ProjectionOptions.defaults(), trails)) {
                assertTrue(again.awaitReady(LONG));
                assertEquals(
                        ",1,2", again.view(trails, "a").orElseThrow().state().amounts());
            }
        }
    }

    @Test
    void r5_aFailedInterimCheckpointDoesNotAbortARebuild() throws Exception { // R5
        AtomicLong given = new AtomicLong();
        Projection<Total> totals = totalsOf(1, added -> {
            if (given.getAndIncrement() == 0) {
                KeptState.refuse(
                        KeptState.database(directory, "totals", ".building"),
                        "UPDATE OF write ON evstore_meta WHEN NEW.write = 4 AND OLD.fence = 1");
            }
            return added;
        });
        try (FileEventStore store = create()) {
            addMany(store, 200, 10);
            try (ProjectionHost host =
                    host(store, ProjectionOptions.defaults().page(10).changes(2), totals)) {
                assertTrue(host.awaitReady(LONG));
                assertTrue(given.get() > 200, "one write failed, and what it held was given again");
                for (int stream = 0; stream < 10; stream++) {
                    assertEquals(
                            20,
                            host.view(totals, "s" + stream)
                                    .orElseThrow()
                                    .state()
                                    .count());
                }
            }
        }
    }

    @Test
    void r9_r2_readyIsNotSeenBeforeTheLastWriteIsDurable() throws Exception { // R9, R2
        int events = 30;
        CountDownLatch atTheLast = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        AtomicLong given = new AtomicLong();
        Projection<Total> totals = totalsOf(1, added -> {
            if (given.incrementAndGet() == events) {
                atTheLast.countDown();
                await(locked);
            }
            return added;
        });
        try (FileEventStore store = create()) {
            addMany(store, events, 1);
            try (ProjectionHost host = host(store, ProjectionOptions.defaults(), totals)) {
                await(atTheLast);
                try (Sql other = Sql.openExisting(KeptState.database(directory, "totals", ".building"))) {
                    other.execute("BEGIN IMMEDIATE"); // so the write can't end
                    locked.countDown();
                    assertFalse(host.awaitReady(Duration.ofMillis(300)));
                    assertInstanceOf(
                            Readiness.Rebuilding.class, host.status("totals").readiness());
                    assertTrue(host.view(totals, "s0").isEmpty());
                    other.execute("ROLLBACK");
                }
                assertTrue(host.awaitReady(LONG));
                assertEquals(
                        events, host.view(totals, "s0").orElseThrow().state().count());
            }
        }
    }

    @Test
    void r9_s8_aHashChangesWhileEventsArrive() throws Exception { // R9, S8
        CountDownLatch building = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Projection<Total> second = totalsOf(2, added -> {
            building.countDown();
            await(go);
            return added;
        });
        try (FileEventStore store = create()) {
            addMany(store, 20, 2);
            try (ProjectionHost host = host(store, STILL, Counting.totals(1), Counting.trails())) {
                host.catchUp();
            }
            Path other = KeptState.database(directory, "trails", ".current");
            byte[] untouched = Files.readAllBytes(other);
            Path old = KeptState.database(directory, "totals", ".current");
            byte[] oldState = Files.readAllBytes(old);
            try (ProjectionHost host = host(store, ProjectionOptions.defaults(), second)) {
                await(building);
                AppendResult live = add(store, "s0", 1);
                assertTrue(host.view(second, "s0").orElseThrow().stale());
                assertEquals(10, host.view(second, "s0").orElseThrow().state().count());
                assertInstanceOf(
                        Readiness.Rebuilding.class, host.status("totals").readiness());
                go.countDown();
                assertEquals(Applied.APPLIED, host.awaitApplied(live, LONG));
                assertFalse(host.view(second, "s0").orElseThrow().stale());
                assertEquals(11, host.view(second, "s0").orElseThrow().state().count());
            }
            assertArrayEquals(untouched, Files.readAllBytes(other));
            assertArrayEquals(oldState, Files.readAllBytes(old));
        }
    }

    private static void batch(FileEventStore store, String stream, int from, int events) {
        NewEvent[] all = IntStream.range(from, from + events)
                .mapToObj(n -> Counting.added(n % 97))
                .toArray(NewEvent[]::new);
        store.append(Append.to(StreamId.of(stream), ExpectedVersion.any(), all));
    }

    /** T38: a page is no total. T40: no checkpoint is not the cursor zero of something complete. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void r9_s6_t38_pagesTearNoTransaction(int page) { // R9, S6, T38
        Projection<Trail> trails = Counting.trails();
        Projection<Trail> byAmount = Counting.byAmount();
        try (FileEventStore store = create();
                ProjectionHost host = host(store, STILL.page(page), trails, byAmount)) {
            for (int n = 0; n < 45; n++) {
                batch(store, "s" + n % 2, n * 7, 7);
            }
            host.catchUp();
            assertEquals(KeptState.trails(store), trails(host, trails));
            batch(store, "s1", 1000, 30);
            batch(store, "s2", 2000, 5);
            host.catchUp();
            assertEquals(KeptState.trails(store), trails(host, trails));
            assertEquals(
                    350,
                    trails(host, byAmount).values().stream()
                            .mapToInt(streams -> streams.split(",").length - 1)
                            .sum());
        }
    }

    @Test
    void t38_aPageIsNotTheTotal() { // T38
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                ProjectionHost host = host(store, STILL, totals)) {
            add(store, "s0", 0);
            host.catchUp();
            addMany(store, 1001, 1);
            host.catchUp();
            assertEquals(1002, host.view(totals, "s0").orElseThrow().state().count());
            assertEquals(0, host.status("totals").lag());
        }
    }

    @Test
    void r9_aProjectionThatIsRegisteredLateHasTheWholeHistory() { // R9
        Projection<Total> totals = Counting.totals(1);
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create()) {
            addMany(store, 40, 2);
            try (ProjectionHost host = host(store, STILL, totals)) {
                host.catchUp();
            }
            add(store, "s0", 5);
            try (ProjectionHost host = host(store, STILL, totals, trails)) {
                host.catchUp();
                assertEquals(KeptState.trails(store), trails(host, trails));
                assertEquals(1, host.status("totals").counts().events(), "the others are in its rows");
                assertEquals(21, host.view(totals, "s0").orElseThrow().state().count());
            }
        }
    }

    @Test
    void r9_r5_closingCancelsARebuildThatGoesOnAtItsLastPage() throws Exception { // R9, R5
        int events = 3000;
        AtomicLong given = new AtomicLong();
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        Projection<Total> totals = totalsOf(1, added -> {
            if (given.incrementAndGet() == 1000) {
                inTheMiddle.countDown();
                await(closing);
            }
            return added;
        });
        try (FileEventStore store = create()) {
            addMany(store, events, 3);
            ProjectionHost host = host(store, ProjectionOptions.defaults().page(50), totals);
            await(inTheMiddle);
            Thread closer = new Thread(host::close);
            closer.start();
            KeptState.until(() -> closer.getState() == Thread.State.WAITING);
            closing.countDown();
            closer.join();
            assertEquals(1000, given.get(), "the page that was begun is the last");
            try (ProjectionHost again = host(store, ProjectionOptions.defaults(), totals)) {
                assertTrue(again.awaitReady(LONG));
                assertEquals(
                        1000, again.view(totals, "s2").orElseThrow().state().count());
            }
            assertEquals(events, given.get(), "each event was given once");
        }
    }

    @Test
    void t41_aListenerThatFailsUndoesNothing() throws Exception { // T41
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                ProjectionHost host = host(store, ProjectionOptions.defaults(), totals)) {
            assertTrue(host.awaitReady(LONG));
            CompletableFuture<Object> heard = new CompletableFuture<>();
            host.onChange("totals", keys -> {
                throw new AssertionError("a listener of ours");
            });
            host.onChange("totals", heard::complete);
            assertEquals(Applied.APPLIED, host.awaitApplied(add(store, "a", 1), LONG));
            assertEquals(Set.of("a"), heard.get());
            assertEquals(Applied.APPLIED, host.awaitApplied(add(store, "a", 1), LONG));
            assertInstanceOf(Readiness.Ready.class, host.readiness());
        }
    }

    /** W2, T43: what is queued behind a write takes none of its rows away, and repeats none. */
    @Test
    void w2_t43_aSecondBatchReplacesNoFirst() throws Exception { // W2, T43
        AtomicLong writes = new AtomicLong();
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create();
                ProjectionHost host =
                        host(store, ProjectionOptions.defaults().page(1).changes(1), trails)) {
            assertTrue(host.awaitReady(LONG));
            host.onChange("trails", keys -> writes.addAndGet(keys.size()));
            AppendResult last = add(store, "a", 0);
            for (int n = 1; n < 40; n++) {
                last = add(store, n % 2 == 0 ? "a" : "b", n);
            }
            assertEquals(Applied.APPLIED, host.awaitApplied(last, LONG));
            assertEquals(KeptState.trails(store), trails(host, trails));
            assertTrue(writes.get() <= 40, "no write repeats another's rows: " + writes);
        }
    }
}
