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
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.fs.Counting.Total;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a host starts from, keeps, and says of it, rule by rule. */
@Timeout(300)
class ProjectionStateTest extends HostFixture {

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
}
