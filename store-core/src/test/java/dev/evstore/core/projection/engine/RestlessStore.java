package dev.evstore.core.projection.engine;

import dev.evstore.core.CanonicalReads;
import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.StoredEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A store that may move before any read of an engine, and knows what was visible when that last found nothing gone. */
final class RestlessStore {

    private final EventStore store;
    private final CanonicalReads reads;
    private List<StoredEvent> settled = new ArrayList<>();
    private final int page;
    private int readCount;

    Runnable beforeRead = () -> {};

    /**
     * @param page the most that a read may ask for
     */
    RestlessStore(EventStore store, int page) {
        this.store = store;
        this.page = page;
        this.reads = store.canonicalReads();
    }

    /** What was visible, and told, at the last read of retractions that had none. */
    List<StoredEvent> settled() {
        return settled;
    }

    int readCount() {
        return readCount;
    }

    EventStore asStore() {
        return proxy(EventStore.class, store, (name, result, arguments) -> result);
    }

    private CanonicalReads asReads() {
        return proxy(CanonicalReads.class, reads, (name, result, arguments) -> {
            if (name.equals("retractions")) {
                FeedCursor after = (FeedCursor) Objects.requireNonNull(arguments[0]);
                FeedPage page = (FeedPage) result;
                if (page.next().equals(after)) {
                    settled = seenBy(after.arrivals());
                }
            }
            return result;
        });
    }

    /** What is visible and arrived by then. */
    List<StoredEvent> seenBy(long arrivals) {
        List<StoredEvent> seen = new ArrayList<>();
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            if (reads.whereabouts(event.id().transaction()) instanceof CanonicalReads.Whereabouts.Visible visible
                    && visible.arrival() <= arrivals) {
                seen.add(event);
            }
        }
        return seen;
    }

    private interface After {
        Object then(String method, Object result, Object[] arguments);
    }

    private <T> T proxy(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("canonicalReads")) {
                        return asReads();
                    }
                    readCount++;
                    beforeRead.run();
                    requireBounded(method.getName(), arguments);
                    return after.then(method.getName(), call(method, target, arguments), arguments);
                }));
    }

    private void requireBounded(String method, Object[] arguments) {
        if (method.equals("events") && ((List<?>) arguments[0]).size() > page) {
            throw new AssertionError("more than a page is asked for at once: " + arguments[0]);
        }
    }

    private static Object call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
