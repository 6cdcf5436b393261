package dev.evstore.fs.git;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/** Git's trees, each read once however many commits share it. Not thread-safe. */
final class EventTrees {

    /** An entry of a tree. */
    record Entry(ObjectId id, boolean directory, boolean file) {}

    private final ObjectReader reader;
    private final Map<ObjectId, Map<String, Entry>> read = new HashMap<>();

    EventTrees(ObjectReader reader) {
        this.reader = reader;
    }

    /** What stands in a tree, by name. */
    Map<String, Entry> entries(ObjectId tree) throws IOException {
        Map<String, Entry> known = read.get(tree);
        if (known != null) {
            return known;
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (CanonicalTreeParser at = new CanonicalTreeParser(null, reader, tree); !at.eof(); at.next(1)) {
            FileMode mode = at.getEntryFileMode();
            entries.put(
                    at.getEntryPathString(),
                    new Entry(
                            at.getEntryObjectId(),
                            mode == FileMode.TREE,
                            mode == FileMode.REGULAR_FILE || mode == FileMode.EXECUTABLE_FILE));
        }
        read.put(tree, entries);
        return entries;
    }

    /** What stands at a path below a tree, or null. */
    @Nullable
    Entry find(ObjectId root, String path) throws IOException {
        Entry at = new Entry(root, true, false);
        for (String name : path.split("/", -1)) {
            Entry next = at.directory() ? entries(at.id()).get(name) : null;
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }
}
