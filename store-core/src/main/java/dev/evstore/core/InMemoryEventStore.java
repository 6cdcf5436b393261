package dev.evstore.core;

import dev.evstore.core.append.AppendDecision;
import dev.evstore.core.append.Pages;
import dev.evstore.core.append.SafeObserver;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.History;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource;
import dev.evstore.core.merge.Reconciliation;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.subscription.Books;
import dev.evstore.core.subscription.Subscriptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An event store that lives as long as its process: for tests, and for trying a model out. It keeps every rule of the
 * store on files except those about files. What git does to files is done here by {@link #ingest} and
 * {@link #retract}. Everything is derived anew from the whole set when the set has changed, so it is for thousands of
 * transactions, not for millions.
 *
 * <p>Thread-safe.
 */
public final class InMemoryEventStore implements EventStore {

    /** As good as never: changes here ring at once, and nothing changes behind this object's back. */
    private static final Duration POLL = Duration.ofHours(1);

    private final Object lock = new Object();
    private final Subscriptions subscriptions = new Subscriptions(this, Books.inMemory(), POLL);
    private final Random random;
    private final HybridClock clock;
    private final ReplicaId replica;
    private final MemoryFeed feed;
    private final SafeObserver observer;
    private final NavigableMap<TransactionId, List<Transaction>> copies = new TreeMap<>();
    private VisibleSet visible = new VisibleSet(List.of());
    private long sequence;
    private boolean closed;

    public InMemoryEventStore() {
        this(Clock.systemUTC(), new SecureRandom());
    }

    /** A store of its own replica. */
    public InMemoryEventStore(Clock wall, Random random) {
        this(wall, random, new ReplicaId(new UUID(random.nextLong(), random.nextLong())));
    }

    /**
     * @param wall what tells the time
     * @param random where ids, salts and the epoch come from: the same seed and clock give the same store
     * @param replica who writes
     */
    public InMemoryEventStore(Clock wall, Random random, ReplicaId replica) {
        this(wall, random, replica, StoreObserver.NONE);
    }

    /**
     * @param observer is told what happens
     */
    public InMemoryEventStore(Clock wall, Random random, ReplicaId replica, StoreObserver observer) {
        this.random = random;
        this.clock = new HybridClock(wall, random);
        this.replica = replica;
        this.observer = new SafeObserver(observer);
        this.feed = new MemoryFeed(String.format("%016x", random.nextLong()));
    }

    @Override
    public ReplicaId replica() {
        synchronized (lock) {
            checkOpen();
            return replica;
        }
    }

    @Override
    public StreamSlice read(StreamId stream, ReadOptions options) {
        synchronized (lock) {
            checkOpen();
            List<EventId> events = visible.events(stream);
            List<StoredEvent> part = new ArrayList<>();
            int step = options.backwards() ? -1 : 1;
            long at = Math.min(options.from().value(), events.size() + (options.backwards() ? 0L : 1L)) - 1;
            for (; at >= 0 && at < events.size() && part.size() < options.limit(); at += step) {
                part.add(visible.event(events.get((int) at)));
            }
            return new StreamSlice(stream, visible.state(stream), part);
        }
    }

    @Override
    public Iterable<StoredEvent> readAll(ReadAllOptions options) {
        return new Pages<>(options.after(), options.limit(), (after, limit) -> {
            synchronized (lock) {
                checkOpen();
                return MemoryReads.events(visible, options, after, limit);
            }
        });
    }

    @Override
    public Iterable<TransactionHeader> readLog(@Nullable TransactionId before) {
        return new Pages<>(before, Long.MAX_VALUE, (place, limit) -> {
            synchronized (lock) {
                checkOpen();
                return MemoryReads.log(visible, place, limit);
            }
        });
    }

    @Override
    public Optional<StoredTransaction> readTransaction(TransactionId id) {
        synchronized (lock) {
            checkOpen();
            return Optional.ofNullable(visible.headers().get(id))
                    .map(header -> new StoredTransaction(
                            header,
                            IntStream.range(0, header.events().size())
                                    .mapToObj(ordinal -> visible.event(new EventId(id, ordinal)))
                                    .toList()));
        }
    }

    @Override
    public Optional<StoredEvent> findEvent(EventId id) {
        synchronized (lock) {
            checkOpen();
            return visible.has(id) ? Optional.of(visible.event(id)) : Optional.empty();
        }
    }

    @Override
    public Optional<TransactionId> findCommand(String command) {
        synchronized (lock) {
            checkOpen();
            return Optional.ofNullable(visible.command(command))
                    .map(first -> first.header().id());
        }
    }

    @Override
    public AppendResult append(Append append) {
        AppendResult result = publish(append);
        if (!result.alreadyApplied()) {
            observer.appended(result);
            subscriptions.changed();
        }
        return result;
    }

    private AppendResult publish(Append append) {
        synchronized (lock) {
            checkOpen();
            AppendDecision decision = AppendDecision.decide(append, visible, clock, random, replica, sequence + 1);
            if (decision instanceof AppendDecision.AlreadyApplied already) {
                return new AppendResult(already.first(), states(append), true);
            }
            Transaction transaction = ((AppendDecision.Publish) decision).transaction();
            sequence++;
            add(transaction);
            settle();
            return new AppendResult(transaction.header().id(), states(append), false);
        }
    }

    private NavigableMap<StreamId, StreamState> states(Append append) {
        NavigableMap<StreamId, StreamState> states = new TreeMap<>();
        append.expectations().keySet().forEach(stream -> states.put(stream, visible.state(stream)));
        return states;
    }

    @Override
    public FeedPage readFeed(FeedCursor after, EventFilter filter, int limit) {
        int bounded = MemoryReads.bounded(limit);
        synchronized (lock) {
            checkOpen();
            return feed.page(after, filter, bounded, visible);
        }
    }

    @Override
    public FeedCursor feedEnd() {
        synchronized (lock) {
            checkOpen();
            return feed.end();
        }
    }

    @Override
    public CanonicalReads canonicalReads() {
        return new MemoryCanonicalReads(lock, this::visible, feed);
    }

    /** Nothing: what comes and goes is told by {@link #ingest} and {@link #retract}. */
    @Override
    public RefreshReport refresh() {
        synchronized (lock) {
            checkOpen();
            return RefreshReport.NOTHING;
        }
    }

    @Override
    public List<StreamInfo> streams(String prefix) {
        synchronized (lock) {
            checkOpen();
            History history = visible.history();
            Collection<StreamId> incomplete = history.incomplete();
            return history.streams().stream()
                    .filter(stream -> stream.value().startsWith(prefix))
                    .map(stream -> new StreamInfo(
                            stream, history.state(stream), history.heads(stream), incomplete.contains(stream)))
                    .toList();
        }
    }

    @Override
    public List<ForkUnit> forks() {
        synchronized (lock) {
            checkOpen();
            return visible.history().forks();
        }
    }

    @Override
    public ReconcileReport reconcile(Resolver resolver, ReconcileOptions options) {
        ReconcileReport report = Reconciliation.run(forkSource(), resolver, options);
        observer.reconciled(report);
        return report;
    }

    ForkSource forkSource() {
        return new MemoryForks(lock, this::visible, clock, this::publish);
    }

    private VisibleSet visible() {
        checkOpen();
        return visible;
    }

    /** Of a merge, with the lock held. */
    private void publish(Transaction merge) {
        add(merge);
        settle();
        subscriptions.changed();
    }

    @Override
    public List<StaleRead> staleReads() {
        synchronized (lock) {
            checkOpen();
            return visible.history().staleReads();
        }
    }

    @Override
    public Digest digest() {
        synchronized (lock) {
            checkOpen();
            return visible.history().digest();
        }
    }

    @Override
    public StoreStatus status() {
        synchronized (lock) {
            checkOpen();
            return MemoryStatus.of(replica, feed, visible, clock);
        }
    }

    @Override
    public Subscription subscribe(
            String name, EventFilter filter, SubscriptionOptions options, SubscriptionHandler handler) {
        return subscriptions.subscribe(name, filter, options, handler);
    }

    @Override
    public Watch onChange(Runnable listener) {
        return subscriptions.onChange(listener);
    }

    /** From then on every other method throws {@link IllegalStateException}; the events are lost. */
    @Override
    public void close() {
        subscriptions.close();
        synchronized (lock) {
            closed = true;
        }
    }

    /**
     * Takes in copies that another replica wrote, or redacted, as files that git brought would be. A copy that is here
     * already changes nothing.
     */
    public RefreshReport ingest(Collection<Transaction> foreign) {
        return change(() -> foreign.forEach(this::add));
    }

    /** Takes away every copy of these transactions, as a checkout does that removes their files. */
    public RefreshReport retract(Collection<TransactionId> ids) {
        return change(() -> ids.forEach(copies::remove));
    }

    /** Every copy that is here, in canonical order: what another replica needs to hold the same. */
    public List<Transaction> transactions() {
        synchronized (lock) {
            checkOpen();
            return copies.values().stream().flatMap(List::stream).toList();
        }
    }

    private RefreshReport change(Runnable what) {
        RefreshReport report;
        synchronized (lock) {
            checkOpen();
            what.run();
            report = settle();
        }
        observer.refreshed(report);
        if (!report.equals(RefreshReport.NOTHING)) {
            subscriptions.changed();
        }
        return report;
    }

    private void add(Transaction copy) {
        List<Transaction> known = copies.computeIfAbsent(copy.header().id(), id -> new ArrayList<>());
        if (!known.contains(copy)) {
            known.add(copy);
        }
    }

    private RefreshReport settle() {
        VisibleSet before = visible;
        visible = new VisibleSet(copies.values().stream().flatMap(List::stream).toList());
        return feed.change(before, visible);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }
}
