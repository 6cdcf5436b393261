package dev.evstore.fs;

import static dev.evstore.fs.Counting.CODEC;
import static dev.evstore.fs.Counting.add;
import static dev.evstore.fs.Counting.addMany;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.AppendResult;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.View;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Total;
import dev.evstore.fs.Counting.Trail;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted, and what is written only then, rule by rule. */
@Timeout(300)
class ProjectionFiguresTest extends HostFixture {

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
}
