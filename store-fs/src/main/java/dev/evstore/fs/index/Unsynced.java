package dev.evstore.fs.index;

import java.util.List;

/** Event files that were written here and that nobody has synced, as far as is known: a power cut may take them. */
final class Unsynced {

    private Unsynced() {}

    /**
     * One of them.
     *
     * @param directory relative to {@code events/}; empty for that itself
     */
    record File(String directory, String name) {
        private static File of(String path) {
            int slash = path.lastIndexOf('/');
            return new File(path.substring(0, slash), path.substring(slash + 1));
        }

        private String path() {
            return directory + "/" + name;
        }
    }

    static List<File> all(Sql sql) {
        return sql.list("SELECT path FROM unsynced", row -> File.of(row.getString(1)));
    }

    static void mark(Sql sql, String directory, String name) {
        sql.update("INSERT OR IGNORE INTO unsynced VALUES(?)", new File(directory, name).path());
    }

    /** They are synced now. */
    static void clear(Sql sql) {
        sql.update("DELETE FROM unsynced");
    }
}
