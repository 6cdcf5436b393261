package dev.evstore.fs.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes files so that a crash leaves either nothing or the whole. To be called on threads that nobody interrupts: an
 * interrupted channel closes itself. Holds no state; thread-safe.
 */
public final class Disk {

    private static final String DRAFT_SUFFIX = ".tmp";

    /** Windows can't sync a directory; its file systems journal the names themselves. */
    private static final boolean SYNCS_DIRECTORIES =
            !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    /**
     * Makes a file appear under its name with all its bytes, or not at all; never replaces, never goes through a link.
     *
     * @param temporary a directory on the same file system
     * @param target the file to appear; its directory exists
     * @param sync whether the bytes and the name are safe from a power cut on return
     * @throws FileAlreadyExistsException the name is taken; nothing changed
     * @throws PublishedNotSyncedException the file is there, but its name may not survive a power cut
     * @throws IOException nothing was published
     */
    public void publish(Path temporary, Path target, byte[] bytes, boolean sync) throws IOException {
        publish(temporary, target, null, bytes, sync);
    }

    /**
     * Makes a file appear under its name, and a second copy of it elsewhere: the copy first, so that at no moment the
     * file is there and the copy is not. A crash between the two leaves the copy alone. It costs no sync of its own: it is
     * the same file under another name or, where the file system knows no such thing, an unsynced copy.
     *
     * @param second the copy; its directory exists; null for none
     * @see #publish(Path, Path, byte[], boolean)
     */
    public void publish(Path temporary, Path target, @Nullable Path second, byte[] bytes, boolean sync)
            throws IOException {
        Path draft = draft(temporary);
        try {
            write(draft, bytes, sync);
            if (second != null) {
                linkOrCopy(draft, second);
            }
        } catch (IOException e) {
            deleteAfter(e, draft);
            throw e;
        }
        try {
            Files.move(draft, target);
        } catch (IOException e) {
            deleteAfter(e, draft);
            if (second != null) {
                deleteAfter(e, second);
            }
            throw e;
        }
        if (sync) {
            try {
                syncDirectory(directoryOf(target));
            } catch (IOException e) {
                throw new PublishedNotSyncedException(target, e);
            }
        }
    }

    /**
     * Removes the drafts that killed processes left. The caller makes sure that nobody writes one.
     *
     * @param temporary where drafts are written
     */
    public void removeDrafts(Path temporary) throws IOException {
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(temporary, "*" + DRAFT_SUFFIX)) {
            for (Path draft : drafts) {
                Files.deleteIfExists(draft);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Path draft(Path temporary) {
        return temporary.resolve(UUID.randomUUID() + DRAFT_SUFFIX);
    }

    private static void linkOrCopy(Path file, Path second) throws IOException {
        try {
            Files.createLink(second, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, second); // refuses, as the link does, where the name is taken
        }
    }

    /** Writes a file of our own that nobody reads before this returns, and that a power cut may take. */
    public void put(Path target, byte[] bytes) throws IOException {
        createDirectories(directoryOf(target));
        write(target, bytes, false);
    }

    /** Removes a directory of ours and all that is in it, if it is there. */
    public void removeAll(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /** Removes a file of ours, if it is there. */
    public void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** Replaces a small file of ours as a whole and syncs it; readers see the old bytes or the new ones. */
    public void replace(Path temporary, Path target, byte[] bytes) throws IOException {
        Path draft = draft(temporary);
        try {
            write(draft, bytes, true);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            deleteAfter(e, draft);
            throw e;
        }
        syncDirectory(directoryOf(target));
    }

    /** Creates a directory and those above it that are missing, and syncs every name that is new. */
    public void createDirectories(Path directory) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = directory;
                at != null && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS);
                at = at.getParent()) {
            missing.push(at);
        }
        for (Path at : missing) {
            try {
                Files.createDirectory(at);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(at)) {
                    throw e;
                }
            }
            syncDirectory(directoryOf(at));
        }
    }

    /** Syncs a file that is there already, and its name. */
    public void sync(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return; // gone, or something else is in its place: whoever opens a FIFO waits for ever
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            return; // gone since: there is nothing left to lose
        }
        syncDirectory(directoryOf(file));
    }

    private static void write(Path draft, byte[] bytes, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    throw new IOException("the disk takes no bytes: " + draft);
                }
            }
            if (sync) {
                channel.force(true);
            }
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        if (SYNCS_DIRECTORIES) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file has a directory: " + file);
        }
        return parent;
    }

    private static void deleteAfter(IOException trouble, Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            trouble.addSuppressed(e);
        }
    }
}
