package dev.evstore.fs.worktree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private final @Nullable Path gitDirectory;

    private GitSteps(@Nullable Path gitDirectory) {
        this.gitDirectory = gitDirectory;
    }

    /** Looks for the working tree that {@code directory} is in; outside git nothing is ever under way. */
    public static GitSteps of(Path directory) {
        for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isDirectory(git)) {
                return new GitSteps(git);
            }
            if (Files.isRegularFile(git)) {
                return new GitSteps(linked(at, git));
            }
        }
        return new GitSteps(null);
    }

    /** Git's own directory of this working tree, where nothing comes from a peer; null outside git. */
    public @Nullable Path gitDirectory() {
        return gitDirectory;
    }

    /** Whether a rebase, cherry-pick, revert, merge or bisect is under way. */
    public boolean underWay() {
        return gitDirectory != null && STATE_FILES.stream().anyMatch(name -> Files.exists(gitDirectory.resolve(name)));
    }

    /** A linked working tree and a submodule have a file that says where git's directory is. */
    private static @Nullable Path linked(Path directory, Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.startsWith("gitdir: ") ? directory.resolve(text.substring(8)) : null;
        } catch (IOException | RuntimeException e) {
            return null; // not git's file after all, so nothing of git's is under way here
        }
    }
}
