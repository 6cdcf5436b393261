package dev.evstore.fs;

import static dev.evstore.fs.Counting.add;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Order;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.fs.Counting.Added;
import dev.evstore.fs.Counting.Trail;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of events that fail, rule by rule. */
@Timeout(300)
class ProjectionFailuresTest extends HostFixture {

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
