package dev.evstore.fs.git;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

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
 * <p>Not thread-safe.
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

    /** How every index begins: {@code DIRC}. */
    static final int SIGNATURE = 0x44495243;

    private static final int HASH = Constants.OBJECT_ID_LENGTH;
    private static final String TREES = "TREE";
    private static final Set<String> KEPT = Set.of(TREES, "REUC");

    private final byte[] bytes;
    private final int version;
    private final int count;
    private final int endOfEntries;
    private @Nullable CompletableFuture<Boolean> intact;

    private IndexFile(byte[] bytes, int version, int count) throws IOException {
        this.bytes = bytes;
        this.version = version;
        this.count = count;
        IndexCursor at = new IndexCursor(bytes, version, count);
        while (at.next()) {
            // only to see where they end
        }
        this.endOfEntries = at.end();
    }

    /** Reads it, to write another one; where there is none, it is empty. */
    static IndexFile read(Path file) throws IOException {
        IndexFile index = glance(file);
        index.requireIntact();
        return index;
    }

    /** Reads it without its checksum, as git does, only to know what is in it. */
    static IndexFile glance(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new IndexFile(new byte[IndexCursor.HEADER + HASH], 2, 0);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes.length < IndexCursor.HEADER + HASH || header.getInt() != SIGNATURE) {
            throw new IOException(file + " is no index of git's");
        }
        int version = header.getInt();
        if (version < 2 || version > 4) {
            throw new UnknownKindException(
                    "version " + version, "commit with git itself: git add events && git commit");
        }
        IndexFile index = new IndexFile(bytes, version, header.getInt());
        index.checkExtensions();
        return index;
    }

    /**
     * The checksum at the end of an index: where it is the same, so is all before it. Null where there is no index, or the
     * user has switched checksums off.
     */
    static @Nullable String checksum(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(HASH);
            long from = channel.size() - HASH;
            while (from >= 0 && end.hasRemaining()) {
                if (channel.read(end, from + end.position()) < 0) {
                    return null; // it shrinks, so it is no index
                }
            }
            return from < 0 ? null : checksum(end.array());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** The same of an index in memory. */
    static @Nullable String checksum(byte[] index) {
        ObjectId id = ObjectId.fromRaw(index, index.length - HASH);
        return id.equals(ObjectId.zeroId()) ? null : id.name();
    }

    /** The same of this one. */
    @Nullable
    String checksum() {
        return checksum(bytes);
    }

    private boolean isUnchecked() {
        return checksum() == null;
    }

    /** Whether the file still is this one, as its checksum tells. */
    boolean isStillAt(Path file) throws IOException {
        String here = checksum();
        return here != null && Files.exists(file) && Files.size(file) == bytes.length && here.equals(checksum(file));
    }

    /** Begins to compute its checksum on another thread; who writes it anew needs that, and has other things to do first. */
    void verify() {
        if (intact == null) {
            intact = CompletableFuture.supplyAsync(() -> isUnchecked()
                    || Arrays.equals(
                            Arrays.copyOfRange(bytes, bytes.length - HASH, bytes.length),
                            sha1(bytes, bytes.length - HASH)));
        }
    }

    /**
     * Sees to it that no damage is written anew with a good checksum.
     *
     * @throws IOException it is damaged
     */
    void requireIntact() throws IOException {
        verify();
        if (intact != null && !intact.join()) {
            throw new IOException("git's index is damaged: its checksum is wrong");
        }
    }

    private static byte[] sha1(byte[] bytes, int length) {
        MessageDigest digest = Constants.newMessageDigest();
        digest.update(bytes, 0, length);
        return digest.digest();
    }

    /** Goes through its entries. */
    IndexCursor cursor() {
        return new IndexCursor(bytes, version, count);
    }

    /** The trees that its entries make, by directory, as far as it remembers. */
    Map<String, ObjectId> trees() throws IOException {
        for (Extension extension : extensions()) {
            if (extension.name().equals(TREES)) {
                return CacheTree.known(extension.content(bytes));
            }
        }
        return Map.of();
    }

    /** Which of these paths stand in it, at whatever stage. */
    Set<String> has(Collection<String> paths) throws IOException {
        List<byte[]> names = new ArrayList<>();
        paths.forEach(path -> names.add(path.getBytes(StandardCharsets.UTF_8)));
        names.sort(Arrays::compareUnsigned);
        Set<String> found = new TreeSet<>();
        IndexCursor at = cursor();
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

    /** {@link #with(List, Set)}, leaving nothing out. */
    byte[] with(List<StagedFile> files) throws IOException {
        return with(files, Set.of());
    }

    /**
     * The bytes of an index that also has these at stage 0; of this one, if they stand there with the same mode and id.
     *
     * @param without paths that it has no longer, at whatever stage
     * @throws IOException a file is in conflict, or a directory stands where a file should
     */
    byte[] with(List<StagedFile> files, Set<String> without) throws IOException {
        List<StagedFile> sorted = new ArrayList<>(files);
        sorted.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
        List<byte[]> names = sorted.stream().map(StagedFile::name).toList();
        IndexSplice splice = new IndexSplice(bytes, version);
        IndexCursor at = cursor();
        int next = 0;
        while (at.next()) {
            if (!without.isEmpty() && without.contains(at.path())) {
                splice.drop(at);
                continue;
            }
            while (next < names.size() && at.compare(names.get(next)) < 0) {
                checkApart(names.get(next), at);
                splice.add(sorted.get(next++));
            }
            if (next < names.size() && at.compare(names.get(next)) == 0) {
                StagedFile file = sorted.get(next++);
                if (at.stage() != 0) {
                    throw new IOException(at.path() + " is in conflict");
                }
                if (at.isFile(file.id())) {
                    splice.keep(at);
                } else {
                    splice.add(file);
                }
            } else {
                if (next < names.size()) {
                    checkApart(names.get(next), at);
                }
                splice.keep(at);
            }
            if (next == names.size() && without.isEmpty() && splice.keepRest(at, endOfEntries)) {
                break;
            }
        }
        while (next < names.size()) {
            splice.add(sorted.get(next++));
        }
        return splice.touched().isEmpty() ? bytes : whole(splice);
    }

    private static void checkApart(byte[] name, IndexCursor at) throws IOException {
        if (at.isWithin(name)) {
            throw new IOException(at.path() + " stands where there is a directory, or the other way round");
        }
    }

    private byte[] whole(IndexSplice splice) throws IOException {
        for (Extension extension : extensions()) {
            if (KEPT.contains(extension.name())) {
                byte[] content = extension.content(bytes);
                splice.extension(
                        extension.name(),
                        extension.name().equals(TREES) ? CacheTree.without(content, splice.touched()) : content);
            }
        }
        byte[] whole = splice.end(HASH);
        if (count == 0 || !isUnchecked()) {
            int end = whole.length - HASH;
            System.arraycopy(sha1(whole, end), 0, whole, end, HASH);
        }
        return whole;
    }

    private void checkExtensions() throws IOException {
        for (Extension extension : extensions()) {
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

    private record Extension(String name, int offset, int size) {
        byte[] content(byte[] index) {
            return Arrays.copyOfRange(index, offset + 8, offset + 8 + size);
        }
    }

    private List<Extension> extensions() throws IOException {
        List<Extension> found = new ArrayList<>();
        int at = endOfEntries;
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

    /** Whether these are its bytes. */
    boolean is(byte[] others) {
        return bytes == others || Arrays.equals(bytes, others);
    }
}
