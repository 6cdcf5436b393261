package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine's rows are kept. What an engine has given away to be written is seen by these reads: they wait for it
 * where they have to (rule U4). Used by one thread.
 */
public interface RowStore {

    /** A row, or null. */
    @Nullable
    StoredRow row(String key);

    /** The newest image of a row that is of at most {@code upTo} events and before {@code before}, or null. */
    @Nullable
    RowImage image(String key, long upTo, EventId before);

    /** A row's members in canonical order, those behind {@code after}, or all if that is null. */
    List<EventId> members(String key, @Nullable EventId after, int limit);

    /** The members that are events of a transaction. */
    List<Member> membersOf(TransactionId transaction);

    /** What is listed of an event that failed in a row, or null; under the empty key, too, of one whose rows can't be told. */
    @Nullable
    Failure failure(String key, EventId event);

    /** A result that is kept, or null. */
    @Nullable
    Memo memo(String effect, int version, String key);

    /**
     * Writes a part of what will be one transaction, when there is too much to hold in memory. Nobody else sees it until
     * the rest is written.
     */
    void writePart(Batch part);
}
