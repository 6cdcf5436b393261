package dev.evstore.core.reconcile;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a stream page by page and gives what is wanted, numbered from 1. A page begins with the event that the
 * one before ended with: where that has moved, an event could be missed or met twice, so the walk ends.
 */
final class StreamWalk implements Iterator<StoredEvent> {

    private final ForkReads reads;
    private final StreamId stream;
    private final Predicate<ForkReads.Placed> wanted;
    private final long most;
    private final Deque<StoredEvent> page = new ArrayDeque<>();
    private @Nullable EventId last;
    private long lastVersion = 1;
    private long found;
    private boolean atEnd;

    /**
     * @param most how many are wanted; the walk reads no further
     */
    StreamWalk(ForkReads reads, StreamId stream, Predicate<ForkReads.Placed> wanted, long most) {
        this.reads = reads;
        this.stream = stream;
        this.wanted = wanted;
        this.most = most;
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && found < most && !atEnd) {
            read();
        }
        return !page.isEmpty();
    }

    private void read() {
        List<ForkReads.Placed> next = reads.stream(stream, lastVersion, ForkReads.PAGE);
        int skipped = last == null ? 0 : 1;
        if (last != null && (next.isEmpty() || !next.get(0).event().id().equals(last))) {
            throw new ForkMovedException("stream " + stream);
        }
        atEnd = next.size() <= skipped;
        for (ForkReads.Placed placed : next.subList(skipped, next.size())) {
            if (found < most && wanted.test(placed)) {
                page.add(Numbered.as(++found, placed.event()));
            }
        }
        if (!atEnd) {
            last = next.get(next.size() - 1).event().id();
            lastVersion += next.size() - 1;
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
