package dev.evstore.fs.index;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Which event files are here, and what stands in which. Thread-safe. */
public final class FileRows {

    private final Index index;

    public FileRows(Index index) {
        this.index = index;
    }

    /**
     * A directory as it was at the last look.
     *
     * @param path relative to {@code events/}; empty for that itself
     * @param stamp another one when a file came or went since
     * @param settled whether every change since the look has given another stamp
     */
    public record Directory(String path, String stamp, boolean settled) {}

    /** All directories below {@code events/} and that itself. */
    public List<Directory> directories() throws IOException {
        return index.with(sql -> sql.list(
                "SELECT path, stamp, settled FROM dir ORDER BY path",
                row -> new Directory(row.getString(1), row.getString(2), row.getBoolean(3))));
    }

    /** The names of the event files in a directory, sound or not. */
    public List<String> names(String directory) throws IOException {
        return index.with(sql -> sql.list(
                "SELECT name FROM file WHERE dir = ? AND ghost = 0 AND name <> '' ORDER BY name",
                row -> row.getString(1),
                directory));
    }

    /**
     * A place where a valid transaction stands.
     *
     * @param directory relative to {@code events/}
     * @param redacted the ordinals that are redacted there
     */
    public record Place(String directory, String name, Sha256 trailer, Set<Integer> redacted) {

        /** Relative to {@code events/}. */
        public String path() {
            return directory.isEmpty() ? name : directory + "/" + name;
        }
    }

    /** Every place where a transaction of this id stands. */
    public List<Place> places(TransactionId id) throws IOException {
        return index.with(sql -> sql.list(
                "SELECT f.dir, f.name, c.trailer, c.redacted FROM copy c JOIN file f ON f.f = c.f"
                        + " WHERE c.id = ? AND f.ghost = 0",
                row -> new Place(
                        row.getString(1),
                        row.getString(2),
                        Sha256.of(row.getBytes(3)),
                        Columns.ordinals(row.getBytes(4))),
                id.bytes()));
    }
}
