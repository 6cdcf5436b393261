package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.engine.EngineLimits;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.index.Sql;
import dev.evstore.fs.layout.StoreLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of trouble with reading (rules R3, O7, S4). */
@Timeout(120)
class CrewTest {

    private static final Duration LONG = Duration.ofSeconds(100);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final EngineLimits LIMITS = new EngineLimits(10, 100, 1 << 20);
    private static final int EVENTS = 25;

    record Added(long cents) {}

    record Total(long count) {}

    private static final EventCodec<Added> CODEC = EventCodec.of(Added.class, new JacksonPayloads())
            .type("Added", Added.class)
            .build();

    private final Projection<Total> totals = Projection.named("totals")
            .version(1)
            .perStream()
            .initially(() -> new Total(0))
            .on(Added.class, (total, added) -> new Total(total.count() + 1))
            .build();

    @TempDir
    Path directory;

    private final InMemoryEventStore store = new InMemoryEventStore();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicBoolean gitIsBusy = new AtomicBoolean();
    /** Which reads of the whole store fail, by what they go on behind. */
    private volatile Predicate<@Nullable Object> fails = after -> false;

    private volatile boolean rowsFail;

    @BeforeEach
    void append() {
        for (int n = 0; n < EVENTS; n++) {
            store.append(StreamId.of("s"), ExpectedVersion.any(), CODEC.encode(new Added(n)));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** The store, whose reads of everything may fail, and of a row. */
    private EventStore troubled() {
        CanonicalReads canonical = proxy(CanonicalReads.class, store.canonicalReads(), (method, arguments) -> {
            if (method.equals("stream") && rowsFail) {
                throw new StoreUnusableException("A file can't be read.", "a file", "wait", null);
            }
            if (method.equals("all") && arguments != null) {
                reads.incrementAndGet();
                if (fails.test(arguments[1])) {
                    throw new StoreUnusableException("A file can't be read.", "a file", "wait", null);
                }
            }
            return null;
        });
        return proxy(
                EventStore.class, store, (method, arguments) -> method.equals("canonicalReads") ? canonical : null);
    }

    private interface Instead {
        @Nullable
        Object answer(String method, Object @Nullable [] arguments);
    }

    private static <T> T proxy(Class<T> type, T behind, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = instead.answer(method.getName(), arguments);
                    if (answer != null) {
                        return answer;
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException e) {
                        throw Objects.requireNonNull(e.getCause());
                    }
                }));
    }

    private StoreLayout layout() {
        return new StoreLayout(directory, directory.resolve("local"));
    }

    private Crews open() {
        EventStore store = troubled();
        Crews crews = Crews.open(
                store,
                reader -> store.canonicalReads(),
                CODEC,
                layout(),
                new Disk(),
                LIMITS,
                gitIsBusy::get,
                POLL,
                Duration.ofMinutes(5));
        crews.start(List.of(totals), true);
        return crews;
    }

    private static Crew<?> crew(Crews crews) {
        return Objects.requireNonNull(crews.crews().get("totals"));
    }

    private static void await(Crews crews, Class<? extends Readiness> readiness) throws InterruptedException {
        assertTrue(
                crews.await(() -> readiness.isInstance(crew(crews).status().readiness()), LONG),
                () -> crew(crews).status().toString());
    }

    private static @Nullable String row(Crews crews) {
        Desk.Found row = crew(crews).desk().row("s");
        return row == null ? null : new String(row.state(), StandardCharsets.UTF_8);
    }

    /** A worker that nobody waits for: it tells how long it wants to be let alone. */
    private Worker<Total> worker(Control control) {
        EventStore troubled = troubled();
        Workshop shop = new Workshop(
                troubled,
                reader -> troubled.canonicalReads(),
                CODEC,
                layout(),
                new Disk(),
                control,
                LIMITS,
                gitIsBusy::get,
                POLL,
                Duration.ofMinutes(5),
                new Signal());
        Worker<Total> worker =
                new Worker<>(new Job<>(shop, totals, troubled.canonicalReads(), Runnable::run, keys -> {}));
        worker.prepare();
        return worker;
    }

    private static List<Duration> slices(Worker<?> worker, int count) {
        return Stream.generate(worker::slice).limit(count).toList();
    }

    private static List<Duration> restsUntilItFails(Worker<?> worker) {
        List<Duration> rests = new ArrayList<>();
        do {
            Duration rest = worker.slice();
            if (!rest.isZero()) {
                rests.add(rest);
            }
        } while (!(worker.readiness() instanceof Readiness.Failed));
        return rests;
    }

    private static final List<Duration> PATIENCE =
            List.of(Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(2));

    @Test
    void r3_aReadThatFailsForAWhileIsTriedAgain() { // R3
        fails = after -> true;
        try (Control control = Control.open(layout(), new Disk())) {
            Worker<Total> worker = worker(control);
            assertEquals(PATIENCE, slices(worker, 3));
            fails = after -> false;
            while (worker.slice().isZero()) {}
            assertInstanceOf(Readiness.Ready.class, worker.readiness());
            assertEquals("A file can't be read: a file", worker.lastError());
            worker.leave();
        }
    }

    @Test
    void r3_aReadThatKeepsFailingFailsTheProjectionUntilARetry() { // R3
        EventId place = store.read(StreamId.of("s")).events().get(19).id();
        fails = place::equals; // the page before is there each time, and is no progress
        try (Control control = Control.open(layout(), new Disk())) {
            Worker<Total> worker = worker(control);
            List<Duration> thenPoll =
                    Stream.concat(PATIENCE.stream(), Stream.of(POLL)).toList();
            assertEquals(thenPoll, restsUntilItFails(worker));
            int tried = reads.get();
            assertEquals(List.of(POLL, POLL), slices(worker, 2), "and then it is let alone");
            assertEquals(tried, reads.get());
            control.ask("totals", Control.Action.RETRY, "");
            assertEquals(thenPoll, restsUntilItFails(worker), "as patiently as before");
            fails = after -> false;
            control.ask("totals", Control.Action.RETRY, "");
            while (worker.slice().isZero()) {}
            assertInstanceOf(Readiness.Ready.class, worker.readiness());
            worker.leave();
        }
    }

    @Test
    void r3_whatFailsAgainLaterHasItsPatienceAnew() { // R3
        try (Control control = Control.open(layout(), new Disk())) {
            Worker<Total> worker = worker(control);
            fails = after -> true;
            assertEquals(PATIENCE.subList(0, 2), slices(worker, 2));
            fails = after -> false;
            while (worker.slice().isZero()) {}
            control.ask("totals", Control.Action.REBUILD, "");
            fails = after -> true;
            assertEquals(PATIENCE, slices(worker, 3));
            worker.leave();
        }
    }

    @Test
    void o7_whileGitIsBetweenTwoStepsItWaitsWithoutALimit() throws Exception { // O7
        gitIsBusy.set(true);
        fails = after -> true;
        try (Crews crews = open()) {
            await(crews, Readiness.Waiting.class);
            assertTrue(crews.await(() -> reads.get() > 10, LONG), "more often than what merely fails");
            assertInstanceOf(Readiness.Waiting.class, crew(crews).status().readiness());
            fails = after -> false;
            gitIsBusy.set(false);
            await(crews, Readiness.Ready.class);
            assertEquals("{\"count\":" + EVENTS + "}", row(crews));
        }
    }

    /** Asks for it, and waits until that could not be done. */
    private void skipWhileGitIsBusy(Crews crews, EventId event) throws InterruptedException {
        await(crews, Readiness.Ready.class);
        gitIsBusy.set(true);
        rowsFail = true;
        crew(crews).desk().skip(event);
        crews.ring();
        await(crews, Readiness.Waiting.class);
    }

    @Test
    void o7_whatIsLeftOutWhileGitIsBetweenTwoStepsIsLeftOutAfterwards() throws Exception { // O7
        EventId first = store.read(StreamId.of("s")).events().get(0).id();
        try (Crews crews = open()) {
            skipWhileGitIsBusy(crews, first);
            rowsFail = false;
            gitIsBusy.set(false);
            await(crews, Readiness.Ready.class);
            assertEquals("{\"count\":" + (EVENTS - 1) + "}", row(crews));
        }
    }

    @Test
    void s1_whatIsNotLeftOutYetWhenTheProcessEndsIsLeftOutByTheNext() throws Exception { // S1
        EventId first = store.read(StreamId.of("s")).events().get(0).id();
        try (Crews crews = open()) {
            skipWhileGitIsBusy(crews, first);
            assertFalse(crew(crews).status().differs());
        }
        rowsFail = false;
        gitIsBusy.set(false);
        try (Crews crews = open()) {
            await(crews, Readiness.Ready.class);
            assertEquals("{\"count\":" + (EVENTS - 1) + "}", row(crews));
            assertTrue(crew(crews).status().differs());
        }
        try (Control control = Control.open(new StoreLayout(directory, directory.resolve("local")), new Disk())) {
            assertEquals(List.of(), control.requests("totals"), "it is done, and done once");
        }
    }

    @Test
    void r10_aSeatWhoseTakingFailedIsFreeAgain() throws Exception { // R10
        StoreLayout layout = new StoreLayout(directory, directory.resolve("local"));
        Path control = layout.projections().resolve("control.db");
        open().close();
        try (Sql sql = Sql.openExisting(control)) {
            sql.update("INSERT INTO said VALUES('totals/0123456789abcdef', '')");
            sql.execute(
                    "CREATE TRIGGER refused BEFORE DELETE ON said BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
        }
        try (Crews crews = open()) {
            await(crews, Readiness.Failed.class);
            try (Sql sql = Sql.openExisting(control)) {
                sql.execute("DROP TRIGGER refused");
            }
            crew(crews).desk().retry();
            crews.ring();
            await(crews, Readiness.Ready.class);
        }
        assertNull(StateFiles.of(layout, new Disk(), "totals").workedOn());
    }

    @Test
    void s4_aStoreWhoseFullReadThrowsStillServesAndFollows() throws Exception { // S4
        try (Crews crews = open()) {
            await(crews, Readiness.Ready.class);
        }
        fails = after -> {
            throw new AssertionError("everything is read");
        };
        int before = reads.get();
        store.append(StreamId.of("s"), ExpectedVersion.any(), CODEC.encode(new Added(1)));
        try (Crews crews = open()) {
            assertEquals("{\"count\":" + EVENTS + "}", row(crews));
            assertTrue(crews.await(() -> ("{\"count\":" + (EVENTS + 1) + "}").equals(row(crews)), LONG));
            assertEquals(before, reads.get());
        }
    }
}
