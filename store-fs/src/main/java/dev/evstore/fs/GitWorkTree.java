package dev.evstore.fs;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.worktree.GitDirectory;

/**
 * The git working tree that a store is in: the only part of evstore that writes to git's repository, and to nothing in it
 * but event files, commits and the branch that is checked out. Everything here can be done with git alone as well.
 *
 * <p>Thread-safe. What it is asked to do is done on a thread that nobody interrupts.
 */
public final class GitWorkTree {

    private final FileEventStore store;
    private final GitDirectory git;

    private GitWorkTree(FileEventStore store, GitDirectory git) {
        this.store = store;
        this.git = git;
    }

    /**
     * The working tree around an open store.
     *
     * @throws GitRefusedException the store is not in git
     */
    public static GitWorkTree of(FileEventStore store) {
        GitDirectory git = GitDirectory.of(store.opened().layout().root());
        if (git == null) {
            throw new GitRefusedException(
                    "The store is not in a git working tree.",
                    store.opened().layout().root().toString(),
                    "git init, or evstore init --git, in that directory or one above it",
                    null);
        }
        return new GitWorkTree(store, git);
    }

    FileEventStore store() {
        return store;
    }

    GitDirectory git() {
        return git;
    }
}
