package dev.evstore.core.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The part of a file that is held while it is read line by line: from a mark, or else from the current line, to as far
 * as has been read. A line is begun, so that its first bytes can be looked at, and then completed or discarded.
 *
 * <pre>
 *   bytes:  … dropped │ mark … │ from … line … to │ next … filled │ not yet read …
 * </pre>
 *
 * <p>Every byte is read once and moved a bounded number of times, whatever is in it.
 */
final class LineWindow {

    /** How much of a line can be looked at before it is completed, if it is that long. */
    static final int GLANCE = 64;

    private static final int SMALLEST = 4096;
    private static final int LARGEST_READ = 1 << 16;

    private final InputStream in;
    private byte[] buffer = new byte[SMALLEST];
    private long dropped;
    private int mark = -1;
    private int from;
    private int to;
    private int next;
    private int filled;
    private long line;
    private boolean begun;
    private boolean ended;
    private boolean lineEnd = true;

    LineWindow(InputStream in) {
        this.in = in;
    }

    /**
     * Begins the next line, if the last one has been completed or discarded.
     *
     * @return false at the end of the file
     */
    boolean begin() throws IOException {
        if (begun) {
            return true;
        }
        from = next;
        boolean more = true;
        while (more && filled - from < GLANCE) {
            more = fill();
        }
        if (from == filled) {
            return false;
        }
        line++;
        begun = true;
        return true;
    }

    /** Whether the line begun has these first bytes, {@link #GLANCE} at most. */
    boolean startsWith(byte[] prefix) {
        return filled - from >= prefix.length
                && Arrays.equals(buffer, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /**
     * Completes the line begun.
     *
     * @return false if it is longer than {@code limit}; it is then discarded, and with it the mark
     */
    boolean complete(int limit) throws IOException {
        int seen = 0;
        while (true) {
            int stop = (int) Math.min(filled, from + (long) limit + 1);
            for (int i = from + seen; i < stop; i++) {
                if (buffer[i] == '\n') {
                    end(i, i + 1, true);
                    return true;
                }
            }
            seen = stop - from;
            if (seen > limit) {
                discard();
                return false;
            }
            if (!fill()) {
                end(filled, filled, false);
                return true;
            }
        }
    }

    /** Passes the line begun without holding it; the mark is gone. */
    void discard() throws IOException {
        mark = -1;
        while (true) {
            for (int i = from; i < filled; i++) {
                if (buffer[i] == '\n') {
                    end(i, i + 1, true);
                    return;
                }
            }
            from = filled;
            if (!fill()) {
                end(filled, filled, false);
                return;
            }
        }
    }

    private void end(int at, int after, boolean withLineEnd) {
        to = at;
        next = after;
        lineEnd = withLineEnd;
        begun = false;
    }

    /** Holds everything from the current line's first byte on. */
    void mark() {
        mark = from;
    }

    void unmark() {
        mark = -1;
    }

    /** How many bytes lie between the mark and the current line. */
    int held() {
        return from - mark;
    }

    /** The bytes; the array and all places in it change when a line is begun, completed or discarded. */
    byte[] bytes() {
        return buffer;
    }

    int marked() {
        return mark;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether the line completed last ends with a CR before its LF. */
    boolean endsWithReturn() {
        return !begun && to > from && buffer[to - 1] == '\r';
    }

    /** The mark's place in the file. */
    long markedOffset() {
        return dropped + mark;
    }

    /** The current line's number, from 1. */
    long line() {
        return line;
    }

    /** Whether the line completed or discarded last had an LF. */
    boolean hadLineEnd() {
        return lineEnd;
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (filled == buffer.length) {
            makeRoom();
        }
        int read = in.read(buffer, filled, Math.min(buffer.length - filled, LARGEST_READ));
        if (read < 0) {
            ended = true;
            return false;
        }
        filled += read;
        return true;
    }

    private void makeRoom() {
        int keep = mark < 0 ? from : mark;
        int held = filled - keep;
        // What is held is moved only when a quarter or more is gained, so moving stays in proportion to reading.
        boolean grow = buffer.length < LARGEST_READ || held > buffer.length / 4 * 3;
        byte[] room = grow ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, keep, room, 0, held);
        buffer = room;
        dropped += keep;
        mark = mark < 0 ? -1 : 0;
        from -= keep;
        to -= keep;
        next -= keep;
        filled = held;
    }
}
