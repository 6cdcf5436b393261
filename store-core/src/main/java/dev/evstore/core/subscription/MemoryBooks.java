package dev.evstore.core.subscription;

import dev.evstore.core.FeedCursor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Books that nobody reads after the process has ended. */
final class MemoryBooks implements Books {

    private final Map<String, Page> pages = new HashMap<>();

    /** What is known of a name. */
    private static final class Page {
        private FeedCursor position;
        private final Set<Told> retracted = new HashSet<>();
        private boolean taken;

        Page(FeedCursor position) {
            this.position = position;
        }
    }

    @Override
    public void enter(String name, Supplier<FeedCursor> start) {
        FeedCursor position = start.get();
        synchronized (pages) {
            pages.putIfAbsent(name, new Page(position));
        }
    }

    @Override
    public FeedCursor position(String name) {
        synchronized (pages) {
            return page(name).position;
        }
    }

    @Override
    public @Nullable Seat take(String name) {
        synchronized (pages) {
            Page page = page(name);
            if (page.taken) {
                return null;
            }
            page.taken = true;
            return new MemorySeat(page);
        }
    }

    private Page page(String name) {
        return Objects.requireNonNull(pages.get(name), "entered before");
    }

    @Override
    public void close() {
        // nothing is held
    }

    private final class MemorySeat implements Seat {
        private final Page page;

        MemorySeat(Page page) {
            this.page = page;
        }

        @Override
        public boolean remembers(Told told) {
            synchronized (pages) {
                return page.retracted.contains(told);
            }
        }

        @Override
        public void save(FeedCursor position, Collection<Told> retracted, Collection<Told> returned) {
            synchronized (pages) {
                page.position = position;
                page.retracted.addAll(retracted);
                returned.forEach(page.retracted::remove);
            }
        }

        @Override
        public void close() {
            synchronized (pages) {
                page.taken = false;
            }
        }
    }
}
