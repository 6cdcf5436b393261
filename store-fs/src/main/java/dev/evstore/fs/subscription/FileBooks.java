package dev.evstore.fs.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.subscription.Books;
import dev.evstore.fs.disk.StoreLock;
import dev.evstore.fs.index.IndexException;
import dev.evstore.fs.index.Sql;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The books in {@code subscriptions.db}, opened with the first subscription, and a lock file for the seat of each name.
 *
 * <pre>
 * subscription   name; position; fence: how often the seat was taken, so that who lost it is told apart
 * retracted      per name, what was told to be retracted and has not returned: event and variant (P7)
 * </pre>
 *
 * <p>Saving a position survives the death of the process, and a power cut may take the last ones back: then what they
 * stood for is told again. That a name is known is safe from both.
 */
public final class FileBooks implements Books {

    /** Marks a database as these books, and their layout. */
    private static final int LAYOUT = 1;

    private static final int APPLICATION = 0x65767332; // "evs2"

    private final StoreLayout layout;
    private final Consumer<Runnable> underLock;
    private @Nullable Sql open;
    private boolean closed;

    /**
     * @param underLock runs something under the store's lock: only one process makes the database
     */
    public FileBooks(StoreLayout layout, Consumer<Runnable> underLock) {
        this.layout = layout;
        this.underLock = underLock;
    }

    /** What is done with the database. */
    interface Use<T> {
        T apply(Sql sql);
    }

    /** Uses the one connection; who comes second waits. */
    synchronized <T> T with(Use<T> use) {
        try {
            return use.apply(sql());
        } catch (IndexException e) {
            throw unusable(e);
        }
    }

    /** All of it or nothing, and nobody else in between. */
    <T> T change(Use<T> use) {
        return with(sql -> {
            sql.execute("BEGIN IMMEDIATE");
            try {
                T result = use.apply(sql);
                sql.execute("COMMIT");
                return result;
            } catch (RuntimeException | Error e) {
                try {
                    sql.rollback();
                } catch (IndexException more) {
                    e.addSuppressed(more);
                }
                throw e;
            }
        });
    }

    private Sql sql() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        Sql sql = open;
        if (sql == null) {
            Sql fresh = Sql.open(layout.subscriptions());
            try {
                require(fresh);
            } catch (RuntimeException e) {
                fresh.close();
                throw e;
            }
            open = fresh;
            sql = fresh;
        }
        return sql;
    }

    private static void make(Sql sql) {
        sql.execute("BEGIN IMMEDIATE");
        sql.execute("CREATE TABLE subscription(name TEXT PRIMARY KEY, position TEXT NOT NULL, fence INTEGER NOT NULL)"
                + " WITHOUT ROWID");
        sql.execute("CREATE TABLE retracted(name TEXT NOT NULL, tx BLOB NOT NULL, ordinal INTEGER NOT NULL,"
                + " trailer BLOB NOT NULL, PRIMARY KEY(name, tx, ordinal, trailer)) WITHOUT ROWID");
        sql.execute("PRAGMA application_id = " + APPLICATION);
        sql.execute("PRAGMA user_version = " + LAYOUT);
        sql.execute("COMMIT");
    }

    private static long application(Sql sql) {
        return sql.number(0, "PRAGMA application_id");
    }

    private void require(Sql sql) {
        if (application(sql) != APPLICATION || sql.number(0, "PRAGMA user_version") != LAYOUT) {
            throw unusable(null);
        }
    }

    /** A damaged database is never replaced by an empty one: every subscription would begin again. */
    private StoreUnusableException unusable(@Nullable Exception cause) {
        return new StoreUnusableException(
                "The positions of the store's subscriptions can't be used.",
                layout.subscriptions() + (cause == null ? " is of another version" : " (" + cause.getMessage() + ")"),
                "look at the permissions and the free space there; if it is damaged, move it away with its -wal and"
                        + " -shm, and think of where each subscription starts before it is subscribed again",
                cause);
    }

    @Override
    public void enter(String name, Supplier<FeedCursor> start) {
        if (!isOpen()) {
            underLock.accept(this::makeIfMissing);
        }
        if (with(sql -> sql.exists("SELECT 1 FROM subscription WHERE name = ?", name))) {
            return;
        }
        String position = start.get().toString();
        with(sql -> {
            sql.execute("PRAGMA synchronous = FULL");
            try {
                return sql.update("INSERT OR IGNORE INTO subscription VALUES(?, ?, 0)", name, position);
            } finally {
                sql.execute("PRAGMA synchronous = NORMAL");
            }
        });
    }

    private synchronized boolean isOpen() {
        return open != null;
    }

    private synchronized void makeIfMissing() {
        try (Sql sql = Sql.open(layout.subscriptions())) {
            if (application(sql) == 0 && sql.number(0, "SELECT count(*) FROM sqlite_schema") == 0) {
                make(sql);
            }
        } catch (IndexException e) {
            throw unusable(e);
        }
    }

    @Override
    public FeedCursor position(String name) {
        return with(sql -> {
            String position =
                    sql.first("SELECT position FROM subscription WHERE name = ?", row -> row.getString(1), name);
            if (position == null) {
                throw unusable(new IOException("it has lost " + name));
            }
            return FeedCursor.of(position);
        });
    }

    @Override
    public @Nullable Seat take(String name) {
        try {
            StoreLock lock = StoreLock.open(layout.subscriptionLock(name));
            try {
                if (lock.tryAcquire()) {
                    return new FileSeat(this, name, lock);
                }
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            lock.close();
            return null;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Sql sql = open;
        open = null;
        if (sql != null) {
            sql.close();
        }
    }
}
