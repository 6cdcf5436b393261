package dev.evstore.fs.index;

import dev.evstore.fs.disk.Disk;
import dev.evstore.fs.layout.StoreLayout;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live index database, and connections to it. The small file {@code current} names it; a database is never renamed
 * and never used again, so who still has an old one open sees an old state and no mixture. Thread-safe.
 */
public final class Index implements AutoCloseable {

    private static final Pattern NAME = Pattern.compile("index-([0-9a-f]{16})-([1-9][0-9]{0,8})\\.db");

    /** What SQLite keeps beside a database, after the database's name. */
    private static final List<String> COMPANIONS = List.of("-wal", "-shm");

    /** Idle connections kept for readers. */
    private static final int IDLE = 4;

    /** 32 MiB. */
    private static final int BUILDING_LOG_PAGES = 8_192;

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

    /** What {@link #ensure} found. */
    public enum Found {
        /** An index that can be used. */
        READY,
        /** None; an empty one was made. */
        NONE,
        /** One that is missing, torn or of another version; it was left aside and an empty one was made. */
        UNUSABLE
    }

    /**
     * Makes an empty index if there is none that can be used: with a new epoch, so that every older cursor is stale
     * (rule P5). The caller holds the store lock.
     *
     * @param sequence what the replica has counted so far
     */
    public Found ensure(long sequence) throws IOException {
        String name = current();
        if (name != null && fits(name)) {
            return Found.READY;
        }
        build(sequence);
        return name == null ? Found.NONE : Found.UNUSABLE;
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
        String epoch = newEpoch();
        String name = name(epoch, 1);
        try (Sql sql = connect(name)) {
            sql.execute("BEGIN IMMEDIATE");
            Schema.create(sql, epoch, sequence);
            sql.execute("COMMIT");
        }
        nameCurrent(name);
    }

    private static String newEpoch() {
        return String.format("%016x", new SecureRandom().nextLong());
    }

    private static String name(String epoch, long number) {
        return "index-" + epoch + "-" + number + ".db";
    }

    private void nameCurrent(String name) throws IOException {
        disk.replace(layout.temporary(), layout.current(), (name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Syncs which database is the live one, and the names of the directories that it is in: who named it, or made those,
     * may have been killed before.
     */
    void syncCurrent() throws IOException {
        disk.sync(List.of(layout.current()), layout.root());
    }

    /** A database that is being built and is nobody's yet. */
    record Building(String name, Sql sql) {}

    /**
     * The database to build beside the live one: one that was interrupted, or a new one; all others are removed.
     *
     * @param carries whether it goes on with the live one's epoch
     */
    Building building(boolean carries) throws IOException {
        String live = current();
        Matcher parts = live == null ? null : NAME.matcher(live);
        if (carries && (parts == null || !parts.matches())) {
            throw new IOException("there is no index to carry positions over from");
        }
        String next = carries ? next(live) : null;
        syncCurrent(); // else a power cut may name one again that is removed here
        for (Path file : databases()) {
            String name = file.getFileName().toString();
            if (name.equals(live)) {
                continue;
            }
            boolean wanted = carries ? name.equals(next) : true;
            if (wanted && isBuilding(name, carries)) {
                return new Building(name, connectToBuild(name));
            }
            remove(name);
        }
        String epoch = carries && parts != null ? parts.group(1) : newEpoch();
        String name = next == null ? name(epoch, 1) : next;
        Sql sql = connectToBuild(name);
        try {
            sql.execute("BEGIN IMMEDIATE");
            Schema.createForLoad(sql, epoch, 0);
            sql.execute("CREATE TABLE building(carries INTEGER NOT NULL, after BLOB, upto_a INTEGER, upto_r INTEGER)");
            sql.execute("CREATE TABLE pending(id BLOB PRIMARY KEY) WITHOUT ROWID");
            sql.update("INSERT INTO building VALUES(?, NULL, NULL, NULL)", carries);
            sql.execute("COMMIT");
            return new Building(name, sql);
        } catch (IndexException e) {
            sql.close();
            remove(name);
            throw e;
        }
    }

    /** Gives up a database that was being built, so that it takes no room; its connection is closed. */
    void abandon(Building building) throws IOException {
        if (!building.name().equals(current())) {
            remove(building.name());
        }
    }

    /** What a database that carries over from the live one is called. */
    private static @Nullable String next(@Nullable String live) {
        Matcher parts = live == null ? null : NAME.matcher(live);
        return parts != null && parts.matches() ? name(parts.group(1), Long.parseLong(parts.group(2)) + 1) : null;
    }

    /**
     * Removes the databases that nobody comes back to: superseded and damaged ones, and the begun ones that no rebuild
     * can go on with. The caller holds the store lock and the one for building, so that none is being built.
     */
    public void removeSuperseded() throws IOException {
        String live = current();
        String next = next(live);
        List<String> superseded = new ArrayList<>();
        Set<String> left = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.local(), "index-*.db*")) {
            for (Path file : files) {
                String part = file.getFileName().toString();
                left.add(part.substring(0, part.lastIndexOf(".db") + 3)); // a killed process may leave a log alone
            }
        }
        for (String name : left) {
            boolean unfinished = Files.isRegularFile(layout.local().resolve(name))
                    && ((name.equals(next) && isBuilding(name, true)) || isBuilding(name, false));
            if (NAME.matcher(name).matches() && !name.equals(live) && !unfinished) {
                superseded.add(name);
            }
        }
        if (!superseded.isEmpty()) {
            syncCurrent(); // else a power cut may name one of them again
            superseded.forEach(this::remove);
        }
    }

    /** The log may grow more than usual before it is written back: what is built writes many pages often. */
    private Sql connectToBuild(String name) {
        Sql sql = connect(name);
        sql.execute("PRAGMA wal_autocheckpoint = " + BUILDING_LOG_PAGES);
        return sql;
    }

    private boolean isBuilding(String name, boolean carries) {
        try (Sql sql = connect(name)) {
            return Schema.fits(sql)
                    && sql.exists("SELECT 1 FROM sqlite_master WHERE name = 'building'")
                    && sql.exists("SELECT 1 FROM building WHERE carries = ?", carries);
        } catch (IndexException e) {
            return false; // whatever it is, it is of no use and is removed
        }
    }

    private List<Path> databases() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.local(), "index-*.db")) {
            for (Path file : files) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    all.add(file);
                }
            }
        }
        return all;
    }

    /** Where another process still has it open it goes on with what it has, until it looks at {@code current} again. */
    private void remove(String name) {
        try {
            Files.deleteIfExists(layout.local().resolve(name));
            for (String companion : COMPANIONS) {
                Files.deleteIfExists(layout.local().resolve(name + companion));
            }
        } catch (IOException e) {
            return; // in use, on a system that does not let go of open files: the next opening or rebuild removes it
        }
    }

    /**
     * Makes a database that was built the live one, durably. What it says of how far it is durable stays at nothing: if
     * this process is killed before the name is synced, the next ones use it all the same. The caller holds the store lock.
     */
    void switchTo(String name, Sql built) throws IOException {
        String before = current();
        built.execute("PRAGMA synchronous = FULL"); // what is named is whole
        built.execute("BEGIN IMMEDIATE");
        built.execute("DROP TABLE building");
        built.execute("DROP TABLE pending");
        built.execute("COMMIT");
        nameCurrent(name);
        if (before != null) {
            remove(before);
        }
    }

    /** The live database's name; empty if nothing usable says. */
    public String liveName() throws IOException {
        String name = current();
        return name == null ? "" : name;
    }

    /** The live database's name, or null if nothing usable says. */
    @Nullable
    String current() throws IOException {
        try (
        // Not through a channel: a reader may be interrupted, and a channel would close itself.
        InputStream in = new FileInputStream(layout.current().toFile())) {
            String name = new String(in.readNBytes(100), StandardCharsets.ISO_8859_1).strip();
            return NAME.matcher(name).matches() ? name : null;
        } catch (FileNotFoundException e) {
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
        while (true) {
            if (name == null) {
                throw new IOException("no index is named by " + layout.current());
            }
            Connected known = idle(name);
            if (known != null) {
                return known;
            }
            Path file = layout.local().resolve(name);
            String now;
            try {
                Sql sql = Sql.openExisting(file);
                // It may have been superseded and removed while it was opened, and its write-ahead log with it.
                now = current();
                if (name.equals(now)) {
                    return new Connected(name, sql);
                }
                sql.close();
            } catch (IndexException e) {
                now = current();
                if (name.equals(now)) {
                    if (Files.isRegularFile(file)) {
                        throw e;
                    }
                    throw new IOException("the index is gone: " + file, e);
                }
            }
            name = now;
        }
    }

    private @Nullable Connected idle(String name) {
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
            return null;
        }
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
