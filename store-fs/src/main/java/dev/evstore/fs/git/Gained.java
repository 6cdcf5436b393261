package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What git holds of a store's event files and did not hold at an earlier moment. Cost follows what changed: trees that are
 * the same are not looked into, and neither are directories of git's index that make such a tree, as that remembers. For one
 * comparison; not thread-safe.
 */
final class Gained {

    private final ObjectReader reader;
    private final EventTrees trees;
    private final String prefix;
    private final @Nullable ObjectId before;
    private final @Nullable ObjectId now;

    /**
     * @param before the tree of {@code events} in HEAD then; null for none
     * @param now the same at present
     */
    Gained(ObjectReader reader, String prefix, @Nullable ObjectId before, @Nullable ObjectId now) {
        this.reader = reader;
        this.trees = new EventTrees(reader);
        this.prefix = prefix;
        this.before = before;
        this.now = now;
    }

    /**
     * Whether all of it is there.
     *
     * @throws IOException that can't be told, as where the earlier tree is no longer to be had
     */
    boolean isThere(IndexFile index, CommittedEvents.WorkingTree there) throws IOException {
        return isInHeadThere(there) && isInIndexThere(index, there);
    }

    private boolean isInHeadThere(CommittedEvents.WorkingTree there) throws IOException {
        for (Trees.Difference difference : new Trees(reader).differences(before, now, "")) {
            Trees.Entry after = difference.after();
            if (after != null && after.isFile() && isMissing(difference.path(), there)) {
                return false;
            }
        }
        return true;
    }

    private boolean isInIndexThere(IndexFile index, CommittedEvents.WorkingTree there) throws IOException {
        Set<String> same = new HashSet<>();
        for (Map.Entry<String, ObjectId> tree : index.trees().entrySet()) {
            if (isSame(tree.getKey(), tree.getValue())) {
                same.add(tree.getKey());
            }
        }
        if (same.contains(prefix)) {
            return true;
        }
        byte[] within = (prefix + "/").getBytes(StandardCharsets.UTF_8);
        IndexCursor at = index.cursor();
        while (at.next()) {
            if (at.stage() == 0 && at.startsWith(within)) {
                String path = at.path();
                if (!isWithin(same, path) && isMissing(path.substring(prefix.length() + 1), there)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isSame(String path, ObjectId tree) throws IOException {
        if (path.equals(prefix)) {
            return tree.equals(before) || tree.equals(now);
        }
        return path.startsWith(prefix + "/")
                && (isAt(before, path.substring(prefix.length() + 1), tree)
                        || isAt(now, path.substring(prefix.length() + 1), tree));
    }

    private boolean isAt(@Nullable ObjectId events, String path, ObjectId tree) throws IOException {
        EventTrees.Entry entry = events == null ? null : trees.find(events, path);
        return entry != null && entry.directory() && entry.id().equals(tree);
    }

    private boolean isWithin(Set<String> directories, String path) {
        for (int slash = path.lastIndexOf('/'); slash >= prefix.length(); slash = path.lastIndexOf('/', slash - 1)) {
            if (directories.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMissing(String path, CommittedEvents.WorkingTree there) throws IOException {
        return CommittedEvents.isEventFile(path) && !there.has(path);
    }
}
