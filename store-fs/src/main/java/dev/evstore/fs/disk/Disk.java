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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes files so that a crash leaves either nothing or the whole. To be called on threads that nobody interrupts: an
 * interrupted channel closes itself. Holds no state; thread-safe.
 *
 * <p>The protected methods are the only calls to the file system. A simulation overrides them, to stop between any two and
 * to forget what was not synced.
 */
public class Disk {

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
                linkOrCopy(second, draft);
            }
        } catch (IOException e) {
            deleteAfter(e, draft);
            throw e;
        }
        try {
            move(draft, target, false);
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
                delete(draft);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Path draft(Path temporary) {
        return temporary.resolve(UUID.randomUUID() + DRAFT_SUFFIX);
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
                    delete(path);
                }
            }
        }
    }

    /** Removes a file of ours, if it is there. */
    public void remove(Path file) throws IOException {
        delete(file);
    }

    /** Replaces a small file of ours as a whole and syncs it; readers see the old bytes or the new ones. */
    public void replace(Path temporary, Path target, byte[] bytes) throws IOException {
        Path draft = draft(temporary);
        try {
            write(draft, bytes, true);
            move(draft, target, true);
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
                createDirectory(at);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(at)) {
                    throw e;
                }
            }
            syncDirectory(directoryOf(at));
        }
    }

    /**
     * Syncs files that are there already, their names, and those of the directories that they are in: whoever wrote them
     * or made those may have been killed before. Of a file that is gone the directories are synced: what was in it may
     * stand beside it now.
     *
     * @param top a directory that is above all of them; its own name is left alone
     */
    public void sync(Collection<Path> files, Path top) throws IOException {
        Set<Path> directories = new LinkedHashSet<>();
        for (Path file : files) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // whoever opens a FIFO waits for ever
                syncIfThere(file, this::syncFile);
            }
            directories.addAll(above(file, top));
        }
        for (Path directory : directories) {
            if (directory.equals(top) || Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                syncIfThere(directory, this::syncDirectory);
            }
        }
    }

    /** The directories that a file is in, up to one of them. */
    private static List<Path> above(Path file, Path top) {
        List<Path> directories = new ArrayList<>();
        for (Path at = file.getParent(); at != null && at.startsWith(top); at = at.getParent()) {
            directories.add(at);
        }
        return directories;
    }

    private interface Call {
        void on(Path path) throws IOException;
    }

    private static void syncIfThere(Path path, Call sync) throws IOException {
        try {
            sync.on(path);
        } catch (NoSuchFileException e) {
            return; // gone since: there is nothing left to lose
        }
    }

    /** Writes a file that is not there yet. */
    protected void write(Path file, byte[] bytes, boolean sync) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    throw new IOException("the disk takes no bytes: " + file);
                }
            }
            if (sync) {
                channel.force(true);
            }
        }
    }

    /** Gives a file a second name or, where there is no such thing, an unsynced copy. Refuses where the name is taken. */
    protected void linkOrCopy(Path second, Path file) throws IOException {
        try {
            Files.createLink(second, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, second);
        }
    }

    /** Gives a file another name, in place of what has it or only where nothing has. */
    protected void move(Path from, Path to, boolean replacing) throws IOException {
        if (replacing) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.move(from, to);
        }
    }

    /** Removes a file or an empty directory, if it is there. */
    protected void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    protected void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    /** Syncs the bytes of a file, not its name. */
    protected void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }

    /** Syncs the names in a directory. */
    protected void syncDirectory(Path directory) throws IOException {
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

    private void deleteAfter(IOException trouble, Path draft) {
        try {
            delete(draft);
        } catch (IOException e) {
            trouble.addSuppressed(e);
        }
    }
}
