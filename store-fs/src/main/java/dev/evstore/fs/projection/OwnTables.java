package dev.evstore.fs.projection;

import dev.evstore.core.projection.SqlRefusedException;
import dev.evstore.core.projection.SqlRow;
import dev.evstore.core.projection.SqlTables;
import dev.evstore.core.projection.SqlText;
import dev.evstore.core.projection.engine.ProjectionFailedException;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An application's tables, as one call of a handler sees them. It remembers what SQLite refused. Not thread-safe. */
final class OwnTables implements SqlTables {

    private final String key;
    private final Sql sql;
    private @Nullable IndexException refused;
    private boolean over;

    private OwnTables(String key, Sql sql) {
        this.key = key;
        this.sql = sql;
    }

    /**
     * Makes them, in a transaction, and keeps how: what SQLite keeps is its own wording.
     *
     * @throws ProjectionFailedException one is refused
     */
    static void create(Sql sql, List<String> tables) {
        if (tables.isEmpty()) {
            return;
        }
        sql.execute("CREATE TABLE evstore_made(sql TEXT NOT NULL)");
        for (String table : tables) {
            try {
                sql.execute(table);
            } catch (IndexException e) {
                if (e.isOfStatement()) {
                    throw new ProjectionFailedException("its tables can't be made (" + e.getMessage() + ")", table, e);
                }
                throw e;
            }
            sql.update("INSERT INTO evstore_made VALUES(?)", table);
        }
    }

    /** Whether a database was made with just these. */
    static boolean areThere(Sql sql, List<String> tables) {
        return sql.exists("SELECT 1 FROM sqlite_master WHERE name = 'evstore_made'")
                && Set.copyOf(sql.list("SELECT sql FROM evstore_made", row -> row.getString(1)))
                        .equals(Set.copyOf(tables));
    }

    /**
     * Does something to them in the open transaction. If it throws, nothing of it is done.
     *
     * @throws IndexException the database failed, whatever became of the exception in {@code work}
     */
    static void run(String key, Sql sql, Consumer<SqlTables> work) {
        sql.update("SAVEPOINT evstore_work");
        OwnTables tables = new OwnTables(key, sql);
        try {
            work.accept(tables);
            tables.check();
        } catch (RuntimeException | Error e) {
            IndexException trouble = tables.trouble();
            if (trouble != null) {
                throw trouble;
            }
            sql.update("ROLLBACK TO evstore_work");
            sql.update("RELEASE evstore_work");
            throw e;
        } finally {
            tables.over = true;
        }
        sql.update("RELEASE evstore_work");
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public int update(String statement, @Nullable Object... parameters) {
        SqlText.checkChange(statement);
        return tried(() -> sql.update(statement, parameters));
    }

    @Override
    public List<SqlRow> query(String statement, @Nullable Object... parameters) {
        SqlText.checkQuery(statement);
        return tried(() -> sql.list(statement, OwnTables::row, parameters));
    }

    private <T> T tried(Supplier<T> statement) {
        if (over) {
            throw new IllegalStateException("tables are for the time of the call that they are given to");
        }
        check();
        try {
            return statement.get();
        } catch (IndexException e) {
            refused = e;
            throw said(e);
        }
    }

    /** Throws again what a statement was refused with, if one was. */
    private void check() {
        IndexException before = refused;
        if (before != null) {
            throw said(before);
        }
    }

    /** Why the database itself failed, or null. */
    private @Nullable IndexException trouble() {
        IndexException before = refused;
        return before == null || before.isOfStatement() ? null : before;
    }

    private static RuntimeException said(IndexException e) {
        return e.isOfStatement() ? new SqlRefusedException(String.valueOf(e.getMessage()), e) : e;
    }

    static SqlRow row(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            Object value = row.getObject(i);
            values.put(
                    columns.getColumnLabel(i), value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return new SqlRow(values);
    }
}
