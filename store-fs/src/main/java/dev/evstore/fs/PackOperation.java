package dev.evstore.fs;

import dev.evstore.core.ProgressListener;
import dev.evstore.fs.git.EventCommit;
import dev.evstore.fs.index.FileRows;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Packs committed loose files (rules K3, K4). The packs appear and are indexed, then git's objects, index and branch
 * have them in place of the loose files, as in a commit of new ones, and only then the loose files go: at every moment each
 * transaction stands in a file of the working tree, and a commit that the user makes in between holds it, too.
 */
final class PackOperation {

    /** What has been done when a test may stop the process. */
    enum Step {
        PACK_PUBLISHED,
        PACKS_INDEXED,
        OBJECTS_WRITTEN,
        STAGED,
        MOVED,
        LOOSE_FILE_REMOVED,
        LOOSE_FILES_REMOVED
    }

    private final FileEventStore store;
    private final OwnCommits commits;
    private final EventFiles files;
    private final FileRows rows;
    private final ProgressListener progress;
    private final Consumer<Step> reached;

    /**
     * @param progress hears of the files looked at
     * @param reached hears of each step
     */
    PackOperation(FileEventStore store, GitDirectory git, ProgressListener progress, Consumer<Step> reached) {
        this.store = store;
        this.commits = new OwnCommits(store, git);
        this.files = new EventFiles(store.opened().layout());
        this.rows = new FileRows(store.opened().index());
        this.progress = progress;
        this.reached = reached;
    }

    /** @param before {@link PackPlan#of} */
    PackResult run(long before) {
        return commits.commit("packed", commit -> attempt(commit, before));
    }

    /** Null if HEAD moved. */
    private @Nullable PackResult attempt(EventCommit commit, long before) throws IOException {
        PackPlan plan = PackPlan.of(loose(commit), content -> isInPack(commit, content), before);
        List<NewFile> leaving = plan.leaving();
        if (leaving.isEmpty()) {
            return PackResult.nothing();
        }
        TreeSet<String> packs = new TreeSet<>();
        for (List<NewFile> fold : plan.folds()) {
            packs.add("events/" + commits.publishPack(fold, commit));
            reached.accept(Step.PACK_PUBLISHED);
        }
        commits.takeInDurably();
        reached.accept(Step.PACKS_INDEXED);
        leaving.forEach(file -> commit.remove(file.path()));
        commit.write("evstore: " + packs.size() + (packs.size() == 1 ? " pack" : " packs") + " in place of "
                + leaving.size() + " event files\n");
        reached.accept(Step.OBJECTS_WRITTEN);
        commit.stage();
        reached.accept(Step.STAGED);
        String id = commit.move();
        if (id == null) {
            return null;
        }
        reached.accept(Step.MOVED);
        finish(leaving, commit);
        return new PackResult(
                Optional.of(id),
                List.copyOf(packs),
                leaving.size(),
                leaving.stream()
                        .flatMap(file -> file.transactions().stream())
                        .map(NewFile.Content::id)
                        .distinct()
                        .count(),
                commit.stillHolding(leaving.stream().map(NewFile::path).collect(Collectors.toSet())));
    }

    /** Loose files under names that evstore gives, as HEAD has them. */
    private List<NewFile> loose(EventCommit commit) throws IOException {
        List<NewFile> found = new ArrayList<>();
        long done = 0;
        for (FileRows.Directory directory : rows.directories()) {
            for (String name : rows.names(directory.path())) {
                progress.at(++done, 0);
                if (!NewFile.isLoose(directory.path(), name) || !commit.isInHead(directory.path() + "/" + name)) {
                    continue;
                }
                NewFile file = NewFile.read(files, directory.path(), name, false);
                if (file != null && commit.holds(file.path(), Files.readAllBytes(files.path(directory.path(), name)))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private boolean isInPack(EventCommit commit, NewFile.Content content) throws IOException {
        return rows.places(content.id()).stream()
                .anyMatch(place -> NewFile.isPack(place.name())
                        && content.isSameAs(place.trailer(), place.redacted())
                        && commit.isInHead(place.path()));
    }

    private void finish(List<NewFile> leaving, EventCommit commit) {
        store.access().writing(() -> {
            for (NewFile file : leaving) {
                commits.removeUnchanged(file);
                reached.accept(Step.LOOSE_FILE_REMOVED);
            }
            reached.accept(Step.LOOSE_FILES_REMOVED);
            store.access().takeIn();
            commits.noteChange(commit.change());
            return true;
        });
        store.access().tellObserver();
    }
}
