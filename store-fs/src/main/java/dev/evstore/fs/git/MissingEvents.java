package dev.evstore.fs.git;

import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that one commit has and another, which counts it among its ancestors, has not: a reverted merge, or one
 * that took only one side, stays "already up to date" for git. Not thread-safe.
 */
final class MissingEvents {

    /** How far back it is looked for who removed a file. */
    static final int MAX_COMMITS = 100_000;

    /** Asks which of some transactions the store does not show. */
    interface Visibility {
        Set<TransactionId> notVisible(Collection<TransactionId> transactions) throws IOException;
    }

    /** A file that has what is missing. */
    record File(String path, ObjectId blob, SortedSet<TransactionId> transactions) {}

    private final Repository repository;
    private final ObjectReader reader;
    private final Trees trees;
    private final String events;

    /**
     * @param events where the store's {@code events/} are, raw
     */
    MissingEvents(Repository repository, ObjectReader reader, String events) {
        this.repository = repository;
        this.reader = reader;
        this.trees = new Trees(reader);
        this.events = events;
    }

    /** The files of {@code theirs} that {@code result} lacks, and that hold what the store does not show. */
    List<File> files(ObjectId theirs, @Nullable ObjectId result, Visibility store) throws IOException {
        List<File> found = new ArrayList<>();
        for (Trees.Difference difference : trees.differences(theirs, result, events)) {
            Trees.Entry entry = difference.before();
            if (entry != null && entry.isFile() && RawPath.isEventFile(difference.path(), events)) {
                Set<TransactionId> missing = store.notVisible(Blobs.transactions(reader, entry.id()));
                if (!missing.isEmpty()) {
                    found.add(new File(difference.path(), entry.id(), new TreeSet<>(missing)));
                }
            }
        }
        return found;
    }

    /** The commits that removed them, the newest of each; none for what was removed too long ago to be looked for. */
    Map<String, RevCommit> removers(ObjectId head, List<File> files) throws IOException {
        Map<String, ObjectId> wanted = new TreeMap<>();
        files.forEach(file -> wanted.put(file.path(), file.blob()));
        Map<String, RevCommit> found = new HashMap<>();
        int seen = 0;
        try (RevWalk walk = new RevWalk(repository)) {
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.markStart(walk.parseCommit(head));
            for (RevCommit commit = walk.next(); commit != null && seen < MAX_COMMITS; commit = walk.next()) {
                seen++;
                for (RevCommit parent : commit.getParents()) {
                    walk.parseHeaders(parent);
                    for (Trees.Difference difference :
                            trees.differences(parent.getTree(), commit.getTree(), events)) {
                        Trees.Entry before = difference.before();
                        String path = difference.path();
                        if (before != null
                                && before.id().equals(wanted.get(path))
                                && !wasGoneBefore(commit, parent, path)) {
                            found.put(path, commit);
                            wanted.remove(path);
                        }
                    }
                }
                if (wanted.isEmpty()) {
                    break;
                }
            }
        }
        return found;
    }

    /** Whether a merge lacks a file because a side of it had removed it since both were one. */
    private boolean wasGoneBefore(RevCommit merge, RevCommit having, String path) throws IOException {
        for (RevCommit parent : merge.getParents()) {
            if (!parent.equals(having) && lacksAndHad(parent, having, path)) {
                return true;
            }
        }
        return false;
    }

    private boolean lacksAndHad(RevCommit lacking, RevCommit having, String path) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit side = walk.parseCommit(lacking);
            if (trees.find(side.getTree(), path) != null) {
                return false;
            }
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(side);
            walk.markStart(walk.parseCommit(having));
            for (RevCommit base : walk) {
                if (trees.find(base.getTree(), path) != null) {
                    return true;
                }
            }
            return false;
        }
    }
}
