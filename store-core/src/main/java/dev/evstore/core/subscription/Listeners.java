package dev.evstore.core.subscription;

import dev.evstore.core.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Calls those who want to know that something changed, on one thread, begun with the first of them. Thread-safe. */
final class Listeners {

    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());
    private static final Duration LONG = Duration.ofHours(1);

    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final Bell bell = new Bell();
    private @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean changed;

    private final class Entry implements EventStore.Watch {
        private final Runnable listener;

        Entry(Runnable listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            entries.remove(this);
        }
    }

    synchronized EventStore.Watch add(Runnable listener) {
        Entry entry = new Entry(listener);
        entries.add(entry);
        if (thread == null && !closed) {
            thread = new Thread(this::run, "evstore listeners");
            thread.setDaemon(true);
            thread.start();
        }
        return entry;
    }

    void changed() {
        if (!entries.isEmpty()) {
            changed = true;
            bell.ring();
        }
    }

    private void run() {
        while (!closed) {
            bell.rest(LONG);
            if (changed) {
                changed = false;
                entries.forEach(Listeners::call);
            }
        }
    }

    private static void call(Entry entry) {
        try {
            entry.listener.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "a listener for changes threw", e);
        }
    }

    /** Ends the thread, and waits for a call under way unless that call asks for this. */
    void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
        }
        if (ending != null) {
            bell.ring();
            Threads.join(ending);
        }
    }
}
