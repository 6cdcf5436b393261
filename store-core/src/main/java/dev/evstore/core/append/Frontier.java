package dev.evstore.core.append;

import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The heads that a writer may name: those of the store as it would be without the ids it does not follow (rule I6).
 * Where every id is followed, these are the store's own heads, and nothing is walked.
 *
 * <p>What supersedes, or has as parent, an id that is not followed is greater and so not followed either (rule I2).
 * Hence every head of the store without them either is a head of the whole store, or lies below one not followed.
 */
final class Frontier {

    private final StoreView store;
    private final long followedUntil;

    Frontier(StoreView store, long followedUntil) {
        this.store = store;
        this.followedUntil = followedUntil;
    }

    /** Of the whole store, ascending. */
    List<TransactionId> storeHeads() {
        return below(store.storeHeads(), store::parents, store::children);
    }

    /** Of a stream, ascending. */
    List<TransactionId> heads(StreamId stream) {
        return below(store.heads(stream), id -> store.superseded(id, stream), id -> store.superseders(id, stream));
    }

    /**
     * None of a new stream, else one. Of a forked stream it is the head that descends from the replica's own last
     * write, so that a replica goes on with what it saw; else the canonically last (rule F3).
     */
    List<TransactionId> headToSupersede(StreamId stream, ReplicaId replica) {
        List<TransactionId> heads = heads(stream);
        if (heads.size() < 2) {
            return heads;
        }
        TransactionId own = store.lastWrite(replica, stream);
        if (own != null && followed(own)) {
            NavigableSet<TransactionId> descending = new TreeSet<>(heads);
            descending.retainAll(reached(Set.of(own), id -> store.superseders(id, stream)));
            if (!descending.isEmpty()) {
                return List.of(descending.last());
            }
        }
        return List.of(heads.get(heads.size() - 1));
    }

    private List<TransactionId> below(
            List<TransactionId> heads,
            Function<TransactionId, List<TransactionId>> down,
            Function<TransactionId, List<TransactionId>> up) {
        if (heads.stream().allMatch(this::followed)) {
            return heads;
        }
        NavigableSet<TransactionId> frontier = new TreeSet<>();
        List<TransactionId> rivals =
                heads.stream().filter(head -> !followed(head)).toList();
        // Going down stops at the first followed id: what lies below that has a followed successor.
        for (TransactionId id : reached(rivals, id -> followed(id) ? List.of() : down.apply(id))) {
            if (followed(id) && up.apply(id).stream().noneMatch(this::followed)) {
                frontier.add(id);
            }
        }
        heads.stream().filter(this::followed).forEach(frontier::add);
        return List.copyOf(frontier);
    }

    private static Set<TransactionId> reached(
            Collection<TransactionId> from, Function<TransactionId, List<TransactionId>> step) {
        Set<TransactionId> seen = new HashSet<>(from);
        Deque<TransactionId> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            for (TransactionId next : step.apply(open.pop())) {
                if (seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return seen;
    }

    private boolean followed(TransactionId id) {
        return id.millis() <= followedUntil;
    }
}
