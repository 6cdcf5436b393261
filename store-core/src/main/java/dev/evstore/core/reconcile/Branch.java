package dev.evstore.core.reconcile;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.function.BiFunction;

/** What one head of a forked stream has done since the ancestor. */
public final class Branch {

    private final TransactionId head;
    private final List<DivergentTransaction> transactions;
    private final ForkReads reads;

    Branch(TransactionId head, List<DivergentTransaction> transactions, ForkReads reads) {
        this.head = head;
        this.transactions = transactions;
        this.reads = reads;
    }

    /** The head as a transaction: who wrote it and when; of a merge what it resolved. */
    public DivergentTransaction head() {
        return transactions.stream()
                .filter(one -> one.id().equals(head))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the head " + head + " is not on its own branch"));
    }

    /** All of the branch's transactions, in canonical order, the head among them; other branches may have some, too. */
    public List<DivergentTransaction> transactions() {
        return transactions;
    }

    /** The branch's events in canonical order; read in pages, each time anew. */
    public Iterable<StoredEvent> events() {
        return () -> new EventWalk(transactions, reads);
    }

    /**
     * The state as this branch sees it.
     *
     * @param ancestor the state that all branches started from
     * @param apply gives the state after one more event
     */
    public <S> S fold(S ancestor, BiFunction<? super S, ? super StoredEvent, ? extends S> apply) {
        S state = ancestor;
        for (StoredEvent event : events()) {
            state = apply.apply(state, event);
        }
        return state;
    }
}
