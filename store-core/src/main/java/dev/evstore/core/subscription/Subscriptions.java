package dev.evstore.core.subscription;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.Names;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All subscriptions of one store object, and those who listen for its changes. Thread-safe. */
public final class Subscriptions implements AutoCloseable {

    private final EventStore store;
    private final Books books;
    private final Duration poll;
    private final Set<Runner> runners = ConcurrentHashMap.newKeySet();
    private final Listeners listeners = new Listeners();
    private boolean closed;

    /**
     * @param store whose feed is followed; not asked before the first subscription
     * @param books closed with this
     * @param poll how often to look for what nobody rings for: other processes' appends, git's files, a seat that is free
     */
    public Subscriptions(EventStore store, Books books, Duration poll) {
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException("a poll is at least a millisecond apart, not " + poll);
        }
        this.store = store;
        this.books = books;
        this.poll = poll;
    }

    /** @see EventStore#subscribe */
    public Subscription subscribe(
            String name, EventFilter filter, SubscriptionOptions options, SubscriptionHandler handler) {
        String flaw = Names.streamFlaw(name);
        if (flaw != null) {
            throw new IllegalArgumentException("not a subscription's name: " + Names.quoted(name) + ": " + flaw);
        }
        books.enter(name, () -> switch (options.start()) {
            case BEGINNING -> FeedCursor.beginning();
            case NOW -> store.feedEnd();
        });
        Runner runner = new Runner(
                name, new Reader(store, filter, options.page()), books, new Telling(handler), poll, this::ended);
        synchronized (this) {
            requireOpen();
            runners.add(runner);
            runner.start();
        }
        return runner;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /** @see EventStore#onChange */
    public EventStore.Watch onChange(Runnable listener) {
        synchronized (this) {
            requireOpen();
            return listeners.add(listener);
        }
    }

    /** To be called after something became visible or went. Quick; may be called under a lock. */
    public void changed() {
        runners.forEach(Runner::ring);
        listeners.changed();
    }

    /** One that stands by may be next. */
    private void ended(Runner runner) {
        runners.remove(runner);
        runners.forEach(Runner::ring);
    }

    /** Ends all of them, and waits for what is being told, unless that calls this. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        runners.forEach(Runner::askToClose); // all at once: none takes over from another
        runners.forEach(Runner::close);
        listeners.close();
        books.close();
    }
}
