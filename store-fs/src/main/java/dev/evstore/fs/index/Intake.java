package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.index.IndexWriter.Place;
import dev.evstore.fs.index.IndexWriter.Visible;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what came and lets go of what went, within one database transaction. First {@link #add} and {@link #drop}
 * record which copies of which transactions lie where; then {@link #settle} makes visible what follows from the copies
 * by rule I5, retractions before arrivals. What waits in between stands in a temporary table, so memory is bounded
 * whatever comes. For one transaction; not thread-safe.
 */
final class Intake {

    /** Files smaller than this keep their lines in the index, too; larger ones are packs and are read in place. */
    static final int INLINE_BELOW = 64 << 10;

    /** Ends the stamp of a file that was read so soon after a change that the next one might not show. */
    static final String UNSETTLED = " unsettled";

    /** Findings kept; the rest is counted (rule V2). */
    static final int MAX_FINDINGS = 1000;

    /** Of one file; a file of nothing else would take all places. */
    private static final int MAX_FINDINGS_OF_A_FILE = 20;

    private final Sql sql;
    private final EventFiles files;
    private final ReplicaId self;
    private final CopyRows copies;
    private final boolean staging;
    private boolean touched;

    private Intake(Sql sql, EventFiles files, ReplicaId self, boolean staging) {
        this.sql = sql;
        this.files = files;
        this.self = self;
        this.copies = new CopyRows(sql, files);
        this.staging = staging;
    }

    static Intake of(Sql sql, EventFiles files, ReplicaId self) {
        sql.execute("CREATE TEMP TABLE IF NOT EXISTS touched(id BLOB PRIMARY KEY) WITHOUT ROWID");
        sql.execute("DELETE FROM temp.touched");
        return new Intake(sql, files, self, false);
    }

    /**
     * For an index that is being built: nothing is settled, the building comes to every id that has a copy. What changes
     * for ids that it has passed, before an interruption, is kept for its end.
     */
    static Intake staging(Sql sql, EventFiles files, ReplicaId self) {
        return new Intake(sql, files, self, true);
    }

    /** What a file turned out to be. */
    enum Quality {
        /** Every line is of a valid transaction. */
        WHOLE,
        /** Some lines are not. */
        FLAWED,
        /** It could not be read at all. */
        UNREADABLE
    }

    /** Records a directory that can't be listed, as a file without a name. */
    void addUnreadable(String directory) {
        long f = insertFile(directory, "", "", false);
        sql.update("UPDATE file SET quality = ? WHERE f = ?", Quality.UNREADABLE.name(), f);
        find(
                f,
                Finding.Code.UNREADABLE,
                "A directory can't be listed.",
                files.describe(directory, ""),
                "make it readable; what it holds that is new is missing until then");
    }

    private long insertFile(String directory, String name, String stamp, boolean inline) {
        sql.update(
                "INSERT INTO file(dir, name, stamp, quality, inline) VALUES(?, ?, ?, 'WHOLE', ?)",
                directory,
                name,
                stamp,
                inline);
        return sql.number(0, "SELECT last_insert_rowid()");
    }

    /**
     * Records a file that is there: its copies and what is wrong with it.
     *
     * @param settled whether a change after this would give another stamp
     */
    Quality add(String directory, String name, Stamp stamp, boolean settled) {
        String text = settled ? stamp.encoded() : stamp.encoded() + UNSETTLED;
        long f = insertFile(directory, name, text, stamp.size() < INLINE_BELOW);
        Quality quality = read(f, directory, name, stamp);
        touch(f);
        if (quality != Quality.WHOLE) {
            sql.update("UPDATE file SET quality = ? WHERE f = ?", quality.name(), f);
        }
        return quality;
    }

    private Quality read(long f, String directory, String name, Stamp stamp) {
        String where = files.describe(directory, name);
        if (stamp.kind() != Stamp.Kind.FILE) {
            find(f, Finding.Code.UNREADABLE, "An event file is no regular file; it is not read.", where, "remove it");
            return Quality.UNREADABLE;
        }
        if (stamp.size() > Limits.FILE) {
            find(
                    f,
                    Finding.Code.UNREADABLE,
                    "An event file is larger than " + Limits.FILE + " bytes; it is not read.",
                    where,
                    "remove it, or ask its writer to split it");
            return Quality.UNREADABLE;
        }
        Scan scan = new Scan(f, where);
        try {
            files.read(directory, name, scan);
        } catch (IOException e) {
            find(
                    f,
                    Finding.Code.UNREADABLE,
                    "An event file can't be read: " + e.getClass().getSimpleName() + ".",
                    where,
                    "make it readable; what it holds is missing until then");
            return Quality.UNREADABLE;
        }
        if (scan.flaws > MAX_FINDINGS_OF_A_FILE) {
            sql.update("UPDATE file SET more = more + ? WHERE f = ?", scan.flaws - MAX_FINDINGS_OF_A_FILE, f);
        }
        return scan.flaws == 0 ? Quality.WHOLE : Quality.FLAWED;
    }

    private final class Scan implements EventFileReader.Sink {
        private final long f;
        private final String where;
        private int flaws;

        Scan(long f, String where) {
            this.f = f;
            this.where = where;
        }

        @Override
        public void transaction(Transaction transaction, long offset) {
            copies.record(transaction, f, offset);
            if (!staging) {
                copies.remember(transaction, f, offset);
            }
        }

        @Override
        public void flaw(String what, long line) {
            if (++flaws <= MAX_FINDINGS_OF_A_FILE) {
                boolean conflict = what.equals(EventFileReader.CONFLICT_MARKERS);
                find(
                        f,
                        conflict ? Finding.Code.GIT_CONFLICT : Finding.Code.INVALID,
                        "What stands there does not count: " + what + ".",
                        where + ", line " + line,
                        conflict
                                ? "evstore resolve"
                                : "take the file as it was committed (git log -- FILE), or remove what is not an event");
            }
        }
    }

    /** What copies stand in a file, or stood there: their ids are looked at once more when all is settled. */
    void touch(long f) {
        String passed = " AND id <= (SELECT after FROM building)";
        touched |= sql.update(
                        "INSERT OR IGNORE INTO " + (staging ? "pending" : "temp.touched")
                                + " SELECT id FROM copy WHERE f = ?" + (staging ? passed : ""),
                        f)
                > 0;
    }

    private void find(long f, Finding.Code code, String what, String where, String remedy) {
        if (sql.number(0, "SELECT count(*) FROM finding") < MAX_FINDINGS) {
            sql.update("INSERT INTO finding VALUES(NULL, ?, ?, ?, ?, ?)", f, code.name(), what, where, remedy);
        } else {
            sql.update("UPDATE file SET more = more + 1 WHERE f = ?", f);
        }
    }

    /** Lets go of a file: it is gone, or stands there with other contents. */
    void drop(long f) {
        touch(f);
        sql.update("DELETE FROM copy WHERE f = ?", f);
        sql.update("DELETE FROM finding WHERE f = ?", f);
        sql.update("DELETE FROM file WHERE f = ?", f);
    }

    /** Looks at these once more when all is settled, whether a file of theirs changed or not. */
    void touchAll(String idsQuery) {
        touched |= sql.update("INSERT OR IGNORE INTO temp.touched " + idsQuery) > 0;
    }

    /**
     * Makes visible what follows from the copies.
     *
     * @param progress is told how many transactions are visible that were not, after some and at the end
     */
    RefreshReport settle(LongConsumer progress) throws IOException {
        if (!touched) {
            return RefreshReport.NOTHING;
        }
        IndexWriter writer = new IndexWriter(sql, self);
        boolean load = !sql.exists("SELECT 1 FROM tx");
        if (load) {
            Schema.beginLoad(sql);
        }
        int retracted = retractAll(writer);
        writer.flush();
        int transactions = 0;
        int events = 0;
        int late = 0;
        byte @Nullable [] after = new byte[0];
        try (EventBytes bytes = new EventBytes(files)) {
            while (after != null) {
                Map<TransactionId, Visible> visible = Visible.among(sql, TOUCHED, after);
                List<CopyRows.Judged> page = copies.judge(TOUCHED, after);
                for (CopyRows.Judged one : page) {
                    CopyRows.Winner winner = one.winner();
                    writer.markVariant(one.id(), winner != null && winner.several());
                    if (winner == null) {
                        continue;
                    }
                    Visible here = visible.get(one.id());
                    if (here != null) {
                        moveTo(here, winner);
                        continue;
                    }
                    Transaction transaction = copies.read(winner, bytes);
                    if (wasStranded(transaction.header(), winner, writer.counters())) {
                        Unsynced.mark(sql, winner.directory(), winner.name());
                    }
                    boolean back =
                            writer.counters().retractions > 0 && isBack(one.id().bytes(), winner.trailer());
                    late += writer.arrive(transaction, winner.place(), back);
                    transactions++;
                    events += transaction.header().events().size();
                }
                after = page.isEmpty() ? null : page.get(page.size() - 1).id().bytes();
                if (after != null) {
                    progress.accept(transactions);
                }
            }
        }
        writer.flush();
        if (load) {
            Schema.endLoad(sql);
        }
        return new RefreshReport(transactions, events, late, retracted);
    }

    /**
     * Whether it was published here, and this index was never told: its writer was killed or met trouble (rule A3), and may
     * not have come to sync it. A number that the index has counted was told of with the file's sync, or without one.
     */
    private boolean wasStranded(TransactionHeader header, CopyRows.Winner winner, Counters counters) {
        Origin origin = header.origin();
        return origin == null
                ? winner.name().equals(StoreLayout.mergeName(header.id(), self))
                : origin.replica().equals(self) && origin.sequence() > counters.replicaSequence;
    }

    /** A page of the ids that changed, ascending. */
    private static final String TOUCHED = "SELECT id FROM temp.touched WHERE id > ? ORDER BY id LIMIT 1000";

    /** Last first, so that what goes from the end of a stream moves nothing. */
    private int retractAll(IndexWriter writer) {
        int retracted = 0;
        byte @Nullable [] before = new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        String touched = "SELECT id FROM temp.touched WHERE id < ? ORDER BY id DESC LIMIT 1000";
        while (before != null && writer.counters().transactions > 0) {
            Map<TransactionId, Visible> visible = Visible.among(sql, touched, before);
            List<CopyRows.Judged> page = copies.judge(touched, before);
            for (int k = page.size() - 1; k >= 0; k--) {
                Visible here = visible.get(page.get(k).id());
                CopyRows.Winner winner = page.get(k).winner();
                if (here != null && (winner == null || !winner.isSameAs(here))) {
                    writer.retract(here, winner != null);
                    retracted++;
                }
            }
            before = page.isEmpty() ? null : page.get(0).id().bytes();
        }
        return retracted;
    }

    /** Whether these contents were here once, and the id was not visible just now: then it is a return (rule P7). */
    private boolean isBack(byte[] id, Sha256 trailer) {
        boolean wentWhole = sql.exists(
                "SELECT 1 FROM (SELECT g.replaced FROM tx t JOIN gone g ON g.r = t.gone"
                        + " WHERE t.id = ? AND t.gone IS NOT NULL ORDER BY g.r DESC LIMIT 1) WHERE replaced = 0",
                id);
        return wentWhole
                && sql.exists(
                        "SELECT 1 FROM tx WHERE id = ? AND gone IS NOT NULL AND trailer = ?", id, trailer.bytes());
    }

    /** The same contents stand elsewhere now, as after folding loose files into a pack. */
    private void moveTo(Visible visible, CopyRows.Winner winner) {
        Place place = winner.place();
        boolean moved = sql.update(
                        "UPDATE tx SET f = ?, off = ?, len = ? WHERE a = ? AND (f <> ? OR off <> ?)",
                        place.file(),
                        place.offset(),
                        place.length(),
                        visible.last(),
                        place.file(),
                        place.offset())
                > 0;
        if (moved && !place.inline()) {
            sql.update("DELETE FROM payload WHERE seq BETWEEN ? AND ?", visible.first(), visible.last());
        }
    }

    /** What is still recorded of a directory's files. */
    record Known(long f, String name, String stamp, Quality quality) {
        static List<Known> in(Sql sql, String directory) {
            return new ArrayList<>(sql.list(
                    "SELECT f, name, stamp, quality FROM file WHERE dir = ? AND ghost = 0",
                    row -> new Known(
                            row.getLong(1), row.getString(2), row.getString(3), Quality.valueOf(row.getString(4))),
                    directory));
        }
    }
}
