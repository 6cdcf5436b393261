package dev.evstore.fs.index;

import dev.evstore.core.ProgressListener;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds an index anew from the event files, beside the live one, which goes on meanwhile. What the files can't say is
 * carried over: positions, the flags late and again, retractions. So cursors stay good.
 *
 * <p>{@link #prepare} does the work, without a lock, in many small database transactions; after an interruption it goes
 * on where it was. {@link #finish}, under the store lock, takes what happened since and switches. For one thread.
 */
public final class Rebuild implements AutoCloseable {

    private final Index index;
    private final Index.Building building;
    private final Sql fresh;
    private final EventFiles files;
    private final CopyRows copies;
    private final Refresh refresh;
    private final ReplicaId self;
    private final boolean carries;
    private final OldIndex old;
    private final RetractionCarrier retractions;
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
        this.copies = new CopyRows(fresh, files);
        this.refresh = new Refresh(fresh, layout, git, ghosts, self, done -> {});
        this.self = self;
        this.carries = carries;
        this.old = new OldIndex(index);
        this.retractions = new RetractionCarrier(old, fresh, self);
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
            Step step = new Step(at);
            inTransaction(step::run);
            at = step.last;
            done += step.count;
            progress.at(done, total);
        }
        inTransaction(() -> {
            Schema.endLoad(fresh);
            return true;
        });
        if (carries) {
            long upTo = fresh.number(0, "SELECT upto_r FROM building");
            while (inTransaction(() -> retractions.carryPage(upTo))) {
                // a page at a time
            }
        }
    }

    /** What an interruption makes do again at the most, and what is written down together. */
    private static final int PAGES_IN_A_STEP = 10;

    private static final String PAGE_OF_COPIES =
            "SELECT DISTINCT id FROM copy WHERE id > ? ORDER BY id LIMIT " + OldIndex.PAGE;

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
            Counters then = old.counters();
            inTransaction(() -> {
                fresh.update("UPDATE building SET upto_a = ?, upto_r = ?", then.lastArrival(), then.retractions);
                Counters counters = Counters.load(fresh);
                counters.next = then.next;
                counters.arrivalHash = then.arrivalHash;
                counters.generation = then.generation;
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

    /** Some pages in one database transaction, in canonical order, so that nothing built before has to move. */
    private final class Step {
        private byte @Nullable [] last;
        private byte[] at;
        private int count;

        Step(byte[] after) {
            this.at = after;
        }

        boolean run() throws IOException {
            IndexWriter writer = new IndexWriter(fresh, self);
            for (int k = 0; k < PAGES_IN_A_STEP; k++) {
                List<CopyRows.Judged> page = copies.judge(PAGE_OF_COPIES, at);
                if (page.isEmpty()) {
                    break;
                }
                build(page, writer);
                at = page.get(page.size() - 1).id().bytes();
                last = at;
                count += page.size();
            }
            writer.flush();
            fresh.update("UPDATE building SET after = ifnull(?, after)", last);
            return true;
        }
    }

    private void build(List<CopyRows.Judged> page, IndexWriter writer) throws IOException {
        Map<TransactionId, OldIndex.Known> known = carries ? old.known(page) : Map.of();
        try (EventBytes bytes = new EventBytes(files)) {
            for (CopyRows.Judged one : page) {
                CopyRows.Winner winner = one.winner();
                if (winner != null) {
                    build(one.id(), winner, known.get(one.id()), writer, bytes);
                }
            }
        }
    }

    /** What the old index does not know, or knows otherwise, is left to the end: it is news or a retraction. */
    private void build(
            TransactionId id,
            CopyRows.Winner winner,
            OldIndex.@Nullable Known known,
            IndexWriter writer,
            EventBytes bytes)
            throws IOException {
        if (carries && (known == null || !winner.isSameAs(known.visible()))) {
            fresh.update("INSERT OR IGNORE INTO pending VALUES(?)", id.bytes());
            return;
        }
        Transaction transaction = copies.read(winner, bytes);
        writer.markVariant(id, winner.several());
        if (known == null) {
            writer.arrive(transaction, winner.place(), false);
        } else {
            writer.carry(transaction, winner.place(), known.carried());
        }
    }

    /** Takes what happened since, and makes the new index the live one. The caller holds the store lock. */
    public Result finish() throws IOException {
        return noting(this::finishAll);
    }

    private Result finishAll() throws IOException {
        Counters now = carries ? old.counters() : null;
        if (now != null && !now.epoch.equals(Counters.load(fresh).epoch)) {
            throw new IOException("the index was replaced while another was built from it");
        }
        refresh.finish(
                () -> {
                    if (now != null) {
                        takeSince(now);
                    } else {
                        carryCount();
                    }
                },
                "SELECT id FROM pending");
        Counters counters = Counters.load(fresh);
        boolean repaired = now != null && !now.digest.equals(counters.digest);
        index.switchTo(building.name(), fresh);
        return new Result(counters.transactions, counters.digest, repaired);
    }

    /** What is no matter of positions, if the old index can still tell: the replica's count, and what is not synced. */
    private void carryCount() throws IOException {
        long count;
        List<Unsynced.File> unsynced;
        try {
            count = old.counters().replicaSequence;
            unsynced = old.unsynced();
        } catch (IndexException e) {
            return; // it is damaged: that may be why this one is built
        }
        fresh.update("UPDATE state SET replica_seq = max(replica_seq, ?)", count);
        carry(unsynced);
    }

    private void carry(List<Unsynced.File> unsynced) {
        unsynced.forEach(file -> Unsynced.mark(fresh, file.directory(), file.name()));
    }

    private void takeSince(Counters now) throws IOException {
        retractions.carry(now.retractions);
        carryArrivals(fresh.number(0, "SELECT upto_a FROM building"));
        Counters counters = Counters.load(fresh);
        counters.next = now.next;
        counters.arrivalHash = now.arrivalHash;
        counters.generation = now.generation;
        counters.replicaSequence = Math.max(counters.replicaSequence, now.replicaSequence);
        counters.save(fresh);
        if (counters.transactions != now.transactions) {
            retractions.retractWhatTheFilesLack();
        }
        carry(old.unsynced());
    }

    /** What arrived while the rest was built. */
    private void carryArrivals(long after) throws IOException {
        IndexWriter writer = new IndexWriter(fresh, self);
        byte[] at = EMPTY;
        for (List<byte[]> ids = old.arrived(at, after); !ids.isEmpty(); ids = old.arrived(at, after)) {
            List<CopyRows.Judged> page = new ArrayList<>();
            for (byte[] id : ids) {
                if (!fresh.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", id)) {
                    page.addAll(copies.judge("SELECT ? AS id", id));
                }
            }
            build(page, writer);
            at = ids.get(ids.size() - 1);
        }
        writer.flush();
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
