package dev.evstore.core.history;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds a fork without walking the stream's whole history: the same answer as {@link History#forks()} for one stream,
 * by looking at little more than its divergent transactions.
 *
 * <p>It goes down from the heads, greatest id first, and carries with every transaction the heads that reach it. An id
 * is greater than all it supersedes (rule I2), so what comes up is reached by nobody still to come. What all heads
 * reach has only ancestors that all heads reach; once nothing else is waiting, the rest of the history is common.
 *
 * <p>A transaction that all heads reach is visited only if it is greater than one that a divergent transaction
 * supersedes: none of it for branches that grew apart and never met, the stretch between an earlier fork and its merge
 * when that merge is on one branch only.
 */
public final class ForkWalk {

    private final List<TransactionId> heads;
    /** What is still to visit, with the heads known to reach it (indices into {@link #heads}). */
    private final TreeMap<TransactionId, BitSet> waiting = new TreeMap<>();

    private int waitingDivergent;

    private ForkWalk(Collection<TransactionId> heads) {
        this.heads = List.copyOf(new TreeSet<>(heads));
        for (int k = 0; k < this.heads.size(); k++) {
            BitSet itself = new BitSet();
            itself.set(k);
            reach(this.heads.get(k), itself);
        }
    }

    /**
     * The fork of a stream. Both functions are asked about transactions that write the stream, not freely; about each
     * at most once.
     *
     * @param stream the forked stream
     * @param heads its heads: two or more
     * @param superseded the heads that a writer supersedes in the stream and that are visible writers of it, not freely
     * @param events a writer's events of the stream, in order
     * @param claimedEvents how many events of the stream are not free; what is not divergent of them is common
     * @throws IllegalArgumentException if there are fewer than two heads
     */
    public static Fork of(
            StreamId stream,
            Collection<TransactionId> heads,
            Function<TransactionId, ? extends Collection<TransactionId>> superseded,
            Function<TransactionId, List<EventId>> events,
            long claimedEvents) {
        ForkWalk walk = new ForkWalk(heads);
        if (walk.heads.size() < 2) {
            throw new IllegalArgumentException("a fork has two heads or more, not " + walk.heads.size());
        }
        List<Fork.Divergent> divergent = walk.divergent(superseded, events);
        long branched = divergent.stream().mapToLong(d -> d.events().size()).sum();
        return new Fork(stream, claimedEvents - branched, walk.heads, divergent);
    }

    private List<Fork.Divergent> divergent(
            Function<TransactionId, ? extends Collection<TransactionId>> superseded,
            Function<TransactionId, List<EventId>> events) {
        List<Fork.Divergent> found = new ArrayList<>();
        while (waitingDivergent > 0) {
            Map.Entry<TransactionId, BitSet> greatest = waiting.pollLastEntry();
            TransactionId id = greatest.getKey();
            BitSet reachedBy = greatest.getValue();
            if (isDivergent(reachedBy)) {
                waitingDivergent--;
                found.add(new Fork.Divergent(id, headsOf(reachedBy), events.apply(id)));
            }
            for (TransactionId below : superseded.apply(id)) {
                reach(below, reachedBy);
            }
        }
        Collections.reverse(found);
        return found;
    }

    private void reach(TransactionId id, BitSet by) {
        BitSet known = waiting.computeIfAbsent(id, unknown -> {
            waitingDivergent++;
            return new BitSet();
        });
        if (isDivergent(known)) {
            known.or(by);
            if (!isDivergent(known)) {
                waitingDivergent--;
            }
        }
    }

    private boolean isDivergent(BitSet reachedBy) {
        return reachedBy.cardinality() < heads.size();
    }

    private SortedSet<TransactionId> headsOf(BitSet reachedBy) {
        SortedSet<TransactionId> found = new TreeSet<>();
        reachedBy.stream().forEach(k -> found.add(heads.get(k)));
        return found;
    }
}
