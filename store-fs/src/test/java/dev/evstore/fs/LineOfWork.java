package dev.evstore.fs;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.History;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.ForkSource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a replica sees that has exactly the history of one commit: of a store with thousands of such replicas each would
 * have to be built, of this there is one for every line of work that is open. It answers what a writer and a reconciling
 * pass ask, no more, and derives heads by the definition of a union (F1), by other means than the stores do: a head of
 * either side stays one if the other side has it for a head, too, or does not have it at all.
 */
final class LineOfWork implements StoreView, ForkSource {

    private final Map<TransactionId, Transaction> seen;
    /** Sets that are never changed, so that copies share them. */
    private final Map<StreamId, NavigableSet<TransactionId>> heads;

    private NavigableSet<TransactionId> storeHeads;
    private @Nullable TransactionId newest;
    private @Nullable HybridClock clock;

    LineOfWork() {
        seen = new HashMap<>();
        heads = new HashMap<>();
        storeHeads = new TreeSet<>();
    }

    private LineOfWork(LineOfWork other) {
        seen = new HashMap<>(other.seen);
        heads = new HashMap<>(other.heads);
        storeHeads = other.storeHeads;
        newest = other.newest;
    }

    LineOfWork copy() {
        return new LineOfWork(this);
    }

    /** From now on another replica writes, with this clock. */
    void handOver(HybridClock next) {
        clock = next;
    }

    Transaction transaction(TransactionId id) {
        return Objects.requireNonNull(seen.get(id), () -> id + " is not seen here");
    }

    void add(Transaction transaction) {
        TransactionHeader header = transaction.header();
        see(transaction);
        storeHeads = after(storeHeads, header.parents().keySet(), header.id());
        for (StreamId stream : header.writes().keySet()) {
            heads.put(stream, after(headsOf(stream), header.supersedes(stream), header.id()));
        }
    }

    private void see(Transaction transaction) {
        TransactionId id = transaction.header().id();
        seen.put(id, transaction);
        newest = newest == null || newest.compareTo(id) < 0 ? id : newest;
    }

    private static NavigableSet<TransactionId> after(
            NavigableSet<TransactionId> heads, Collection<TransactionId> superseded, TransactionId head) {
        NavigableSet<TransactionId> next = new TreeSet<>(heads);
        next.removeAll(superseded);
        next.add(head);
        return next;
    }

    /** Holds afterwards what either held. */
    void unite(LineOfWork other) {
        storeHeads = united(storeHeads, other.storeHeads, other);
        other.heads.forEach((stream, theirs) -> heads.put(stream, united(headsOf(stream), theirs, other)));
        other.seen.forEach((id, transaction) -> {
            if (!seen.containsKey(id)) {
                see(transaction);
            }
        });
    }

    private NavigableSet<TransactionId> united(
            NavigableSet<TransactionId> ours, NavigableSet<TransactionId> theirs, LineOfWork other) {
        NavigableSet<TransactionId> both = new TreeSet<>();
        for (TransactionId head : ours) {
            if (theirs.contains(head) || !other.seen.containsKey(head)) {
                both.add(head);
            }
        }
        for (TransactionId head : theirs) {
            if (!seen.containsKey(head)) {
                both.add(head);
            }
        }
        return both;
    }

    /** By the model, from the streams that are forked alone: what the others hold has no part in it. */
    @Override
    public List<ForkUnit> forks() {
        Set<StreamId> forked = new HashSet<>();
        heads.forEach((stream, ids) -> {
            if (ids.size() > 1) {
                forked.add(stream);
            }
        });
        List<TransactionHeader> involved = seen.values().stream()
                .map(Transaction::header)
                .filter(header -> !Collections.disjoint(forked, header.writes().keySet()))
                .toList();
        List<Fork> forks = History.of(involved).forks().stream()
                .flatMap(unit -> unit.forks().stream())
                .filter(fork -> forked.contains(fork.stream()))
                .toList();
        return ForkUnit.of(forks);
    }

    @Override
    public <T> T look(Function<StoreView, T> question) {
        return question.apply(this);
    }

    @Override
    public long followedUntil() {
        return Objects.requireNonNull(clock).followedUntil();
    }

    @Override
    public Published publish(Transaction merge, Predicate<StoreView> stands) {
        if (!stands.test(this)) {
            return Published.MOVED;
        }
        add(merge);
        return Published.WRITTEN;
    }

    /** Appends here expect nothing, which holds in any state. */
    @Override
    public StreamState state(StreamId stream) {
        return StreamState.NONE;
    }

    private NavigableSet<TransactionId> headsOf(StreamId stream) {
        return heads.getOrDefault(stream, Collections.emptyNavigableSet());
    }

    @Override
    public List<TransactionId> heads(StreamId stream) {
        return List.copyOf(headsOf(stream));
    }

    /** A commit has all that its parents have. */
    @Override
    public boolean incomplete(StreamId stream) {
        return false;
    }

    @Override
    public List<TransactionId> storeHeads() {
        return List.copyOf(storeHeads);
    }

    @Override
    public Sha256 trailer(TransactionId visible) {
        return header(visible).trailer();
    }

    @Override
    public @Nullable TransactionId newest(long untilMillis) {
        return newest;
    }

    @Override
    public @Nullable TransactionId newerWriter(StreamId stream) {
        return null;
    }

    @Override
    public @Nullable Transaction command(String command) {
        return null;
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
        return transaction(id).header();
    }

    // Asked only about forks when they are appended to, and about ids that nobody follows: neither occurs here.

    @Override
    public List<TransactionId> superseded(TransactionId visible, StreamId stream) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TransactionId> superseders(TransactionId head, StreamId stream) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TransactionId> parents(TransactionId visible) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TransactionId> children(TransactionId parent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable TransactionId lastWrite(ReplicaId replica, StreamId stream) {
        throw new UnsupportedOperationException();
    }

    // The order is accepted without a look at any event.

    @Override
    public List<StoredEvent> events(List<EventId> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Placed> stream(StreamId stream, long from, int limit) {
        throw new UnsupportedOperationException();
    }
}
