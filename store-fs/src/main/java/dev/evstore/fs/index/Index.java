package dev.evstore.fs.index;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live index database, and connections to it. The small file {@code current} names it; a database is never renamed
 * and never used again, so who still has an old one open sees an old state and no mixture. Thread-safe.
 */
public final class Index implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("index-([0-9a-f]{16})-([1-9][0-9]{0,8})\\.db");

    /** Idle connections kept for readers. */
    private static final int IDLE = 4;

    private final StoreLayout layout;
    private final Disk disk;
    private final Deque<Connected> idle = new ArrayDeque<>();
    private boolean closed;

    public Index(StoreLayout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
    }

    /** A connection and the database it is to. */
    private record Connected(String name, Sql sql) {}

    /**
     * Makes an empty index if there is none that fits. The caller holds the store lock.
     *
     * @param sequence what the replica has counted so far
     * @return whether one was made: with a new epoch, so that every older cursor is stale (rule P5)
     */
    public boolean ensure(long sequence) throws IOException {
        String name = current();
        if (name != null && fits(name)) {
            return false;
        }
        build(sequence);
        return true;
    }

    private boolean fits(String name) {
        if (!Files.isRegularFile(layout.local().resolve(name))) {
            return false;
        }
        try (Sql sql = connect(name)) {
            return Schema.fits(sql) && sql.exists("SELECT 1 FROM state");
        } catch (IndexException e) {
            if (e.isCorrupt()) {
                return false;
            }
            throw e;
        }
    }

    /** Leaves the live database aside, whatever state it is in, and begins a new, empty one of a new epoch. */
    public void build(long sequence) throws IOException {
        String epoch = String.format("%016x", new SecureRandom().nextLong());
        String name = "index-" + epoch + "-1.db";
        try (Sql sql = connect(name)) {
            sql.execute("BEGIN IMMEDIATE");
            Schema.create(sql, epoch, sequence);
            sql.execute("COMMIT");
        }
        disk.replace(layout.temporary(), layout.current(), (name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The live database's name, or null if nothing usable says. */
    private @Nullable String current() throws IOException {
        try {
            String name = new String(Files.readAllBytes(layout.current()), StandardCharsets.ISO_8859_1).strip();
            return NAME.matcher(name).matches() ? name : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** What is done with a connection. */
    interface Use<T> {
        T apply(Sql sql) throws IOException;
    }

    /** Uses a connection, outside any database transaction. */
    <T> T with(Use<T> use) throws IOException {
        Connected connected = borrow();
        boolean healthy = false;
        try {
            T result = use.apply(connected.sql());
            healthy = true;
            return result;
        } finally {
            giveBack(connected, healthy);
        }
    }

    /** Runs queries that all see the same moment. */
    <T> T read(Use<T> use) throws IOException {
        return with(sql -> {
            sql.execute("BEGIN");
            try {
                return use.apply(sql);
            } finally {
                sql.rollback();
            }
        });
    }

    private Connected borrow() throws IOException {
        String name = current();
        if (name == null) {
            throw new IOException("no index is named by " + layout.current());
        }
        synchronized (idle) {
            if (closed) {
                throw new IllegalStateException("the store is closed");
            }
            while (!idle.isEmpty()) {
                Connected connected = idle.pop();
                if (connected.name().equals(name)) {
                    return connected;
                }
                connected.sql().close();
            }
        }
        if (!Files.isRegularFile(layout.local().resolve(name))) {
            throw new IOException("the index is gone: " + layout.local().resolve(name));
        }
        return new Connected(name, connect(name));
    }

    private void giveBack(Connected connected, boolean healthy) {
        synchronized (idle) {
            if (healthy && !closed && idle.size() < IDLE) {
                idle.push(connected);
                return;
            }
        }
        connected.sql().close();
    }

    private Sql connect(String name) {
        return Sql.open(layout.local().resolve(name));
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            while (!idle.isEmpty()) {
                idle.pop().sql().close();
            }
        }
    }
}
