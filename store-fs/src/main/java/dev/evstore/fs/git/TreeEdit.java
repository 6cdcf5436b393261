package dev.evstore.fs.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * A tree with some files added or replaced: only the trees of their directories are written anew, and in those every other
 * entry stays byte for byte, whatever name or mode it has. For one edit; not thread-safe.
 */
final class TreeEdit {

    private final ObjectReader reader;
    private final ObjectInserter inserter;

    TreeEdit(ObjectReader reader, ObjectInserter inserter) {
        this.reader = reader;
        this.inserter = inserter;
    }

    /** What is put into one directory. */
    private static final class Directory {
        private final Map<String, Directory> directories = new TreeMap<>();
        private final Map<String, ObjectId> files = new TreeMap<>();
        private @Nullable ObjectId before;
    }

    private record Step(Directory directory, @Nullable Directory above, String name) {}

    /**
     * Writes the trees; they are durable when the inserter is flushed.
     *
     * @param root null for none
     * @param files blobs by path
     * @throws IOException something else stands where a directory or file should
     */
    ObjectId with(@Nullable ObjectId root, Map<String, ObjectId> files) throws IOException {
        Directory top = new Directory();
        top.before = root;
        // Those above come before those below; written from the end, each has what it needs.
        List<Step> order = new ArrayList<>(List.of(new Step(top, null, "")));
        for (Map.Entry<String, ObjectId> file : files.entrySet()) {
            String[] names = file.getKey().split("/", -1);
            Directory at = top;
            for (int i = 0; i < names.length - 1; i++) {
                Directory below = at.directories.get(names[i]);
                if (below == null) {
                    below = new Directory();
                    at.directories.put(names[i], below);
                    order.add(new Step(below, at, names[i]));
                }
                at = below;
            }
            at.files.put(names[names.length - 1], file.getValue());
        }
        for (Step step : order) {
            Directory above = step.above();
            if (above != null && above.before != null) {
                step.directory().before = subtree(above.before, step.name());
            }
        }
        ObjectId written = null;
        for (int i = order.size() - 1; i >= 0; i--) {
            Step step = order.get(i);
            written = write(step.directory());
            if (step.above() != null) {
                step.directory().before = written;
            }
        }
        if (written == null) {
            throw new IllegalStateException("a tree has a root");
        }
        return written;
    }

    private @Nullable ObjectId subtree(ObjectId tree, String name) throws IOException {
        Entry entry = entries(tree).get(new Name(name, true));
        return entry == null ? null : entry.id();
    }

    private ObjectId write(Directory directory) throws IOException {
        SortedMap<Name, Entry> entries = directory.before == null ? new TreeMap<>() : entries(directory.before);
        directory.directories.forEach((name, below) -> {
            if (below.before != null) {
                put(entries, name, true, below.before);
            }
        });
        directory.files.forEach((name, id) -> put(entries, name, false, id));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entries.values().forEach(entry -> out.writeBytes(entry.bytes()));
        return inserter.insert(Constants.OBJ_TREE, out.toByteArray());
    }

    private static void put(SortedMap<Name, Entry> entries, String name, boolean directory, ObjectId id) {
        if (entries.containsKey(new Name(name, !directory))) {
            throw Refusals.refusal(
                    "The last commit has a file where the store has a directory, or the other way round.",
                    name,
                    "git mv it to another name and commit that");
        }
        FileMode mode = directory ? FileMode.TREE : FileMode.REGULAR_FILE;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(raw, 0);
        bytes.writeBytes((Integer.toOctalString(mode.getBits()) + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        bytes.writeBytes(raw);
        entries.put(new Name(name, directory), new Entry(bytes.toByteArray()));
    }

    /** An entry as git writes it: mode, a blank, name, a zero, id. */
    private record Entry(byte[] bytes) {
        ObjectId id() {
            return ObjectId.fromRaw(bytes, bytes.length - Constants.OBJECT_ID_LENGTH);
        }
    }

    /** Git's order: a directory as if its name ended in a slash. */
    private record Name(byte[] key) implements Comparable<Name> {
        private static final Comparator<Name> ORDER = (a, b) -> Arrays.compareUnsigned(a.key, b.key);

        Name(String name, boolean directory) {
            this((directory ? name + "/" : name + "\0").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    private SortedMap<Name, Entry> entries(ObjectId tree) throws IOException {
        byte[] bytes = reader.open(tree, Constants.OBJ_TREE).getCachedBytes();
        SortedMap<Name, Entry> entries = new TreeMap<>();
        int at = 0;
        while (at < bytes.length) {
            int blank = at;
            int mode = 0;
            while (bytes[blank] != ' ') {
                mode = 8 * mode + bytes[blank++] - '0';
            }
            int zero = blank;
            while (bytes[zero] != 0) {
                zero++;
            }
            int end = zero + 1 + Constants.OBJECT_ID_LENGTH;
            boolean directory = FileMode.TREE.equals(mode);
            byte[] key = Arrays.copyOfRange(bytes, blank + 1, zero + 1);
            key[key.length - 1] = (byte) (directory ? '/' : 0);
            entries.put(new Name(key), new Entry(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        return entries;
    }
}
