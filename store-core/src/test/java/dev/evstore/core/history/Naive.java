package dev.evstore.core.history;

import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The definitions once more, each computed another way than {@link History} does. */
final class Naive {

    private Naive() {}

    /** Everything a history answers, to compare two of them. */
    record Answers(
            SortedMap<TransactionId, TransactionHeader> transactions,
            SortedSet<TransactionId> variants,
            Map<StreamId, StreamState> states,
            Map<StreamId, List<TransactionId>> heads,
            List<ForkUnit> forks,
            SortedSet<StreamId> incomplete,
            List<Misnamed> misnamed,
            List<StaleRead> staleReads,
            SortedSet<TransactionId> dangling,
            SortedSet<TransactionId> mismatches,
            List<TransactionId> storeHeads,
            Digest digest) {

        static Answers of(History history) {
            Map<StreamId, StreamState> states = new HashMap<>();
            Map<StreamId, List<TransactionId>> heads = new HashMap<>();
            for (StreamId stream : history.streams()) {
                states.put(stream, history.state(stream));
                heads.put(stream, history.heads(stream));
            }
            return new Answers(
                    history.transactions(),
                    history.variants(),
                    states,
                    heads,
                    history.forks(),
                    history.incomplete(),
                    history.misnamed(),
                    history.staleReads(),
                    history.dangling(),
                    history.parentMismatches(),
                    history.storeHeads(),
                    history.digest());
        }
    }

    /** F1 by upkeep: count how often each id is named, whoever comes or goes, absent ids too. */
    static final class CountedHeads {
        private final StreamId stream;
        private final Set<TransactionId> writers = new HashSet<>();
        private final Map<TransactionId, Integer> named = new HashMap<>();

        CountedHeads(StreamId stream) {
            this.stream = stream;
        }

        void come(TransactionHeader transaction) {
            if (transaction.claims(stream)) {
                writers.add(transaction.id());
                transaction.supersedes(stream).forEach(id -> named.merge(id, 1, Integer::sum));
            }
        }

        void go(TransactionHeader transaction) {
            if (transaction.claims(stream)) {
                writers.remove(transaction.id());
                transaction.supersedes(stream).forEach(id -> named.merge(id, -1, Integer::sum));
            }
        }

        List<TransactionId> heads() {
            return writers.stream()
                    .filter(id -> named.getOrDefault(id, 0) == 0)
                    .sorted()
                    .toList();
        }
    }

    /** F4 from above: what reaches those that name me reaches me. */
    static Map<TransactionId, Set<TransactionId>> reachedBy(History history, StreamId stream) {
        TreeMap<TransactionId, Set<TransactionId>> reachedBy = new TreeMap<>();
        Collection<TransactionHeader> all = history.transactions().values();
        for (TransactionHeader it :
                new TreeMap<>(history.transactions()).descendingMap().values()) {
            if (it.claims(stream)) {
                Set<TransactionId> by = new TreeSet<>();
                for (TransactionHeader above : all) {
                    if (above.supersedes(stream).contains(it.id())) {
                        by.addAll(reachedBy.getOrDefault(above.id(), Set.of()));
                    }
                }
                if (by.isEmpty()) {
                    by.add(it.id());
                }
                reachedBy.put(it.id(), by);
            }
        }
        return reachedBy;
    }
}
