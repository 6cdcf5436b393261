package dev.evstore.core.history;

import dev.evstore.core.event.Origin;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Everything that follows from a set of transactions, by definition and nothing else: no clock, no order of arrival, no
 * file (rule I4). It holds the whole set in memory and walks it for most answers: a model to compare with, and enough
 * for small stores. Immutable and thread-safe.
 */
public final class History {

    private final SortedMap<TransactionId, TransactionHeader> transactions;
    private final SortedSet<TransactionId> variants;
    private final SortedMap<StreamId, StreamHistory> streams = new TreeMap<>();
    private final Digest digest;

    private History(Copies copies) {
        transactions = Collections.unmodifiableSortedMap(copies.counting());
        variants = Collections.unmodifiableSortedSet(copies.variants());
        Digest sum = Digest.EMPTY;
        for (TransactionHeader transaction : transactions.values()) {
            Digest part = transaction.digest();
            sum = sum.plus(part);
            for (StreamId stream : transaction.writes().keySet()) {
                streams.computeIfAbsent(stream, StreamHistory::new).add(transaction, part);
            }
        }
        digest = sum;
    }

    /**
     * @param copies valid transactions in any order; several of one id are settled by rule I5
     */
    public static History of(Collection<TransactionHeader> copies) {
        return new History(Copies.settle(copies));
    }

    /** The transactions in canonical order (rule I3), with what is redacted in any copy redacted. */
    public SortedMap<TransactionId, TransactionHeader> transactions() {
        return transactions;
    }

    /** The ids of which different contents were given, whichever counts (rule I5). */
    public SortedSet<TransactionId> variants() {
        return variants;
    }

    /** Every stream named as written, ascending. */
    public SortedSet<StreamId> streams() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(streams.keySet()));
    }

    /** A stream's events in canonical order; its version is how many. Empty for an unknown stream. */
    public List<EventId> events(StreamId stream) {
        return known(stream).events();
    }

    /** {@link StreamState#NONE} for an unknown stream. */
    public StreamState state(StreamId stream) {
        return known(stream).state();
    }

    /** Rule F1, ascending. Empty for an unknown stream and for one that is only written freely. */
    public List<TransactionId> heads(StreamId stream) {
        return known(stream).heads();
    }

    /** The forks in units (rules F2, F4, F5), ascending by their first stream. */
    public List<ForkUnit> forks() {
        return ForkUnit.of(streams.values().stream()
                .filter(StreamHistory::isForked)
                .map(StreamHistory::fork)
                .toList());
    }

    /** The streams of which a transaction names a head that is not here (rule F7), ascending. */
    public SortedSet<StreamId> incomplete() {
        SortedSet<StreamId> found = new TreeSet<>();
        streams.forEach((id, stream) -> {
            if (!transactions.keySet().containsAll(stream.named())) {
                found.add(id);
            }
        });
        return found;
    }

    /** Heads named that are here but can't be heads (rule F1), by transaction, stream and named id. */
    public List<Misnamed> misnamed() {
        List<Misnamed> found = new ArrayList<>();
        for (TransactionHeader transaction : transactions.values()) {
            for (StreamId stream : transaction.writes().keySet()) {
                for (TransactionId named : transaction.supersedes(stream)) {
                    if (transactions.containsKey(named) && !known(stream).isWriter(named)) {
                        found.add(new Misnamed(transaction.id(), stream, named));
                    }
                }
            }
        }
        return found;
    }

    /** Reads that saw other heads than stood canonically before them (rule F6), by transaction and stream. */
    public List<StaleRead> staleReads() {
        List<StaleRead> found = new ArrayList<>();
        Map<StreamId, TreeSet<TransactionId>> heads = new HashMap<>();
        for (TransactionHeader transaction : transactions.values()) {
            transaction.reads().forEach((stream, seen) -> {
                TreeSet<TransactionId> were = heads.getOrDefault(stream, new TreeSet<>());
                if (!were.equals(Set.copyOf(seen))) {
                    found.add(new StaleRead(transaction.id(), stream, seen, List.copyOf(were)));
                }
            });
            for (StreamId stream : transaction.writes().keySet()) {
                if (transaction.claims(stream)) {
                    TreeSet<TransactionId> now = heads.computeIfAbsent(stream, s -> new TreeSet<>());
                    transaction.supersedes(stream).forEach(now::remove);
                    now.add(transaction.id());
                }
            }
        }
        return found;
    }

    /** Replicas of whose numbers some are missing or shared, by id. */
    public List<ReplicaSequence> sequences() {
        // As the bytes of an id sort, and UUIDs compared do not.
        Map<ReplicaId, SortedMap<Long, Integer>> numbers = new TreeMap<>(Comparator.comparing(ReplicaId::toString));
        for (TransactionHeader transaction : transactions.values()) {
            Origin origin = transaction.origin();
            if (origin != null) {
                numbers.computeIfAbsent(origin.replica(), replica -> new TreeMap<>())
                        .merge(origin.sequence(), 1, Integer::sum);
            }
        }
        List<ReplicaSequence> found = new ArrayList<>();
        numbers.forEach((replica, counts) -> {
            long newest = counts.lastKey();
            long missing = newest - counts.size();
            long shared = counts.values().stream().filter(count -> count > 1).count();
            if (missing > 0 || shared > 0) {
                found.add(new ReplicaSequence(replica, newest, missing, shared));
            }
        });
        return found;
    }

    /** Transactions that name a parent that is not here, ascending. */
    public SortedSet<TransactionId> dangling() {
        return those(t -> !transactions.keySet().containsAll(t.parents().keySet()));
    }

    /** Transactions that name a parent that is here with another trailer than they saw (rule I5), ascending. */
    public SortedSet<TransactionId> parentMismatches() {
        return those(t -> t.parents().entrySet().stream().anyMatch(parent -> {
            TransactionHeader here = transactions.get(parent.getKey());
            return here != null && !here.trailer().half().equals(parent.getValue());
        }));
    }

    /** Transactions that nobody names as parent, ascending. */
    public List<TransactionId> storeHeads() {
        Set<TransactionId> named = new HashSet<>();
        transactions.values().forEach(t -> named.addAll(t.parents().keySet()));
        return List.copyOf(those(t -> !named.contains(t.id())));
    }

    /** The store's digest: equal for two histories exactly when they hold the same, redactions included. */
    public Digest digest() {
        return digest;
    }

    private SortedSet<TransactionId> those(Predicate<TransactionHeader> which) {
        return transactions.values().stream()
                .filter(which)
                .map(TransactionHeader::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private StreamHistory known(StreamId stream) {
        StreamHistory known = streams.get(stream);
        return known == null ? new StreamHistory(stream) : known;
    }
}
