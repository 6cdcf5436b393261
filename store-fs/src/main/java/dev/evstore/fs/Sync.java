package dev.evstore.fs;

import dev.evstore.core.GitRefusedException;
import dev.evstore.core.ReconcileReport;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.Remote;
import dev.evstore.fs.worktree.GitDirectory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commits, fetches, merges, reconciles if asked to, and pushes, and once more where somebody else pushed in between (rule G6). Each step stands
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

    private final Supplier<ReconcileReport> reconcile;

    private @Nullable MergeReport merged;
    private CommitResult committed = CommitResult.nothing();
    private ReconcileReport reconciled = new ReconcileReport(List.of(), List.of());

    /**
     * @param reconcile resolves the forks that are here
     */
    Sync(
            FileEventStore store,
            GitWorkTree workTree,
            GitDirectory git,
            boolean mayAsk,
            Supplier<ReconcileReport> reconcile) {
        this.store = store;
        this.workTree = workTree;
        this.git = git;
        this.mayAsk = mayAsk;
        this.reconcile = reconcile;
    }

    /** @param named the remote, or null for the one that the branch follows */
    SyncReport run(@Nullable String named) {
        try (GitRepository repository = GitRepository.open(git, store.opened().layout())) {
            Remote remote = Remote.of(repository, named, mayAsk);
            committed = workTree.commit(null);
            for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
                remote.fetch().ifPresent(this::merge);
                if (merged != null && merged.outcome() == MergeReport.Outcome.CONFLICTS) {
                    return report(remote, merged.commit(), false);
                }
                reconcile();
                String head = Optional.ofNullable(repository.headName()).orElse("");
                if (head.isEmpty() || remote.isAt(head) || remote.push(head)) {
                    return report(remote, head, true);
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

    private SyncReport report(Remote remote, String head, boolean pushed) {
        MergeReport all = merged == null ? nothing(head) : merged;
        return new SyncReport(remote.shown(), all.with(head, reconciled, committed, store.status()), pushed);
    }

    /**
     * Resolves what is forked now, and commits that with whatever was appended meanwhile: a resolution may build on it.
     * Resolved differently elsewhere, the resolutions fork; the pause before the next try lets one of both have the last word
     * (rule M2).
     */
    private void reconcile() {
        ReconcileReport now = reconcile.get();
        if (!now.resolved().isEmpty()) {
            committed = committed.and(workTree.commit(null));
        }
        reconciled = new ReconcileReport(
                Stream.concat(reconciled.resolved().stream(), now.resolved().stream())
                        .toList(),
                now.unresolved());
    }

    private void merge(String branch) {
        MergeReport before = merged;
        MergeReport now = workTree.mergeFetched(branch);
        merged = before == null ? now : after(before, now);
    }

    /** Both told as one. */
    private static MergeReport after(MergeReport before, MergeReport now) {
        return new MergeReport(
                now.outcome() == MergeReport.Outcome.UP_TO_DATE ? before.outcome() : now.outcome(),
                now.commit(),
                new MergeReport.Arrived(
                        before.arrived().transactions() + now.arrived().transactions(),
                        before.arrived().events() + now.arrived().events(),
                        before.arrived().late() + now.arrived().late()),
                before.retracted() + now.retracted(),
                now.missing(),
                now.moreMissing(),
                now.conflicts(),
                Stream.concat(before.elsewhere().stream(), now.elsewhere().stream())
                        .distinct()
                        .toList(),
                now.reconciled(),
                now.committed(),
                now.status());
    }

    /** Of a remote that has no such branch yet. */
    private MergeReport nothing(String head) {
        return new MergeReport(
                MergeReport.Outcome.UP_TO_DATE,
                head,
                new MergeReport.Arrived(0, 0, 0),
                0,
                List.of(),
                0,
                List.of(),
                List.of(),
                reconciled,
                committed,
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
