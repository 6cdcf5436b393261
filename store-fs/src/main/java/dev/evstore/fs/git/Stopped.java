package dev.evstore.fs.git;

import dev.evstore.core.format.Limits;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * The event files that git stopped on, and the end of that (rule G5). What every side holds is written into the working
 * tree first, then git's index is told, in one piece; whoever is stopped in between does the same again.
 */
public final class Stopped {

    /** Where the other sides are while something is unfinished. */
    private static final List<String> SIDES =
            List.of("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "ORIG_HEAD");

    private final GitRepository git;
    private final Repository repository;
    private final StoreLayout layout;
    private final Publisher publisher;
    private final Consumer<Step> reached;

    /** What has just been done. */
    public enum Step {
        LOCKED,
        FILE_WRITTEN,
        OBJECTS_WRITTEN,
        STAGED
    }

    /** Puts files of the store where they belong. */
    public interface Publisher {
        /** Makes the file hold exactly these bytes, synced. */
        void put(Path file, byte[] bytes) throws IOException;
    }

    /**
     * @param reached hears of each step
     */
    public Stopped(GitRepository git, StoreLayout layout, Publisher publisher, Consumer<Step> reached) {
        this.git = git;
        this.repository = git.jgit();
        this.layout = layout;
        this.publisher = publisher;
        this.reached = reached;
    }

    /**
     * @param files what was staged, from the repository's root, ascending
     * @param transactions in them
     * @param remaining what git stopped on and is not ours to end, from the repository's root
     */
    public record Ended(List<String> files, Set<TransactionId> transactions, List<String> remaining) {}

    /**
     * Ends it.
     *
     * @param marked event files that may have git's conflict markers in them, from {@code events/}
     */
    public Ended end(List<String> marked) {
        return git.asking(() -> endIt(marked));
    }

    private Ended endIt(List<String> marked) throws IOException {
        try (IndexLock lock = IndexLock.take(git);
                ObjectReader reader = repository.newObjectReader();
                ObjectInserter inserter = repository.newObjectInserter()) {
            reached.accept(Step.LOCKED);
            Map<String, List<DirCacheEntry>> stopped =
                    stopped(DirCache.read(git.directory().index().toFile(), repository.getFS()));
            TreeMap<String, ObjectId> files = new TreeMap<>();
            Set<TransactionId> transactions = new TreeSet<>();
            List<String> remaining = new ArrayList<>();
            for (Map.Entry<String, List<DirCacheEntry>> one : stopped.entrySet()) {
                Union union = isOurs(one.getKey(), one.getValue()) ? union(one.getKey(), one.getValue(), reader) : null;
                if (union == null) {
                    remaining.add(one.getKey());
                } else {
                    put(union, files, inserter);
                    transactions.addAll(union.transactions());
                }
            }
            for (String path : marked) {
                String name = git.prefix() + "/" + path;
                Union union = stopped.containsKey(name) ? null : union(name, reader);
                if (union != null) {
                    put(union, files, inserter);
                    transactions.addAll(union.transactions());
                }
            }
            inserter.flush();
            reached.accept(Step.OBJECTS_WRITTEN);
            stopped.keySet().removeAll(remaining);
            if (!stopped.isEmpty() || !files.isEmpty()) {
                stage(lock, stopped.keySet(), files);
            }
            reached.accept(Step.STAGED);
            return new Ended(List.copyOf(files.keySet()), transactions, remaining);
        }
    }

    /** The file that git stopped on comes last: until what else it stands for is beside it, it may be all there is. */
    private void put(Union union, Map<String, ObjectId> files, ObjectInserter inserter) throws IOException {
        List<Map.Entry<String, byte[]>> order = new ArrayList<>(union.files().entrySet());
        Collections.reverse(order);
        for (Map.Entry<String, byte[]> file : order) {
            publisher.put(place(file.getKey()), file.getValue());
            files.put(file.getKey(), inserter.insert(Constants.OBJ_BLOB, file.getValue()));
            reached.accept(Step.FILE_WRITTEN);
        }
    }

    private static Map<String, List<DirCacheEntry>> stopped(DirCache index) {
        Map<String, List<DirCacheEntry>> stopped = new LinkedHashMap<>();
        for (int k = 0; k < index.getEntryCount(); k++) {
            DirCacheEntry entry = index.getEntry(k);
            if (entry.getStage() != DirCacheEntry.STAGE_0) {
                stopped.computeIfAbsent(entry.getPathString(), path -> new ArrayList<>())
                        .add(entry);
            }
        }
        return stopped;
    }

    /** Whether it is a file of the store, on both sides. */
    private boolean isOurs(String path, List<DirCacheEntry> stages) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith(git.prefix() + "/")
                && (StoreLayout.isEventFile(name) || frozen(path) != null)
                && !path.substring(git.prefix().length()).contains("/../")
                && stages.stream().allMatch(entry -> (entry.getRawMode() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE);
    }

    /** The bytes that a small file of the store always has; null for event files. */
    private byte @Nullable [] frozen(String path) {
        return switch (path.substring(git.prefix().length())) {
            case "/.gitattributes" -> StoreLayout.attributesBytes();
            case "/.gitignore" -> StoreLayout.ignoreBytes();
            default -> null;
        };
    }

    private @Nullable Union union(String path, List<DirCacheEntry> stages, ObjectReader reader) throws IOException {
        byte[] frozen = frozen(path);
        if (frozen != null) {
            return new Union(Map.of(path, frozen), Set.of());
        }
        List<byte[]> versions = new ArrayList<>();
        for (DirCacheEntry stage : stages) {
            if (stage.getStage() != DirCacheEntry.STAGE_1) {
                versions.add(
                        reader.open(stage.getObjectId(), Constants.OBJ_BLOB).getCachedBytes(Limits.FILE));
            }
        }
        return versions.isEmpty() ? new Union(Map.of(), Set.of()) : Union.of(path, versions, found(path));
    }

    /** Of a file with git's markers in it that git itself takes for ended. */
    private @Nullable Union union(String path, ObjectReader reader) throws IOException {
        byte[] found = found(path);
        if (found == null || !Union.isMarked(found)) {
            return null;
        }
        List<byte[]> versions = new ArrayList<>();
        EventTrees trees = new EventTrees(reader);
        for (ObjectId tree : sides()) {
            EventTrees.Entry entry = trees.find(tree, path);
            if (entry != null && entry.file()) {
                byte[] version = reader.open(entry.id(), Constants.OBJ_BLOB).getCachedBytes(Limits.FILE);
                if (!Union.isMarked(version)) {
                    versions.add(version);
                }
            }
        }
        return versions.isEmpty() ? null : Union.of(path, versions, found);
    }

    /** The trees of whatever is being united, and of what HEAD united. */
    private Set<ObjectId> sides() throws IOException {
        Set<ObjectId> trees = new LinkedHashSet<>();
        try (RevWalk walk = new RevWalk(repository)) {
            for (String name : SIDES) {
                ObjectId id = repository.resolve(name);
                if (id != null) {
                    RevCommit commit = walk.parseCommit(id);
                    trees.add(commit.getTree().copy());
                    for (RevCommit parent : commit.getParents()) {
                        trees.add(walk.parseCommit(parent).getTree().copy());
                    }
                }
            }
        }
        return trees;
    }

    private byte @Nullable [] found(String path) throws IOException {
        Path file = place(path);
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= Limits.FILE
                    ? Files.readAllBytes(file)
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Where a path of git's is in the working tree; it is known to be below {@code events/}. */
    private Path place(String path) {
        return layout.events().resolve(path.substring(git.prefix().length() + 1));
    }

    private static void stage(IndexLock lock, Set<String> over, Map<String, ObjectId> files) throws IOException {
        List<StagedFile> staged = new ArrayList<>();
        files.forEach((path, id) -> staged.add(StagedFile.unseen(path, id)));
        lock.stage(staged, over);
    }
}
