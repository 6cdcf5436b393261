package dev.evstore.core;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource;
import dev.evstore.core.reconcile.ForkMovedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The forks of a store in memory. Every look takes the store's lock for itself. */
final class MemoryForks implements ForkSource {

    private final Object lock;
    private final Supplier<VisibleSet> visible;
    private final HybridClock clock;
    private final Consumer<Transaction> publish;

    /**
     * @param visible what is visible now; called with the lock held
     * @param publish makes a merge visible; called with the lock held
     */
    MemoryForks(Object lock, Supplier<VisibleSet> visible, HybridClock clock, Consumer<Transaction> publish) {
        this.lock = lock;
        this.visible = visible;
        this.clock = clock;
        this.publish = publish;
    }

    @Override
    public List<ForkUnit> forks() {
        synchronized (lock) {
            return visible.get().history().forks();
        }
    }

    @Override
    public <T> T look(Function<StoreView, T> question) {
        synchronized (lock) {
            return question.apply(visible.get());
        }
    }

    @Override
    public long followedUntil() {
        return clock.followedUntil();
    }

    @Override
    public Published publish(Transaction merge, Predicate<StoreView> stands) {
        synchronized (lock) {
            VisibleSet now = visible.get();
            if (now.headers().containsKey(merge.header().id())) {
                return Published.THERE;
            }
            if (!stands.test(now)) {
                return Published.MOVED;
            }
            publish.accept(merge);
            return Published.WRITTEN;
        }
    }

    @Override
    public @Nullable Origin origin(TransactionId transaction) {
        return header(transaction).origin();
    }

    @Override
    public List<TransactionId> supersedes(TransactionId transaction, StreamId stream) {
        return header(transaction).supersedes(stream);
    }

    private TransactionHeader header(TransactionId id) {
        synchronized (lock) {
            TransactionHeader header = visible.get().headers().get(id);
            if (header == null) {
                throw new ForkMovedException("transaction " + id + " is gone");
            }
            return header;
        }
    }

    @Override
    public List<StoredEvent> events(List<EventId> ids) {
        synchronized (lock) {
            VisibleSet now = visible.get();
            List<StoredEvent> events = new ArrayList<>();
            for (EventId id : ids) {
                if (!now.has(id)) {
                    throw new ForkMovedException("event " + id + " is gone");
                }
                events.add(now.event(id));
            }
            return events;
        }
    }

    @Override
    public List<Placed> stream(StreamId stream, long from, int limit) {
        synchronized (lock) {
            VisibleSet now = visible.get();
            List<EventId> events = now.events(stream);
            int first = (int) Math.min(from - 1, events.size());
            List<Placed> page = new ArrayList<>();
            for (EventId id : events.subList(first, Math.min(events.size(), first + limit))) {
                page.add(new Placed(now.event(id), !now.header(id.transaction()).claims(stream)));
            }
            return page;
        }
    }
}
