package dev.evstore.fs.index;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.append.FeedHash;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.index.IndexWriter.Carried;
import dev.evstore.fs.index.IndexWriter.Visible;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds an index anew from the event files, beside the live one, which goes on meanwhile. What the files can't say is
 * carried over: positions, the flags late and again, retractions. So cursors stay good.
 *
 * <p>{@link #prepare} does the work, without a lock, in many small database transactions; after an interruption it goes
 * on where it was. {@link #finish}, under the store lock, takes what happened since and switches. For one thread.
 */
public final class Rebuild implements AutoCloseable {

    private static final int PAGE = 1_000;

    private final Index index;
    private final Index.Building building;
    private final Sql fresh;
    private final EventFiles files;
    private final Refresh refresh;
    private final ReplicaId self;
    private final boolean carries;
    /** Whether SQLite refused something, as on a full disk: then what was built is worth less than its room. */
    private boolean failed;

    /**
     * What came of it.
     *
     * @param transactions how many the new index has
     * @param digest of them all
     * @param repaired whether the old index had answered otherwise
     */
    public record Result(long transactions, Digest digest, boolean repaired) {}

    private Rebuild(
            Index index,
            Index.Building building,
            StoreLayout layout,
            GitSteps git,
            Ghosts ghosts,
            ReplicaId self,
            boolean carries) {
        this.index = index;
        this.building = building;
        this.fresh = building.sql();
        this.files = new EventFiles(layout);
        this.refresh = new Refresh(fresh, layout, git, ghosts, self, done -> {});
        this.self = self;
        this.carries = carries;
    }

    /**
     * Begins, or goes on with one that was interrupted. Only one may run at a time.
     *
     * @param carries whether positions are carried over; if not, the new index has a new epoch
     */
    public static Rebuild begin(
            Index index, StoreLayout layout, GitSteps git, Ghosts ghosts, ReplicaId self, boolean carries)
            throws IOException {
        return new Rebuild(index, index.building(carries), layout, git, ghosts, self, carries);
    }

    /** Everything but the last difference. */
    public void prepare(ProgressListener progress) throws IOException {
        noting(() -> {
            prepareAll(progress);
            return true;
        });
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T noting(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (IndexException e) {
            failed = true;
            throw e;
        }
    }

    private void prepareAll(ProgressListener progress) throws IOException {
        if (carries) {
            startCarrying();
            carryGhosts();
        }
        progress.at(0, 0);
        refresh.stage();
        long total = fresh.number(0, "SELECT count(DISTINCT id) FROM copy");
        byte[] after = fresh.first("SELECT after FROM building", row -> row.getBytes(1));
        long done = fresh.number(0, "SELECT count(DISTINCT id) FROM copy WHERE id <= ?", after == null ? EMPTY : after);
        byte @Nullable [] at = after == null ? EMPTY : after;
        while (at != null) {
            List<byte[]> ids = fresh.list(
                    "SELECT DISTINCT id FROM copy WHERE id > ? ORDER BY id LIMIT " + PAGE, row -> row.getBytes(1), at);
            at = ids.isEmpty() ? null : ids.get(ids.size() - 1);
            if (at != null) {
                buildPage(ids, at);
            }
            done += ids.size();
            progress.at(done, total);
        }
        if (carries) {
            long upTo = fresh.number(0, "SELECT upto_r FROM building");
            while (inTransaction(() -> carryRetractedPage(upTo))) {
                // a page at a time
            }
        }
    }

    private void carryGhosts() throws IOException {
        inTransaction(() -> index.with(old -> {
            GhostRows.carry(old, fresh);
            return true;
        }));
    }

    private static final byte[] EMPTY = new byte[0];

    /** The moment up to which the old index is carried in peace; what comes after is taken under the lock. */
    private void startCarrying() throws IOException {
        if (fresh.exists("SELECT 1 FROM building WHERE upto_a IS NULL")) {
            Counters old = index.read(Counters::load);
            inTransaction(() -> {
                fresh.update("UPDATE building SET upto_a = ?, upto_r = ?", old.lastArrival(), old.retractions);
                Counters counters = Counters.load(fresh);
                counters.next = old.next;
                counters.arrivalHash = old.arrivalHash;
                counters.generation = old.generation;
                counters.save(fresh);
                return true;
            });
        }
    }

    private <T> T inTransaction(Work<T> work) throws IOException {
        fresh.execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            T result = work.run();
            fresh.execute("COMMIT");
            done = true;
            return result;
        } finally {
            if (!done) {
                fresh.rollback();
            }
        }
    }

    /** In canonical order, so that nothing built before has to move. */
    private void buildPage(List<byte[]> ids, byte[] last) throws IOException {
        inTransaction(() -> {
            IndexWriter writer = new IndexWriter(fresh, self);
            CopyRows copies = new CopyRows(fresh, files);
            try (EventBytes bytes = new EventBytes(files)) {
                for (byte[] id : ids) {
                    if (!isBuilt(id)) {
                        build(id, writer, copies, bytes);
                    }
                }
            }
            writer.flush();
            return fresh.update("UPDATE building SET after = ?", last);
        });
    }

    private boolean isBuilt(byte[] id) {
        return fresh.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", id);
    }

    /** What the old index does not know, or knows otherwise, is left to the end: it is news or a retraction. */
    private void build(byte[] id, IndexWriter writer, CopyRows copies, EventBytes bytes) throws IOException {
        CopyRows.Winner winner = copies.winner(id);
        if (winner == null) {
            return;
        }
        if (!carries) {
            Transaction transaction = copies.read(winner, bytes);
            writer.markVariant(transaction.header().id(), winner.several());
            writer.arrive(transaction, winner.place(), false);
            return;
        }
        Optional<Known> known = known(id);
        if (known.isEmpty() || !winner.isSameAs(known.get().visible())) {
            fresh.update("INSERT OR IGNORE INTO pending VALUES(?)", id);
            return;
        }
        Transaction transaction = copies.read(winner, bytes);
        writer.markVariant(transaction.header().id(), winner.several());
        writer.carry(transaction, winner.place(), known.get().carried());
    }

    /** What the old index knows of a visible transaction. */
    private record Known(Visible visible, Carried carried) {}

    private Optional<Known> known(byte[] id) throws IOException {
        return index.with(old -> {
            Visible visible = old.first("SELECT * FROM tx WHERE id = ? AND gone IS NULL", Visible::of, id);
            if (visible == null) {
                return Optional.<Known>empty();
            }
            Set<Integer> late = new HashSet<>(old.list(
                    "SELECT seq - ? FROM event WHERE seq BETWEEN ? AND ? AND late = 1",
                    row -> row.getInt(1),
                    visible.first(),
                    visible.first(),
                    visible.last()));
            Carried carried = old.first(
                    "SELECT again, hash FROM tx WHERE a = ?",
                    row -> new Carried(visible.first(), visible.last(), row.getBoolean(1), row.getLong(2), late),
                    visible.last());
            return carried == null ? Optional.<Known>empty() : Optional.of(new Known(visible, carried));
        });
    }

    /** A retraction and what it retracted, as the old index has it: the files know nothing of it any more. */
    private record Gone(long r, long a, boolean replaced, long hash) {}

    private void carryRetracted(long upTo) throws IOException {
        while (carryRetractedPage(upTo)) {
            // page by page, so that memory is bounded and the old index is not held
        }
    }

    private boolean carryRetractedPage(long upTo) throws IOException {
        long from = fresh.number(0, "SELECT retractions FROM state");
        List<Gone> some = index.with(old -> old.list(
                "SELECT r, a, replaced, hash FROM gone WHERE r > ? AND r <= ? ORDER BY r LIMIT " + PAGE,
                row -> new Gone(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getLong(4)),
                from,
                upTo));
        for (Gone gone : some) {
            carry(gone);
        }
        return !some.isEmpty();
    }

    private void carry(Gone gone) throws IOException {
        Visible built = fresh.first("SELECT * FROM tx WHERE a = ? AND gone IS NULL", Visible::of, gone.a());
        if (built == null) {
            copyRow(gone.a(), gone.r());
            fresh.update("INSERT INTO gone VALUES(?, ?, ?, ?)", gone.r(), gone.a(), gone.replaced(), gone.hash());
            fresh.update("UPDATE state SET retractions = ?, retractionhash = ?", gone.r(), gone.hash());
            return;
        }
        IndexWriter writer = new IndexWriter(fresh, self);
        writer.retract(built, gone.replaced());
        writer.flush();
        if (writer.counters().retractionHash != gone.hash()) {
            throw new IOException("the old index contradicts itself about retraction " + gone.r());
        }
    }

    /** A transaction that is not visible any more: its numbers, names and tags, which retractions tell. */
    private void copyRow(long a, long r) throws IOException {
        index.with(old -> {
            old.each(
                    "SELECT a, first, id, trailer, redacted, format, replica, seq, at, command, again, hash FROM tx WHERE a = ?",
                    row -> {
                        fresh.update(
                                "INSERT INTO tx VALUES(?,?,?,?,?,?,?,?,?,?,?,?,0,0,0,?)",
                                row.getLong(1),
                                row.getLong(2),
                                row.getBytes(3),
                                row.getBytes(4),
                                row.getBytes(5),
                                row.getInt(6),
                                row.getBytes(7),
                                row.getObject(8) == null ? null : row.getLong(8),
                                row.getString(9),
                                row.getString(10),
                                row.getInt(11),
                                row.getLong(12),
                                r);
                        return true;
                    },
                    a);
            old.each(
                    "SELECT e.seq, s.name, y.name, e.late, e.redacted, e.tags, e.leaf FROM tx t"
                            + " CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a JOIN stream s ON s.s = e.stream"
                            + " JOIN type y ON y.t = e.type WHERE t.a = ? ORDER BY e.seq",
                    row -> {
                        fresh.update(
                                "INSERT INTO event VALUES(?,?,NULL,?,0,0,?,?,?,?)",
                                row.getLong(1),
                                streamNumber(row.getString(2)),
                                typeNumber(row.getString(3)),
                                row.getInt(4),
                                row.getInt(5),
                                row.getBytes(6),
                                row.getBytes(7));
                        return true;
                    },
                    a);
            return true;
        });
    }

    private long streamNumber(String name) {
        fresh.update(
                "INSERT OR IGNORE INTO stream(name, version, free, writers, heads, missing, newer, digest)"
                        + " VALUES(?, 0, 0, 0, 0, 0, 0, ?)",
                name,
                Digest.EMPTY.bytes());
        return fresh.number(0, "SELECT s FROM stream WHERE name = ?", name);
    }

    private long typeNumber(String name) {
        fresh.update("INSERT OR IGNORE INTO type(name) VALUES(?)", name);
        return fresh.number(0, "SELECT t FROM type WHERE name = ?", name);
    }

    /** Takes what happened since, and makes the new index the live one. The caller holds the store lock. */
    public Result finish() throws IOException {
        return noting(this::finishAll);
    }

    private Result finishAll() throws IOException {
        Counters old = carries ? index.read(Counters::load) : null;
        if (old != null && !old.epoch.equals(Counters.load(fresh).epoch)) {
            throw new IOException("the index was replaced while another was built from it");
        }
        refresh.finish(
                () -> {
                    if (old != null) {
                        takeSince(old);
                    } else {
                        fresh.update("UPDATE state SET replica_seq = max(replica_seq, ?)", countedBefore());
                    }
                },
                "SELECT id FROM pending");
        Counters counters = Counters.load(fresh);
        boolean repaired = old != null && !old.digest.equals(counters.digest);
        index.switchTo(building.name(), fresh);
        return new Result(counters.transactions, counters.digest, repaired);
    }

    /** The replica's count, which only grows, if the old index can still tell. */
    private long countedBefore() throws IOException {
        try {
            return index.read(Counters::load).replicaSequence;
        } catch (IndexException e) {
            return 0; // it is damaged: that may be why this one is built
        }
    }

    private void takeSince(Counters old) throws IOException {
        carryRetracted(old.retractions);
        carryArrivals(fresh.number(0, "SELECT upto_a FROM building"));
        Counters counters = Counters.load(fresh);
        counters.next = old.next;
        counters.arrivalHash = old.arrivalHash;
        counters.generation = old.generation;
        counters.replicaSequence = Math.max(counters.replicaSequence, old.replicaSequence);
        counters.save(fresh);
        if (counters.transactions != old.transactions) {
            retractWhatTheFilesLack();
        }
        for (String path : index.with(sql -> sql.list("SELECT path FROM unsynced", row -> row.getString(1)))) {
            fresh.update("INSERT OR IGNORE INTO unsynced VALUES(?)", path);
        }
    }

    /** What arrived while the rest was built. */
    private void carryArrivals(long after) throws IOException {
        IndexWriter writer = new IndexWriter(fresh, self);
        CopyRows copies = new CopyRows(fresh, files);
        byte @Nullable [] at = EMPTY;
        while (at != null) {
            byte[] from = at;
            List<byte[]> ids = index.with(old -> old.list(
                    "SELECT id FROM tx WHERE id > ? AND a > ? AND gone IS NULL ORDER BY id LIMIT " + PAGE,
                    row -> row.getBytes(1),
                    from,
                    after));
            try (EventBytes bytes = new EventBytes(files)) {
                for (byte[] id : ids) {
                    if (!isBuilt(id)) {
                        build(id, writer, copies, bytes);
                    }
                }
            }
            at = ids.isEmpty() ? null : ids.get(ids.size() - 1);
        }
        writer.flush();
    }

    /** The old index holds them for visible, and the files do not have them, or have them otherwise. */
    private void retractWhatTheFilesLack() throws IOException {
        record Lost(long a, byte[] id) {}
        long after = 0;
        while (true) {
            long from = after;
            List<Lost> some = index.with(old -> old.list(
                    "SELECT a, id FROM tx WHERE gone IS NULL AND a > ? ORDER BY a LIMIT " + PAGE,
                    row -> new Lost(row.getLong(1), row.getBytes(2)),
                    from));
            for (Lost one : some) {
                if (!fresh.exists("SELECT 1 FROM tx WHERE a = ? AND gone IS NULL", one.a())) {
                    retract(one.a(), fresh.exists("SELECT 1 FROM copy WHERE id = ?", one.id()));
                }
                after = one.a();
            }
            if (some.isEmpty()) {
                return;
            }
        }
    }

    private void retract(long a, boolean replaced) throws IOException {
        Counters counters = Counters.load(fresh);
        counters.retractions++;
        counters.generation++;
        counters.retractionHash = FeedHash.next(counters.retractionHash, counters.retractions, a);
        copyRow(a, counters.retractions);
        fresh.update("INSERT INTO gone VALUES(?, ?, ?, ?)", counters.retractions, a, replaced, counters.retractionHash);
        counters.save(fresh);
    }

    /** Leaves what was built, so that the next one can go on; if SQLite refused to, makes room instead. */
    @Override
    public void close() throws IOException {
        fresh.close();
        if (failed) {
            index.abandon(building);
        }
    }
}
