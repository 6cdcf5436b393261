package dev.evstore.fs.git;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Puts a new index together from stretches of the old one and what comes between them. For one index; not thread-safe. */
final class IndexSplice {

    private record Piece(byte[] of, int from, int to) {}

    private final byte[] bytes;
    private final int version;
    private final List<Piece> pieces = new ArrayList<>();
    private final Set<String> touched = new TreeSet<>();
    private byte[] before = {};
    private boolean apart;
    private int entries;
    /** What is kept and not yet a piece. */
    private int from = IndexCursor.HEADER;

    private int to = IndexCursor.HEADER;

    IndexSplice(byte[] bytes, int version) {
        this.bytes = bytes;
        this.version = version;
    }

    void keep(IndexCursor at) {
        entries++;
        if (version == 4) {
            if (apart) {
                copy(at.start(), at.afterFlags());
                writeCompressed(at.name());
                apart = false;
                return;
            }
            before = at.name();
        }
        copy(at.start(), at.end());
    }

    /** Keeps all others, unless one of them has to be looked at yet. */
    boolean keepRest(IndexCursor at, int end) {
        if (!apart) {
            entries += at.left();
            copy(at.end(), end);
        }
        return !apart;
    }

    private void copy(int start, int end) {
        if (start != to) {
            flush();
            from = start;
        }
        to = end;
    }

    private void flush() {
        put(bytes, from, to);
        from = to;
    }

    private void put(byte[] of, int start, int end) {
        if (end > start) {
            pieces.add(new Piece(of, start, end));
        }
    }

    /** Leaves one out. */
    void drop(IndexCursor at) {
        touch(at.path());
        apart = true;
    }

    void add(StagedFile file) {
        entries++;
        flush();
        byte[] name = file.name();
        boolean compressed = version == 4;
        int zeros = 8 - (IndexCursor.FIXED + name.length) % 8;
        ByteBuffer entry = ByteBuffer.allocate(IndexCursor.FIXED + (compressed ? 0 : name.length + zeros));
        file.put(entry);
        entry.putShort((short) Math.min(name.length, IndexCursor.LONGEST_NAME_TOLD));
        if (!compressed) {
            entry.put(name);
        }
        put(entry.array(), 0, entry.capacity());
        if (compressed) {
            writeCompressed(name);
            apart = true; // what comes next was written to follow another name
        }
        touch(file.path());
    }

    private void touch(String path) {
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            touched.add(path.substring(0, slash));
        }
        touched.add("");
    }

    private void writeCompressed(byte[] name) {
        flush();
        int same = Arrays.mismatch(before, name);
        int common = same < 0 ? name.length : same;
        int drop = before.length - common;
        byte[] varint = new byte[5];
        int at = varint.length - 1;
        varint[at] = (byte) (drop & 0x7F);
        for (int rest = drop >>> 7; rest != 0; rest >>>= 7) {
            varint[--at] = (byte) (0x80 | (--rest & 0x7F));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(varint, at, varint.length - at);
        out.write(name, common, name.length - common);
        out.write(0);
        put(out.toByteArray(), 0, out.size());
        before = name;
    }

    /** An extension comes behind the entries. */
    void extension(String name, byte[] content) {
        flush();
        ByteBuffer all = ByteBuffer.allocate(8 + content.length);
        for (int i = 0; i < 4; i++) {
            all.put((byte) name.charAt(i));
        }
        all.putInt(content.length).put(content);
        put(all.array(), 0, all.capacity());
    }

    /** The directories of what was added or left out. */
    Set<String> touched() {
        return touched;
    }

    /**
     * The whole.
     *
     * @param room left at the end, for a checksum
     */
    byte[] end(int room) {
        flush();
        int size = IndexCursor.HEADER + room;
        for (Piece piece : pieces) {
            size = Math.addExact(size, piece.to() - piece.from());
        }
        byte[] whole = new byte[size];
        ByteBuffer out = ByteBuffer.wrap(whole);
        out.putInt(IndexFile.SIGNATURE).putInt(version).putInt(entries);
        pieces.forEach(piece -> out.put(piece.of(), piece.from(), piece.to() - piece.from()));
        return whole;
    }
}
