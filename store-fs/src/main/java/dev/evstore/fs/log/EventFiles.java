package dev.evstore.fs.log;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.layout.StoreLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files below {@code events/}, read and listed, never followed through a link and never changed. Holds nothing;
 * thread-safe.
 */
public final class EventFiles {

    private final StoreLayout layout;

    public EventFiles(StoreLayout layout) {
        this.layout = layout;
    }

    /**
     * An entry of a directory.
     *
     * @param name its name; null if the name can't be written in this system's encoding, so that it can't be named again
     * @param stamp what stands there
     */
    public record Entry(@Nullable String name, Stamp stamp) {}

    /**
     * Where a directory is.
     *
     * @param directory relative to {@code events/}, with {@code /}; empty for that itself
     */
    public Path path(String directory) {
        return directory.isEmpty() ? layout.events() : layout.events().resolve(directory);
    }

    /** What to tell a person of a file: its path from the store's directory. */
    public String describe(String directory, String name) {
        return "events/" + (directory.isEmpty() ? "" : directory + "/") + name;
    }

    /** What stands there, or null. */
    public @Nullable Stamp stamp(String directory) throws IOException {
        return Stamp.of(path(directory));
    }

    /** The event files and directories in a directory; names that begin with a dot are skipped. */
    public List<Entry> list(String directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path path = path(directory);
        try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
            for (Path entry : names) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                Stamp stamp = Stamp.of(entry);
                if (stamp != null && (stamp.kind() == Stamp.Kind.DIRECTORY || StoreLayout.isEventFile(name))) {
                    entries.add(new Entry(isNameable(path, entry, name) ? name : null, stamp));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    private static boolean isNameable(Path directory, Path entry, String name) {
        try {
            return directory.resolve(name).equals(entry);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Reads a whole file, which is at most {@link Limits#FILE} bytes long or is read no further. */
    public void read(String directory, String name, EventFileReader.Sink sink) throws IOException {
        try (InputStream in = Files.newInputStream(
                path(directory).resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            EventFileReader.read(in, sink);
        }
    }

    /**
     * A transaction read once more.
     *
     * @return null if no valid transaction stands there any more
     */
    public @Nullable Transaction transaction(String directory, String name, long offset, int length)
            throws IOException {
        byte[] bytes;
        try (EventBytes piece = new EventBytes(this)) {
            bytes = piece.read(directory, name, offset, length);
        }
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
