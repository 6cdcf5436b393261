package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.Limits;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.IndexWriter.Place;
import dev.evstore.fs.index.IndexWriter.Visible;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    /** Bytes of transactions just read that are kept, so that a small arrival is read once. */
    private static final int MEMORY = 4 << 20;

    private final Sql sql;
    private final EventFiles files;
    private final IndexWriter writer;
    private final Map<String, Transaction> justRead = new LinkedHashMap<>();
    private int justReadBytes;
    private boolean touched;

    Intake(Sql sql, EventFiles files, IndexWriter writer) {
        this.sql = sql;
        this.files = files;
        this.writer = writer;
        sql.execute("CREATE TEMP TABLE IF NOT EXISTS touched(id BLOB PRIMARY KEY) WITHOUT ROWID");
        sql.execute("DELETE FROM temp.touched");
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
            recordCopy(sql, transaction, f, offset);
            touch(transaction.header().id());
            remember(f, offset, transaction);
        }

        @Override
        public void flaw(String what, long line) {
            if (++flaws <= MAX_FINDINGS_OF_A_FILE) {
                find(
                        f,
                        Finding.Code.INVALID,
                        what,
                        where + ", line " + line,
                        "take the file as it was committed (git log -- FILE), or remove what is not an event");
            }
        }
    }

    /** Records where a transaction's bytes stand. */
    static void recordCopy(Sql sql, Transaction transaction, long f, long offset) {
        sql.update(
                "INSERT OR IGNORE INTO copy VALUES(?, ?, ?, ?, ?, ?)",
                transaction.header().id().bytes(),
                f,
                offset,
                transaction.bytes().length,
                transaction.header().trailer().bytes(),
                Columns.ordinals(transaction.header().redacted()));
    }

    private void touch(TransactionId id) {
        touched = true;
        sql.update("INSERT OR IGNORE INTO temp.touched VALUES(?)", id.bytes());
    }

    private void remember(long f, long offset, Transaction transaction) {
        int length = transaction.bytes().length;
        if (justReadBytes + length <= MEMORY) {
            justReadBytes += length;
            justRead.put(f + ":" + offset, transaction);
        }
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
        int ids = sql.update("INSERT OR IGNORE INTO temp.touched SELECT id FROM copy WHERE f = ?", f);
        touched |= ids > 0 || sql.exists("SELECT 1 FROM copy WHERE f = ?", f);
        sql.update("DELETE FROM copy WHERE f = ?", f);
        sql.update("DELETE FROM finding WHERE f = ?", f);
        sql.update("DELETE FROM file WHERE f = ?", f);
    }

    /** Makes visible what follows from the copies. */
    RefreshReport settle() throws IOException {
        if (!touched) {
            writer.flush();
            return RefreshReport.NOTHING;
        }
        int retracted = retractAll();
        writer.flush();
        int transactions = 0;
        int events = 0;
        int late = 0;
        byte @Nullable [] after = new byte[0];
        while (after != null) {
            List<byte[]> ids = sql.list(
                    "SELECT id FROM temp.touched WHERE id > ? ORDER BY id LIMIT 1000", row -> row.getBytes(1), after);
            for (byte[] id : ids) {
                Winner winner = winner(id);
                writer.markVariant(TransactionId.of(id), winner != null && winner.several());
                if (winner == null) {
                    continue;
                }
                Visible visible = visible(id);
                if (visible != null) {
                    moveTo(visible, winner);
                    continue;
                }
                Transaction transaction = read(winner);
                late += writer.arrive(transaction, winner.place(), isBack(id, winner.trailer()));
                transactions++;
                events += transaction.header().events().size();
            }
            after = ids.isEmpty() ? null : ids.get(ids.size() - 1);
        }
        writer.flush();
        return new RefreshReport(transactions, events, late, retracted);
    }

    /** Last first, so that what goes from the end of a stream moves nothing. */
    private int retractAll() {
        int retracted = 0;
        byte @Nullable [] before = new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        while (before != null) {
            List<byte[]> ids = sql.list(
                    "SELECT id FROM temp.touched WHERE id < ? ORDER BY id DESC LIMIT 1000",
                    row -> row.getBytes(1),
                    before);
            for (byte[] id : ids) {
                Visible visible = visible(id);
                if (visible == null) {
                    continue;
                }
                Winner winner = winner(id);
                if (winner == null || !winner.isSameAs(visible)) {
                    writer.retract(visible, winner != null);
                    retracted++;
                }
            }
            before = ids.isEmpty() ? null : ids.get(ids.size() - 1);
        }
        return retracted;
    }

    /**
     * Which contents of an id count (rule I5), and a place where they stand.
     *
     * @param several whether other contents are here, too
     */
    private record Winner(
            Sha256 trailer, Set<Integer> redacted, Place place, String directory, String name, boolean several) {
        boolean isSameAs(Visible visible) {
            return trailer.equals(visible.trailer()) && redacted.equals(visible.redacted());
        }
    }

    private record Copy(Sha256 trailer, Set<Integer> redacted, Place place, String directory, String name) {}

    private @Nullable Winner winner(byte[] id) {
        List<Copy> copies = sql.list(
                "SELECT c.trailer, c.redacted, c.f, c.off, c.len, f.inline, f.dir, f.name FROM copy c JOIN file f ON f.f = c.f"
                        + " WHERE c.id = ? ORDER BY c.trailer, f.ghost, c.f, c.off",
                row -> new Copy(
                        Sha256.of(row.getBytes(1)),
                        Columns.ordinals(row.getBytes(2)),
                        new Place(row.getLong(3), row.getLong(4), row.getInt(5), row.getBoolean(6)),
                        row.getString(7),
                        row.getString(8)),
                id);
        if (copies.isEmpty()) {
            return null;
        }
        Copy first = copies.get(0);
        Set<Integer> redacted = new TreeSet<>();
        boolean several = false;
        for (Copy copy : copies) {
            if (copy.trailer().equals(first.trailer())) {
                redacted.addAll(copy.redacted());
            } else {
                several = true;
            }
        }
        return new Winner(first.trailer(), redacted, first.place(), first.directory(), first.name(), several);
    }

    private @Nullable Visible visible(byte[] id) {
        return sql.first("SELECT * FROM tx WHERE id = ? AND gone IS NULL", Visible::of, id);
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
    private void moveTo(Visible visible, Winner winner) {
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

    private Transaction read(Winner winner) throws IOException {
        Place place = winner.place();
        Transaction known = justRead.get(place.file() + ":" + place.offset());
        Transaction found;
        try {
            found = known != null
                    ? known
                    : files.transaction(winner.directory(), winner.name(), place.offset(), place.length());
        } catch (IOException e) {
            throw new FilesMovedException(files.describe(winner.directory(), winner.name()), e);
        }
        if (found == null || !found.header().trailer().equals(winner.trailer())) {
            throw new FilesMovedException(files.describe(winner.directory(), winner.name()), null);
        }
        return new Transaction(found.header().redacting(winner.redacted()), found.bytes(), found.lines());
    }

    /** The files changed between two looks of one refresh: it has to begin anew. */
    static final class FilesMovedException extends IOException {
        private static final long serialVersionUID = 1L;

        FilesMovedException(String where, @Nullable IOException cause) {
            super(where, cause);
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
