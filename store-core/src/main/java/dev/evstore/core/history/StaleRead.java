package dev.evstore.core.history;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;

/**
 * A decision that rests on an outdated look at a stream it only read (rule F6). It says that somebody may want to look
 * at the decision again; it blocks nothing and forks nothing. Immutable.
 *
 * @param transaction who decided
 * @param stream what it read
 * @param seen the heads it saw, ascending
 * @param were the heads of the stream over all visible transactions with smaller ids, ascending
 */
public record StaleRead(
        TransactionId transaction, StreamId stream, List<TransactionId> seen, List<TransactionId> were) {

    public StaleRead {
        seen = List.copyOf(seen);
        were = List.copyOf(were);
    }
}
