package dev.evstore.fs;

/**
 * What an exchange with a remote brought, and where the store stands after it. Immutable.
 *
 * @param remote the remote's branch, as {@code origin/main}
 * @param committed what was committed here first
 * @param merged what came from the remote, all merges taken together, and what waits for somebody now
 * @param pushed whether the remote holds everything that is committed here; not so where a person has to end the merge
 */
public record SyncReport(String remote, CommitResult committed, MergeReport merged, boolean pushed) {

    /** Whether nothing waits for anybody. */
    public boolean isClean() {
        return pushed && committed.isWhole() && merged.isClean();
    }
}
