package dev.evstore.core;

import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a store stands. Immutable.
 *
 * @param epoch which index this is: 16 hex digits
 * @param generation late arrivals and retractions of this epoch
 * @param forks the forked streams, in units
 * @param incomplete streams of which a visible transaction names a head that is not here (rule F7)
 * @param dangling transactions that name a parent that is not here
 * @param sequences replicas of whose numbers some are missing or shared, by id; at most {@link #MAX_SEQUENCES}. It is
 *     information: the status is clean all the same
 * @param moreSequences how many such replicas there are beyond those
 * @param uncommitted event files written here that git's HEAD does not hold; 0 outside git (rule L2)
 * @param findings what is odd; at most 1,000
 * @param moreFindings how many findings there are beyond those
 */
public record StoreStatus(
        ReplicaId replica,
        String epoch,
        long generation,
        long transactions,
        long events,
        long streams,
        Digest digest,
        List<ForkUnit> forks,
        List<StreamId> incomplete,
        List<TransactionId> dangling,
        List<ReplicaSequence> sequences,
        long moreSequences,
        long uncommitted,
        List<Finding> findings,
        long moreFindings) {

    /** How many replicas' sequences a status tells of; the rest is counted. */
    public static final int MAX_SEQUENCES = 100;

    public StoreStatus {
        forks = List.copyOf(forks);
        incomplete = List.copyOf(incomplete);
        dangling = List.copyOf(dangling);
        sequences = List.copyOf(sequences);
        findings = List.copyOf(findings);
    }

    /** This status with more findings, which come first. */
    public StoreStatus with(List<Finding> more) {
        List<Finding> all = new ArrayList<>(more);
        all.addAll(findings);
        return with(uncommitted, all, moreFindings);
    }

    /** The same, with other answers to what git was asked. */
    public StoreStatus with(long otherUncommitted, List<Finding> otherFindings, long otherMoreFindings) {
        return new StoreStatus(
                replica,
                epoch,
                generation,
                transactions,
                events,
                streams,
                digest,
                forks,
                incomplete,
                dangling,
                sequences,
                moreSequences,
                otherUncommitted,
                otherFindings,
                otherMoreFindings);
    }

    /** Whether nothing waits for anybody: no fork, nothing missing, nothing odd. */
    public boolean isClean() {
        return forks.isEmpty() && incomplete.isEmpty() && dangling.isEmpty() && findings.isEmpty();
    }
}
