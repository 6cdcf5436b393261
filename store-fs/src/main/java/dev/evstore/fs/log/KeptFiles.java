package dev.evstore.fs.log;

import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.layout.StoreLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The second copies of event files written here (rule L2), each under the path that the first has below
 * {@code events/}: a month and a name. Mostly both are one file with two names. Holds nothing; thread-safe.
 */
public final class KeptFiles {

    private final StoreLayout layout;

    public KeptFiles(StoreLayout layout) {
        this.layout = layout;
    }

    /** Where the second copy of an event file is, or will be. */
    public Path path(String path) {
        return layout.uncommitted().resolve(path);
    }

    /** All of them, ascending, relative to {@code events/}. */
    public List<String> list() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path month : entries(layout.uncommitted(), Stamp.Kind.DIRECTORY)) {
            for (Path file : entries(month, Stamp.Kind.FILE)) {
                String name = file.getFileName().toString();
                if (StoreLayout.isEventFile(name)) {
                    found.add(month.getFileName() + "/" + name);
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    private static List<Path> entries(Path directory, Stamp.Kind kind) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path entry : names) {
                Stamp stamp = Stamp.of(entry);
                if (stamp != null && stamp.kind() == kind) {
                    found.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // nothing was ever kept there
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** The bytes of one. */
    public byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(path(path));
    }

    /** Whether the event file is the same file, or has the same bytes. */
    public boolean isAt(Path file, String path) throws IOException {
        Stamp there = Stamp.of(file);
        Stamp kept = Stamp.of(path(path));
        if (there == null || kept == null || there.kind() != Stamp.Kind.FILE || there.size() != kept.size()) {
            return false;
        }
        return there.equals(kept) || Files.mismatch(file, path(path)) < 0;
    }

    /** The headers of the valid transactions in such a file. */
    public static List<TransactionHeader> transactions(byte[] bytes) throws IOException {
        List<TransactionHeader> found = new ArrayList<>();
        EventFileReader.read(new ByteArrayInputStream(bytes), new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                found.add(transaction.header());
            }

            @Override
            public void flaw(String what, long line) {
                // What is damaged in it can't be brought back; the rest can.
            }
        });
        return found;
    }
}
