package dev.evstore.fs.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;

/**
 * Git's index as bytes, to which entries can be added while every other entry keeps its own: flags such as
 * intent-to-add, assume-unchanged and skip-worktree, stages of a conflict, times. Versions 2 to 4.
 *
 * <pre>
 * header      "DIRC", version, number of entries
 * entry       times, device, inode, mode, owner, size (40 bytes), id (20), flags (2), more flags (2, if the first say so),
 *             name, 1 to 8 zeros up to a multiple of 8;  version 4: how much of the name before to drop, the rest, a zero
 * extension   name, size, content: TREE is kept but for the directories that change; REUC is kept; what tells positions or
 *             untracked files (EOIE IEOT UNTR FSMN) is dropped and git makes it again; one in lower case has to be understood
 * checksum    SHA-1 of all before it, or zeros where the user has switched that off
 * </pre>
 *
 * <p>Immutable.
 */
final class IndexFile {

    /** One that evstore can't write. */
    static final class UnknownKindException extends IOException {
        private static final long serialVersionUID = 1L;
        private final String remedy;

        UnknownKindException(String what, String remedy) {
            super(what);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    private static final int HASH = Constants.OBJECT_ID_LENGTH;
    private static final int LONGEST_NAME_TOLD = 0xFFF;
    private static final Set<String> KEPT = Set.of("TREE", "REUC");

    private final byte[] bytes;
    private final int version;
    private final int count;

    private IndexFile(byte[] bytes, int version, int count) {
        this.bytes = bytes;
        this.version = version;
        this.count = count;
    }

    /** Reads it, to write another one; where there is none, it is empty. */
    static IndexFile read(Path file) throws IOException {
        IndexFile index = glance(file);
        if (!index.isUnchecked() && !Arrays.equals(index.checksum(), sha1(index.bytes, index.bytes.length - HASH))) {
            throw new IOException(file + " is damaged: its checksum is wrong");
        }
        return index;
    }

    /** Reads it without its checksum, as git does, only to know what is in it. */
    static IndexFile glance(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new IndexFile(new byte[12 + HASH], 2, 0);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < 12 + HASH || header.getInt() != 0x44495243) {
            throw new IOException(file + " is no index of git's");
        }
        IndexFile index = new IndexFile(bytes, header.getInt(), header.getInt());
        if (index.version < 2 || index.version > 4) {
            throw new UnknownKindException(
                    "version " + index.version, "commit with git itself: git add events && git commit");
        }
        index.checkExtensions();
        return index;
    }

    private boolean isUnchecked() {
        return Arrays.equals(checksum(), new byte[HASH]);
    }

    private byte[] checksum() {
        return Arrays.copyOfRange(bytes, bytes.length - HASH, bytes.length);
    }

    private static byte[] sha1(byte[] bytes, int length) {
        MessageDigest digest = Constants.newMessageDigest();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    /** Which of these paths stand in it, at whatever stage. */
    Set<String> has(Collection<String> paths) throws IOException {
        List<byte[]> names = new ArrayList<>();
        paths.forEach(path -> names.add(path.getBytes(StandardCharsets.UTF_8)));
        names.sort(Arrays::compareUnsigned);
        Set<String> found = new TreeSet<>();
        IndexCursor at = entries();
        int next = 0;
        while (next < names.size() && at.next()) {
            while (next < names.size() && at.compare(names.get(next)) < 0) {
                next++;
            }
            if (next < names.size() && at.compare(names.get(next)) == 0) {
                found.add(at.path());
            }
        }
        return found;
    }

    /**
     * The bytes of an index that also has these at stage 0. One that stands there with the same mode and id stays as it is.
     *
     * @throws IOException a file is in conflict, or a directory stands where a file should
     */
    byte[] with(List<StagedFile> files) throws IOException {
        List<StagedFile> sorted = new ArrayList<>(files);
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
        Splice splice = new Splice();
        IndexCursor at = entries();
        int next = 0;
        while (at.next()) {
            while (next < sorted.size() && at.compare(sorted.get(next).name()) < 0) {
                checkApart(sorted.get(next).name(), at);
                splice.add(sorted.get(next++));
            }
            if (next < sorted.size() && at.compare(sorted.get(next).name()) == 0) {
                StagedFile file = sorted.get(next++);
                if (at.stage() != 0) {
                    throw new IOException(at.path() + " is in conflict");
                }
                if (at.isFile(file.id()) && !at.isIntentToAdd()) {
                    splice.keep(at);
                } else {
                    splice.add(file);
                }
            } else {
                if (next < sorted.size()) {
                    checkApart(sorted.get(next).name(), at);
                }
                splice.keep(at);
            }
        }
        while (next < sorted.size()) {
            splice.add(sorted.get(next++));
        }
        return splice.end(at.offset);
    }

    private static void checkApart(byte[] name, IndexCursor at) throws IOException {
        if (at.isDirectoryWith(name)) {
            throw new IOException(at.path() + " stands where there is a directory, or the other way round");
        }
    }

    private IndexCursor entries() {
        return new IndexCursor(bytes, version, count);
    }

    private void checkExtensions() throws IOException {
        for (Extension extension : extensions(endOfEntries())) {
            if (Character.isLowerCase(extension.name().charAt(0))) {
                switch (extension.name()) {
                    case "link" ->
                        throw new UnknownKindException(
                                "it is split", "git config core.splitIndex false && git update-index --no-split-index");
                    case "sdir" ->
                        throw new UnknownKindException(
                                "it is sparse",
                                "git sparse-checkout disable, or git sparse-checkout reapply --no-sparse-index");
                    default ->
                        throw new UnknownKindException(
                                "it has an extension " + extension.name(),
                                "commit with git itself: git add events && git commit");
                }
            }
        }
    }

    private int endOfEntries() throws IOException {
        IndexCursor at = entries();
        while (at.next()) {
            // only to see where they end
        }
        return at.offset;
    }

    private record Extension(String name, int offset, int size) {}

    private List<Extension> extensions(int start) throws IOException {
        List<Extension> found = new ArrayList<>();
        int at = start;
        int end = bytes.length - HASH;
        while (at < end) {
            if (end - at < 8) {
                throw new IOException("git's index ends within an extension");
            }
            int size = ByteBuffer.wrap(bytes).getInt(at + 4);
            if (size < 0 || size > end - at - 8) {
                throw new IOException("git's index has an extension of no possible size");
            }
            found.add(new Extension(new String(bytes, at, 4, StandardCharsets.ISO_8859_1), at, size));
            at += 8 + size;
        }
        return found;
    }

    /** Puts the new index together. */
    private final class Splice {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 4096);
        private final Set<String> touched = new TreeSet<>();
        private byte[] before = {};
        private boolean apart;
        private int entries;

        Splice() {
            out.write(bytes, 0, 12);
        }

        void keep(IndexCursor at) {
            entries++;
            if (version < 4) {
                out.write(bytes, at.start, at.offset - at.start);
                return;
            }
            if (apart) {
                out.write(bytes, at.start, at.afterFlags - at.start);
                writeCompressed(at.name());
            } else {
                out.write(bytes, at.start, at.offset - at.start);
                before = at.name();
            }
            apart = false;
        }

        void add(StagedFile file) {
            entries++;
            byte[] name = file.name();
            ByteBuffer fixed = ByteBuffer.allocate(IndexCursor.FIXED);
            file.put(fixed);
            fixed.putShort((short) Math.min(name.length, LONGEST_NAME_TOLD));
            out.writeBytes(fixed.array());
            if (version < 4) {
                out.writeBytes(name);
                out.writeBytes(new byte[8 - (IndexCursor.FIXED + name.length) % 8]);
            } else {
                writeCompressed(name);
                apart = true; // what comes next was written to follow another name
            }
            String path = file.path();
            for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
                touched.add(path.substring(0, slash));
            }
            touched.add("");
        }

        private void writeCompressed(byte[] name) {
            int same = Arrays.mismatch(before, name);
            int common = same < 0 ? name.length : same;
            int drop = before.length - common;
            byte[] varint = new byte[5];
            int at = varint.length - 1;
            varint[at] = (byte) (drop & 0x7F);
            for (int rest = drop >>> 7; rest != 0; rest >>>= 7) {
                varint[--at] = (byte) (0x80 | (--rest & 0x7F));
            }
            out.write(varint, at, varint.length - at);
            out.write(name, common, name.length - common);
            out.write(0);
            before = name;
        }

        byte[] end(int endOfEntries) throws IOException {
            for (Extension extension : extensions(endOfEntries)) {
                if (!KEPT.contains(extension.name())) {
                    continue;
                }
                byte[] content =
                        Arrays.copyOfRange(bytes, extension.offset() + 8, extension.offset() + 8 + extension.size());
                byte[] kept = extension.name().equals("TREE") ? CacheTree.without(content, touched) : content;
                out.write(bytes, extension.offset(), 4);
                out.writeBytes(ByteBuffer.allocate(4).putInt(kept.length).array());
                out.writeBytes(kept);
            }
            byte[] made = out.toByteArray();
            ByteBuffer.wrap(made).putInt(0, 0x44495243).putInt(4, version).putInt(8, entries);
            byte[] whole = Arrays.copyOf(made, made.length + HASH);
            if (count == 0 || !isUnchecked()) {
                System.arraycopy(sha1(made, made.length), 0, whole, made.length, HASH);
            }
            return whole;
        }
    }

    /** Whether these are its bytes. */
    boolean is(byte[] others) {
        return Arrays.equals(bytes, others);
    }
}
