package dev.evstore.fs.index;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.id.ReplicaId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which numbers of each replica's own count are here, as runs: space follows the gaps, not the history. The last run
 * stands in the replica's row, so a replica without gaps is one row, whatever it wrote, and a transaction that follows
 * its replica's last one changes nothing else. For one write; not thread-safe.
 */
final class SequenceRows {

    /** How many replicas are held before they are written down. */
    private static final int MOST_HELD = 1000;

    /** What is to be said of replicas, worked out from the transactions. */
    private static final String COUNTED = "SELECT replica AS id, max(seq) AS newest, max(seq) - count(*) AS missing,"
            + " sum(n > 1) AS shared FROM (SELECT replica, seq, count(*) AS n FROM tx WHERE gone IS NULL"
            + " AND replica IS NOT NULL GROUP BY replica, seq) GROUP BY replica";

    private static final String KEPT = "SELECT id, newest, missing, shared FROM replica";

    private final Sql sql;
    private final Map<ReplicaId, Row> held = new HashMap<>();

    SequenceRows(Sql sql) {
        this.sql = sql;
    }

    /** The run that ends at the newest number; with nothing in it, newest is 0 and tail 1. */
    private static final class Row {
        private final byte[] replica;
        private long tail = 1;
        private long newest;
        private long missing;
        private long shared;

        Row(byte[] replica) {
            this.replica = replica;
        }
    }

    private record Run(long first, long last) {}

    /** A transaction is visible now. */
    void add(Origin origin) {
        Row row = row(origin.replica());
        long seq = origin.sequence();
        if (seq == row.newest + 1) {
            row.newest = seq;
        } else if (seq > row.newest) {
            insert(row, row.tail, row.newest);
            row.missing += seq - row.newest - 1;
            row.tail = seq;
            row.newest = seq;
        } else if (seq >= row.tail) {
            share(row, seq);
        } else {
            addBelow(row, seq);
        }
    }

    /** It closes a gap, or a part of it, below the last run. */
    private void addBelow(Row row, long seq) {
        Run below = runBefore(row, seq + 1);
        if (below != null && seq <= below.last()) {
            share(row, seq);
            return;
        }
        row.missing--;
        long first = seq;
        if (below != null && below.last() == seq - 1) {
            delete(row, below.first());
            first = below.first();
        }
        if (row.tail == seq + 1) {
            row.tail = first;
            return;
        }
        long last = sql.number(seq, "SELECT last FROM run WHERE replica = ? AND first = ?", row.replica, seq + 1);
        delete(row, seq + 1);
        insert(row, first, last);
    }

    private void share(Row row, long seq) {
        long more = more(row, seq);
        row.shared += more == 0 ? 1 : 0;
        sql.update("INSERT OR REPLACE INTO shared VALUES(?, ?, ?)", row.replica, seq, more + 1);
    }

    private long more(Row row, long seq) {
        return sql.number(0, "SELECT more FROM shared WHERE replica = ? AND seq = ?", row.replica, seq);
    }

    /**
     * A transaction is visible no longer.
     *
     * @param a the sequence number of its last event
     */
    void remove(long a) {
        record Numbered(ReplicaId replica, long seq) {}
        Numbered gone = sql.first(
                "SELECT replica, seq FROM tx WHERE a = ? AND replica IS NOT NULL",
                found -> new Numbered(Columns.replica(found.getBytes(1)), found.getLong(2)),
                a);
        if (gone != null) {
            remove(row(gone.replica()), gone.seq());
        }
    }

    private void remove(Row row, long seq) {
        long more = row.shared == 0 ? 0 : more(row, seq);
        if (more > 1) {
            sql.update("UPDATE shared SET more = ? WHERE replica = ? AND seq = ?", more - 1, row.replica, seq);
        } else if (more == 1) {
            sql.update("DELETE FROM shared WHERE replica = ? AND seq = ?", row.replica, seq);
            row.shared--;
        } else if (seq < row.newest) {
            row.missing++;
            open(row, seq);
        } else if (row.tail < row.newest) {
            row.newest--;
        } else {
            Run before = runBefore(row, seq);
            if (before == null) {
                before = new Run(1, 0);
            } else {
                delete(row, before.first());
            }
            row.missing -= row.newest - before.last() - 1;
            row.tail = before.first();
            row.newest = before.last();
        }
    }

    /** A gap where a number was that something follows. */
    private void open(Row row, long seq) {
        if (seq >= row.tail) {
            insert(row, row.tail, seq - 1);
            row.tail = seq + 1;
            return;
        }
        Run around = Objects.requireNonNull(runBefore(row, seq + 1), "a number that is here is in a run");
        delete(row, around.first());
        insert(row, around.first(), seq - 1);
        insert(row, seq + 1, around.last());
    }

    private @Nullable Run runBefore(Row row, long seq) {
        return sql.first(
                "SELECT first, last FROM run WHERE replica = ? AND first < ? ORDER BY first DESC LIMIT 1",
                found -> new Run(found.getLong(1), found.getLong(2)),
                row.replica,
                seq);
    }

    private void insert(Row row, long first, long last) {
        if (first <= last) {
            sql.update("INSERT INTO run VALUES(?, ?, ?)", row.replica, first, last);
        }
    }

    private void delete(Row row, long first) {
        sql.update("DELETE FROM run WHERE replica = ? AND first = ?", row.replica, first);
    }

    private Row row(ReplicaId replica) {
        Row known = held.get(replica);
        if (known != null) {
            return known;
        }
        if (held.size() >= MOST_HELD) {
            flush();
        }
        Row row = new Row(Columns.replica(replica));
        sql.each(
                "SELECT tail, newest, missing, shared FROM replica WHERE id = ?",
                found -> {
                    row.tail = found.getLong(1);
                    row.newest = found.getLong(2);
                    row.missing = found.getLong(3);
                    row.shared = found.getLong(4);
                    return true;
                },
                row.replica);
        held.put(replica, row);
        return row;
    }

    /** Writes down what is held. */
    void flush() {
        for (Row row : held.values()) {
            if (row.newest == 0) {
                sql.update("DELETE FROM replica WHERE id = ?", row.replica);
            } else {
                sql.update(
                        "INSERT OR REPLACE INTO replica VALUES(?, ?, ?, ?, ?)",
                        row.replica,
                        row.tail,
                        row.newest,
                        row.missing,
                        row.shared);
            }
        }
        held.clear();
    }

    /** The first replicas, by id, of whose numbers some are missing or shared. */
    static List<ReplicaSequence> odd(Sql sql, int limit) {
        return sql.list(
                KEPT + " WHERE missing + shared > 0 ORDER BY id LIMIT ?",
                row -> new ReplicaSequence(
                        Columns.replica(row.getBytes(1)), row.getLong(2), row.getLong(3), row.getLong(4)),
                (long) limit);
    }

    static long countOdd(Sql sql) {
        return sql.number(0, "SELECT count(*) FROM replica WHERE missing + shared > 0");
    }

    /** Some of the replicas of which something else is kept than their transactions say. */
    static List<ReplicaId> wrong(Sql sql) {
        return sql.list(
                "WITH counted AS (" + COUNTED + ") SELECT id FROM (SELECT * FROM counted EXCEPT " + KEPT
                        + ") UNION SELECT id FROM (" + KEPT + " EXCEPT SELECT * FROM counted) LIMIT 20",
                row -> Columns.replica(row.getBytes(1)));
    }
}
