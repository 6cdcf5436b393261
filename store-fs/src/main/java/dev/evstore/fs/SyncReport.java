package dev.evstore.fs;

import dev.evstore.core.StoreStatus;
import java.util.List;

/**
 * What an exchange with a remote brought, and where the store stands after it. Immutable.
 *
 * @param remote the remote's branch, as {@code origin/main}
 * @param committed what was committed here first
 * @param arrived what became visible here
 * @param retracted transactions that are gone with it: the other side had removed them
 * @param missing what was merged and the store does not show
 * @param moreMissing how many files there are beyond those
 * @param conflicts the user's own files that a person has to look at before anything can be pushed, from the working tree's
 *     root
 * @param pushed whether the remote holds everything that is committed here
 * @param commit what HEAD stands on now: 40 hex digits
 * @param status forks, findings, digest and the rest, as they are now
 */
public record SyncReport(
        String remote,
        CommitResult committed,
        MergeReport.Arrived arrived,
        long retracted,
        List<MergeReport.Missing> missing,
        long moreMissing,
        List<String> conflicts,
        boolean pushed,
        String commit,
        StoreStatus status) {

    public SyncReport {
        missing = List.copyOf(missing);
        conflicts = List.copyOf(conflicts);
    }

    /** Whether nothing waits for anybody. */
    public boolean isClean() {
        return pushed && committed.isWhole() && missing.isEmpty() && conflicts.isEmpty() && status.isClean();
    }
}
