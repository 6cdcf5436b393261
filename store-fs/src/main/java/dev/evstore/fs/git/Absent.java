package dev.evstore.fs.git;

import org.jspecify.annotations.Nullable;

/**
 * Event files that git has and the working tree lacks (rule L3). Immutable.
 *
 * @param files how many
 * @param committed how many of them HEAD holds; the others are staged only
 * @param staged how many of them git's index holds; all, where it can't be read
 * @param skipped whether git was told to leave some of them out of the working tree
 * @param sparse whether the working tree is sparse
 * @param first one of them, relative to the store; null if there are none
 */
public record Absent(
        int files,
        int committed,
        int staged,
        boolean skipped,
        boolean sparse,
        @Nullable String first) {

    /** What is to be typed in the store's directory to bring them in. */
    public String command() {
        if (skipped && sparse) {
            return "git sparse-checkout disable";
        }
        String options = skipped ? "--ignore-skip-worktree-bits " : "";
        if (committed == 0) {
            return "git checkout " + options + "-- events";
        }
        String bring = "git checkout " + options + "HEAD -- events";
        return committed < files ? bring + ", and git checkout -- events" : bring;
    }
}
