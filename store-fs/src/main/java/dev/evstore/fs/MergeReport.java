package dev.evstore.fs;

import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a merge brought, and where the store stands after it. Immutable.
 *
 * @param outcome what became of the merge
 * @param commit what HEAD stands on now: 40 hex digits
 * @param arrived what became visible here
 * @param retracted transactions that are gone with it: the other side had removed them
 * @param missing what the merged commit has and the store does not show, at most 1,000 files of it
 * @param moreMissing how many files there are beyond those
 * @param conflicts the user's own files that a person has to look at, from the working tree's root
 * @param elsewhere event files that were brought to where no store is: a directory above it was renamed on one side
 * @param reconciled what became of the forks that were here then; nothing without a resolver
 * @param committed what was committed besides: the resolutions, and in an exchange with a remote all that was new here
 * @param status forks, findings, digest and the rest, as they are now
 */
public record MergeReport(
        Outcome outcome,
        String commit,
        Arrived arrived,
        long retracted,
        List<Missing> missing,
        long moreMissing,
        List<String> conflicts,
        List<Finding> elsewhere,
        ReconcileReport reconciled,
        CommitResult committed,
        StoreStatus status) {

    /** What can become of a merge. */
    public enum Outcome {
        /** Everything was here already. */
        UP_TO_DATE,
        /** The branch followed the other, which was ahead of it. */
        FAST_FORWARD,
        /** There is a commit with two parents. */
        MERGED,
        /** A merge is begun, all its events are here, and a person has to end it: {@code conflicts} says where. */
        CONFLICTS
    }

    /**
     * What became visible here.
     *
     * @param late how many of the events arrived late
     */
    public record Arrived(long transactions, long events, long late) {}

    /**
     * A file of the merged commit with transactions that the store does not show.
     *
     * @param file its path there
     * @param transactions those that lack, ascending
     * @param removedBy the commit that removed it: 40 hex digits; null if that is too long ago to be found
     */
    public record Missing(
            String file,
            List<TransactionId> transactions,
            @Nullable String removedBy) {
        public Missing {
            transactions = List.copyOf(transactions);
        }
    }

    public MergeReport {
        missing = List.copyOf(missing);
        conflicts = List.copyOf(conflicts);
        elsewhere = List.copyOf(elsewhere);
    }

    /** The same merge, and what was reconciled and committed besides. */
    MergeReport with(String head, ReconcileReport resolutions, CommitResult commits, StoreStatus now) {
        return new MergeReport(
                outcome,
                head,
                arrived,
                retracted,
                missing,
                moreMissing,
                conflicts,
                elsewhere,
                resolutions,
                commits,
                now);
    }

    /** Whether nothing waits for anybody. */
    public boolean isClean() {
        return missing.isEmpty()
                && conflicts.isEmpty()
                && elsewhere.isEmpty()
                && committed.isWhole()
                && status.isClean();
    }
}
