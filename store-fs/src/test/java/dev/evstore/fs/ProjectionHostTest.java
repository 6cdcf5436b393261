package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.Applied;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.Readiness;
import dev.evstore.core.projection.View;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionHostTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    record Added(long cents) {}

    record Total(long cents, long count) {
        static Total none() {
            return new Total(0, 0);
        }

        Total plus(Added added) {
            return new Total(cents + added.cents(), count + 1);
        }
    }

    static final EventCodec<Added> CODEC = EventCodec.of(Added.class, new JacksonPayloads())
            .type("Added", Added.class)
            .build();

    static Projection<Total> totals() {
        return Projection.named("totals")
                .version(1)
                .perStream()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .build();
    }

    private static AppendResult add(FileEventStore store, String stream, long cents) {
        return store.append(StreamId.of(stream), ExpectedVersion.any(), added(cents));
    }

    private static NewEvent added(long cents) {
        return NewEvent.of("Added", "{\"cents\":" + cents + "}");
    }

    @Test
    void followsTheStore() throws Exception {
        try (FileEventStore store = FileEventStore.create(directory)) {
            add(store, "a", 1);
            Projection<Total> totals = totals();
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
                assertTrue(host.awaitReady(LONG));
                assertEquals(
                        new Total(1, 1), host.view(totals, "a").orElseThrow().state());
                AppendResult more = add(store, "a", 2);
                assertEquals(Applied.APPLIED, host.awaitApplied(more, LONG));
                View<Total> view = host.view(totals, "a").orElseThrow();
                assertEquals(new Total(3, 2), view.state());
                assertEquals(store.digest(), view.digest());
            }
        }
    }

    @Test
    void goesOnWhereItWas() throws Exception {
        try (FileEventStore store = FileEventStore.create(directory)) {
            store.appendAll(IntStream.range(0, 2500)
                    .mapToObj(n -> Append.to(StreamId.of("s" + n % 7), ExpectedVersion.any(), added(n)))
                    .toList());
            Projection<Total> totals = totals();
            try (ProjectionHost host = ProjectionHost.open(
                    store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(totals))) {
                host.catchUp();
                assertEquals(new Readiness.Ready(), host.status("totals").readiness());
                assertEquals(358, host.view(totals, "s0").orElseThrow().state().count());
            }
            add(store, "s0", 5);
            try (ProjectionHost host = ProjectionHost.open(
                    store, CODEC, ProjectionOptions.defaults().withoutThreads(), List.of(totals))) {
                assertEquals(358, host.view(totals, "s0").orElseThrow().state().count());
                host.catchUp();
                assertEquals(359, host.view(totals, "s0").orElseThrow().state().count());
                assertTrue(
                        host.status("totals").counts().events() <= 1 + 16 * 400,
                        host.status("totals").toString());
            }
        }
    }

    @Test
    void aRebuildServesTheOldStateMeanwhile() throws Exception {
        try (FileEventStore store = FileEventStore.create(directory)) {
            add(store, "a", 1);
            Projection<Total> totals = totals();
            try (ProjectionHost host = ProjectionHost.open(store, CODEC, totals)) {
                assertTrue(host.awaitReady(LONG));
                host.rebuild("totals");
                AppendResult more = add(store, "a", 2);
                assertEquals(Applied.APPLIED, host.awaitApplied(more, LONG));
                assertEquals(
                        new Total(3, 2), host.view(totals, "a").orElseThrow().state());
                host.pause("totals");
                AppendResult third = add(store, "b", 2);
                assertEquals(Applied.PAUSED, host.awaitApplied(third, LONG));
                host.resume("totals");
                assertEquals(Applied.APPLIED, host.awaitApplied(third, LONG));
            }
        }
    }
}
