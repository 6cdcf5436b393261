package dev.evstore.core.reconcile;

import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.StreamId;
import java.util.List;

/**
 * A fork as a resolver sees it: one unit, so one or more streams that have to be resolved together (rule F5), whole
 * (rule F4). It shows nothing that only this replica knows, neither positions nor what came late (rule M2): the same
 * heads give the same context everywhere. Two things may differ until replicas have exchanged all they have: which free
 * events are there, and what has been redacted.
 *
 * <p>Events are read when they are asked for, in pages, and not kept; ids of what is divergent are in memory. For the
 * thread of the resolver.
 */
public final class ForkContext {

    private final List<ForkedStream> streams;

    private ForkContext(List<ForkedStream> streams) {
        this.streams = streams;
    }

    /**
     * @param unit the forks
     * @param reads where their events are
     */
    public static ForkContext of(ForkUnit unit, ForkReads reads) {
        return new ForkContext(
                unit.forks().stream().map(fork -> new ForkedStream(fork, reads)).toList());
    }

    /** The unit's streams, ascending: one or more. */
    public List<ForkedStream> streams() {
        return streams;
    }

    /**
     * One of the unit's streams.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public ForkedStream stream(StreamId id) {
        return streams.stream()
                .filter(stream -> stream.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("stream " + id + " is not part of this fork"));
    }
}
