package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * Git's trees, read and put together. Whatever is equal in what is compared is not looked into, so the work follows what
 * differs. Paths are {@link RawPath raw}. Not thread-safe.
 */
final class Trees {

    /** A peer can nest trees without end; no file system takes a longer path. */
    static final int MAX_PATH = 4_096;

    /** A few small trees that name each other hold more paths than fit anywhere. */
    static final int MAX_DIFFERENCES = 1_000_000;

    /** What stands under a name. */
    record Entry(FileMode mode, ObjectId id) {

        boolean isTree() {
            return mode == FileMode.TREE;
        }

        /** A file of its own, no link and no submodule. */
        boolean isFile() {
            return mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE;
        }
    }

    /** Something that is not the same in two trees; one of both may be null, and neither is a tree. */
    record Difference(
            String path, @Nullable Entry before, @Nullable Entry after) {}

    private final ObjectReader reader;

    Trees(ObjectReader reader) {
        this.reader = reader;
    }

    /** What stands in a tree; nothing in one that is not there. */
    SortedMap<String, Entry> entries(@Nullable ObjectId tree) throws IOException {
        SortedMap<String, Entry> entries = new TreeMap<>();
        if (tree == null) {
            return entries;
        }
        for (CanonicalTreeParser at = new CanonicalTreeParser(null, reader, tree); !at.eof(); at.next(1)) {
            byte[] path = at.getEntryPathBuffer();
            String name = new String(
                    path,
                    at.getNameOffset(),
                    at.getEntryPathLength() - at.getNameOffset(),
                    StandardCharsets.ISO_8859_1);
            entries.put(name, new Entry(at.getEntryFileMode(), at.getEntryObjectId()));
        }
        return entries;
    }

    /** What stands at a path, or null. */
    @Nullable
    Entry find(@Nullable ObjectId root, String path) throws IOException {
        if (root == null) {
            return null;
        }
        Entry at = new Entry(FileMode.TREE, root);
        for (String name : path.split("/", -1)) {
            Entry next = at.isTree() ? entries(at.id()).get(name) : null;
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }

    /**
     * What differs at and below a directory.
     *
     * @throws TooMuch it is more than a repository can hold
     */
    List<Difference> differences(@Nullable ObjectId before, @Nullable ObjectId after, String within)
            throws IOException {
        record Pair(
                String path,
                @Nullable Entry before,
                @Nullable Entry after) {}
        List<Difference> found = new ArrayList<>();
        Deque<Pair> waiting = new ArrayDeque<>();
        waiting.add(
                within.isEmpty()
                        ? new Pair("", tree(before), tree(after))
                        : new Pair(within, find(before, within), find(after, within)));
        while (!waiting.isEmpty()) {
            Pair at = waiting.remove();
            if (at.before() == null ? at.after() == null : at.before().equals(at.after())) {
                continue;
            }
            Entry was = at.before() == null || at.before().isTree() ? null : at.before();
            Entry is = at.after() == null || at.after().isTree() ? null : at.after();
            if (was != null || is != null) {
                found.add(new Difference(at.path(), was, is));
            }
            SortedMap<String, Entry> old = entries(subtree(at.before()));
            SortedMap<String, Entry> young = entries(subtree(at.after()));
            for (String name : names(old, young)) {
                Pair next = new Pair(RawPath.join(at.path(), name), old.get(name), young.get(name));
                requireShort(next.path());
                waiting.add(next);
            }
            if (found.size() + waiting.size() > MAX_DIFFERENCES) {
                throw new TooMuch("more than " + MAX_DIFFERENCES + " paths differ");
            }
        }
        return found;
    }

    private static @Nullable Entry tree(@Nullable ObjectId id) {
        return id == null ? null : new Entry(FileMode.TREE, id);
    }

    static @Nullable ObjectId subtree(@Nullable Entry entry) {
        return entry != null && entry.isTree() ? entry.id() : null;
    }

    @SafeVarargs
    static Set<String> names(SortedMap<String, Entry>... trees) {
        TreeSet<String> names = new TreeSet<>();
        for (SortedMap<String, Entry> tree : trees) {
            names.addAll(tree.keySet());
        }
        return names;
    }

    static void requireShort(String path) throws TooMuch {
        if (path.length() > MAX_PATH) {
            throw new TooMuch("a path is longer than " + MAX_PATH + " bytes");
        }
    }

    /** A tree that no working tree can hold. */
    static final class TooMuch extends IOException {

        private static final long serialVersionUID = 1L;

        TooMuch(String what) {
            super(what);
        }
    }

    /**
     * Writes a tree that is as another but for some paths.
     *
     * @param changes what to put where; null takes away. A directory that loses its last entry goes, too
     * @return the tree's id; the objects are in {@code inserter}, which is not flushed
     */
    ObjectId edited(@Nullable ObjectId root, SortedMap<String, @Nullable Entry> changes, ObjectInserter inserter)
            throws IOException {
        // Every directory that something changes in, the deepest first.
        Comparator<String> deepestFirst = Comparator.comparingInt(Trees::depth).reversed();
        SortedMap<String, SortedMap<String, @Nullable Entry>> directories =
                new TreeMap<>(deepestFirst.thenComparing(Comparator.naturalOrder()));
        directories.put("", new TreeMap<>());
        for (Map.Entry<String, @Nullable Entry> change : changes.entrySet()) {
            directories
                    .computeIfAbsent(directory(change.getKey()), any -> new TreeMap<>())
                    .put(name(change.getKey()), change.getValue());
        }
        while (true) {
            String path = directories.firstKey();
            SortedMap<String, @Nullable Entry> inside = Objects.requireNonNull(directories.remove(path));
            SortedMap<String, Entry> entries = entries(path.isEmpty() ? root : subtree(find(root, path)));
            for (Map.Entry<String, @Nullable Entry> change : inside.entrySet()) {
                Entry entry = change.getValue();
                if (entry == null) {
                    entries.remove(change.getKey());
                } else {
                    entries.put(change.getKey(), entry);
                }
            }
            if (path.isEmpty()) {
                return write(entries, inserter);
            }
            Entry tree = entries.isEmpty() ? null : new Entry(FileMode.TREE, write(entries, inserter));
            directories.computeIfAbsent(directory(path), any -> new TreeMap<>()).put(name(path), tree);
        }
    }

    private static int depth(String path) {
        return path.isEmpty() ? 0 : 1 + (int) path.chars().filter(c -> c == '/').count();
    }

    private static String directory(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static ObjectId write(SortedMap<String, Entry> entries, ObjectInserter inserter) throws IOException {
        // Git orders a directory as if its name ended with a slash.
        TreeMap<String, Map.Entry<String, Entry>> ordered = new TreeMap<>();
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            ordered.put(entry.getKey() + (entry.getValue().isTree() ? "/" : ""), entry);
        }
        TreeFormatter tree = new TreeFormatter();
        for (Map.Entry<String, Entry> entry : ordered.values()) {
            tree.append(
                    RawPath.bytes(entry.getKey()),
                    entry.getValue().mode(),
                    entry.getValue().id());
        }
        return inserter.insert(tree);
    }
}
