package dev.evstore.fs.git;

import dev.evstore.core.format.Limits;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.worktree.GitDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogEntry;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What git holds of one store's event files at one moment: HEAD, the branches, the index. Paths are relative to
 * {@code events/}. Changes nothing and reads no file of the working tree. Not thread-safe.
 *
 * <p>Every method throws {@link GitUnreadableException} where git's files can't be read: damaged, of a kind that JGit does not
 * know, or not here (a partial clone without trees).
 */
public final class CommittedEvents implements AutoCloseable {

    /** Where commits count as kept. The stash is no such place: what is dropped from it is gone. */
    private static final List<String> KEEPING = List.of(Constants.R_HEADS, Constants.R_REMOTES, Constants.R_TAGS);

    /** Moves of HEAD that are looked back on: those of a rebase or bisect that is under way, and some before it. */
    private static final int LATELY = 200;

    private final Repository repository;
    private final GitDirectory git;
    private final String prefix;
    private final EventTrees trees;
    private final @Nullable ObjectId head;
    private final Set<ObjectId> places = new LinkedHashSet<>();

    private CommittedEvents(Repository repository, GitDirectory git, String prefix) throws IOException {
        this.repository = repository;
        this.git = git;
        this.prefix = prefix;
        this.trees = new EventTrees(repository.newObjectReader());
        this.head = tree(repository.exactRef(Constants.HEAD));
    }

    /** Null for a branch without a commit, and for a tag of something else than a commit. */
    private @Nullable ObjectId tree(@Nullable Ref ref) throws IOException {
        if (ref == null) {
            throw new IOException("HEAD is unreadable");
        }
        ObjectId id = ref.getObjectId();
        if (id == null) {
            return null;
        }
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.peel(walk.parseAny(id)) instanceof RevCommit commit
                    ? walk.parseCommit(commit).getTree().copy()
                    : null;
        }
    }

    /** Opens the repository that the store is in. */
    public static CommittedEvents open(GitDirectory git, StoreLayout layout) throws GitUnreadableException {
        return reading(() -> {
            Repository repository = new FileRepositoryBuilder()
                    .setGitDir(git.path().toFile())
                    .setWorkTree(git.workTree().toFile())
                    .setMustExist(true)
                    .build();
            try {
                String root = git.name(layout.root());
                return new CommittedEvents(repository, git, root.isEmpty() ? "events" : root + "/events");
            } catch (IOException | RuntimeException e) {
                repository.close();
                throw e;
            }
        });
    }

    /** Whether HEAD has a file there. */
    public boolean isInHead(String path) throws GitUnreadableException {
        ObjectId root = head;
        return root != null && reading(() -> blob(root, path) != null);
    }

    /** Whether HEAD holds exactly these bytes there. */
    public boolean isInHead(String path, Bytes bytes) throws IOException {
        ObjectId root = head;
        if (root == null || !reading(() -> blob(root, path) != null)) {
            return false;
        }
        ObjectId wanted = id(bytes.read());
        return reading(() -> wanted.equals(blob(root, path)));
    }

    /** Whether any branch or tag, here or as last seen elsewhere, holds exactly these bytes there. */
    public boolean isInAnyBranch(String path, byte[] bytes) throws GitUnreadableException {
        ObjectId wanted = id(bytes);
        return reading(() -> {
            for (ObjectId branch : branches()) {
                if (wanted.equals(blob(branch, path))) {
                    return true;
                }
            }
            return false;
        });
    }

    /**
     * The bytes of a file as it once was: in HEAD, a branch or a tag, or where HEAD was lately.
     *
     * @param wanted whether they are those that are looked for
     * @return null if none are
     */
    public byte @Nullable [] find(String path, Predicate<byte[]> wanted) throws GitUnreadableException {
        Optional<byte[]> found = reading(() -> {
            Set<ObjectId> tried = new HashSet<>();
            for (ObjectId root : places()) {
                ObjectId blob = blob(root, path);
                if (blob != null && tried.add(blob)) {
                    byte[] bytes = repository.open(blob, Constants.OBJ_BLOB).getCachedBytes(Limits.FILE);
                    if (wanted.test(bytes)) {
                        return Optional.of(bytes);
                    }
                }
            }
            return Optional.empty();
        });
        return found.orElse(null);
    }

    /** Trees that a file which is gone may still be in, the likeliest first; found out once. */
    private Set<ObjectId> places() throws IOException {
        if (places.isEmpty()) {
            if (head != null) {
                places.add(head);
            }
            places.addAll(branches());
            ReflogReader log = repository.getRefDatabase().getReflogReader(Constants.HEAD);
            try (RevWalk walk = new RevWalk(repository)) {
                for (ReflogEntry entry : log == null ? List.<ReflogEntry>of() : log.getReverseEntries(LATELY)) {
                    if (repository.getObjectDatabase().has(entry.getNewId())) {
                        places.add(walk.parseCommit(entry.getNewId()).getTree().copy());
                    }
                }
            }
        }
        return places;
    }

    /** What is held now, by name; null where that is not to be told. */
    public @Nullable Content content() throws GitUnreadableException {
        ObjectId root = head;
        return reading(() -> Optional.ofNullable(
                        Content.of(root == null ? null : trees.find(root, prefix), IndexFile.checksum(git.index()))))
                .orElse(null);
    }

    /** The bytes of a file, read only where git has something under its name. */
    public interface Bytes {
        byte[] read() throws IOException;
    }

    /** What HEAD or the index has and {@code there} lacks. */
    public Absent absent(WorkingTree there) throws IOException {
        TreeSet<String> committed = new TreeSet<>();
        for (String path : reading(this::inHead)) {
            if (!there.has(path)) {
                committed.add(path);
            }
        }
        TreeSet<String> all = new TreeSet<>(committed);
        boolean sparse = Files.exists(git.path().resolve("info/sparse-checkout"));
        List<DirCacheEntry> index = index();
        // An index that JGit can't read is a sparse one; then HEAD alone tells what was left out.
        boolean skipped = index == null && sparse;
        int staged = index == null ? all.size() : 0;
        for (DirCacheEntry entry : index == null ? List.<DirCacheEntry>of() : index) {
            String path = entry.getPathString().substring(prefix.length() + 1);
            if (isEventFile(path) && !there.has(path)) {
                all.add(path);
                staged++;
                skipped |= entry.isSkipWorkTree();
            }
        }
        String first = all.isEmpty() ? null : "events/" + all.first();
        return new Absent(all.size(), committed.size(), staged, skipped, sparse, first);
    }

    /**
     * Whether all is there that is held now and was not held earlier, as what is different tells. False also where that does not
     * tell; then {@link #absent} does.
     *
     * @param before what was held when nothing was absent
     * @param now what is held since this was opened
     */
    public boolean isThere(Content before, Content now, WorkingTree there) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            return Unobtrusive.asking(() -> {
                IndexFile index = IndexFile.glance(git.index());
                return now.index().equals(index.checksum())
                        && new Gained(reader, prefix, before.tree(), now.tree()).isThere(index, there);
            });
        } catch (IOException | RuntimeException e) { // JGit tells of damage in many ways, unchecked ones among them
            return false; // a tree that git has cleared away, an index of another kind, or damage, which absent() tells
            // of
        }
    }

    /** What stands in the store's {@code events/}. */
    public interface WorkingTree {
        boolean has(String path) throws IOException;
    }

    /** The store's files that git stopped on, from the working tree's root. */
    public SortedSet<String> stopped() throws GitUnreadableException {
        SortedSet<String> found = new TreeSet<>();
        try {
            Unobtrusive.asking(() -> {
                DirCache index = DirCache.read(git.index().toFile(), repository.getFS());
                for (DirCacheEntry entry : index.getEntriesWithin(prefix)) {
                    if (entry.getStage() != DirCacheEntry.STAGE_0) {
                        found.add(entry.getPathString());
                    }
                }
                return true;
            });
            return found;
        } catch (CorruptObjectException e) {
            return found; // so JGit calls an extension that it does not know
        } catch (IOException | RuntimeException e) {
            throw new GitUnreadableException(e);
        }
    }

    private List<String> inHead() throws IOException {
        List<String> files = new ArrayList<>();
        EventTrees.Entry events = head == null ? null : trees.find(head, prefix);
        record Directory(String path, ObjectId tree) {}
        Deque<Directory> waiting = new ArrayDeque<>();
        if (events != null && events.directory()) {
            waiting.add(new Directory("", events.id()));
        }
        while (!waiting.isEmpty()) {
            Directory at = waiting.remove();
            trees.entries(at.tree()).forEach((name, entry) -> {
                String path = at.path().isEmpty() ? name : at.path() + "/" + name;
                if (entry.directory()) {
                    waiting.add(new Directory(path, entry.id()));
                } else if (entry.file() && isEventFile(path)) {
                    files.add(path);
                }
            });
        }
        return files;
    }

    /** The store's event files in git's index, without those in conflict; null where it is sparse or split. */
    private @Nullable List<DirCacheEntry> index() throws GitUnreadableException {
        List<DirCacheEntry> entries = new ArrayList<>();
        try {
            Unobtrusive.asking(() -> {
                DirCache index = DirCache.read(git.index().toFile(), repository.getFS());
                for (DirCacheEntry entry : index.getEntriesWithin(prefix)) {
                    int type = entry.getRawMode() & FileMode.TYPE_MASK;
                    if (entry.getStage() == DirCacheEntry.STAGE_0 && type == FileMode.TYPE_FILE) {
                        entries.add(entry);
                    }
                }
                return true;
            });
            return entries;
        } catch (CorruptObjectException e) {
            return null; // so JGit calls an extension that it does not know
        } catch (IOException | RuntimeException e) {
            throw new GitUnreadableException(e);
        }
    }

    private List<ObjectId> branches() throws IOException {
        List<ObjectId> found = new ArrayList<>();
        for (String where : KEEPING) {
            for (Ref ref : repository.getRefDatabase().getRefsByPrefix(where)) {
                ObjectId tree = tree(ref);
                if (tree != null) {
                    found.add(tree);
                }
            }
        }
        return found;
    }

    private @Nullable ObjectId blob(ObjectId root, String path) throws IOException {
        EventTrees.Entry entry = trees.find(root, prefix + "/" + path);
        return entry != null && entry.file() ? entry.id() : null;
    }

    private static ObjectId id(byte[] bytes) {
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            return formatter.idFor(Constants.OBJ_BLOB, bytes);
        }
    }

    /**
     * Whether a reader of the store would take it. Only ASCII is compared with the disk: other letters may be spelled
     * otherwise there, and no writer uses them.
     */
    static boolean isEventFile(String path) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(path)
                && StoreLayout.isEventFile(path)
                && !path.contains("/.");
    }

    private static <T> T reading(Unobtrusive.Question<T> question) throws GitUnreadableException {
        try {
            return Unobtrusive.asking(question);
        } catch (IOException | RuntimeException e) { // JGit tells of damage in many ways, unchecked ones among them
            throw new GitUnreadableException(e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
