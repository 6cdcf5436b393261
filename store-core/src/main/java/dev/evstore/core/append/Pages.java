package dev.evstore.core.append;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A long read, one short read a page: between pages nothing is held but the key to go on behind, so there is nothing to
 * close. Every iterator reads anew and is for one thread.
 *
 * @param <T> what is read
 * @param <K> the key it is in order of
 */
public final class Pages<T, K> implements Iterable<T> {

    /** The most of one page. */
    public static final int SIZE = 1_000;

    private final Source<T, K> source;
    private final @Nullable K after;
    private final long limit;

    /**
     * @param after the key to begin behind, or null for the start
     * @param limit the most that is given, at least 1
     */
    public Pages(@Nullable K after, long limit, Source<T, K> source) {
        this.source = source;
        this.after = after;
        this.limit = limit;
    }

    /**
     * A page.
     *
     * @param items what it holds; a page that is not the last may hold nothing
     * @param next the key to go on behind, or null if nothing follows
     */
    public record Page<T, K>(List<T> items, @Nullable K next) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /** Reads a page. */
    public interface Source<T, K> {
        /**
         * @param after the key to begin behind, or null for the start
         * @param limit the most that is wanted, 1..{@link #SIZE}
         */
        Page<T, K> read(@Nullable K after, int limit);
    }

    @Override
    public Iterator<T> iterator() {
        return new Reading();
    }

    private final class Reading implements Iterator<T> {

        private final Deque<T> page = new ArrayDeque<>();
        private @Nullable K place = after;
        private long left = limit;
        private boolean atEnd;

        @Override
        public boolean hasNext() {
            while (page.isEmpty() && left > 0 && !atEnd) {
                Page<T, K> read = source.read(place, (int) Math.min(SIZE, left));
                page.addAll(read.items());
                left -= read.items().size();
                place = read.next();
                atEnd = place == null;
            }
            return !page.isEmpty();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return page.remove();
        }
    }
}
