package dev.evstore.fs.git;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.ObjectId;

/**
 * A merge whose conflicts are in the user's own files: the git program makes it, so that its conflicts look as the user is
 * used to, and are solved as ever. It looks for no renames, which would only take event files for renamed ones (rule K2).
 */
final class HandedToGit {

    private final GitRepository repository;
    private final String name;
    private final MergePlan plan;

    HandedToGit(GitRepository repository, String name, MergePlan plan) {
        this.repository = repository;
        this.name = name;
        this.plan = plan;
    }

    Merging.Merged merge() throws IOException {
        List<String> conflicts = plan.conflicts().stream().map(RawPath::text).toList();
        if (repository.program().isEmpty()) {
            throw Refusals.refusal(
                    "Both sides changed files that are not events, and merging those takes the git program, which is"
                            + " missing; nothing was changed.",
                    repository.where() + ": " + String.join(", ", conflicts),
                    "install git, or mend PATH");
        }
        IndexLock.await(repository);
        GitProgram.Ended ended = repository
                .program()
                .get()
                .run(
                        repository.workTree(),
                        UsersFiles.LIMIT,
                        "merge",
                        "--no-ff",
                        "-q",
                        "-X",
                        "no-renames",
                        "-m",
                        Commits.mergeMessage(repository, name, plan.theirs()).strip(),
                        plan.theirs().name())
                .environment(Map.of("GIT_EDITOR", "true"))
                .end();
        ObjectId head = repository.head();
        if (head == null || ended.exit() > 1) {
            throw Refusals.refusal(
                    "Git refused to merge; nothing was changed.",
                    repository.where() + ": " + Refusals.shortened(ended.errors()),
                    "do what git says, then repeat");
        }
        return ended.exit() == 0
                ? Merging.Merged.of(Merging.Outcome.MERGED, plan, head, List.of())
                : Merging.Merged.of(Merging.Outcome.CONFLICTS, plan, head, stopped());
    }

    /** Where git stopped: it may follow a merge program of the user's, and may stop on event files of one name. */
    private List<String> stopped() throws IOException {
        DirCache index = repository.jgit().readDirCache();
        SortedSet<String> paths = new TreeSet<>();
        for (int k = 0; k < index.getEntryCount(); k++) {
            if (index.getEntry(k).getStage() != DirCacheEntry.STAGE_0) {
                paths.add(index.getEntry(k).getPathString());
            }
        }
        return List.copyOf(paths);
    }
}
