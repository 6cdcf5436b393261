package dev.evstore.fs.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/**
 * What one would write instead: an event table in SQLite, write-ahead log, each commit synced. It can't be merged, has
 * no forks and no digests, and a position is all it has for order. Thread-safe by one lock.
 */
final class Peer implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement version;
    private final PreparedStatement stream;
    private final PreparedStatement page;

    Peer(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setCacheSize(-8192);
        config.setGetGeneratedKeys(false);
        connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS event(position INTEGER PRIMARY KEY AUTOINCREMENT,"
                    + " stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL,"
                    + " at TEXT NOT NULL, id TEXT NOT NULL, rest TEXT NOT NULL, UNIQUE(stream, version))");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement(
                "INSERT INTO event(stream, version, type, data, at, id, rest) VALUES(?, ?, ?, ?, ?, ?, ?)");
        version = connection.prepareStatement("SELECT ifnull(max(version), 0) FROM event WHERE stream = ?");
        stream = connection.prepareStatement(
                "SELECT version, type, data, at, id, rest FROM event WHERE stream = ? ORDER BY version");
        page = connection.prepareStatement("SELECT position, stream, version, type, data, at, id, rest FROM event"
                + " WHERE position > ? ORDER BY position LIMIT 1000");
    }

    /** So that a row weighs what a transaction does. */
    private static final String REST = "x".repeat(270);

    /** Many in one commit. */
    synchronized void load(Workload workload, int from, int count) throws SQLException {
        for (int k = from; k < from + count; k++) {
            insert(workload.stream(k), Workload.data(k));
        }
        connection.commit();
    }

    /** One, synced. */
    synchronized void append(String name, String data) throws SQLException {
        insert(name, data);
        connection.commit();
    }

    private void insert(String name, String data) throws SQLException {
        version.setString(1, name);
        long at;
        try (ResultSet row = version.executeQuery()) {
            at = row.getLong(1) + 1;
        }
        insert.setString(1, name);
        insert.setLong(2, at);
        insert.setString(3, Workload.TYPE);
        insert.setString(4, data);
        insert.setString(5, "2026-11-20T06:00:00.123Z");
        insert.setString(6, "0193aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee");
        insert.setString(7, REST);
        insert.executeUpdate();
    }

    /** Reads a stream; tells how many events it has. */
    synchronized int read(String name) throws SQLException {
        stream.setString(1, name);
        return rows(stream, 6);
    }

    /** A read model by a plain loop: counts events by stream into rows, a page a commit; tells how many there were. */
    synchronized long count() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE counts(stream TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID");
            statement.execute("CREATE TABLE reached(position INTEGER NOT NULL)");
            statement.execute("INSERT INTO reached VALUES(0)");
        }
        connection.commit();
        long last = 0;
        long all = 0;
        try (PreparedStatement upsert = connection.prepareStatement(
                        "INSERT INTO counts VALUES(?, 1) ON CONFLICT(stream) DO UPDATE SET events = events + 1");
                PreparedStatement reached = connection.prepareStatement("UPDATE reached SET position = ?")) {
            long before = -1;
            while (last != before) {
                before = last;
                page.setLong(1, last);
                try (ResultSet rows = page.executeQuery()) {
                    while (rows.next()) {
                        last = rows.getLong(1);
                        rows.getString(5);
                        upsert.setString(1, rows.getString(2));
                        upsert.executeUpdate();
                        all++;
                    }
                }
                reached.setLong(1, last);
                reached.executeUpdate();
                connection.commit();
            }
        }
        return all;
    }

    /** Reads a page; tells the position of its last event, or {@code after} at the end. */
    synchronized long page(long after) throws SQLException {
        page.setLong(1, after);
        long last = after;
        try (ResultSet rows = page.executeQuery()) {
            while (rows.next()) {
                last = rows.getLong(1);
                for (int column = 2; column <= 8; column++) {
                    rows.getString(column);
                }
            }
        }
        connection.commit();
        return last;
    }

    private int rows(PreparedStatement query, int columns) throws SQLException {
        int count = 0;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    rows.getString(column);
                }
                count++;
            }
        }
        connection.commit();
        return count;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
