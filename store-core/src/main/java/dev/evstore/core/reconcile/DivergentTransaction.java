package dev.evstore.core.reconcile;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A transaction that some but not all heads of a forked stream reach (rule F5), as far as that stream goes. */
public final class DivergentTransaction {

    private final StreamId stream;
    private final Fork.Divergent divergent;
    private final long before;
    private final ForkReads reads;

    /**
     * @param before the version of the fork's event before its first
     */
    DivergentTransaction(StreamId stream, Fork.Divergent divergent, long before, ForkReads reads) {
        this.stream = stream;
        this.divergent = divergent;
        this.before = before;
        this.reads = reads;
    }

    public TransactionId id() {
        return divergent.transaction();
    }

    /** Who wrote it and when, by its own word; null for a merge, which belongs to no writer. */
    public @Nullable Origin origin() {
        return reads.origin(id());
    }

    /** Whether it is the resolution of an earlier fork. */
    public boolean isMerge() {
        return id().isMerge();
    }

    /** The heads it superseded in the stream, ascending: of a merge what it resolved, else one or none. */
    public List<TransactionId> supersedes() {
        return reads.supersedes(id(), stream);
    }

    /** The heads that reach it: at least one, not all. */
    public SortedSet<TransactionId> reachedBy() {
        return divergent.reachedBy();
    }

    /** How many events it has in the stream; none is possible for a merge. */
    public int size() {
        return divergent.events().size();
    }

    /** Its events in the stream, in order. */
    public Iterable<StoredEvent> events() {
        return () -> new EventWalk(List.of(this), reads);
    }

    Fork.Divergent divergent() {
        return divergent;
    }

    long before() {
        return before;
    }
}
