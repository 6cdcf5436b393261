package dev.evstore.core.format;

import dev.evstore.core.id.Names;
import java.util.Arrays;

/**
 * Finds a key that stands twice in an object, compared decoded (rule V1). Keys are remembered by their place, not
 * copied, and compared by sorting: no hash that a hostile line could crowd, at worst n log n comparisons.
 */
final class DistinctKeys {

    /** Up to this many keys, comparing each with each is fastest. */
    private static final int FEW = 16;

    private final int[] opened = new int[Limits.DEPTH + 1];
    private byte[] bytes = {};
    /** The keys of all objects open now: place, length and whether it has escapes, packed. */
    private long[] keys = new long[64];

    private int count;
    private int objects;
    private long comparisons;

    void reset(byte[] line) {
        bytes = line;
        count = 0;
        objects = 0;
    }

    void open() {
        opened[objects++] = count;
    }

    void add(int from, int to, boolean escaped) {
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, 2 * count);
        }
        keys[count++] = (long) from << 32 | (long) (to - from) << 1 | (escaped ? 1 : 0);
    }

    /** Forgets the keys of the object opened last, if they are distinct. */
    void close() throws Flaw {
        int first = opened[--objects];
        if (count - first <= FEW) {
            compareAll(first);
        } else if (!ascending(first)) {
            sort(first);
            for (int i = first + 1; i < count; i++) {
                if (compare(keys[i - 1], keys[i]) == 0) {
                    throw duplicate(keys[i]);
                }
            }
        }
        count = first;
    }

    /** How often two keys were compared so far. */
    long comparisons() {
        return comparisons;
    }

    private void compareAll(int first) throws Flaw {
        for (int i = first + 1; i < count; i++) {
            for (int j = first; j < i; j++) {
                // Unescaped keys of different lengths, which is nearly all, are told apart without looking at them.
                boolean maybe = (int) keys[i] == (int) keys[j] || ((keys[i] | keys[j]) & 1) != 0;
                if (maybe && compare(keys[i], keys[j]) == 0) {
                    throw duplicate(keys[i]);
                }
            }
        }
    }

    /** Whether the keys ascend strictly, as the format's large objects do: then they are distinct. */
    private boolean ascending(int first) {
        for (int i = first + 1; i < count; i++) {
            if (compare(keys[i - 1], keys[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Heap sort: in place, and never quadratic. */
    private void sort(int first) {
        int length = count - first;
        for (int root = length / 2 - 1; root >= 0; root--) {
            sift(first, root, length);
        }
        for (int last = length - 1; last > 0; last--) {
            swap(first, first + last);
            sift(first, 0, last);
        }
    }

    private void sift(int first, int start, int length) {
        int root = start;
        for (int child = 2 * root + 1; child < length; child = 2 * root + 1) {
            if (child + 1 < length && compare(keys[first + child], keys[first + child + 1]) < 0) {
                child++;
            }
            if (compare(keys[first + root], keys[first + child]) >= 0) {
                return;
            }
            swap(first + root, first + child);
            root = child;
        }
    }

    private void swap(int i, int j) {
        long key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
    }

    /** In the order of decoded UTF-8 bytes, whether escaped or not. */
    private int compare(long a, long b) {
        comparisons++;
        if (((a | b) & 1) == 0) {
            return Arrays.compareUnsigned(bytes, from(a), to(a), bytes, from(b), to(b));
        }
        return Names.compareUtf8(text(a), text(b));
    }

    private Flaw duplicate(long key) {
        return new Flaw("JSON: the key " + Names.quoted(text(key)) + " stands twice in an object");
    }

    private String text(long key) {
        return StrictJson.text(bytes, from(key), to(key), (key & 1) != 0);
    }

    private static int from(long key) {
        return (int) (key >>> 32);
    }

    private static int to(long key) {
        return from(key) + ((int) key >>> 1);
    }
}
