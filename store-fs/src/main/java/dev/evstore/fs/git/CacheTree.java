package dev.evstore.fs.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * The part of git's index that remembers which trees its entries make ({@code TREE}), directories in pre-order:
 *
 * <pre>
 * name, a zero, number of entries or -1, a blank, number of directories that follow in it, a line feed, id unless -1
 * </pre>
 */
final class CacheTree {

    private CacheTree() {}

    private record Open(String path, int[] left) {}

    /**
     * A directory.
     *
     * @param path from the root, itself empty
     * @param start where its name begins
     * @param zero where that ends
     * @param directories how many follow in it
     * @param id where its id begins
     * @param end where the next directory begins: at the id, if there is none
     */
    private record Directory(String path, int start, int zero, int directories, int id, int end) {}

    private interface Each {
        void directory(Directory directory);
    }

    /** The same with these directories (paths from the root, itself empty) marked as unknown. */
    static byte[] without(byte[] tree, Set<String> touched) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(tree.length);
        walk(tree, at -> {
            if (touched.contains(at.path())) {
                out.write(tree, at.start(), at.zero() + 1 - at.start());
                out.writeBytes(("-1 " + at.directories() + "\n").getBytes(StandardCharsets.US_ASCII));
            } else {
                out.write(tree, at.start(), at.end() - at.start());
            }
        });
        return out.toByteArray();
    }

    /** The trees that are known, by their paths from the root, itself empty. */
    static Map<String, ObjectId> known(byte[] tree) throws IOException {
        Map<String, ObjectId> known = new HashMap<>();
        walk(tree, at -> {
            if (at.end() > at.id()) {
                known.put(at.path(), ObjectId.fromRaw(tree, at.id()));
            }
        });
        return known;
    }

    private static void walk(byte[] tree, Each each) throws IOException {
        Deque<Open> open = new ArrayDeque<>();
        int at = 0;
        while (at < tree.length) {
            int zero = find(tree, at, (byte) 0);
            int blank = find(tree, zero, (byte) ' ');
            int end = find(tree, blank, (byte) '\n');
            String name = text(tree, at, zero);
            int entries = number(text(tree, zero + 1, blank));
            int directories = number(text(tree, blank + 1, end));
            int next = end + 1 + (entries < 0 ? 0 : Constants.OBJECT_ID_LENGTH);
            if (next > tree.length || directories < 0) {
                throw new IOException("git's index has a damaged TREE");
            }
            Open above = open.peek();
            String path = above == null || above.path().isEmpty() ? name : above.path() + "/" + name;
            each.directory(new Directory(path, at, zero, directories, end + 1, next));
            at = next;
            if (above != null) {
                above.left()[0]--;
            }
            open.push(new Open(path, new int[] {directories}));
            while (!open.isEmpty() && open.element().left()[0] == 0) {
                open.pop();
            }
        }
    }

    private static int find(byte[] tree, int from, byte what) throws IOException {
        for (int i = from; i < tree.length; i++) {
            if (tree[i] == what) {
                return i;
            }
        }
        throw new IOException("git's index has a damaged TREE");
    }

    private static String text(byte[] tree, int from, int end) {
        return new String(tree, from, end - from, StandardCharsets.UTF_8);
    }

    private static int number(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("git's index has a damaged TREE", e);
        }
    }
}
