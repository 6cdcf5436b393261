package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/** Goes from entry to entry of git's index, see {@link IndexFile}. Not thread-safe. */
final class IndexCursor {

    /** Where the entries begin. */
    static final int HEADER = 12;

    /** An entry up to its flags, these included. */
    static final int FIXED = 40 + Constants.OBJECT_ID_LENGTH + 2;

    /** A name that is longer than that does not say how long it is. */
    static final int LONGEST_NAME_TOLD = 0xFFF;

    private static final int EXTENDED = 0x4000;

    private final byte[] bytes;
    private final int version;
    private final int count;
    private int done;
    private int start = HEADER;
    private int offset = HEADER;
    private int afterFlags;
    /** Where the name is: in the index itself, unless that has it compressed. */
    private byte[] name;

    private int nameStart;
    private int length;

    IndexCursor(byte[] bytes, int version, int count) {
        this.bytes = bytes;
        this.version = version;
        this.count = count;
        this.name = version == 4 ? new byte[256] : bytes;
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
            nameStart = afterFlags;
            int end = endOfName();
            length = end - nameStart;
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
        int end = zero(at);
        append(at, end);
        offset = end + 1;
    }

    private int endOfName() throws IOException {
        int told = flags() & LONGEST_NAME_TOLD;
        if (told == LONGEST_NAME_TOLD) {
            return zero(afterFlags);
        }
        int end = afterFlags + told;
        require(end + 1);
        if (bytes[end] != 0) {
            throw new IOException("git's index has a name that is longer than it says");
        }
        return end;
    }

    private int zero(int from) throws IOException {
        int end = from;
        while (end < bytes.length - Constants.OBJECT_ID_LENGTH && bytes[end] != 0) {
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
        if (end > bytes.length - Constants.OBJECT_ID_LENGTH) {
            throw new IOException("git's index ends within an entry");
        }
    }

    /** How many there are from here on, this one not included. */
    int left() {
        return count - done;
    }

    /** Where the entry begins. */
    int start() {
        return start;
    }

    /** Where its name begins, compressed or not. */
    int afterFlags() {
        return afterFlags;
    }

    /** Where the next begins. */
    int end() {
        return offset;
    }

    byte[] name() {
        return Arrays.copyOfRange(name, nameStart, nameStart + length);
    }

    String path() {
        return new String(name, nameStart, length, StandardCharsets.UTF_8);
    }

    /** Whether its name begins with these bytes. */
    boolean startsWith(byte[] first) {
        return length >= first.length
                && Arrays.equals(name, nameStart, nameStart + first.length, first, 0, first.length);
    }

    /** How another name stands to this one, in git's order. */
    int compare(byte[] other) {
        return Arrays.compareUnsigned(other, 0, other.length, name, nameStart, nameStart + length);
    }

    /** Whether one of the names would be a directory of the other. */
    boolean isWithin(byte[] other) {
        int shorter = Math.min(other.length, length);
        return other.length != length
                && (other.length > shorter ? other[shorter] : name[nameStart + shorter]) == '/'
                && Arrays.equals(other, 0, shorter, name, nameStart, nameStart + shorter);
    }

    private int flags() {
        return (bytes[start + FIXED - 2] & 0xFF) << 8 | (bytes[start + FIXED - 1] & 0xFF);
    }

    int stage() {
        return (flags() >> 12) & 3;
    }

    /** Whether it says exactly that: a file of this content. */
    boolean isFile(ObjectId blob) {
        boolean intended = (flags() & EXTENDED) != 0 && (bytes[start + FIXED] & 0x20) != 0;
        int mode = 0;
        for (int i = 24; i < 28; i++) {
            mode = mode << 8 | (bytes[start + i] & 0xFF);
        }
        return !intended && mode == FileMode.REGULAR_FILE.getBits() && blob.equals(ObjectId.fromRaw(bytes, start + 40));
    }
}
