package dev.evstore.fs.index;

import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.IndexWriter.Place;
import dev.evstore.fs.index.IndexWriter.Visible;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where valid transactions stand, and which contents of an id count when several are here (rule I5). For one
 * connection; not thread-safe.
 */
final class CopyRows {

    /** Bytes of transactions just read that are kept. */
    private static final int MEMORY = 4 << 20;

    private final Sql sql;
    private final EventFiles files;
    private final Map<String, Transaction> justRead = new HashMap<>();
    private int justReadBytes;

    CopyRows(Sql sql, EventFiles files) {
        this.sql = sql;
        this.files = files;
    }

    /** Records where a transaction's bytes stand. */
    void record(Transaction transaction, long f, long offset) {
        sql.update(
                "INSERT OR IGNORE INTO copy VALUES(?, ?, ?, ?, ?, ?)",
                transaction.header().id().bytes(),
                f,
                offset,
                transaction.bytes().length,
                transaction.header().trailer().bytes(),
                Columns.ordinals(transaction.header().redacted()));
    }

    /** Keeps a transaction that was just read, if there is room, so that a small arrival is read once. */
    void remember(Transaction transaction, long f, long offset) {
        int length = transaction.bytes().length;
        if (justReadBytes + length <= MEMORY) {
            justReadBytes += length;
            justRead.put(f + ":" + offset, transaction);
        }
    }

    /**
     * Which contents of an id count (rule I5), and a place where they stand.
     *
     * @param several whether other contents are here, too
     */
    record Winner(Sha256 trailer, Set<Integer> redacted, Place place, String directory, String name, boolean several) {
        boolean isSameAs(Visible visible) {
            return trailer.equals(visible.trailer()) && redacted.equals(visible.redacted());
        }
    }

    /**
     * An id and which contents of it count.
     *
     * @param winner null if no copy of it is here
     */
    record Judged(TransactionId id, @Nullable Winner winner) {}

    /** Reads the copies of one id after the other, as they come from the query. */
    private static final class Judging {
        private final List<Judged> judged = new ArrayList<>();
        private @Nullable TransactionId id;
        private @Nullable Sha256 trailer;
        private @Nullable Place place;
        private Set<Integer> redacted = new TreeSet<>();
        private String directory = "";
        private String name = "";
        private boolean several;

        boolean next(ResultSet row) throws SQLException {
            TransactionId at = TransactionId.of(row.getBytes(1));
            if (!at.equals(id)) {
                end();
                id = at;
            }
            byte[] found = row.getBytes(2);
            if (found == null) {
                return true;
            }
            Sha256 contents = Sha256.of(found);
            if (trailer == null) {
                trailer = contents;
                place = new Place(row.getLong(4), row.getLong(5), row.getInt(6), row.getBoolean(7));
                directory = row.getString(8);
                name = row.getString(9);
            }
            if (contents.equals(trailer)) {
                redacted.addAll(Columns.ordinals(row.getBytes(3)));
            } else {
                several = true;
            }
            return true;
        }

        void end() {
            if (id != null) {
                judged.add(new Judged(
                        id,
                        trailer == null || place == null
                                ? null
                                : new Winner(trailer, redacted, place, directory, name, several)));
            }
            trailer = null;
            place = null;
            redacted = new TreeSet<>();
            several = false;
        }
    }

    /**
     * Judges a page of ids, ascending.
     *
     * @param ids a query that gives them
     */
    List<Judged> judge(String ids, @Nullable Object... parameters) {
        Judging judging = new Judging();
        sql.each(
                "SELECT w.id, c.trailer, c.redacted, c.f, c.off, c.len, f.inline, f.dir, f.name FROM (" + ids
                        + ") w LEFT JOIN copy c ON c.id = w.id LEFT JOIN file f ON f.f = c.f"
                        + " ORDER BY w.id, c.trailer, f.ghost, c.f, c.off",
                judging::next,
                parameters);
        judging.end();
        return judging.judged;
    }

    /**
     * The transaction that counts, with the redactions of every copy.
     *
     * @param bytes what it is read with, if it was not read just now
     * @throws FilesMovedException it is no longer where it was found
     */
    Transaction read(Winner winner, EventBytes bytes) throws IOException {
        Place place = winner.place();
        Transaction known = justRead.get(place.file() + ":" + place.offset());
        Transaction found;
        try {
            found = known != null
                    ? known
                    : EventFiles.transaction(bytes, winner.directory(), winner.name(), place.offset(), place.length());
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
}
