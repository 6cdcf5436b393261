package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.Projection;
import dev.evstore.core.projection.ProjectionStatus;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlTables;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the database of one build of a projection. All of a batch is written, with its checkpoint, or nothing
 * (rule S1), and only on top of the very write, cursor and fence that the writer knows (rule S2). Not thread-safe.
 */
final class StateDatabase implements AutoCloseable {

    private final Path file;
    private final Sql sql;
    private boolean open;
    private long fence;
    private long write;
    private String cursor = "";

    private StateDatabase(Path file, Sql sql) {
        this.file = file;
        this.sql = sql;
    }

    /**
     * Makes a database in a file that is not there.
     *
     * @param tables statements that make the application's tables
     * @param excluded events that are left out of it from the start
     * @throws dev.evstore.core.projection.engine.ProjectionFailedException one of them is refused
     */
    static void create(
            Path file, String fingerprint, Checkpoint start, List<String> tables, Collection<EventId> excluded) {
        try (Sql sql = Sql.open(file)) {
            sql.execute("BEGIN IMMEDIATE");
            StateSchema.create(sql);
            Meta.insert(sql, fingerprint, start);
            OwnTables.create(sql, tables);
            BatchRows.exclude(sql, excluded);
            sql.execute("COMMIT");
        }
    }

    /** Whether it was made with just these tables of the application's. */
    boolean hasTables(List<String> tables) {
        return OwnTables.areThere(sql, tables);
    }

    /**
     * @throws DamagedStateException it is no database of a projection, or of another layout
     */
    static StateDatabase open(Path file) {
        Sql sql = null;
        try {
            sql = Sql.openExisting(file);
            if (!StateSchema.fits(sql)) {
                throw new DamagedStateException(file + " is no projection's database of this version", null);
            }
            return new StateDatabase(file, sql);
        } catch (IndexException e) {
            if (sql != null) {
                sql.close();
            }
            throw damaged(file, e);
        } catch (DamagedStateException e) {
            if (sql != null) {
                sql.close();
            }
            throw e;
        }
    }

    /** What SQLite calls corrupt is damaged; everything else is trouble that may pass. */
    static RuntimeException damaged(Path file, IndexException e) {
        return e.isCorrupt() ? new DamagedStateException(file + " (" + e.getMessage() + ")", e) : e;
    }

    Path file() {
        return file;
    }

    Meta meta() {
        return Meta.load(sql);
    }

    /** The right to write, which ends when somebody else takes it; what is there now. */
    Meta takeOver() {
        sql.execute("BEGIN IMMEDIATE");
        try {
            sql.update("UPDATE evstore_meta SET fence = fence + 1");
            Meta meta = meta();
            sql.execute("COMMIT");
            fence = meta.fence();
            write = meta.write();
            cursor = meta.checkpoint().cursor().toString();
            return meta;
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
    }

    /** Writes a batch; if it has no checkpoint, it is a part, and nobody sees it until the rest is written. */
    void write(Batch batch) {
        try {
            begin();
            BatchRows.write(sql, batch);
            Checkpoint checkpoint = batch.checkpoint();
            if (checkpoint != null) {
                Meta.save(sql, checkpoint, write + 1);
                commit();
                write++;
                cursor = checkpoint.cursor().toString();
            }
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
    }

    /**
     * Does something to the application's tables, in the transaction that the next batch is written in. If it throws,
     * nothing of it is done.
     *
     * @throws IndexException the database failed, whatever became of the exception in {@code work}
     */
    void run(String key, Consumer<SqlTables> work) {
        try {
            begin();
        } catch (RuntimeException | Error e) {
            undo(e);
            throw e;
        }
        OwnTables.run(key, sql, work);
    }

    /** From now on nothing is written by this connection. */
    void readOnly() {
        sql.execute("PRAGMA query_only = 1");
    }

    /** Rows of the application's tables. */
    List<SqlRow> query(String statement, @Nullable Object... parameters) {
        return sql.list(statement, OwnTables::row, parameters);
    }

    private void begin() {
        if (open) {
            return;
        }
        sql.execute("BEGIN IMMEDIATE");
        open = true;
        Meta stored = meta();
        if (stored.fence() != fence
                || stored.write() != write
                || !stored.checkpoint().cursor().toString().equals(cursor)) {
            throw new StateLostException("write " + write + " of fence " + fence + " is not the last of " + file
                    + ": that is " + stored.write() + " of " + stored.fence());
        }
    }

    private void commit() {
        sql.execute("COMMIT");
        open = false;
    }

    /** Takes back what parts have written. */
    void rollback() {
        if (open) {
            open = false;
            sql.rollback();
        }
    }

    private void undo(Throwable because) {
        open = false;
        try {
            sql.rollback();
        } catch (IndexException e) {
            because.addSuppressed(e);
        }
    }

    /** From now on it can be served; not even a power cut takes that back (rule R2). */
    void complete() {
        sql.execute("PRAGMA synchronous = FULL");
        try {
            sql.update("UPDATE evstore_meta SET complete = 1");
        } finally {
            sql.execute("PRAGMA synchronous = NORMAL");
        }
    }

    List<EventId> excluded() {
        return sql.list("SELECT event FROM evstore_excluded ORDER BY event", row -> StateSchema.event(row.getBytes(1)));
    }

    /** What is listed of an event in a row, or null. */
    @Nullable
    Failure failure(String key, EventId event) {
        return sql.first(
                "SELECT key, event, error, parked FROM evstore_failure WHERE key = ? AND event = ?",
                StateDatabase::failure,
                key,
                StateSchema.event(event));
    }

    /** Events that a person is to look at, each once, behind {@code after}. */
    List<EventId> parked(@Nullable EventId after, int limit) {
        return sql.list(
                "SELECT DISTINCT event FROM evstore_failure WHERE parked = 1 AND event > ? ORDER BY event LIMIT ?",
                row -> StateSchema.event(row.getBytes(1)),
                after == null ? new byte[0] : StateSchema.event(after),
                limit);
    }

    /** Those that failed, parked ones first. */
    List<Failure> failed(int limit) {
        return sql.list(
                "SELECT key, event, error, parked FROM evstore_failure ORDER BY parked DESC, event LIMIT ?",
                StateDatabase::failure,
                limit);
    }

    private static Failure failure(ResultSet row) throws SQLException {
        return new Failure(row.getString(1), StateSchema.event(row.getBytes(2)), row.getString(3), row.getBoolean(4));
    }

    /** How many events failed, {@link ProjectionStatus.Counts#MOST} at the most: who can push decides how many do. */
    long failures(boolean parked) {
        return sql.number(
                0,
                "SELECT count(*) FROM (SELECT 1 FROM evstore_failure WHERE parked = ? LIMIT ?)",
                parked,
                ProjectionStatus.Counts.MOST);
    }

    @Nullable
    StoredRow row(String key) {
        return sql.first(
                "SELECT state, mark, n, sum FROM evstore_row WHERE key = ?",
                row -> StateSchema.checked(key, row.getBytes(1), row.getBytes(2), row.getLong(3), row.getLong(4)),
                key);
    }

    /** A row with its key. */
    record Keyed(String key, StoredRow row) {}

    /** The last of all characters. */
    private static final String LAST = "\uDBFF\uDFFF";

    /** Rows that are to be seen, by key, those behind {@code after}; all if that is empty. */
    List<Keyed> rows(String prefix, String after, int limit) {
        return sql.list(
                // Empty is the start, and the key of a single projection's row.
                "SELECT key, state, mark, n, sum FROM evstore_row WHERE key " + (after.isEmpty() ? ">=" : ">") + " ?1"
                        + " AND key >= ?2"
                        + " AND (?2 = '' OR substr(CAST(key AS BLOB), 1, length(CAST(?2 AS BLOB))) = CAST(?2 AS BLOB))"
                        + " AND key <= ?3 AND state IS NOT NULL ORDER BY key LIMIT ?4",
                row -> new Keyed(
                        row.getString(1),
                        StateSchema.checked(
                                row.getString(1), row.getBytes(2), row.getBytes(3), row.getLong(4), row.getLong(5))),
                after,
                prefix,
                prefix + LAST.repeat(Projection.MAX_KEY_BYTES / 4),
                limit);
    }

    @Nullable
    RowImage image(String key, long upTo, EventId before) {
        return sql.first(
                "SELECT n, at, state, sum FROM evstore_image WHERE key = ? AND n <= ? AND at < ? ORDER BY n DESC LIMIT 1",
                row -> {
                    StoredRow image =
                            StateSchema.checked(key, row.getBytes(3), row.getBytes(2), row.getLong(1), row.getLong(4));
                    return new RowImage(image.count(), image.mark(), image.state());
                },
                key,
                upTo,
                StateSchema.event(before));
    }

    List<EventId> members(String key, @Nullable EventId after, int limit) {
        return sql.list(
                "SELECT event FROM evstore_member WHERE key = ? AND event > ? ORDER BY event LIMIT ?",
                row -> StateSchema.event(row.getBytes(1)),
                key,
                after == null ? new byte[0] : StateSchema.event(after),
                limit);
    }

    List<Member> membersOf(TransactionId transaction) {
        return sql.list(
                "SELECT key, event FROM evstore_member WHERE event BETWEEN ? AND ?",
                row -> new Member(row.getString(1), StateSchema.event(row.getBytes(2))),
                StateSchema.first(transaction),
                StateSchema.last(transaction));
    }

    /** Some rows of few events, from anywhere. */
    List<String> someRows(int limit, long events) {
        String first = sql.first("SELECT min(key) FROM evstore_row", row -> row.getString(1));
        String end = sql.first("SELECT max(key) FROM evstore_row", row -> row.getString(1));
        if (first == null || end == null || first.isEmpty()) {
            return first == null ? List.of() : shortRows("", limit, events);
        }
        // Keys are the application's: a place among them is guessed by their first character that differs.
        int common = 0;
        while (common < Math.min(first.length(), end.length()) && first.charAt(common) == end.charAt(common)) {
            common++;
        }
        char low = common < first.length() ? first.charAt(common) : 0;
        char high = common < end.length() ? end.charAt(common) : Character.MAX_VALUE;
        char between = (char) ThreadLocalRandom.current().nextInt(low, Math.max(low, high) + 1);
        List<String> found = shortRows(first.substring(0, common) + between, limit, events);
        return found.isEmpty() ? shortRows("", limit, events) : found;
    }

    private List<String> shortRows(String from, int limit, long events) {
        return sql.list(
                "SELECT key FROM (SELECT key, n FROM evstore_row WHERE key >= ? ORDER BY key LIMIT ?) WHERE n <= ?",
                row -> row.getString(1),
                from,
                limit,
                events);
    }

    /** Sees one moment until {@link #endReading}. */
    void beginReading() {
        sql.execute("BEGIN");
    }

    void endReading() {
        sql.rollback();
    }

    @Override
    public void close() {
        sql.close();
    }
}
