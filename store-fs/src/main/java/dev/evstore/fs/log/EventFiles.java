package dev.evstore.fs.log;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.layout.StoreLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files below {@code events/}, read and listed, never followed through a link and never changed. Holds nothing;
 * thread-safe.
 *
 * <p>A name stands as it is if it is ASCII without {@code %}, else as a URI writes it: names are bytes, and two
 * processes of different locales have to agree about what is there.
 */
public final class EventFiles {

    private static final Stamp UNKNOWN = new Stamp(Stamp.Kind.OTHER, 0, 0, 0, "");

    private final StoreLayout layout;

    public EventFiles(StoreLayout layout) {
        this.layout = layout;
    }

    /**
     * An entry of a directory.
     *
     * @param stamp what stands there
     */
    public record Entry(String name, Stamp stamp) {}

    /**
     * Where a directory is.
     *
     * @param directory relative to {@code events/}, with {@code /}; empty for that itself. Or one of a ghost, as
     *     {@link Ghosts} names it
     */
    public Path path(String directory) {
        Path path = root(directory);
        for (String name : names(directory)) {
            path = resolve(path, name);
        }
        return path;
    }

    private Path root(String directory) {
        return Ghosts.isGhost(directory) ? layout.ghosts() : layout.events();
    }

    private static List<String> names(String directory) {
        String inside = Ghosts.isGhost(directory) ? directory.substring(1) : directory;
        return inside.isEmpty() ? List.of() : List.of(inside.split("/", -1));
    }

    /** Where a file is. */
    public Path path(String directory, String name) {
        return resolve(path(directory), name);
    }

    private static Path resolve(Path directory, String name) {
        return name.indexOf('%') < 0 ? directory.resolve(name) : Path.of(URI.create(uri(directory) + "/" + name));
    }

    private static String uri(Path path) {
        String uri = path.toUri().toString();
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }

    private static String nameOf(Path path) {
        String name = path.getFileName().toString();
        if (name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '%')) {
            return name;
        }
        String uri = uri(path);
        return uri.substring(uri.lastIndexOf('/') + 1);
    }

    /** What to tell a person of a file: its path from the store's directory. */
    public String describe(String directory, String name) {
        String before = Ghosts.before(directory);
        return "events/" + (before.isEmpty() ? "" : before + "/") + name;
    }

    /** What stands at a directory's place, or null; null, too, if that is reached through a link. */
    public @Nullable Stamp stamp(String directory) throws IOException {
        Path path = root(directory);
        Stamp stamp = Stamp.of(path);
        for (String name : names(directory)) {
            if (stamp == null || stamp.kind() != Stamp.Kind.DIRECTORY) {
                return null;
            }
            path = resolve(path, name);
            stamp = Stamp.of(path);
        }
        return stamp;
    }

    /**
     * The event files and directories in a directory; names that begin with a dot are skipped. What can't even be
     * looked at, as where its path is too long for the system, is an entry of kind {@link Stamp.Kind#OTHER}.
     *
     * @throws java.nio.file.NoSuchFileException the directory is gone
     * @throws java.nio.file.NotDirectoryException something else is in its place
     */
    public List<Entry> list(String directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path path = path(directory);
        try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
            for (Path entry : names) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                Stamp stamp = stampOf(entry);
                if (stamp != null
                        && (stamp.equals(UNKNOWN)
                                || stamp.kind() == Stamp.Kind.DIRECTORY
                                || StoreLayout.isEventFile(name))) {
                    entries.add(new Entry(nameOf(entry), stamp));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    private static @Nullable Stamp stampOf(Path entry) throws IOException {
        try {
            return Stamp.of(entry);
        } catch (AccessDeniedException | NotDirectoryException e) {
            throw e; // it is the directory that can't be looked into
        } catch (FileSystemException e) {
            return UNKNOWN;
        }
    }

    /**
     * Refuses what is no regular file, or is reached through a link: it may have been another at the last look.
     *
     * @throws NoSuchFileException there is no event file of that name
     */
    private void requireOwn(String directory, String name) throws IOException {
        requireOwnDirectory(directory);
        requireFile(path(directory, name));
    }

    /**
     * Where a directory is, if it is one and not reached through a link.
     *
     * @throws NoSuchFileException it is not
     */
    Path requireOwnDirectory(String directory) throws IOException {
        Stamp stamp = stamp(directory);
        if (stamp == null || stamp.kind() != Stamp.Kind.DIRECTORY) {
            throw new NoSuchFileException(path(directory).toString());
        }
        return path(directory);
    }

    /** Where a file is in a directory. */
    static Path in(Path directory, String name) {
        return resolve(directory, name);
    }

    /**
     * Refuses what is no regular file: whoever opens a FIFO waits for ever.
     *
     * @throws NoSuchFileException it is none
     */
    static void requireFile(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new NoSuchFileException(file.toString());
        }
    }

    /** Reads a whole file, which is at most {@link Limits#FILE} bytes long or is read no further. */
    public void read(String directory, String name, EventFileReader.Sink sink) throws IOException {
        requireOwn(directory, name);
        try (InputStream in =
                Files.newInputStream(path(directory, name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            EventFileReader.read(in, sink);
        }
    }

    /** {@link #transaction(EventBytes, String, String, long, int)} of a single one. */
    public @Nullable Transaction transaction(String directory, String name, long offset, int length)
            throws IOException {
        try (EventBytes from = new EventBytes(this)) {
            return transaction(from, directory, name, offset, length);
        }
    }

    /**
     * A transaction read once more.
     *
     * @param from what reads it; neighbours in a pack cost one read together
     * @return null if no valid transaction stands there any more
     */
    public static @Nullable Transaction transaction(
            EventBytes from, String directory, String name, long offset, int length) throws IOException {
        byte[] bytes = from.read(directory, name, offset, length);
        List<Transaction> found = new ArrayList<>();
        EventFileReader.read(new ByteArrayInputStream(bytes), new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long at) {
                found.add(transaction);
            }

            @Override
            public void flaw(String what, long line) {
                // Whatever is flawed there now, it is not the transaction that was.
            }
        });
        return found.size() == 1 && found.get(0).bytes().length == length ? found.get(0) : null;
    }
}
