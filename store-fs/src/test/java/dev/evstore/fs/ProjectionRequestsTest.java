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

import dev.evstore.core.AppendResult;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.disk.StoreLock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of projections, here and elsewhere, and who does it, rule by rule. */
@Timeout(300)
class ProjectionRequestsTest extends HostFixture {

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
}
