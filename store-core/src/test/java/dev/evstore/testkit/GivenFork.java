package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.evstore.core.Append;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A fork to try a resolver on: {@code GivenFork.after("a", e1).branch("a", e2).branch("a", e3).when(resolver)
 * .thenResolves(Resolution.resolve(a, e4))}. Each branch is a replica of its own, later by the clock than the one before;
 * what stands before the first branch is the ancestor.
 */
public final class GivenFork implements AutoCloseable {

    /** The most branches there can be. */
    public static final int BRANCHES = 8;

    private final Replicas replicas = Replicas.inMemory(BRANCHES);
    private int branch = -1;

    private GivenFork() {}

    /** Nothing in common. */
    public static GivenFork withoutAncestor() {
        return new GivenFork();
    }

    /** These events are there before anybody parts. */
    public static GivenFork after(String stream, NewEvent... events) {
        return new GivenFork().and(stream, events);
    }

    /** The next branch begins, with these events in one transaction. */
    public GivenFork branch(String stream, NewEvent... events) {
        if (branch < 0) {
            replicas.syncAll();
        }
        branch++;
        replicas.clock().move(Duration.ofMinutes(1));
        return and(stream, events);
    }

    /** The same branch, or what stands before all, goes on with another transaction. */
    public GivenFork and(String stream, NewEvent... events) {
        return write(Append.to(StreamId.of(stream), ExpectedVersion.current(), events));
    }

    /** The same branch goes on with this, which may be over several streams. */
    public GivenFork write(Append append) {
        replicas.replica(Math.max(branch, 0)).append(append);
        return this;
    }

    /** The branches meet, and the resolver is asked: about one unit, or the test fails. */
    public Then when(Resolver resolver) {
        replicas.syncAll();
        AtomicReference<@Nullable Resolution> said = new AtomicReference<>();
        ReconcileReport report = store().reconcile(
                        fork -> {
                            assertEquals(null, said.get(), "there is more than one unit");
                            Resolution resolution = resolver.resolve(fork);
                            said.set(resolution);
                            return resolution;
                        },
                        ReconcileOptions.all());
        return new Then(report, said.get(), store());
    }

    private EventStore store() {
        return replicas.replica(0);
    }

    @Override
    public void close() {
        replicas.close();
    }

    /**
     * What came of it.
     *
     * @param said what the resolver said; null if it threw
     * @param store where it happened
     */
    public record Then(ReconcileReport report, @Nullable Resolution said, EventStore store) {

        /** It said so, and that became the merge transaction. */
        public Then thenResolves(Resolution.Resolve expected) {
            assertEquals(expected, said);
            assertEquals(List.of(), report.unresolved());
            assertEquals(List.of(), store.forks());
            return this;
        }

        /** The fork ended without an event. */
        public Then thenAcceptsTheOrder() {
            return thenResolves(Resolution.canonicalOrder());
        }

        /** The fork stays, for this reason. */
        public Then thenLeaves(String reason) {
            assertEquals(1, report.unresolved().size(), report::toString);
            assertEquals(reason, report.unresolved().get(0).reason());
            return this;
        }

        /** The stream's events in canonical order, resolution included, in words: type and data. */
        public Then thenTheStreamReads(String stream, String... typesAndData) {
            assertEquals(
                    List.of(typesAndData),
                    store.read(StreamId.of(stream)).events().stream()
                            .map(Then::inWords)
                            .toList());
            return this;
        }

        private static String inWords(StoredEvent event) {
            return event.type() + (event instanceof RecordedEvent recorded ? " " + recorded.data() : "");
        }
    }
}
