package dev.evstore.fs;

import dev.evstore.fs.git.BetweenSteps;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.KeptFiles;
import dev.evstore.fs.worktree.GitDirectory;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The files that git has taken out of the working tree while it is between two steps: what they hold stays visible (rule
 * P6), so it has to be readable. They are read where they are kept until they are committed, or from git's objects; JGit is
 * loaded only then.
 */
final class TakenAway implements EventFiles.Elsewhere {

    private final StoreLayout layout;
    private final GitSteps steps;
    private final KeptFiles kept;

    TakenAway(StoreLayout layout, GitSteps steps) {
        this.layout = layout;
        this.steps = steps;
        this.kept = new KeptFiles(layout);
    }

    @Override
    public byte @Nullable [] bytes(String path) throws IOException {
        if (!steps.underWay()) {
            return null;
        }
        try {
            return kept.bytes(path);
        } catch (NoSuchFileException e) {
            GitDirectory git = GitDirectory.of(layout.root());
            return git == null ? null : BetweenSteps.bytes(git, layout, path);
        }
    }
}
