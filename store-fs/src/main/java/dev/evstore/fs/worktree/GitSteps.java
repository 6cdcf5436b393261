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

    /** Whether a rebase, cherry-pick, revert, merge or bisect is under way. */
    public boolean underWay() {
        return git != null
                && STATE_FILES.stream().anyMatch(name -> Files.exists(git.path().resolve(name)));
    }
}
