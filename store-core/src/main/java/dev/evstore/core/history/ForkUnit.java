package dev.evstore.core.history;

import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Forks that have to be resolved together, because a transaction is divergent in more than one of them (rule F5).
 * Immutable.
 *
 * @param forks one or more, ascending by stream
 */
public record ForkUnit(List<Fork> forks) {

    public ForkUnit {
        forks = List.copyOf(forks);
    }

    /** The unit's streams, ascending. */
    public List<StreamId> streams() {
        return forks.stream().map(Fork::stream).toList();
    }

    /**
     * Groups forks into units: those that share a divergent transaction, transitively (union-find over streams).
     *
     * @return the units, ascending by their first stream
     */
    public static List<ForkUnit> of(Collection<Fork> forks) {
        Map<StreamId, StreamId> leader = new HashMap<>();
        Map<TransactionId, StreamId> seen = new HashMap<>();
        for (Fork fork : forks) {
            leader.put(fork.stream(), fork.stream());
            for (Fork.Divergent divergent : fork.divergent()) {
                StreamId other = seen.putIfAbsent(divergent.transaction(), fork.stream());
                if (other != null) {
                    leader.put(find(leader, fork.stream()), find(leader, other));
                }
            }
        }
        Map<StreamId, List<Fork>> units = new LinkedHashMap<>();
        Map<StreamId, Fork> sorted = new TreeMap<>();
        forks.forEach(fork -> sorted.put(fork.stream(), fork));
        sorted.forEach((stream, fork) -> units.computeIfAbsent(find(leader, stream), s -> new ArrayList<>())
                .add(fork));
        return units.values().stream()
                .map(ForkUnit::new)
                .sorted(Comparator.comparing(unit -> unit.streams().get(0)))
                .toList();
    }

    private static StreamId find(Map<StreamId, StreamId> leader, StreamId stream) {
        StreamId at = stream;
        for (StreamId up = leader.getOrDefault(at, at); !up.equals(at); up = leader.getOrDefault(at, at)) {
            leader.put(at, leader.getOrDefault(up, up));
            at = up;
        }
        return at;
    }
}
