package dev.evstore.fs;

import dev.evstore.core.EventStore;
import dev.evstore.core.GitRefusedException;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.fs.git.GitRepository;
import dev.evstore.fs.git.Hooks;
import dev.evstore.fs.git.Merging;
import dev.evstore.fs.git.OwnBranch;
import dev.evstore.fs.git.Stopped;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /**
     * Checks a branch for events alone out in a working tree of its own, and makes the branch if it is nowhere: for
     * repositories whose code branches should not carry events (rule G7). A store can then be made there. Repeating it is no
     * error.
     *
     * @param inside a directory in the repository
     * @param place where the working tree is to be: an empty directory, or none. If it is inside the repository's own working
     *     tree, that one is told to ignore it, in {@code .git/info/exclude}
     * @param branch its name, without {@code refs/heads/}
     * @throws GitRefusedException {@code inside} is in no repository, or git refuses
     */
    public static void checkOutBranch(Path inside, Path place, String branch) {
        GitDirectory git = GitDirectory.of(inside);
        if (git == null) {
            throw new GitRefusedException(
                    "There is no git repository for the branch to be in.",
                    inside.toString(),
                    "git init, or leave --branch out",
                    null);
        }
        OwnBranch.checkOut(git, place, branch);
    }

    /**
     * Lets git run {@code evstore status} after merges, checkouts and rebases, so that a store is up to date before somebody
     * asks. Hooks that are the user's are left, and where git is told to look for hooks elsewhere nothing is written.
     * Nothing depends on them.
     *
     * @throws GitRefusedException they can't be written
     */
    public HooksReport installHooks() {
        try (GitRepository repository =
                GitRepository.openUnfinished(git, store.opened().layout())) {
            Hooks.Installed done = Hooks.install(repository, store.opened().layout());
            return new HooksReport(done.directory().toString(), done.installed(), done.left(), done.line());
        }
    }

    /**
     * Commits the event files that HEAD lacks, and nothing else, whatever else is staged or modified (rule G1): loose files of a
     * month as one pack (K1). Transactions whose parents are neither in HEAD nor in the commit wait (G7); files with findings
     * are the user's to mend. No hook is run: the commit holds event files only.
     *
     * @param message what the commit says; null for how much is in it
     * @throws GitRefusedException a commit can't be written as things are; it names the way out. Nothing was committed, though
     *     some loose files may have got a pack beside them, which the next commit takes
     */
    public CommitResult commit(@Nullable String message) {
        return commit(message, step -> {});
    }

    CommitResult commit(@Nullable String message, Consumer<CommitOperation.Step> reached) {
        if (message != null && (message.isBlank() || message.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("a commit message is a text, neither blank nor with a zero in it");
        }
        store.requireWritable("nothing was committed");
        String said = message == null ? null : message.strip() + "\n";
        return Uninterrupted.call(() -> new CommitOperation(store, git, file -> true, reached).run(said));
    }

    /**
     * Puts committed loose event files together into packs, and commits that (rules K3, K4): fewer files to check out, list and
     * merge. Only for a quiet repository, in which no branch is about to be merged: this is the one commit of ours that
     * deletes event files, and where two sides of a merge have deleted some, git takes new event files for renamed ones and
     * stops; {@link #resolve} ends that. No event is lost in any case: a branch that still has the loose files holds the same
     * transactions, and each counts once.
     *
     * <p>Files that are not committed, have findings, or are packs stay as they are; so does a single file of a month.
     *
     * @param before takes only transactions whose ids are from before this; null for all
     * @param progress hears of the files looked at, on a thread of this store
     * @throws GitRefusedException a commit can't be written as things are; nothing was committed, though packs may stand
     *     beside the loose files, which the next pack or commit takes or removes
     */
    public PackResult pack(@Nullable Instant before, ProgressListener progress) {
        return pack(before, progress, step -> {});
    }

    PackResult pack(@Nullable Instant before, ProgressListener progress, Consumer<PackOperation.Step> reached) {
        store.requireWritable("nothing was packed");
        long millis = before == null ? Long.MAX_VALUE : before.toEpochMilli();
        return Uninterrupted.call(() -> new PackOperation(store, git, progress, reached).run(millis));
    }

    /**
     * Merges a commit into the branch that is checked out, as {@code git merge} does, but that event files are never in
     * conflict (rule G3). Events that nobody committed yet stay uncommitted; what of the user's is staged stays staged. Files
     * of the user's that the merge would overwrite make it refuse before anything is changed.
     *
     * <p>Where both sides changed the same lines of the user's own files, git is left in the middle of its merge, with all
     * events there: the report names the files, and the person ends it with git.
     *
     * <p>Where git's setting {@code merge.ff} wants a merge commit always or never, so it is.
     *
     * <p>Afterwards the transactions of the commit are compared with what is here. What lacks, as after a merge that was
     * reverted, is in the report; {@link #restore} brings it back.
     *
     * @param commit a branch, tag or commit, as git names it
     * @throws GitRefusedException it can't be merged, or not now; unless it says otherwise, nothing was changed
     */
    public MergeReport merge(String commit) {
        return merge(commit, step -> {});
    }

    /**
     * {@linkplain #merge(String) Merges}, reconciles the forks that are here then, and commits the merge transactions: these
     * and nothing else, so one that builds on events nobody committed yet waits with them, and the report says so. Where a
     * person has to end git's merge first, nobody is asked.
     *
     * @param commit a branch, tag or commit, as git names it
     * @param resolver asked on the calling thread, with no lock held
     * @param options of which a dry run makes no sense here
     * @throws GitRefusedException it can't be merged, or the resolutions can't be committed, or not now; what was done before stays
     */
    public MergeReport merge(String commit, Resolver resolver, ReconcileOptions options) {
        requireForReal(options);
        MergeReport merged = merge(commit);
        if (merged.outcome() == MergeReport.Outcome.CONFLICTS) {
            return merged;
        }
        ReconcileReport reconciled = store.reconcile(resolver, options);
        CommitResult committed = commitResolutions(reconciled);
        return merged.with(committed.commit().orElse(merged.commit()), reconciled, committed, store.status());
    }

    private static void requireForReal(ReconcileOptions options) {
        if (options.dryRun()) {
            throw new IllegalArgumentException("a merge or an exchange with a remote is no dry run");
        }
    }

    private CommitResult commitResolutions(ReconcileReport reconciled) {
        Set<TransactionId> written = reconciled.resolved().stream()
                .map(ReconcileReport.Resolved::transaction)
                .collect(Collectors.toSet());
        return written.isEmpty()
                ? CommitResult.nothing()
                : Uninterrupted.call(() -> new CommitOperation(
                                store,
                                git,
                                file -> file.transactions().stream().allMatch(one -> written.contains(one.id())),
                                step -> {})
                        .run(null));
    }

    MergeReport merge(String commit, Consumer<Merging.Step> reached) {
        store.requireWritable("nothing was merged");
        return Uninterrupted.call(() -> new Merge(store, git, false, reached).run(commit));
    }

    /** Merges what a remote has. */
    MergeReport mergeFetched(String branch) {
        return Uninterrupted.call(() -> new Merge(store, git, true, step -> {}).run(branch));
    }

    /**
     * Brings back the transactions of a commit that are not visible here: those that a merge left out or that a commit
     * removed. They are written as new event files, which nobody has committed yet; nothing is replaced.
     *
     * @param commit a branch, tag or commit, as git names it
     * @throws GitRefusedException there is no such commit, or git's files can't be read
     */
    public RestoreReport restore(String commit) {
        store.requireWritable("nothing was written");
        return Uninterrupted.call(() -> new RestoreFrom(store, git).run(commit));
    }

    /**
     * Exchanges events with a remote: commits the new ones, fetches, merges and pushes, and does so again where somebody
     * else pushed in between, for a limited number of times (rule G6). The git program does the sending where it is
     * installed, with the user's keys, credential helpers and hooks; else JGit does.
     *
     * <p>May take as long as the network does. Interrupting the thread ends it; what was committed and merged until then stays, and
     * calling it again goes on from there.
     *
     * @param remote the name of a configured remote, or null for the one whose branch the branch here follows
     * @param mayAsk whether git may ask for passwords at the terminal; else it fails rather than wait for an answer
     * @throws GitRefusedException there is no such remote, it can't be reached or refuses, or a commit or merge is not
     *     possible as things are
     */
    public SyncReport sync(@Nullable String remote, boolean mayAsk) {
        return new Sync(store, this, git, mayAsk, () -> new ReconcileReport(List.of(), List.of())).run(remote);
    }

    /**
     * {@linkplain #sync(String, boolean) Exchanges events with a remote}, and reconciles the forks that are here after each
     * merge, before the push: the remote gets the resolutions at once. Where somebody else pushed in between, what arrived is
     * reconciled, too. Where a person has to end git's merge first, nobody is asked.
     *
     * @param resolver asked on the calling thread, with no lock held
     * @param options of which a dry run makes no sense here
     * @throws GitRefusedException as without a resolver
     */
    public SyncReport sync(@Nullable String remote, boolean mayAsk, Resolver resolver, ReconcileOptions options) {
        requireForReal(options);
        return new Sync(store, this, git, mayAsk, () -> store.reconcile(resolver, options)).run(remote);
    }

    /**
     * The store as a commit has it, read-only. Its files are written into a temporary directory and indexed there, so this
     * takes time and room on the disk with the number of events, and little memory; close it to have that back. Cursors
     * are good as long as it is open. What is open here, and the working tree, are not touched.
     *
     * @param commit a branch, tag or commit, as git names it
     * @throws GitRefusedException there is no such commit, or it has no store in this place
     * @throws dev.evstore.core.StoreUnusableException the temporary directory can't be written
     */
    public EventStore storeAt(String commit) {
        StoreLayout layout = store.opened().layout();
        return Uninterrupted.call(() -> StoreAt.open(git, layout, commit));
    }

    /**
     * Ends what git stopped on, as far as it is the store's own, in whatever is unfinished: a merge, a rebase, a cherry-pick,
     * a revert, a stash that was popped (rule G5). Every version of an event file stays, under names of their own where
     * they differ, and is staged; what both sides removed stays removed. The user's own files are left alone. Where nothing
     * is in conflict, nothing is done.
     *
     * @throws GitRefusedException git's files can't be read or written; then the same can be asked again
     */
    public ResolveReport resolve() {
        return resolve(step -> {});
    }

    ResolveReport resolve(Consumer<Stopped.Step> reached) {
        store.requireWritable("nothing was written");
        return Uninterrupted.call(() -> new Resolve(store, git, reached).run());
    }
}
