package dev.evstore.fs.subscription;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.StoreUnusableException;
import dev.evstore.core.subscription.Books;
import dev.evstore.core.subscription.Told;
import dev.evstore.fs.disk.StoreLock;
import java.io.IOException;
import java.util.Collection;

/**
 * The seat of a name: its lock, which the kernel frees when the process dies, and a fence. Who takes the seat raises the
 * fence; who finds it raised has lost the seat, however that came about (a lock file removed by hand, a network file
 * system), and saves nothing.
 */
final class FileSeat implements Books.Seat {

    private final FileBooks books;
    private final String name;
    private final StoreLock lock;
    private final long fence;
    /** Whether there is anything to be remembered; only the seat changes that. */
    private boolean remembersAny;

    /**
     * @param lock held by this thread
     */
    FileSeat(FileBooks books, String name, StoreLock lock) throws IOException {
        this.books = books;
        this.name = name;
        this.lock = lock;
        try {
            this.fence = books.change(sql -> {
                sql.update("UPDATE subscription SET fence = fence + 1 WHERE name = ?", name);
                return sql.number(0, "SELECT fence FROM subscription WHERE name = ?", name);
            });
            this.remembersAny = books.with(sql -> sql.exists("SELECT 1 FROM retracted WHERE name = ?", name));
        } catch (RuntimeException e) {
            lock.release();
            throw e;
        }
    }

    @Override
    public boolean remembers(Told told) {
        return remembersAny
                && books.with(sql -> sql.exists(
                        "SELECT 1 FROM retracted WHERE name = ? AND tx = ? AND ordinal = ? AND trailer = ?",
                        name,
                        id(told),
                        told.event().ordinal(),
                        told.trailer().bytes()));
    }

    @Override
    public void save(FeedCursor position, Collection<Told> retracted, Collection<Told> returned) {
        books.change(sql -> {
            int moved = sql.update(
                    "UPDATE subscription SET position = ? WHERE name = ? AND fence = ?",
                    position.toString(),
                    name,
                    fence);
            if (moved == 0) {
                throw new Books.SeatLostException(name);
            }
            for (Told told : retracted) {
                sql.update(
                        "INSERT OR IGNORE INTO retracted VALUES(?, ?, ?, ?)",
                        name,
                        id(told),
                        told.event().ordinal(),
                        told.trailer().bytes());
            }
            for (Told told : returned) {
                sql.update(
                        "DELETE FROM retracted WHERE name = ? AND tx = ? AND ordinal = ? AND trailer = ?",
                        name,
                        id(told),
                        told.event().ordinal(),
                        told.trailer().bytes());
            }
            return moved;
        });
        remembersAny |= !retracted.isEmpty();
    }

    private static byte[] id(Told told) {
        return told.event().transaction().bytes();
    }

    @Override
    public void close() {
        try (lock) {
            lock.release();
        } catch (IOException e) {
            throw new StoreUnusableException(
                    "The lock of a subscription can't be freed.",
                    name + " (" + e.getMessage() + ")",
                    "end this process; that frees it",
                    e);
        }
    }
}
