package dev.evstore.fs.git;

import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a commit of new event files on top of HEAD, or of packs in place of others (rules G1, G2): objects, then git's index, then the branch. Paths
 * are relative to {@code events/}. A crash between any two steps leaves at most objects that nobody names, or files that
 * are staged. Not thread-safe.
 */
public final class EventCommit implements AutoCloseable {

    private final GitRepository repository;
    private final StoreLayout layout;
    private final ObjectReader reader;
    private final ObjectInserter inserter;
    private final EventTrees trees;
    private final @Nullable ObjectId head;
    private final @Nullable ObjectId tree;
    private final Map<String, ObjectId> files = new TreeMap<>();
    private final Set<String> removed = new TreeSet<>();
    private @Nullable DirCache entries;
    private @Nullable ObjectId commit;
    private @Nullable ObjectId made;
    private IndexLock.@Nullable Staged staged;
    private String message = "";

    private EventCommit(GitRepository repository, StoreLayout layout) {
        this.repository = repository;
        this.layout = layout;
        this.reader = repository.reader();
        this.inserter = repository.inserter();
        this.trees = new EventTrees(reader);
        this.head = repository.head();
        this.tree = repository.tree(head);
    }

    /** Begins one, when no other git process is writing and it is known who commits. */
    public static EventCommit begin(GitRepository repository, StoreLayout layout) {
        IndexLock.await(repository);
        repository.asking(repository::identity);
        return new EventCommit(repository, layout);
    }

    /** Whether HEAD has a file there. */
    public boolean isInHead(String path) {
        ObjectId root = tree;
        return root != null
                && repository.asking(() -> {
                    EventTrees.Entry entry = trees.find(root, name(path));
                    return entry != null && entry.file();
                });
    }

    /** What HEAD has of a directory, as a text that is equal where that is; empty if it has nothing. */
    public String state(String directory) {
        ObjectId root = tree;
        return root == null
                ? ""
                : repository.asking(() -> {
                    EventTrees.Entry entry =
                            trees.find(root, directory.isEmpty() ? repository.prefix() : name(directory));
                    return entry == null ? "" : entry.id().name();
                });
    }

    private String name(String path) {
        return repository.prefix() + "/" + path;
    }

    /** Which of these files git's index has. */
    public Set<String> staged(Collection<String> paths) {
        return repository.asking(() -> {
            Set<String> found = new HashSet<>();
            int skip = repository.prefix().length() + 1;
            repository
                    .index()
                    .has(paths.stream().map(this::name).toList())
                    .forEach(path -> found.add(path.substring(skip)));
            return found;
        });
    }

    /** Takes a file into the commit. */
    public void add(String path, byte[] bytes) {
        files.put(path, repository.asking(() -> {
            repository.index().verify();
            return inserter.insert(Constants.OBJ_BLOB, bytes);
        }));
    }

    /** Takes a file away: what it holds stands in others of the commit. */
    public void remove(String path) {
        removed.add(path);
    }

    /** Whether HEAD has these very bytes there, and git's index has them, too, or nothing. */
    public boolean holds(String path, byte[] bytes) {
        ObjectId root = tree;
        return root != null
                && repository.asking(() -> {
                    EventTrees.Entry entry = trees.find(root, name(path));
                    ObjectId id = Blobs.id(bytes);
                    if (entry == null || !entry.file() || !entry.id().equals(id)) {
                        return false;
                    }
                    DirCacheEntry noted = entries().getEntry(name(path));
                    return noted == null
                            || (noted.getStage() == DirCacheEntry.STAGE_0
                                    && noted.getObjectId().equals(id));
                });
    }

    private DirCache entries() throws IOException {
        if (entries == null) {
            entries = DirCache.read(
                    repository.directory().index().toFile(), repository.jgit().getFS());
        }
        return entries;
    }

    /** The branches and other working trees that still have one of these files. */
    public List<String> stillHolding(Collection<String> paths) {
        return repository.asking(() -> new StillHolding(repository, trees, paths).find());
    }

    /** Whether there is nothing to commit. */
    public boolean isEmpty() {
        return files.isEmpty() && removed.isEmpty();
    }

    /** Writes blobs, trees and the commit, synced; nothing knows of them yet. */
    public void write(String said) {
        message = said;
        commit = repository.asking(() -> {
            Map<String, ObjectId> named = new TreeMap<>();
            files.forEach((path, id) -> named.put(name(path), id));
            ObjectId root = without(new TreeEdit(reader, inserter).with(tree, named));
            inserter.flush();
            made = root;
            return repository.commit(root, head == null ? List.of() : List.of(head), said);
        });
    }

    private ObjectId without(ObjectId root) throws IOException {
        if (removed.isEmpty()) {
            return root;
        }
        SortedMap<String, Trees.@Nullable Entry> gone = new TreeMap<>();
        removed.forEach(path -> gone.put(RawPath.of(name(path)), null));
        try (ObjectReader written = inserter.newReader()) {
            return new Trees(written).edited(root, gone, inserter);
        }
    }

    /** Tells git's index of the files. */
    public void stage() {
        staged = repository.asking(() -> {
            List<StagedFile> all = new ArrayList<>();
            for (Map.Entry<String, ObjectId> file : files.entrySet()) {
                Path onDisk = layout.events().resolve(file.getKey());
                all.add(StagedFile.of(name(file.getKey()), file.getValue(), onDisk));
            }
            try (IndexLock lock = IndexLock.take(repository)) {
                return lock.stage(all, removed.stream().map(this::name).collect(Collectors.toSet()));
            }
        });
    }

    /** What git held before and what it holds since, where nobody else was at work. */
    public Optional<Content.Change> change() {
        IndexLock.Staged index = staged;
        ObjectId root = tree;
        ObjectId after = made;
        if (index == null || root == null || after == null) {
            return Optional.empty();
        }
        return repository.asking(() -> {
            Content from = Content.of(trees.find(root, repository.prefix()), index.before());
            Content to = Content.of(trees.find(after, repository.prefix()), index.after());
            return from == null || to == null ? Optional.empty() : Optional.of(new Content.Change(from, to));
        });
    }

    /**
     * Moves the branch.
     *
     * @return the commit's id; null if HEAD is no longer where it was, so that the commit has to be made anew
     */
    public @Nullable String move() {
        ObjectId written = commit;
        if (written == null) {
            throw new IllegalStateException("the commit is not written yet");
        }
        Preflight.checkState(repository);
        String subject = message.lines().findFirst().orElse("");
        String note = (head == null ? "commit (initial): " : "commit: ") + subject;
        return repository.moveHead(head, written, note) ? written.name() : null;
    }

    @Override
    public void close() throws IOException {
        inserter.close();
        reader.close();
    }
}
