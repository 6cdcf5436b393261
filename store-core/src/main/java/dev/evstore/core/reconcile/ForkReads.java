package dev.evstore.core.reconcile;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link ForkContext} gets its events: a store, or a test. Every answer may be of another moment; what was there
 * and is gone throws {@link ForkMovedException}.
 */
public interface ForkReads {

    /** The most that one call gives. */
    int PAGE = 500;

    /** Who wrote a transaction; null for a merge. */
    @Nullable
    Origin origin(TransactionId transaction);

    /** The heads that a transaction names as superseded in a stream, ascending. */
    List<TransactionId> supersedes(TransactionId transaction, StreamId stream);

    /**
     * Events by their ids.
     *
     * @param ids one or more
     * @return the first of them, in that order: at least one, fewer than asked for where they are large
     */
    List<StoredEvent> events(List<EventId> ids);

    /**
     * A stretch of a stream in canonical order.
     *
     * @param from the version of the first event wanted, from 1
     * @param limit the most wanted, 1..{@link #PAGE}
     * @return empty if the stream ends before; else at least one, two where two are wanted and there
     */
    List<Placed> stream(StreamId stream, long from, int limit);

    /**
     * @param event as it stands in its stream
     * @param free whether it was appended freely
     */
    record Placed(StoredEvent event, boolean free) {}
}
