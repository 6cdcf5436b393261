package dev.evstore.core.reconcile;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A forked stream, whole (rule F4): what all its heads have in common, and what each of them did since.
 *
 * <p>The versions of its events are those of the fork, not of the stream, where free events could move them: ancestor
 * events count from 1, divergent ones go on from there in canonical order, whatever branch they are on.
 */
public final class ForkedStream {

    private final Fork fork;
    private final ForkReads reads;
    private final List<DivergentTransaction> divergent;

    ForkedStream(Fork fork, ForkReads reads) {
        this.fork = fork;
        this.reads = reads;
        List<DivergentTransaction> all = new ArrayList<>();
        long version = fork.ancestorVersion();
        for (Fork.Divergent one : fork.divergent()) {
            all.add(new DivergentTransaction(fork.stream(), one, version, reads));
            version += one.events().size();
        }
        this.divergent = List.copyOf(all);
    }

    public StreamId id() {
        return fork.stream();
    }

    /** How many events all heads reach. */
    public long ancestorVersion() {
        return fork.ancestorVersion();
    }

    /** The heads, ascending: two or more. */
    public List<TransactionId> heads() {
        return fork.heads();
    }

    /** The events that all heads reach, in canonical order; read in pages, each time anew. */
    public Iterable<StoredEvent> ancestor() {
        Set<TransactionId> apart = new HashSet<>();
        fork.divergent().forEach(one -> apart.add(one.transaction()));
        return () -> new StreamWalk(
                reads,
                fork.stream(),
                placed -> !placed.free() && !apart.contains(placed.event().id().transaction()),
                fork.ancestorVersion());
    }

    /**
     * The state that the branches started from.
     *
     * @param initial the state of an empty stream
     * @param apply gives the state after one more event
     */
    public <S> S foldAncestor(S initial, BiFunction<? super S, ? super StoredEvent, ? extends S> apply) {
        S state = initial;
        for (StoredEvent event : ancestor()) {
            state = apply.apply(state, event);
        }
        return state;
    }

    /** Every transaction that some but not all heads reach, once each, in canonical order. */
    public List<DivergentTransaction> divergent() {
        return divergent;
    }

    /** Those of them that more than one head reaches: they are on several branches, and happened once. */
    public List<DivergentTransaction> shared() {
        return divergent.stream().filter(one -> one.reachedBy().size() > 1).toList();
    }

    /** What each head did since the ancestor, ascending by head. */
    public List<Branch> branches() {
        return heads().stream()
                .map(head -> new Branch(
                        head,
                        divergent.stream()
                                .filter(one -> one.reachedBy().contains(head))
                                .toList(),
                        reads))
                .toList();
    }

    /**
     * The events that were appended freely, wherever in the stream, in canonical order; no head reaches them. Their
     * versions count them alone. Reads the whole stream, in pages.
     */
    public Iterable<StoredEvent> free() {
        return () -> new StreamWalk(reads, fork.stream(), ForkReads.Placed::free, Long.MAX_VALUE);
    }
}
