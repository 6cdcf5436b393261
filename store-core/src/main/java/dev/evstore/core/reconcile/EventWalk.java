package dev.evstore.core.reconcile;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Reads the events of some transactions in pages, with their versions in the fork. */
final class EventWalk implements Iterator<StoredEvent> {

    private final List<DivergentTransaction> transactions;
    private final ForkReads reads;
    private final Deque<StoredEvent> page = new ArrayDeque<>();
    private int transaction;
    private int event;

    EventWalk(List<DivergentTransaction> transactions, ForkReads reads) {
        this.transactions = transactions;
        this.reads = reads;
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && transaction < transactions.size()) {
            read();
        }
        return !page.isEmpty();
    }

    private void read() {
        List<EventId> wanted = new ArrayList<>();
        int from = event;
        for (int t = transaction; t < transactions.size() && wanted.size() < ForkReads.PAGE; t++, from = 0) {
            List<EventId> ids = transactions.get(t).divergent().events();
            wanted.addAll(ids.subList(from, Math.min(ids.size(), from + ForkReads.PAGE - wanted.size())));
        }
        List<StoredEvent> read = wanted.isEmpty() ? List.of() : reads.events(wanted);
        for (StoredEvent found : read) {
            skipDone();
            page.add(Numbered.as(transactions.get(transaction).before() + ++event, found));
        }
        skipDone();
    }

    private void skipDone() {
        while (transaction < transactions.size()
                && event == transactions.get(transaction).size()) {
            transaction++;
            event = 0;
        }
    }

    @Override
    public StoredEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.remove();
    }
}
