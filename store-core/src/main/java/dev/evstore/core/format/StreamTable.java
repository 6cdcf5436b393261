package dev.evstore.core.format;

import dev.evstore.core.id.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** A header's streams, ascending, found by the bytes of their names; it marks those found. */
final class StreamTable {

    private final StreamId[] streams;
    private final byte[][] names;
    private final boolean[] found;
    private int last;

    StreamTable(Set<StreamId> ascending) {
        streams = ascending.toArray(StreamId[]::new);
        names = new byte[streams.length][];
        for (int i = 0; i < streams.length; i++) {
            names[i] = streams[i].utf8();
        }
        found = new boolean[streams.length];
    }

    /**
     * Finds the stream that the cursor's last string names.
     *
     * @return its index, or -1
     */
    int find(byte[] bytes, StrictJson name) {
        byte[] in = bytes;
        int from = name.from;
        int to = name.to;
        if (name.escaped) {
            in = name.text().getBytes(StandardCharsets.UTF_8);
            from = 0;
            to = in.length;
        }
        // Events of one stream often follow one another.
        if (!Arrays.equals(in, from, to, names[last], 0, names[last].length)) {
            int index = search(in, from, to);
            if (index < 0) {
                return -1;
            }
            last = index;
        }
        found[last] = true;
        return last;
    }

    private int search(byte[] in, int from, int to) {
        int low = 0;
        int high = names.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(names[middle], 0, names[middle].length, in, from, to);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    StreamId stream(int index) {
        return streams[index];
    }

    byte[] name(int index) {
        return names[index];
    }

    boolean allFound() {
        for (boolean one : found) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
