package dev.evstore.fs;

import dev.evstore.core.GitRefusedException;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.Remote;
import dev.evstore.fs.worktree.GitDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits, fetches, merges and pushes, and once more where somebody else pushed in between (rule G6). Each step stands
 * by itself: whatever fails or is interrupted, what was done before it stays, and a repetition goes on from there.
 */
final class Sync {

    /** How often it tries to be the one who pushes; with the pauses between, some twenty seconds. */
    private static final int MAX_TRIES = 16;

    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final FileEventStore store;
    private final GitWorkTree workTree;
    private final GitDirectory git;
    private final boolean mayAsk;

    private MergeReport.Arrived arrived = new MergeReport.Arrived(0, 0, 0);
    private long retracted;
    private @Nullable MergeReport last;

    Sync(FileEventStore store, GitWorkTree workTree, GitDirectory git, boolean mayAsk) {
        this.store = store;
        this.workTree = workTree;
        this.git = git;
        this.mayAsk = mayAsk;
    }

    /** @param named the remote, or null for the one that the branch follows */
    SyncReport run(@Nullable String named) {
        try (GitRepository repository = GitRepository.open(git, store.opened().layout())) {
            Remote remote = Remote.of(repository, named, mayAsk);
            CommitResult committed = workTree.commit(null);
            for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
                remote.fetch().ifPresent(this::merge);
                if (last != null && last.outcome() == MergeReport.Outcome.CONFLICTS) {
                    return report(remote, committed, repository, false);
                }
                String head = repository.headName();
                if (head == null || remote.isAt(head) || remote.push(head)) {
                    return report(remote, committed, repository, true);
                }
                pause(attempt);
            }
            throw new GitRefusedException(
                    "Others pushed each time before this could; everything is committed and merged here.",
                    remote.shown() + ", " + MAX_TRIES + " times",
                    "repeat in a moment",
                    null);
        }
    }

    private void merge(String branch) {
        MergeReport merged = workTree.merge(branch);
        arrived = new MergeReport.Arrived(
                arrived.transactions() + merged.arrived().transactions(),
                arrived.events() + merged.arrived().events(),
                arrived.late() + merged.arrived().late());
        retracted += merged.retracted();
        last = merged;
    }

    private SyncReport report(Remote remote, CommitResult committed, GitRepository repository, boolean pushed) {
        Optional<MergeReport> merged = Optional.ofNullable(last);
        return new SyncReport(
                remote.shown(),
                committed,
                arrived,
                retracted,
                merged.map(MergeReport::missing).orElseGet(List::of),
                merged.map(MergeReport::moreMissing).orElse(0L),
                merged.map(MergeReport::conflicts).orElseGet(List::of),
                pushed,
                Optional.ofNullable(repository.headName()).orElse(""),
                store.status());
    }

    /** Longer each time, and by chance, so that those who collided don't do so again. */
    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
        long millis = ThreadLocalRandom.current().nextLong(most / 4, most + 1);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        if (Thread.currentThread().isInterrupted()) {
            throw new GitRefusedException(
                    "The exchange with the remote was interrupted; what was committed and merged here stays.",
                    "a pause before the next try",
                    "repeat",
                    null);
        }
    }
}
