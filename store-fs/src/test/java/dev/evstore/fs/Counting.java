package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import java.util.List;
import java.util.stream.IntStream;

/** Projections to try hosts with: sums, and texts in which every change of order shows. */
final class Counting {

    private Counting() {}

    record Added(long cents) {}

    record Total(long cents, long count) {
        static Total none() {
            return new Total(0, 0);
        }

        Total plus(Added added) {
            return new Total(cents + added.cents(), count + 1);
        }
    }

    /** The amounts one after the other. */
    record Trail(String amounts) {
        Trail plus(Added added) {
            return new Trail(amounts + "," + added.cents());
        }
    }

    static final EventCodec<Added> CODEC = EventCodec.of(Added.class, new JacksonPayloads())
            .type("Added", Added.class)
            .build();

    static Projection<Total> totals(int version) {
        return Projection.named("totals")
                .version(version)
                .perStream()
                .initially(Total::none)
                .on(Added.class, Total::plus)
                .build();
    }

    static Projection<Trail> trails() {
        return trails(ErrorPolicy.STOP).build();
    }

    static ProjectionBuilder<Trail> trails(ErrorPolicy policy) {
        return Projection.named("trails")
                .version(1)
                .perStream()
                .initially(() -> new Trail(""))
                .on(Added.class, Trail::plus)
                .onError(policy);
    }

    /** Of each amount one row, with the streams it was added to. */
    static Projection<Trail> byAmount() {
        return Projection.named("by-amount")
                .version(1)
                .keyedBy(event -> "c" + ((Added) event.value()).cents())
                .initially(() -> new Trail(""))
                .on(Added.class, (trail, added, event) -> new Trail(trail.amounts() + "," + event.stream()))
                .build();
    }

    static NewEvent added(long cents) {
        return CODEC.encode(new Added(cents));
    }

    static AppendResult add(FileEventStore store, String stream, long cents) {
        return store.append(StreamId.of(stream), ExpectedVersion.any(), added(cents));
    }

    /** So many events, one after the other over a few streams. */
    static void addMany(FileEventStore store, int events, int streams) {
        List<Append> appends = IntStream.range(0, events)
                .mapToObj(n -> Append.to(StreamId.of("s" + n % streams), ExpectedVersion.any(), added(n)))
                .toList();
        if (store.appendAll(appends).results().size() != events) {
            throw new AssertionError("not all were appended");
        }
    }
}
