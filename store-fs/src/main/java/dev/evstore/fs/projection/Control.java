package dev.evstore.fs.projection;

import dev.evstore.core.StoreUnusableException;
import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of projections, and what the hosts at work say of them: rows in {@code control.db}, which a host polls
 * and a command line writes (rule R6). Nobody but a projection's host touches its cursor.
 *
 * <pre>
 * request    by number: a projection, what is asked of it, and of what
 * paused     the projections that are to go no further
 * said       by projection and version: what its host said last
 * </pre>
 *
 * Thread-safe.
 */
final class Control implements AutoCloseable {

    /** What can be asked for. */
    enum Action {
        REBUILD,
        RETRY,
        SKIP,
        SET_ASIDE
    }

    /**
     * A request.
     *
     * @param argument the event of a {@link Action#SKIP}, the database of a {@link Action#SET_ASIDE}, else empty
     */
    record Request(long number, Action action, String argument) {}

    private static final int APPLICATION = 0x65767334; // "evs4"
    private static final int LAYOUT = 1;

    private final Path file;
    private final Sql sql;

    private Control(Path file, Sql sql) {
        this.file = file;
        this.sql = sql;
    }

    /** Opens it, and makes it if it is not there. One that can't be read is replaced: it holds nothing that is missed. */
    static Control open(StoreLayout layout, Disk disk) {
        Path file = layout.projections().resolve("control.db");
        try {
            disk.createDirectories(layout.projections());
            try (StoreLock making = StoreLock.open(layout.projections().resolve("control.lock"))) {
                making.acquire();
                try {
                    return opened(file, disk);
                } finally {
                    making.release();
                }
            }
        } catch (IOException | IndexException e) {
            throw unusable(file, e);
        }
    }

    private static Control opened(Path file, Disk disk) throws IOException {
        try {
            return made(file);
        } catch (IndexException e) {
            if (!e.isCorrupt()) {
                throw e;
            }
            for (String suffix : List.of("", "-wal", "-shm")) {
                disk.remove(file.resolveSibling(file.getFileName() + suffix));
            }
            return made(file);
        }
    }

    private static Control made(Path file) throws IOException {
        boolean isNew = !Files.exists(file);
        Sql sql = Sql.open(file);
        try {
            if (isNew || sql.number(0, "PRAGMA application_id") != APPLICATION) {
                sql.execute("BEGIN IMMEDIATE");
                sql.execute("CREATE TABLE request(number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
                        + " action TEXT NOT NULL, argument TEXT NOT NULL)");
                sql.execute("CREATE TABLE paused(name TEXT PRIMARY KEY) WITHOUT ROWID");
                sql.execute("CREATE TABLE said(name TEXT PRIMARY KEY, status TEXT NOT NULL) WITHOUT ROWID");
                sql.execute("PRAGMA application_id = " + APPLICATION);
                sql.execute("PRAGMA user_version = " + LAYOUT);
                sql.execute("COMMIT");
            }
            return new Control(file, sql);
        } catch (RuntimeException e) {
            sql.close();
            throw e;
        }
    }

    private synchronized <T> T with(Function<Sql, T> use) {
        try {
            return use.apply(sql);
        } catch (IndexException e) {
            throw unusable(file, e);
        }
    }

    private static StoreUnusableException unusable(Path file, Exception e) {
        return new StoreUnusableException(
                "What is asked of projections can't be read or written.",
                file + " (" + e.getMessage() + ")",
                "look at the permissions and the free space there",
                e);
    }

    /** What waits to be done already is not asked for again. */
    void ask(String name, Action action, String argument) {
        with(sql -> sql.update(
                "INSERT INTO request(name, action, argument) SELECT ?1, ?2, ?3 WHERE NOT EXISTS("
                        + "SELECT 1 FROM request WHERE name = ?1 AND action = ?2 AND argument = ?3)",
                name,
                action.name(),
                argument));
    }

    List<Request> requests(String name) {
        return with(sql -> sql.list(
                "SELECT number, action, argument FROM request WHERE name = ? ORDER BY number",
                row -> new Request(row.getLong(1), Action.valueOf(row.getString(2)), row.getString(3)),
                name));
    }

    /** It is done, or can't be. */
    void done(Request request) {
        with(sql -> sql.update("DELETE FROM request WHERE number = ?", request.number()));
    }

    void pause(String name) {
        with(sql -> sql.update("INSERT OR IGNORE INTO paused VALUES(?)", name));
    }

    void resume(String name) {
        with(sql -> sql.update("DELETE FROM paused WHERE name = ?", name));
    }

    boolean paused(String name) {
        return with(sql -> sql.exists("SELECT 1 FROM paused WHERE name = ?", name));
    }

    void say(String name, String version, String status) {
        with(sql -> sql.update("INSERT OR REPLACE INTO said VALUES(?, ?)", name + "/" + version, status));
    }

    /** What the last host of any version said. */
    @Nullable
    String saidLast(String name) {
        return with(sql -> sql.first(
                "SELECT status FROM said WHERE name LIKE ? ESCAPE '\\'", row -> row.getString(1), versions(name)));
    }

    /** The versions whose hosts have said something. */
    List<String> versionsSaid(String name) {
        return with(sql -> sql.list(
                "SELECT name FROM said WHERE name LIKE ? ESCAPE '\\'",
                row -> row.getString(1).substring(name.length() + 1),
                versions(name)));
    }

    private static String versions(String name) {
        return name.replace("_", "\\_") + "/%";
    }

    /** What was said is of a host that is gone. */
    void unsay(String name, String version) {
        with(sql -> sql.update("DELETE FROM said WHERE name = ?", name + "/" + version));
    }

    /** Nothing is asked of it any more, and nothing said. */
    void forget(String name) {
        with(sql -> sql.update("DELETE FROM request WHERE name = ?", name)
                + sql.update("DELETE FROM paused WHERE name = ?", name)
                + sql.update("DELETE FROM said WHERE name LIKE ? ESCAPE '\\'", versions(name)));
    }

    @Nullable
    String said(String name, String version) {
        return with(sql ->
                sql.first("SELECT status FROM said WHERE name = ?", row -> row.getString(1), name + "/" + version));
    }

    @Override
    public synchronized void close() {
        sql.close();
    }
}
