package dev.evstore.core.history;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A stream with more than one head, shown whole (rules F2 and F4). Immutable.
 *
 * @param stream the forked stream
 * @param ancestorVersion how many events every head reaches
 * @param heads the heads, ascending: two or more
 * @param divergent the transactions that some but not all heads reach, in canonical order (rule F5)
 */
public record Fork(StreamId stream, long ancestorVersion, List<TransactionId> heads, List<Divergent> divergent) {

    public Fork {
        heads = List.copyOf(heads);
        divergent = List.copyOf(divergent);
    }

    /**
     * A transaction on some branches of a fork.
     *
     * @param transaction which
     * @param reachedBy the heads that reach it: at least one, not all
     * @param events its events of the stream, in order; none is possible for a merge
     */
    public record Divergent(TransactionId transaction, SortedSet<TransactionId> reachedBy, List<EventId> events) {
        public Divergent {
            reachedBy = Collections.unmodifiableSortedSet(new TreeSet<>(reachedBy));
            events = List.copyOf(events);
        }
    }

    /** The divergent transactions that {@code head} reaches, in canonical order: its branch. */
    public List<Divergent> branch(TransactionId head) {
        return divergent.stream().filter(d -> d.reachedBy().contains(head)).toList();
    }
}
