package dev.evstore.fs.worktree;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether git is between two steps of something that takes history apart and puts it together again. What vanishes
 * meanwhile may come back in a moment (rule P6). Thread-safe.
 */
public final class GitSteps {

    private static final List<String> STATE_FILES = List.of(
            "rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer", "BISECT_LOG");

    private final Path root;
    private volatile @Nullable GitDirectory git;

    private GitSteps(Path root) {
        this.root = root;
        this.git = GitDirectory.of(root);
    }

    /** Looks for the working tree that {@code directory} is in; outside git nothing is ever under way. */
    public static GitSteps of(Path directory) {
        return new GitSteps(directory);
    }

    /** The working tree; null outside git. A repository that is made around an open store is found by the next call. */
    public @Nullable GitDirectory directory() {
        GitDirectory known = git;
        if (known == null) {
            known = GitDirectory.of(root);
            git = known;
        }
        return known;
    }

    /** What git has to be told once everything is resolved, as a person types it. */
    public String toGoOn() {
        return unfinished("rebase-merge") || unfinished("rebase-apply/rebasing")
                ? "git rebase --continue"
                : unfinished("rebase-apply")
                        ? "git am --continue"
                        : unfinished("CHERRY_PICK_HEAD")
                                ? "git cherry-pick --continue"
                                : unfinished("REVERT_HEAD") ? "git revert --continue" : "git commit";
    }

    private boolean unfinished(String name) {
        GitDirectory known = directory();
        return known != null && isUnfinished(known, name);
    }

    private static boolean isUnfinished(GitDirectory git, String name) {
        return Files.exists(git.path().resolve(name));
    }

    /** Whether a rebase, cherry-pick, revert, merge or bisect is under way. */
    public boolean underWay() {
        GitDirectory known = directory(); // outside git each call looks for one, up to the root
        return known != null && STATE_FILES.stream().anyMatch(name -> isUnfinished(known, name));
    }
}
