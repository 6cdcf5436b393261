package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** Goes from entry to entry of git's index, in the layout that {@link IndexFile} draws. Not thread-safe. */
final class IndexCursor {

    /** What an entry has before its name, without more flags. */
    static final int FIXED = 62;

    private static final int EXTENDED = 0x4000;
    private static final int HASH = Constants.OBJECT_ID_LENGTH;
    private static final int HEADER = 12;

    private final byte[] bytes;
    private final int version;
    private final int count;
    private int done;
    /** Where the entry begins. */
    int start = HEADER;
    /** Where it ends, and the next one begins. */
    int offset = HEADER;
    /** Where its name begins, or what is told of it. */
    int afterFlags;

    private byte[] name = new byte[256];
    private int length;

    /**
     * @param bytes a whole index
     * @param version of its format, 2 to 4
     * @param count how many entries it has
     */
    IndexCursor(byte[] bytes, int version, int count) {
        this.bytes = bytes;
        this.version = version;
        this.count = count;
    }

    /** Goes to the next; false behind the last. */
    boolean next() throws IOException {
        if (done == count) {
            return false;
        }
        done++;
        start = offset;
        require(start + FIXED);
        afterFlags = start + FIXED + ((flags() & EXTENDED) != 0 ? 2 : 0);
        if (version == 4) {
            readCompressed();
        } else {
            int end = endOfName(afterFlags);
            length = 0;
            append(afterFlags, end);
            offset = start + ((end - start) / 8 + 1) * 8;
        }
        require(offset);
        return true;
    }

    private void readCompressed() throws IOException {
        int at = afterFlags;
        require(at + 1);
        int drop = bytes[at] & 0x7F;
        while ((bytes[at++] & 0x80) != 0) {
            require(at + 1);
            drop = ((drop + 1) << 7) | (bytes[at] & 0x7F);
        }
        if (drop < 0 || drop > length) {
            throw new IOException("git's index has a name that drops more than there is");
        }
        length -= drop;
        int end = endOfName(at);
        append(at, end);
        offset = end + 1;
    }

    private int endOfName(int from) throws IOException {
        int end = from;
        while (end < bytes.length - HASH && bytes[end] != 0) {
            end++;
        }
        require(end + 1);
        return end;
    }

    private void append(int from, int end) {
        int added = end - from;
        if (length + added > name.length) {
            name = Arrays.copyOf(name, Math.max(2 * name.length, length + added));
        }
        System.arraycopy(bytes, from, name, length, added);
        length += added;
    }

    private void require(int end) throws IOException {
        if (end > bytes.length - HASH) {
            throw new IOException("git's index ends within an entry");
        }
    }

    private int flags() {
        return ByteBuffer.wrap(bytes).getShort(start + FIXED - 2) & 0xFFFF;
    }

    int stage() {
        return (flags() >> 12) & 3;
    }

    boolean isIntentToAdd() {
        return (flags() & EXTENDED) != 0 && (bytes[start + FIXED] & 0x20) != 0;
    }

    boolean isFile(ObjectId blob) {
        return ByteBuffer.wrap(bytes).getInt(start + 24) == FileMode.REGULAR_FILE.getBits()
                && blob.equals(ObjectId.fromRaw(bytes, start + 40));
    }

    /** How that name stands to the entry's. */
    int compare(byte[] other) {
        return Arrays.compareUnsigned(other, 0, other.length, name, 0, length);
    }

    /** The entry's name, in bytes. */
    byte[] name() {
        return Arrays.copyOf(name, length);
    }

    /** Whether one of the two names is a directory of the other. */
    boolean isDirectoryWith(byte[] other) {
        int shorter = Math.min(other.length, length);
        return other.length != length
                && Arrays.equals(other, 0, shorter, name, 0, shorter)
                && (other.length > shorter ? other[shorter] : name[shorter]) == '/';
    }

    String path() {
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }
}
