package dev.evstore.fs.worktree;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether git is between two steps of something that takes history apart and puts it together again. What vanishes
 * meanwhile may come back in a moment (rule P6). Immutable and thread-safe.
 */
public final class GitSteps {

    private static final List<String> STATE_FILES = List.of(
            "rebase-merge", "rebase-apply", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer", "BISECT_LOG");

    private final @Nullable GitDirectory git;

    private GitSteps(@Nullable GitDirectory git) {
        this.git = git;
    }

    /** Looks for the working tree that {@code directory} is in; outside git nothing is ever under way. */
    public static GitSteps of(Path directory) {
        return new GitSteps(GitDirectory.of(directory));
    }

    /** Git's own directory of this working tree, where nothing comes from a peer; null outside git. */
    public @Nullable Path gitDirectory() {
        return git == null ? null : git.path();
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
        return git != null && Files.exists(git.path().resolve(name));
    }

    /** Whether a rebase, cherry-pick, revert, merge or bisect is under way. */
    public boolean underWay() {
        return STATE_FILES.stream().anyMatch(this::unfinished);
    }
}
