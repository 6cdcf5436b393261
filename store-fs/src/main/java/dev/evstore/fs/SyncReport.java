package dev.evstore.fs;

/**
 * What an exchange with a remote brought, and where the store stands after it. Immutable.
 *
 * @param remote the remote's branch, as {@code origin/main}
 * @param merged what came from the remote and was resolved and committed here, all turns taken together, and what waits for somebody
 *     now
 * @param pushed whether the remote holds everything that is committed here; not so where a person has to end the merge
 */
public record SyncReport(String remote, MergeReport merged, boolean pushed) {

    /** What was committed here. */
    public CommitResult committed() {
        return merged.committed();
    }

    /** Whether nothing waits for anybody. */
    public boolean isClean() {
        return pushed && merged.isClean();
    }
}
