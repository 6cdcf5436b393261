package dev.evstore.fs.index;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/**
 * One connection and its prepared statements. Whatever SQLite refuses comes out as {@link IndexException}. Parameters are {@code Long}, {@code Integer}, {@code Boolean},
 * {@code Double}, {@code String}, {@code byte[]} or null. Not thread-safe.
 */
public final class Sql implements AutoCloseable {

    private static final int BUSY_MILLIS = 30_000;

    /** As many stay prepared. Far more than are ever in use at once. */
    private static final int MOST_STATEMENTS = 1_000;

    private final Connection connection;
    /** In the order of their last use. */
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Class<?>, Object> kept = new HashMap<>();

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /** Opens a database, or makes an empty one. A commit survives a crash of the process, not always a power cut. */
    public static Sql open(Path file) {
        return open(file, new SQLiteConfig());
    }

    /** Opens a database that is there; whatever it holds at this moment is seen. */
    public static Sql openExisting(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        Sql sql = open(file, config);
        try {
            sql.exists("SELECT 1 FROM sqlite_master"); // opens the write-ahead log, too
            return sql;
        } catch (IndexException e) {
            sql.close();
            throw e;
        }
    }

    private static Sql open(Path file, SQLiteConfig config) {
        NativeLibrary.load();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.FILE);
        config.setCacheSize(-8192); // 8 MiB a connection
        config.setGetGeneratedKeys(false); // else every INSERT prepares and runs a SELECT of its own
        try {
            Connection connection = config.createConnection(
                    "jdbc:sqlite:" + file.toAbsolutePath().toUri());
            // Transactions are begun and ended here in SQL. The driver's own notion would only make it try, after every
            // statement, whether it could begin one: two more statements each time.
            connection.unwrap(SQLiteConnection.class).getConnectionConfig().setAutoCommit(false);
            return new Sql(connection);
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    /** Makes a value of the row a result set stands on. */
    public interface Row<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Looks at the row a result set stands on; false ends the query. */
    public interface Visitor {
        boolean visit(ResultSet row) throws SQLException;
    }

    /** Runs a statement that is not worth preparing. */
    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    /** Undoes the open transaction, unless SQLite has done so itself, as it does when the disk is full. */
    public void rollback() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw new IndexException(e);
            }
        }
    }

    /** Changes rows; tells how many. */
    public int update(String sql, @Nullable Object... parameters) {
        try {
            return bind(sql, parameters).executeUpdate();
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    /** The first row, or null. */
    public <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... parameters) {
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            return rows.next() ? row.map(rows) : null;
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    /** The first column of the first row, or {@code otherwise}. */
    public long number(long otherwise, String sql, @Nullable Object... parameters) {
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            return rows.next() ? rows.getLong(1) : otherwise;
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    public boolean exists(String sql, @Nullable Object... parameters) {
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            return rows.next();
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    public <T> List<T> list(String sql, Row<T> row, @Nullable Object... parameters) {
        List<T> all = new ArrayList<>();
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            while (rows.next()) {
                all.add(row.map(rows));
            }
        } catch (SQLException e) {
            throw new IndexException(e);
        }
        return all;
    }

    /** Visits row by row; the visitor must not run the same statement. */
    public void each(String sql, Visitor visitor, @Nullable Object... parameters) {
        try (ResultSet rows = bind(sql, parameters).executeQuery()) {
            while (rows.next()) {
                if (!visitor.visit(rows)) {
                    return;
                }
            }
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }

    private PreparedStatement bind(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
            forgetOldest();
        }
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Long number) {
                statement.setLong(i + 1, number);
            } else if (value instanceof Integer number) {
                statement.setInt(i + 1, number);
            } else if (value instanceof Boolean flag) {
                statement.setInt(i + 1, flag ? 1 : 0);
            } else if (value instanceof Double number) {
                statement.setDouble(i + 1, number);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else if (value instanceof String text) {
                statement.setString(i + 1, text);
            } else if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                throw new IllegalArgumentException("no SQL parameter: " + value.getClass());
            }
        }
        return statement;
    }

    private void forgetOldest() throws SQLException {
        if (statements.size() > MOST_STATEMENTS) {
            Iterator<PreparedStatement> oldest = statements.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
    }

    /** What is kept with the connection, one of a type; made when it is asked for first. */
    <T> T kept(Class<T> type, Function<Sql, T> maker) {
        return type.cast(kept.computeIfAbsent(type, first -> maker.apply(this)));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IndexException(e);
        }
    }
}
