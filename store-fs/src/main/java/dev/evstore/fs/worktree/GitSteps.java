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

    /** Whether a rebase, cherry-pick, revert, merge or bisect is under way. */
    public boolean underWay() {
        GitDirectory known = directory();
        return known != null
                && STATE_FILES.stream()
                        .anyMatch(name -> Files.exists(known.path().resolve(name)));
    }
}
