package dev.evstore.fs;

import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.git.Content;
import dev.evstore.fs.git.EventCommit;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.KeptFiles;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Commits the new event files (rules G1, G2, K1, G7). After each step everything that was acknowledged is in at least one
 * event file of the working tree, and nothing that the user may do with git then loses any of it; whatever a commit that was
 * killed left behind, the next one finishes. Appends go on: the store lock is held only to look at the files and, at the
 * end, to remove folded ones.
 */
final class CommitOperation {

    /** What has been done when a test may stop the process. */
    enum Step {
        PLANNED,
        PACK_PUBLISHED,
        PACKS_INDEXED,
        OBJECTS_WRITTEN,
        STAGED,
        MOVED,
        LOOSE_FILE_REMOVED,
        LOOSE_FILES_REMOVED,
        COPIES_REMOVED
    }

    private final FileEventStore store;
    private final OwnCommits commits;
    private final StoreLayout layout;
    private final Disk disk;
    private final EventFiles files;
    private final FileRows rows;
    private final KeptFiles kept;
    private final Consumer<Step> reached;
    private final Predicate<NewFile> wanted;

    /**
     * @param wanted which of the new files; the others stay as they are
     * @param reached hears of each step
     */
    CommitOperation(FileEventStore store, GitDirectory git, Predicate<NewFile> wanted, Consumer<Step> reached) {
        this.store = store;
        this.commits = new OwnCommits(store, git);
        this.layout = store.opened().layout();
        this.disk = store.opened().disk();
        this.files = new EventFiles(layout);
        this.rows = new FileRows(store.opened().index());
        this.kept = new KeptFiles(layout);
        this.wanted = wanted;
        this.reached = reached;
    }

    CommitResult run(@Nullable String message) {
        return commits.commit("committed to", commit -> attempt(commit, message));
    }

    /** Null if HEAD moved. */
    private @Nullable CommitResult attempt(EventCommit commit, @Nullable String message) throws IOException {
        NewFiles.Found found = new NewFiles(layout, disk, rows).find(commit);
        CommitPlan plan = CommitPlan.of(found.sound().stream().filter(wanted).toList(), new InHead(commit));
        reached.accept(Step.PLANNED);
        TreeSet<String> paths = new TreeSet<>();
        for (List<NewFile> fold : plan.folds()) {
            paths.add(commits.publishPack(fold, commit));
            reached.accept(Step.PACK_PUBLISHED);
        }
        if (!plan.folds().isEmpty()) {
            commits.takeInDurably();
            reached.accept(Step.PACKS_INDEXED);
        }
        for (NewFile file : plan.whole()) {
            commit.add(file.path(), Files.readAllBytes(files.path(file.directory(), file.name())));
            paths.add(file.path());
        }
        addOwn(commit, layout.attributes(), StoreLayout.attributesBytes());
        addOwn(commit, layout.ignore(), StoreLayout.ignoreBytes());
        String id = null;
        if (!commit.isEmpty()) {
            commit.write(message == null ? message(plan) : message);
            reached.accept(Step.OBJECTS_WRITTEN);
            commit.stage();
            reached.accept(Step.STAGED);
            id = commit.move();
            if (id == null) {
                return null;
            }
            reached.accept(Step.MOVED);
        }
        finish(plan, id == null ? Optional.empty() : commit.change());
        return new CommitResult(
                Optional.ofNullable(id),
                plan.transactions(),
                plan.events(),
                paths.stream().map(path -> "events/" + path).toList(),
                plan.leftOut(),
                found.flawed());
    }

    /** What HEAD holds, as the index of the store tells where each transaction stands. */
    private final class InHead implements CommitPlan.Head {

        private final EventCommit commit;

        InHead(EventCommit commit) {
            this.commit = commit;
        }

        @Override
        public boolean has(TransactionId id) throws IOException {
            return rows.places(id).stream().anyMatch(place -> commit.isInHead(place.path()));
        }

        @Override
        public boolean has(NewFile.Content content) throws IOException {
            return rows.places(content.id()).stream()
                    .anyMatch(place ->
                            content.isSameAs(place.trailer(), place.redacted()) && commit.isInHead(place.path()));
        }
    }

    /** The store's own two files, as long as nobody has made others of them. */
    private void addOwn(EventCommit commit, Path file, byte[] bytes) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!commit.isInHead(name)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Arrays.equals(bytes, Files.readAllBytes(file))) {
            commit.add(name, bytes);
        }
    }

    private static String message(CommitPlan plan) {
        long transactions = plan.transactions();
        if (transactions == 0) {
            return "evstore: a store\n";
        }
        return "evstore: " + count(plan.events(), "event") + " in " + count(transactions, "transaction") + "\n";
    }

    private static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    /** What HEAD holds now needs no loose file, and no second copy. */
    private void finish(CommitPlan plan, Optional<Content.Change> change) {
        List<NewFile> unneeded = new ArrayList<>(plan.superfluous());
        plan.folds().forEach(unneeded::addAll);
        List<NewFile> done = new ArrayList<>(unneeded);
        done.addAll(plan.whole());
        store.access().writing(() -> {
            for (NewFile file : unneeded) {
                commits.removeUnchanged(file);
                reached.accept(Step.LOOSE_FILE_REMOVED);
            }
            reached.accept(Step.LOOSE_FILES_REMOVED);
            for (NewFile file : done) {
                disk.remove(kept.path(file.path()));
            }
            reached.accept(Step.COPIES_REMOVED);
            store.access().takeInIfChanged();
            commits.noteChange(change);
            return true;
        });
        store.access().tellObserver();
    }
}
