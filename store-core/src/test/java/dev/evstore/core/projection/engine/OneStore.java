package dev.evstore.core.projection.engine;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.projection.ErrorPolicy;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionBuilder;
import dev.evstore.core.projection.ProjectionStart;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import dev.evstore.testkit.ProjectionRun;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store, and short ways to say what comes to it and what a projection makes of that. */
final class OneStore implements AutoCloseable {

    static final EngineLimits LIMITS = new EngineLimits(100, 100, 1L << 20);

    final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(3));
    final RestlessStore restless = new RestlessStore(store, 10_000);

    /** A transaction of that time, all in stream a. */
    static Transaction at(long millis, NewEvent... events) {
        return in("a", millis, events);
    }

    static Transaction in(String stream, long millis, NewEvent... events) {
        Foreign foreign = Foreign.at(millis).free(stream);
        for (NewEvent event : events) {
            foreign.event(stream, event);
        }
        return foreign.build();
    }

    static EventId id(Transaction transaction, int ordinal) {
        return new EventId(transaction.header().id(), ordinal);
    }

    void arrive(Transaction... transactions) {
        store.ingest(List.of(transactions));
    }

    void retract(Transaction... transactions) {
        store.retract(Arrays.stream(transactions).map(one -> one.header().id()).toList());
    }

    void append(NewEvent... events) {
        store.append(StreamId.of("a"), ExpectedVersion.any(), events);
    }

    static Projection<String> chain(UnaryOperator<ProjectionStart> rows, ErrorPolicy policy) {
        return builder(rows).onError(policy).build();
    }

    static ProjectionBuilder<String> builder(UnaryOperator<ProjectionStart> rows) {
        return rows.apply(Projection.named("chain").version(1))
                .initially(() -> Did.NOTHING)
                .on(Did.class, (state, did) -> did.fold(state));
    }

    static ProjectionStart byKeys(ProjectionStart start) {
        return start.keyedByEach(event -> ((Did) event.value()).toKeys());
    }

    /** A projection of the single row, that stops where something fails. */
    ProjectionRun<String> single() {
        return run(chain(ProjectionStart::single, ErrorPolicy.STOP));
    }

    ProjectionRun<String> keyed() {
        return run(chain(OneStore::byKeys, ErrorPolicy.STOP));
    }

    <S> ProjectionRun<S> run(Projection<S> projection) {
        return run(projection, LIMITS);
    }

    <S> ProjectionRun<S> run(Projection<S> projection, EngineLimits limits) {
        return new ProjectionRun<>(projection, restless.asStore(), Did.CODEC, limits);
    }

    /** The row's state after catching up, or null for no row. */
    static @Nullable String view(ProjectionRun<?> run, String key) {
        run.catchUp();
        String json = run.rows().committed().views().get(key);
        return json == null ? null : json.substring(1, json.length() - 1);
    }

    static @Nullable String view(ProjectionRun<?> run) {
        return view(run, "");
    }

    @Override
    public void close() {
        store.close();
    }
}
