package dev.evstore.fs.index;

import java.util.List;

/** What an index says of files that are gone while git is between two steps: no file says it, so a rebuild copies it. */
final class GhostRows {

    private GhostRows() {}

    private record Ghost(long f, String directory, String name, String stamp, String quality, boolean inline) {}

    private record Copy(byte[] id, long offset, int length, byte[] trailer, byte[] redacted) {}

    /** Copies what {@code fresh} does not have yet, within one database transaction of the caller's. */
    static void carry(Sql old, Sql fresh) {
        List<Ghost> ghosts = old.list(
                "SELECT f, dir, name, stamp, quality, inline FROM file WHERE ghost = 1",
                row -> new Ghost(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getBoolean(6)));
        for (Ghost ghost : ghosts) {
            if (!fresh.exists(
                    "SELECT 1 FROM file WHERE ghost = 1 AND dir = ? AND name = ?", ghost.directory(), ghost.name())) {
                carry(ghost, old, fresh);
            }
        }
    }

    private static void carry(Ghost ghost, Sql old, Sql fresh) {
        fresh.update(
                "INSERT INTO file(dir, name, stamp, quality, inline, ghost) VALUES(?, ?, ?, ?, ?, 1)",
                ghost.directory(),
                ghost.name(),
                ghost.stamp(),
                ghost.quality(),
                ghost.inline());
        long f = fresh.number(0, "SELECT last_insert_rowid()");
        List<Copy> copies = old.list(
                "SELECT id, off, len, trailer, redacted FROM copy WHERE f = ?",
                row -> new Copy(row.getBytes(1), row.getLong(2), row.getInt(3), row.getBytes(4), row.getBytes(5)),
                ghost.f());
        for (Copy copy : copies) {
            fresh.update(
                    "INSERT INTO copy VALUES(?, ?, ?, ?, ?, ?)",
                    copy.id(),
                    f,
                    copy.offset(),
                    copy.length(),
                    copy.trailer(),
                    copy.redacted());
        }
    }
}
