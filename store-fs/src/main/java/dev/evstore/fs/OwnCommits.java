package dev.evstore.fs;

import dev.evstore.core.GitRefusedException;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.git.Content;
import dev.evstore.fs.git.EventCommit;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the store's own commits have in common: there is one at a time, over all processes; one that HEAD moves under is begun
 * anew; and an event file goes only when the index and HEAD have what it holds in another.
 */
final class OwnCommits {

    /** How often one is begun because HEAD moved. */
    private static final int ATTEMPTS = 5;

    private final FileEventStore store;
    private final GitDirectory git;
    private final StoreLayout layout;
    private final Disk disk;
    private final EventFiles files;

    OwnCommits(FileEventStore store, GitDirectory git) {
        this.store = store;
        this.git = git;
        this.layout = store.opened().layout();
        this.disk = store.opened().disk();
        this.files = new EventFiles(layout);
    }

    /** One try. */
    interface Attempt<T> {
        /** Gives null if HEAD moved. */
        @Nullable
        T make(EventCommit commit) throws IOException;
    }

    /**
     * Commits on top of what is there.
     *
     * @param done what is done to the branch, for whoever is told that it moved
     */
    <T> T commit(String done, Attempt<T> attempt) {
        return alone(() -> {
            for (int n = 1; n <= ATTEMPTS; n++) {
                try (GitRepository repository = GitRepository.open(git, layout);
                        EventCommit commit = EventCommit.begin(repository, layout)) {
                    lookAndRequireAll();
                    T result = attempt.make(commit);
                    if (result != null) {
                        return result;
                    }
                }
            }
            throw new GitRefusedException(
                    "The branch moved again and again while it was " + done + ".",
                    git.workTree().toString(),
                    "repeat when the other program that commits there is done; if none is, look for a lock file of the"
                            + " branch in .git/refs/heads",
                    null);
        });
    }

    /** Does something while no other commit or merge of evstore's is under way. */
    <T> T alone(IndexAccess.Work<T> work) {
        try (StoreLock one = StoreLock.open(layout.commitLock())) {
            one.acquire();
            try {
                return work.run();
            } finally {
                one.release();
            }
        } catch (IOException | IndexException e) {
            throw FileEventStore.unusable(layout, e);
        }
    }

    /** Takes in what is here, and refuses where event files lack that git has (L3). */
    void lookAndRequireAll() {
        try {
            store.access().writing(() -> {
                store.access().takeInIfChanged();
                return store.inGit().requireCheckedOut();
            });
        } catch (StoreUnusableException e) {
            if (e.getCause() != null) {
                throw e;
            }
            throw new GitRefusedException(e.what(), e.where(), e.remedy(), e);
        } finally {
            store.access().tellObserver();
        }
    }

    /**
     * Puts event files of a directory together into a pack beside them, which the commit is to hold.
     *
     * @return its path, relative to {@code events/}
     */
    String publishPack(List<NewFile> fold, EventCommit commit) throws IOException {
        PackWriter.Pack pack = new PackWriter(layout, disk).publish(fold);
        commit.add(pack.path(), pack.bytes());
        return pack.path();
    }

    /** What was published is in the index, also after a power cut. */
    void takeInDurably() {
        store.access().writing(() -> {
            store.access().takeIn();
            store.writes().makeDurable();
            return true;
        });
        store.access().tellObserver();
    }

    /** Not if somebody has written into it since: those are no longer the bytes that HEAD has. */
    void removeUnchanged(NewFile file) throws IOException {
        if (file.equals(NewFile.read(files, file.directory(), file.name(), file.staged()))) {
            disk.remove(files.path(file.directory(), file.name()));
        }
    }

    /**
     * What was noted of files that HEAD lacked is forgotten where it has them now. Under the store's lock.
     *
     * @param change how HEAD moved, if it did
     */
    void noteChange(Optional<Content.Change> change) throws IOException {
        if (change.isPresent()) {
            store.inGit().committed(change.get());
        }
        store.inGit().forgetCommitted(); // also what a commit left that was killed here
    }
}
