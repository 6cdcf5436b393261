package dev.evstore.cli.command;

import dev.evstore.core.EventStore;
import dev.evstore.core.ReadOptions;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A long read in pages, so that a stream of any length passes through. A page begins with the last event of the one
 * before: if another stands there now, a late event or a retraction has moved the rest, and the read fails instead of
 * leaving events out.
 */
final class PagedRead implements Iterable<StoredEvent> {

    private static final int PAGE = 1_000;

    private final EventStore store;
    private final StreamId stream;
    private final ReadOptions start;
    private final long limit;

    /**
     * @param limit the most events
     * @throws IllegalArgumentException if the limit is below 1
     */
    PagedRead(EventStore store, StreamId stream, ReadOptions start, long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a read's limit is at least 1, not " + limit);
        }
        this.store = store;
        this.stream = stream;
        this.start = start;
        this.limit = limit;
    }

    @Override
    public Iterator<StoredEvent> iterator() {
        return new Pages();
    }

    private final class Pages implements Iterator<StoredEvent> {

        private final Deque<StoredEvent> page = new ArrayDeque<>();
        private @Nullable StoredEvent last;
        private long left = limit;
        private boolean atEnd;

        @Override
        public boolean hasNext() {
            if (page.isEmpty() && left > 0 && !atEnd) {
                load();
            }
            return !page.isEmpty();
        }

        @Override
        public StoredEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }

        private void load() {
            int wanted = (int) Math.min(PAGE, left);
            StoredEvent before = last;
            int overlap = before == null ? 0 : 1;
            ReadOptions options =
                    before == null ? start : start.from(before.version().value());
            List<StoredEvent> read =
                    store.read(stream, options.limit(wanted + overlap)).events();
            if (before != null && (read.isEmpty() || !read.get(0).id().equals(before.id()))) {
                throw ReadCommand.changed(stream);
            }
            page.addAll(read.subList(overlap, read.size()));
            atEnd = page.size() < wanted;
            left -= page.size();
            last = page.isEmpty() ? before : page.getLast();
        }
    }
}
