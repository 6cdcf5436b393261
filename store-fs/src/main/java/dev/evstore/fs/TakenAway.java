package dev.evstore.fs;

import dev.evstore.fs.git.CommittedEvents;
import dev.evstore.fs.git.GitUnreadableException;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.log.KeptFiles;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the bytes of event files that are gone while git is between two steps (rule P6): the second copy of what was
 * written here and not committed, else what git has. JGit is loaded when there is something to ask it. Not thread-safe.
 */
final class TakenAway implements Ghosts.Source {

    private final StoreLayout layout;
    private final GitSteps steps;
    private final KeptFiles kept;
    private @Nullable CommittedEvents committed;

    TakenAway(StoreLayout layout, GitSteps steps) {
        this.layout = layout;
        this.steps = steps;
        this.kept = new KeptFiles(layout);
    }

    @Override
    public byte @Nullable [] find(String path, Predicate<byte[]> wanted) throws IOException {
        if (Files.isRegularFile(kept.path(path))) {
            byte[] bytes = kept.bytes(path);
            if (wanted.test(bytes)) {
                return bytes;
            }
        }
        GitDirectory git = steps.directory();
        if (git == null) {
            return null;
        }
        try {
            if (committed == null) {
                committed = CommittedEvents.open(git, layout);
            }
            return committed.find(path, wanted);
        } catch (GitUnreadableException e) {
            return null; // status tells; what is read says which file it misses, and that git's end brings it back
        }
    }

    @Override
    public void close() {
        if (committed != null) {
            committed.close();
        }
    }
}
