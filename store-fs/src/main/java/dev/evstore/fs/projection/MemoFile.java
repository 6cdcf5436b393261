package dev.evstore.fs.projection;

import dev.evstore.core.projection.engine.Memo;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results of a projection's effects, in a database of their own beside its builds, so that a build made anew finds them
 * (rule E1). Written before the rows that were folded with them: a crash in between leaves results that nobody uses yet.
 * Opened when it is used. Thread-safe.
 */
final class MemoFile implements AutoCloseable {

    private static final int APPLICATION = 0x65767335; // "evs5"
    private static final int LAYOUT = 1;

    private final Path file;
    private @Nullable Sql open;

    MemoFile(Path file) {
        this.file = file;
    }

    synchronized @Nullable Memo memo(String effect, int version, String key) {
        if (open == null && !Files.exists(file)) {
            return null;
        }
        return sql().first(
                        "SELECT value FROM memo WHERE effect = ? AND version = ? AND key = ?",
                        row -> new Memo(effect, version, key, row.getBytes(1)),
                        effect,
                        version,
                        key);
    }

    /** All of them or none. */
    synchronized void save(List<Memo> memos) {
        if (memos.isEmpty()) {
            return;
        }
        Sql sql = sql();
        sql.execute("BEGIN IMMEDIATE");
        try {
            for (Memo memo : memos) {
                sql.update(
                        "INSERT OR IGNORE INTO memo VALUES(?, ?, ?, ?)",
                        memo.effect(),
                        memo.version(),
                        memo.key(),
                        memo.value());
            }
            sql.execute("COMMIT");
        } catch (RuntimeException | Error e) {
            try {
                sql.rollback();
            } catch (IndexException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private Sql sql() {
        Sql sql = open;
        if (sql == null) {
            sql = Sql.open(file);
            try {
                if (sql.number(0, "PRAGMA application_id") != APPLICATION) {
                    sql.execute("BEGIN IMMEDIATE");
                    sql.execute("CREATE TABLE IF NOT EXISTS memo(effect TEXT NOT NULL, version INTEGER NOT NULL,"
                            + " key TEXT NOT NULL, value BLOB, PRIMARY KEY(effect, version, key)) WITHOUT ROWID");
                    sql.execute("PRAGMA application_id = " + APPLICATION);
                    sql.execute("PRAGMA user_version = " + LAYOUT);
                    sql.execute("COMMIT");
                }
            } catch (RuntimeException e) {
                sql.close();
                throw e;
            }
            open = sql;
        }
        return sql;
    }

    @Override
    public synchronized void close() {
        Sql sql = open;
        open = null;
        if (sql != null) {
            sql.close();
        }
    }
}
