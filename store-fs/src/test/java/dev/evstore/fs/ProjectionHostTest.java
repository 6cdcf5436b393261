package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.View;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import dev.evstore.fs.disk.StoreLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host promises, rule by rule. */
@Timeout(300)
class ProjectionHostTest {

    private static final Duration LONG = Duration.ofMinutes(2);
    private static final ProjectionOptions STILL = ProjectionOptions.defaults().withoutThreads();

    @TempDir
    Path directory;

    private FileEventStore create() {
        return FileEventStore.create(directory, StoreOptions.defaults().poll(Duration.ofMillis(20)));
    }

    private static Projection<Total> totals(int version, Consumer<Added> doing) {
        return Projection.named("totals")
                .version(version)
                .perStream()
                .initially(Total::none)
                .on(Added.class, (total, added) -> {
                    doing.accept(added);
                    return total.plus(added);
                })
                .build();
    }

    private static Projection<Total> failingAt(long cents) {
        return totals(1, added -> {
            if (added.cents() == cents) {
                throw new IllegalStateException("not this one");
            }
        });
    }

    private static ProjectionHost still(FileEventStore store, Projection<?>... all) {
        return ProjectionHost.open(store, CODEC, STILL, List.of(all));
    }

    private static long count(ProjectionHost host, Projection<Total> totals, String key) {
        return host.view(totals, key).orElseThrow().state().count();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <R extends Readiness> R readiness(Class<R> type, ProjectionStatus status) {
        return assertInstanceOf(type, status.readiness(), status::toString);
    }

    // --- state and start

    @Test
    void s4_openingServesTheStoredStateAndReplaysOnlyTheTail() { // S4
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create()) {
            addMany(store, 300, 2);
            try (ProjectionHost host = still(store, totals)) {
                host.catchUp();
            }
            addMany(store, 5, 1);
            try (ProjectionHost host = still(store, totals)) {
                assertEquals(150, count(host, totals, "s0"));
                host.catchUp();
                assertEquals(155, count(host, totals, "s0"));
                assertEquals(5, host.status("totals").counts().events());
            }
        }
    }

    @Test
    void s7_t39_t40_noCheckpointAnotherHashAndAStaleCursorAreThreeThings() { // S7, T39, T40
        try (FileEventStore store = create()) {
            addMany(store, 10, 1);
            try (ProjectionHost host = still(store, Counting.totals(1))) {
                ProjectionStatus none = host.status("totals");
                assertFalse(none.served());
                assertEquals(10, none.lag());
                host.catchUp();
            }
            try (ProjectionHost host = still(store, Counting.totals(2))) {
                ProjectionStatus other = host.status("totals");
                assertTrue(other.served());
                assertTrue(other.stale());
                assertEquals(store.feedEnd(), other.position());
            }
            store.reindexFromScratch((done, total) -> {});
            Projection<Total> totals = Counting.totals(1);
            try (ProjectionHost host = still(store, totals)) {
                ProjectionStatus stale = host.status("totals");
                assertTrue(stale.served());
                assertFalse(stale.stale());
                assertEquals(10, stale.lag(), "what a cursor of another index has seen can't be told");
                assertEquals(10, count(host, totals, "s0"));
                host.catchUp();
                assertEquals(store.feedEnd(), host.status("totals").position());
                assertEquals(0, host.status("totals").counts().events(), "carried over");
            }
        }
    }

    @Test
    void s8_threeVersionsAreKeptAndGoOn() { // S8
        try (FileEventStore store = create()) {
            addMany(store, 10, 1);
            for (int version = 1; version <= 3; version++) {
                try (ProjectionHost host = still(store, Counting.totals(version))) {
                    host.catchUp();
                }
            }
            add(store, "s0", 1);
            Projection<Total> first = Counting.totals(1);
            try (ProjectionHost host = still(store, first)) {
                assertEquals(10, count(host, first, "s0"));
                assertFalse(host.view(first, "s0").orElseThrow().stale());
                host.catchUp();
                assertEquals(1, host.status("totals").counts().events());
            }
            try (Projections seen = Projections.of(store)) {
                assertEquals(store.feedEnd(), seen.status("totals").position(), "the version that was at work last");
                readiness(Readiness.Ready.class, seen.status("totals"));
            }
            try (ProjectionHost host = still(store, Counting.totals(4))) {
                host.catchUp();
            }
            assertEquals(3, KeptState.files(directory, "totals", ".db").size());
            try (ProjectionHost host = still(store, first)) {
                host.catchUp();
                assertEquals(0, host.status("totals").counts().events(), "it was used after the second");
            }
        }
    }

    @Test
    void s10_aReaderThatFindsDamageAsksOnceAndTheRebuildEnds() throws IOException { // S10
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create()) {
            addMany(store, 40, 2);
            try (ProjectionHost host = still(store, totals)) {
                host.catchUp();
            }
            KeptState.damage(KeptState.database(directory, "totals", ".current"), "\"count\":20", "\"count\":21");
            try (ProjectionHost host = still(store, totals)) {
                for (int n = 0; n < 5; n++) {
                    long rows = StreamSupport.stream(host.list(totals, "").spliterator(), false)
                            .count();
                    assertEquals(0, rows);
                }
                host.catchUp();
                assertEquals(20, count(host, totals, "s0"));
                assertEquals(20, count(host, totals, "s1"));
                assertEquals(40, host.status("totals").counts().events(), "built once");
            }
        }
    }

    @Test
    void s10_aDamagedBuildTakesNothingFromWhatIsServed() throws Exception { // S10
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        CountDownLatch building = new CountDownLatch(1);
        Projection<Total> totals = totals(1, added -> {
            if (left.decrementAndGet() == 0) {
                building.countDown();
                throw new IllegalStateException("not now");
            }
        });
        try (FileEventStore store = create()) {
            addMany(store, 40, 2);
            try (ProjectionHost host = still(store, totals)) {
                host.catchUp();
                host.rebuild("totals");
                left.set(20);
                assertThrows(StoreUnusableException.class, host::catchUp);
                Files.write(KeptState.database(directory, "totals", ".building"), new byte[8192]);
                assertEquals(20, count(host, totals, "s0"));
                host.retry("totals");
                host.catchUp();
                assertEquals(20, count(host, totals, "s0"));
                assertFalse(host.view(totals, "s0").orElseThrow().stale());
            }
        }
    }

    // --- readiness

    @Test
    void r1_r2_openReturnsWhileCatchUpIsBlocked() throws Exception { // R1, R2
        CountDownLatch go = new CountDownLatch(1);
        Projection<Total> totals = totals(1, added -> await(go));
        try (FileEventStore store = create()) {
            addMany(store, 10, 1);
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, totals, Counting.trails())) {
                readiness(Readiness.Rebuilding.class, host.status("totals"));
                assertTrue(host.view(totals, "s0").isEmpty());
                KeptState.until(() -> host.status("trails").readiness() instanceof Readiness.Ready);
                assertInstanceOf(Readiness.Rebuilding.class, host.readiness());
                assertThrows(IllegalArgumentException.class, () -> host.status("unknown"));
                go.countDown();
                assertTrue(host.awaitReady(LONG));
                assertInstanceOf(Readiness.Ready.class, host.readiness());
            }
        }
    }

    @Test
    void r2_oneFailureStopsNoOther() throws Exception { // R2
        try (FileEventStore store = create()) {
            addMany(store, 10, 1);
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, failingAt(3), Counting.trails())) {
                KeptState.until(() -> host.status("trails").readiness() instanceof Readiness.Ready);
                assertFalse(host.awaitReady(LONG));
                assertInstanceOf(Readiness.Failed.class, host.readiness());
                AppendResult last = add(store, "s0", 77);
                assertEquals(Applied.FAILED, host.awaitApplied(last, LONG));
                KeptState.until(
                        () -> host.stored("trails", "s0").orElseThrow().json().contains("77"));
            }
        }
    }

    @Test
    void r3_withoutProgressForTooLongItHasFailedUntilARebuild() throws Exception { // R3
        CountDownLatch go = new CountDownLatch(1);
        Projection<Total> totals = totals(1, added -> await(go));
        ProjectionOptions impatient = ProjectionOptions.defaults().patience(Duration.ofMillis(500));
        try (FileEventStore store = create()) {
            addMany(store, 10, 1);
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, impatient, List.of(totals))) {
                assertFalse(host.awaitReady(LONG));
                assertTrue(readiness(Readiness.Failed.class, host.status("totals"))
                        .reason()
                        .contains("no progress"));
                go.countDown();
                KeptState.until(() -> host.status("totals").lastError() != null);
                readiness(Readiness.Failed.class, host.status("totals"));
                host.rebuild("totals");
                KeptState.until(() -> host.status("totals").readiness() instanceof Readiness.Ready);
                assertEquals(10, count(host, totals, "s0"));
            }
        }
    }

    // --- requests

    @Test
    void r6_whatIsAskedElsewhereIsDoneByTheHostAtWork() throws Exception { // R6
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals);
                Projections asked = Projections.of(store)) {
            AppendResult first = add(store, "s0", 1);
            AppendResult second = add(store, "s0", 2);
            assertEquals(Applied.APPLIED, host.awaitApplied(second, LONG));
            assertTrue(host.awaitReady(LONG));
            KeptState.until(() ->
                    asked.status("totals").active() && asked.status("totals").readiness() instanceof Readiness.Ready);
            asked.pause("totals");
            assertEquals(Applied.PAUSED, host.awaitApplied(add(store, "s0", 3), LONG));
            assertTrue(asked.status("totals").paused());
            assertEquals(2, count(host, totals, "s0"));
            asked.resume("totals");
            KeptState.until(() -> count(host, totals, "s0") == 3);
            asked.skip("totals", new EventId(first.transaction(), 0));
            KeptState.until(() -> count(host, totals, "s0") == 2);
            assertTrue(host.view(totals, "s0").orElseThrow().differs());
            asked.rebuild("totals");
            KeptState.until(() -> KeptState.files(directory, "totals", "-2.db").size() == 1);
            assertTrue(host.awaitReady(LONG));
            assertEquals(2, count(host, totals, "s0"), "what was left out stays out");
            assertThrows(IllegalArgumentException.class, () -> asked.status("unknown"));
        }
    }

    @Test
    void r6_whatIsForgottenIsGoneUnlessSomebodyWorksOnIt() throws Exception {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                Projections outside = Projections.of(store)) {
            add(store, "s0", 1);
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
                assertTrue(host.awaitReady(LONG));
                assertFalse(outside.forget("totals"));
                assertEquals(1, count(host, totals, "s0"));
            }
            outside.pause("totals");
            assertTrue(outside.forget("totals"));
            assertEquals(List.of(), outside.names());
            assertThrows(IllegalArgumentException.class, () -> outside.forget("totals"));
            try (ProjectionHost host = still(store, totals)) {
                assertTrue(host.view(totals, "s0").isEmpty());
                host.catchUp();
                assertEquals(1, count(host, totals, "s0"), "it was not to pause any more");
            }
        }
    }

    @Test
    void r6_askingWhereOneStandsWaitsForNobody() throws Exception {
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                ProjectionHost host = still(store, totals);
                Projections outside = Projections.of(store);
                StoreLock lock = StoreLock.open(Local.layout(directory).lock())) {
            add(store, "s", 1);
            host.catchUp();
            add(store, "s", 2); // in the index, and not durable there: nobody has been told its place
            lock.acquire();
            try {
                CompletableFuture<List<ProjectionStatus>> asked =
                        CompletableFuture.supplyAsync(() -> List.of(host.status("totals"), outside.status("totals")));
                for (ProjectionStatus status : asked.get(2, TimeUnit.MINUTES)) {
                    assertEquals(1, status.lag());
                }
            } finally {
                lock.release();
            }
        }
    }

    @Test
    void r6_whatIsAskedWhileNoHostIsOpenIsDoneByTheNext() { // R6
        Projection<Total> totals = failingAt(2);
        try (FileEventStore store = create()) {
            add(store, "s0", 1);
            AppendResult bad = add(store, "s0", 2);
            try (ProjectionHost host = still(store, totals)) {
                assertThrows(StoreUnusableException.class, host::catchUp);
            }
            try (Projections asked = Projections.of(store)) {
                assertEquals(List.of("totals"), asked.names());
                asked.skip("totals", new EventId(bad.transaction(), 0));
                asked.pause("totals");
                assertFalse(asked.status("totals").active());
            }
            try (ProjectionHost host = still(store, totals)) {
                host.catchUp(); // and ends, although it is paused
                assertTrue(host.view(totals, "s0").isEmpty());
                host.resume("totals");
                host.catchUp();
                assertEquals(1, count(host, totals, "s0"));
                assertTrue(host.view(totals, "s0").orElseThrow().differs());
            }
        }
    }

    @Test
    void r6_aFirstBuildThatFailedIsSeenElsewhere() throws Exception { // R6
        try (FileEventStore store = create()) {
            addMany(store, 5, 1);
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, failingAt(3));
                    Projections seen = Projections.of(store)) {
                assertFalse(host.awaitReady(LONG));
                KeptState.until(() -> seen.status("totals").readiness() instanceof Readiness.Failed);
                ProjectionStatus status = seen.status("totals");
                assertTrue(status.active());
                assertFalse(status.served());
                assertNotNull(status.lastError());
            }
        }
    }

    @Test
    void s8_aNewVersionAtWorkIsSeenElsewhere() throws Exception { // S8
        CountDownLatch building = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FileEventStore store = create()) {
            addMany(store, 5, 1);
            try (ProjectionHost host = still(store, Counting.totals(1))) {
                host.catchUp();
            }
            Projection<Total> second = totals(2, added -> {
                building.countDown();
                await(go);
            });
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, second);
                    Projections seen = Projections.of(store)) {
                await(building);
                ProjectionStatus status = seen.status("totals");
                assertTrue(status.active());
                assertTrue(status.served());
                assertInstanceOf(Readiness.Rebuilding.class, status.readiness());
                go.countDown();
                assertTrue(host.awaitReady(LONG));
            }
        }
    }

    @Test
    void exclusionsOutliveAFailureAndARebuild() {
        Projection<Total> totals = failingAt(3);
        try (FileEventStore store = create();
                ProjectionHost host = still(store, totals)) {
            AppendResult first = add(store, "s0", 1);
            host.catchUp();
            host.skip("totals", new EventId(first.transaction(), 0));
            host.catchUp();
            AppendResult bad = add(store, "s0", 3);
            assertThrows(StoreUnusableException.class, host::catchUp);
            host.skip("totals", new EventId(bad.transaction(), 0));
            host.rebuild("totals");
            add(store, "s0", 4);
            host.catchUp();
            assertEquals(1, count(host, totals, "s0"));
            assertTrue(host.status("totals").differs());
            store.reindexFromScratch((done, total) -> {});
            add(store, "s0", 5);
            host.catchUp();
            assertEquals(2, count(host, totals, "s0"));
            assertTrue(host.status("totals").differs());
        }
    }

    // --- two hosts

    @Test
    void r10_catchUpWaitsForTheHostAtWork() throws Exception { // R10
        Projection<Total> totals = Counting.totals(1);
        try (FileEventStore store = create();
                ProjectionHost first = ProjectionHost.open(store, CODEC, totals)) {
            assertTrue(first.awaitReady(LONG));
            Projection<Total> same = Counting.totals(1);
            try (ProjectionHost second = still(store, same)) {
                addMany(store, 50, 1);
                second.catchUp();
                assertEquals(50, count(second, same, "s0"));
                assertEquals(0, second.status("totals").counts().events());
            }
        }
    }

    @Test
    void r10_catchUpSaysThatTheHostAtWorkDoesNotGetThere() throws Exception { // R10
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Projection<Total> totals = totals(1, added -> {
            begun.countDown();
            await(go);
        });
        try (FileEventStore store = create();
                ProjectionHost first = ProjectionHost.open(store, CODEC, totals)) {
            add(store, "s0", 1);
            await(begun);
            ProjectionOptions impatient = STILL.patience(Duration.ofMillis(200));
            try (ProjectionHost second = ProjectionHost.open(store, CODEC, impatient, List.of(Counting.totals(1)))) {
                StoreUnusableException refused = assertThrows(StoreUnusableException.class, second::catchUp);
                assertTrue(String.valueOf(refused.getMessage()).contains("totals"), refused.getMessage());
            }
            go.countDown();
            assertTrue(first.awaitReady(LONG));
        }
    }

    // --- waiting and listening

    @Test
    void e3_waitingEndsWithWhatBecameOfTheTransaction() throws Exception { // E3
        Projection<Total> totals = Projection.named("totals")
                .version(1)
                .perStream()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .filter(EventFilter.prefix("wanted"))
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
            assertEquals(Applied.APPLIED, host.awaitApplied(add(store, "other", 1), LONG), "filtered out");
            assertTrue(host.view(totals, "other").isEmpty());
            assertEquals(
                    Applied.UNKNOWN, host.awaitApplied(TransactionId.of("01a1f9a5-4265-7000-8000-000000000001"), LONG));
        }
        CountDownLatch go = new CountDownLatch(1);
        try (FileEventStore store = FileEventStore.open(directory);
                ProjectionHost host = ProjectionHost.open(store, CODEC, totals(7, added -> await(go)))) {
            assertEquals(Applied.TIMED_OUT, host.awaitApplied(add(store, "a", 1), Duration.ofMillis(50)));
            go.countDown();
        }
    }

    @Test
    void w1_listenersHearOfWhatIsCommitted() throws Exception { // W1
        Projection<Total> totals = Counting.totals(1);
        List<String> heard = new ArrayList<>();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, totals)) {
            host.catchUp();
            EventStore.Watch watch = host.onChange(
                    "totals",
                    keys -> keys.forEach(key -> heard.add(
                            key + host.view(totals, key).orElseThrow().state().count())));
            add(store, "a", 1);
            add(store, "b", 1);
            host.catchUp();
            heard.sort(null);
            assertEquals(List.of("a1", "b1"), heard);
            watch.close();
            add(store, "a", 1);
            host.catchUp();
            assertEquals(2, heard.size());
        }
    }

    @Test
    void aSingleRowIsListed() {
        Projection<Total> all = Projection.named("all")
                .version(1)
                .single()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, all)) {
            addMany(store, 7, 3);
            host.catchUp();
            List<Long> counts = new ArrayList<>();
            host.list(all, "").forEach(view -> counts.add(view.state().count()));
            assertEquals(List.of(7L), counts);
            assertEquals(1, host.stored("all", "", "", 10).size());
        }
    }

    @Test
    void listsGoOnBehindAPage() {
        Projection<Trail> byAmount = Counting.byAmount();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, byAmount)) {
            addMany(store, 1200, 1);
            host.catchUp();
            List<String> keys = new ArrayList<>();
            host.list(byAmount, "c1").forEach(view -> keys.add(view.key()));
            assertEquals(1 + 10 + 100 + 200, keys.size());
            assertEquals(keys.stream().sorted().toList(), keys);
            List<String> paged = new ArrayList<>();
            List<StoredView> page = host.stored("by-amount", "", "", 500);
            while (!page.isEmpty()) {
                page.forEach(row -> paged.add(row.key()));
                page = host.stored("by-amount", "", paged.get(paged.size() - 1), 500);
            }
            assertEquals(1200, paged.size());
        }
    }

    // --- undo

    /** Files that a merge took for now, and somebody needs: git has the one still, nobody has the other. */
    @Test
    void o7_aRefoldThatMeetsAMissingFileDuringAMergeWaits() throws Exception { // O7, P6
        GitClone git = GitClone.withStore(directory.resolve("git"), ".");
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = FileEventStore.open(git.root());
                ProjectionHost host = still(store, trails)) {
            Aside first = new Aside(KeptState.loose(git.root(), add(store, "a", 0)));
            Aside second = new Aside(KeptState.loose(git.root(), add(store, "a", 0)));
            Path committed = large(store, git.root());
            host.catchUp();
            git.commit("events");
            conflict(git);
            Path uncommitted = large(store, git.root());
            host.catchUp();
            String before = amounts(host, trails, "a");

            Files.delete(committed);
            first.back();
            host.catchUp();
            assertEquals(",0" + before, amounts(host, trails, "a"), "read from git's objects");

            Aside lost = new Aside(uncommitted);
            Path path = git.root().resolve("events").relativize(uncommitted);
            Files.delete(Local.of(git.root()).resolve("uncommitted").resolve(path));
            second.back();
            StoreUnusableException waits = assertThrows(StoreUnusableException.class, host::catchUp);
            assertTrue(waits.where().contains("git is in the middle"), waits.where());
            readiness(Readiness.Waiting.class, host.status("trails"));
            assertEquals(",0" + before, amounts(host, trails, "a"), "what is complete is served");
            lost.back();
            host.catchUp();
            assertEquals(",0,0" + before, amounts(host, trails, "a"), "begun again, while the merge goes on");
            git.git("merge", "--abort");
            git.git("checkout", "--", "events");
            host.catchUp();
            assertEquals(",0,0" + before, amounts(host, trails, "a"));
            assertEquals(KeptState.trails(store).get("a"), amounts(host, trails, "a"));
        }
    }

    /** A transaction of more bytes than an index holds itself: whoever folds it reads its file. */
    private static Path large(FileEventStore store, Path root) {
        NewEvent[] many = Stream.generate(() -> Counting.added(1)).limit(2_000).toArray(NewEvent[]::new);
        return KeptState.loose(root, store.append(StreamId.of("a"), ExpectedVersion.any(), many));
    }

    /** A file that is taken away, and may be brought back. */
    private final class Aside {
        private final Path file;
        private final Path now;

        Aside(Path file) throws IOException {
            this.file = file;
            this.now = Files.move(file, directory.resolve("aside " + file.getFileName()));
        }

        void back() throws IOException {
            Files.move(now, file);
        }
    }

    /** A merge that git begins and can't end. */
    private static void conflict(GitClone git) throws IOException {
        Path notes = git.root().resolve("notes.txt");
        git.git("checkout", "-q", "-b", "other");
        Files.writeString(notes, "theirs");
        git.commit("theirs");
        git.git("checkout", "-q", "main");
        Files.writeString(notes, "ours");
        git.commit("ours");
        assertTrue(git.tryGit("merge", "other").exit() != 0);
    }

    @Test
    void u1_u2_aBranchSwitchFoldsOnlyTheRowsItTouches() { // U1, U2
        GitClone git = GitClone.withStore(directory.resolve("git"), ".");
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = FileEventStore.open(git.root());
                ProjectionHost host = still(store, trails)) {
            addMany(store, 1000, 100);
            git.commit("many");
            git.git("checkout", "-q", "-b", "more");
            add(store, "s1", 1);
            add(store, "s2", 2);
            add(store, "new", 3);
            git.commit("more");
            host.catchUp();
            String with = host.stored("trails", "s1").orElseThrow().json();
            long given = host.status("trails").counts().events();
            for (int round = 1; round <= 2; round++) {
                git.git("checkout", "-q", "main");
                host.catchUp();
                assertTrue(host.view(trails, "new").isEmpty());
                assertEquals(KeptState.trails(store).get("s1"), amounts(host, trails, "s1"));
                git.git("checkout", "-q", "more");
                host.catchUp();
                assertEquals(with, host.stored("trails", "s1").orElseThrow().json());
            }
            long again = host.status("trails").counts().events() - given;
            assertTrue(again <= 2 * (2 * 12 + 3 * 12), "two rows of ten events, there and back twice: " + again);
            assertEquals(KeptState.trails(store).size(), 101);
        }
    }

    private static String amounts(ProjectionHost host, Projection<Trail> trails, String key) {
        return host.view(trails, key).orElseThrow().state().amounts();
    }

    // --- figures

    /** Brings a transaction in that comes canonically before others, as a merge does. */
    private void late(FileEventStore store, String stream, Runnable before) throws IOException {
        Aside late = new Aside(KeptState.loose(directory, add(store, stream, 0)));
        store.refresh();
        before.run();
        late.back();
    }

    @Test
    void r8_whatWasDoneIsCounted() throws Exception { // R8
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            late(store, "s0", () -> {
                addMany(store, 30, 2);
                host.catchUp();
            });
            ProjectionStatus before = host.status("trails");
            assertEquals(30, before.counts().events());
            assertEquals(0, before.counts().refolded());
            store.refresh();
            assertEquals(1, host.status("trails").lag());
            host.catchUp();
            ProjectionStatus after = host.status("trails");
            assertEquals(0, after.lag());
            assertEquals(1, after.counts().refolded(), "a row");
            assertEquals(30 + 16, after.counts().events(), "its events were given again");
            assertEquals(before.counts().writes() + 1, after.counts().writes());
            assertEquals(0, after.counts().queued());
            assertEquals(0, after.counts().stalledNanos(), "nobody waited for a writer");
            assertTrue(after.counts().workedNanos() > before.counts().workedNanos());
            assertTrue(after.counts().perSecond() > 0);
        }
    }

    @Test
    void w6_countersChangeOnlyAfterTheCommit() throws Exception { // W6
        Projection<Trail> trails = Counting.trails();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            add(store, "a", 1);
            host.catchUp();
            ProjectionStatus.Counts before = host.status("trails").counts();
            Path database = KeptState.database(directory, "trails", ".current");
            KeptState.refuse(database, "UPDATE OF write ON evstore_meta");
            add(store, "a", 2);
            assertThrows(StoreUnusableException.class, host::catchUp);
            ProjectionStatus.Counts failed = host.status("trails").counts();
            assertEquals(before.events(), failed.events());
            assertEquals(before.writes(), failed.writes());
            KeptState.allow(database);
            host.retry("trails");
            host.catchUp();
            ProjectionStatus.Counts after = host.status("trails").counts();
            assertEquals(before.events() + 1, after.events());
            assertEquals(before.writes() + 1, after.writes());
        }
    }

    @Test
    void w6_whatTheStoreIsAtIsWrittenWithTheCursorAndNeverWithoutNeed() throws Exception { // W6, S3
        Projection<Total> totals = Projection.named("totals")
                .version(1)
                .perStream()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .filter(EventFilter.prefix("wanted"))
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, totals)) {
            add(store, "wanted", 1);
            host.catchUp();
            add(store, "other", 1);
            host.catchUp();
            View<Total> view = host.view(totals, "wanted").orElseThrow();
            assertEquals(store.feedEnd(), view.position(), "also past what is filtered out");
            assertEquals(store.digest(), view.digest());
            Path database = KeptState.database(directory, "totals", ".current");
            KeptState.refuse(database, "UPDATE OF write ON evstore_meta");
            host.catchUp(); // nothing is new: nothing is written
            assertInstanceOf(Readiness.Ready.class, host.readiness());
        }
    }

    @Test
    void w3_aLargeRefoldAloneDoesNotWaitForItself() throws Exception { // W3
        Projection<Trail> trails = Counting.trails();
        ProjectionOptions narrow =
                ProjectionOptions.defaults().page(10).changes(1).bytes(1);
        try (FileEventStore store = create();
                ProjectionHost host = ProjectionHost.open(store, CODEC, narrow, List.of(trails))) {
            late(store, "s0", () -> {
                addMany(store, 700, 1);
                host.catchUp();
            });
            AppendResult last = add(store, "s0", 1);
            assertEquals(Applied.APPLIED, host.awaitApplied(last, LONG));
            host.catchUp();
            assertEquals(KeptState.trails(store).get("s0"), amounts(host, trails, "s0"));
        }
    }

    @Test
    void r4_whatABuildSkippedStopsNoLaterFold() throws Exception { // R4
        Projection<Trail> trails = Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Added.class, (trail, added) -> {
                    if (added.cents() == 2) {
                        throw new IllegalStateException("never");
                    }
                    return trail.plus(added);
                })
                .onError(ErrorPolicy.STOP, ErrorPolicy.SKIP)
                .build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            late(store, "a", () -> {
                add(store, "a", 1);
                add(store, "a", 2);
                add(store, "a", 3);
                host.catchUp();
                assertEquals(",1,3", amounts(host, trails, "a"));
            });
            host.catchUp();
            assertEquals(",0,1,3", amounts(host, trails, "a"));
            assertEquals(1, host.status("trails").counts().skipped());
            add(store, "a", 2);
            assertThrows(StoreUnusableException.class, host::catchUp, "what is new stops it");
        }
    }

    private static ProjectionBuilder<Trail> parking(AtomicBoolean refused) {
        return Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Added.class, (trail, added) -> {
                    if (added.cents() == 2 && refused.get()) {
                        throw new IllegalStateException("the rate is not known yet");
                    }
                    return trail.plus(added);
                })
                .onError(ErrorPolicy.PARK);
    }

    @Test
    void r4_parkedEventsAreListedAndTriedAgain() { // R4
        AtomicBoolean refused = new AtomicBoolean(true);
        Projection<Trail> trails = parking(refused).build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            add(store, "a", 1);
            add(store, "a", 2);
            add(store, "a", 3);
            host.catchUp();
            assertEquals(1, host.status("trails").counts().parked());
            assertEquals(",1,3", amounts(host, trails, "a"));
            refused.set(false);
            host.retry("trails");
            host.catchUp();
            assertEquals(",1,2,3", amounts(host, trails, "a"));
            assertEquals(0, host.status("trails").counts().parked());
        }
    }

    @Test
    void r4_t38_aPageOfParkedEventsIsNotAllOfThem() { // R4, T38
        AtomicBoolean refused = new AtomicBoolean(true);
        Projection<Trail> trails = parking(refused).build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            store.appendAll(IntStream.range(0, 1_000)
                    .mapToObj(n -> Append.to(StreamId.of("s" + n % 100), ExpectedVersion.any(), Counting.added(2)))
                    .toList());
            add(store, "last", 2);
            host.catchUp();
            assertEquals(1_001, host.status("trails").counts().parked());
            refused.set(false);
            host.retry("trails");
            host.catchUp();
            assertEquals(0, host.status("trails").counts().parked());
            assertEquals(",2", amounts(host, trails, "last"));
        }
    }

    @Test
    void r4_exclusionsOutliveARetryOfAViewInOrderOfArrival() { // R4
        AtomicBoolean refused = new AtomicBoolean(true);
        Projection<Trail> trails = parking(refused).order(Order.ARRIVAL).build();
        try (FileEventStore store = create();
                ProjectionHost host = still(store, trails)) {
            AppendResult first = add(store, "a", 1);
            add(store, "a", 2);
            add(store, "a", 3);
            host.catchUp();
            host.skip("trails", new EventId(first.transaction(), 0));
            host.catchUp();
            assertEquals(",3", amounts(host, trails, "a"));
            refused.set(false);
            host.retry("trails");
            host.catchUp();
            assertEquals(",2,3", amounts(host, trails, "a"));
            assertTrue(host.status("trails").differs());
        }
    }
}
