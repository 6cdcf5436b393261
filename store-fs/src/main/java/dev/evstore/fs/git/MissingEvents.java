package dev.evstore.fs.git;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of commits, compared. What one has and another lacks that counts it among its ancestors, git takes for
 * merged: a reverted merge, or one that took only one side, stays "already up to date". Not thread-safe.
 */
public final class MissingEvents implements AutoCloseable {

    /** How far back it is looked for who removed a file. */
    static final int MAX_COMMITS = 100_000;

    /** Asks which of some transactions the store does not show. */
    public interface Visibility {
        Set<TransactionId> notVisible(Collection<TransactionId> transactions);
    }

    /**
     * A file that has what is missing.
     *
     * @param path from the working tree's root
     */
    public record File(String path, ObjectId blob, SortedSet<TransactionId> transactions) {}

    private final GitRepository repository;
    private final ObjectReader reader;
    private final Trees trees;
    private final String events;

    public MissingEvents(GitRepository repository) {
        this.repository = repository;
        this.reader = repository.reader();
        this.trees = new Trees(reader);
        this.events = RawPath.of(repository.prefix());
    }

    /** The transactions in files that one commit has and the other, if there is one, has not or has otherwise. */
    public Set<TransactionId> brought(@Nullable String before, String theirs) {
        return repository.asking(() -> {
            Set<TransactionId> found = new HashSet<>();
            for (File file : files(theirs, before)) {
                found.addAll(Blobs.transactions(reader, file.blob()));
            }
            return found;
        });
    }

    /** The files of one commit that the other lacks, or has otherwise, and that hold what the store does not show. */
    public List<File> missing(String theirs, @Nullable String head, Visibility store) {
        return repository.asking(() -> {
            List<File> found = new ArrayList<>();
            for (File file : files(theirs, head)) {
                Set<TransactionId> missing = store.notVisible(Blobs.transactions(reader, file.blob()));
                if (!missing.isEmpty()) {
                    found.add(new File(file.path(), file.blob(), new TreeSet<>(missing)));
                }
            }
            return found;
        });
    }

    /**
     * Event files that came with a merge and that no store reads: below an {@code events} that is another than the store's and
     * lacks the attributes that each store has. So it is where a directory above the store was renamed on one side, and
     * the other side added events.
     *
     * @return paths from the working tree's root
     */
    public List<String> elsewhere(@Nullable String before, String after) {
        return repository.asking(() -> {
            ObjectId from = before == null ? null : repository.tree(ObjectId.fromString(before));
            ObjectId root = repository.tree(ObjectId.fromString(after));
            List<String> found = new ArrayList<>();
            Map<String, Boolean> stores = new HashMap<>();
            try {
                for (Trees.Difference difference : trees.differences(from, root, "")) {
                    String directory = otherEvents(difference);
                    if (directory != null) {
                        String attributes = directory + "/" + Constants.DOT_GIT_ATTRIBUTES;
                        if (!stores.containsKey(directory)) {
                            stores.put(directory, trees.find(root, attributes) != null);
                        }
                        if (!stores.getOrDefault(directory, true)) {
                            found.add(RawPath.text(difference.path()));
                        }
                    }
                }
            } catch (Trees.TooMuch e) {
                return List.of(); // the merge is done; this was only to help
            }
            return found;
        });
    }

    private @Nullable String otherEvents(Trees.Difference difference) {
        Trees.Entry entry = difference.after();
        String path = "/" + difference.path();
        int at = path.indexOf("/events/");
        if (entry == null || !entry.isFile() || at < 0 || RawPath.isWithin(difference.path(), events)) {
            return null;
        }
        String directory = path.substring(1, at + "/events".length());
        return RawPath.isEventFile(difference.path(), directory) ? directory : null;
    }

    private List<File> files(String having, @Nullable String lacking) throws IOException {
        List<File> found = new ArrayList<>();
        ObjectId before = lacking == null ? null : ObjectId.fromString(lacking);
        for (Trees.Difference difference :
                trees.differences(repository.tree(ObjectId.fromString(having)), repository.tree(before), events)) {
            Trees.Entry entry = difference.before();
            if (entry != null && entry.isFile() && RawPath.isEventFile(difference.path(), events)) {
                found.add(new File(RawPath.text(difference.path()), entry.id(), new TreeSet<>()));
            }
        }
        return found;
    }

    /** The valid transactions of such a file, ascending, one after the other. */
    public List<Transaction> read(File file) {
        return repository.asking(() -> Blobs.read(reader, file.blob()).stream()
                .filter(transaction ->
                        file.transactions().contains(transaction.header().id()))
                .sorted(Comparator.comparing(transaction -> transaction.header().id()))
                .toList());
    }

    /** Which commit removed each, the newest if there are several; none for what is too long ago to be looked for. */
    public Map<String, String> removers(String head, List<File> files) {
        return repository.asking(() -> searched(ObjectId.fromString(head), files));
    }

    /** The files of a commit that hold what the store does not show, whatever HEAD has. */
    public List<File> missing(String name, Visibility store) {
        ObjectId head = repository.head();
        return missing(Commits.named(repository, name).name(), head == null ? null : head.name(), store);
    }

    private Map<String, String> searched(ObjectId head, List<File> files) throws IOException {
        Map<String, ObjectId> wanted = new HashMap<>();
        files.forEach(file -> wanted.put(file.path(), file.blob()));
        Map<String, String> found = new HashMap<>();
        int seen = 0;
        try (RevWalk walk = new RevWalk(repository.jgit())) {
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.markStart(walk.parseCommit(head));
            for (RevCommit commit = walk.next(); commit != null && seen < MAX_COMMITS; commit = walk.next()) {
                seen++;
                for (RevCommit parent : commit.getParents()) {
                    walk.parseHeaders(parent);
                    lookAt(commit, parent, wanted, found);
                }
                if (wanted.isEmpty()) {
                    break;
                }
            }
        }
        return found;
    }

    private void lookAt(RevCommit commit, RevCommit parent, Map<String, ObjectId> wanted, Map<String, String> found)
            throws IOException {
        List<ObjectId> bases = null;
        for (Trees.Difference difference : trees.differences(parent.getTree(), commit.getTree(), events)) {
            Trees.Entry before = difference.before();
            String path = RawPath.text(difference.path());
            if (before == null || !before.id().equals(wanted.get(path))) {
                continue;
            }
            if (bases == null) {
                bases = lackingSince(commit, parent);
            }
            if (!isIn(bases, difference.path())) {
                found.put(path, commit.name());
                wanted.remove(path);
            }
        }
    }

    /**
     * The trees that the other sides of a merge went on from: what is there, and not in the merge, one of these sides removed,
     * not the merge.
     */
    private List<ObjectId> lackingSince(RevCommit merge, RevCommit having) throws IOException {
        List<ObjectId> found = new ArrayList<>();
        for (RevCommit other : merge.getParents()) {
            if (other.equals(having)) {
                continue;
            }
            try (RevWalk walk = new RevWalk(repository.jgit())) {
                walk.setRevFilter(RevFilter.MERGE_BASE);
                walk.markStart(walk.parseCommit(other));
                walk.markStart(walk.parseCommit(having));
                for (RevCommit base : walk) {
                    found.add(base.getTree().copy());
                }
            }
        }
        return found;
    }

    private boolean isIn(List<ObjectId> roots, String path) throws IOException {
        for (ObjectId root : roots) {
            if (trees.find(root, path) != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        reader.close();
    }
}
