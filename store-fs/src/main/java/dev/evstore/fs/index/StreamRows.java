package dev.evstore.fs.index;

import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams that a write touches, held until it is flushed, and the places of their events in canonical order.
 *
 * <p>An event's version is its place in its stream. New events at the end get theirs at once. Late ones and gaps are
 * gathered, and one flush moves what stands behind them: every row once, whatever their number.
 */
final class StreamRows {

    private final Sql sql;
    private final Map<Long, StreamRow> byNumber = new HashMap<>();
    private final Map<StreamId, StreamRow> byName = new HashMap<>();
    private int weight;

    StreamRows(Sql sql) {
        this.sql = sql;
    }

    /** A stream while it is being written. */
    final class StreamRow {
        final long s;
        final StreamId name;
        /** Events that have their place. */
        long version;

        long free;
        long writers;
        long heads;
        long missing;
        long newer;
        Digest digest;
        /** The transaction of the canonically last event that has its place. */
        @Nullable
        TransactionId last;

        private final List<Late> late = new ArrayList<>();
        private final List<Long> gaps = new ArrayList<>();
        /** Heads that are not written down yet: in a chain, each is one for a moment only. */
        private final Set<TransactionId> newHeads = new HashSet<>();

        private StreamRow(long s, StreamId name) {
            this.s = s;
            this.name = name;
            this.digest = Digest.EMPTY;
        }

        /** Whether an event of this transaction would follow all that have their place. */
        boolean isLast(TransactionId id) {
            return last == null || last.compareTo(id) <= 0;
        }

        /** An event that belongs before others; its version is given by the flush. */
        void addLate(TransactionId id, long seq) {
            late.add(new Late(id, seq));
        }

        void addHead(TransactionId id) {
            newHeads.add(id);
            heads++;
        }

        /** Tells whether it was a head. */
        boolean dropHead(TransactionId id) {
            boolean was =
                    newHeads.remove(id) || sql.update("DELETE FROM head WHERE s = ? AND id = ?", s, id.bytes()) > 0;
            heads -= was ? 1 : 0;
            return was;
        }

        private void flushHeads() {
            newHeads.forEach(id -> sql.update("INSERT INTO head VALUES(?, ?)", s, id.bytes()));
            newHeads.clear();
        }

        /** An event that had this version is gone. */
        void addGap(long version) {
            gaps.add(version);
        }
    }

    private record Late(TransactionId id, long seq) {}

    /** How many changes wait: the caller flushes before they are too many. */
    int weight() {
        return weight;
    }

    StreamRow get(StreamId name) {
        weight++;
        StreamRow row = byName.get(name);
        if (row == null) {
            row = sql.first(SELECT + "name = ?", this::map, name.value());
            if (row == null) {
                // A number is never used again: rows that are gone for good would read as another stream's.
                row = new StreamRow(sql.number(0, "SELECT max(s) FROM stream") + 1, name);
                sql.update(
                        "INSERT INTO stream VALUES(?, ?, 0, 0, 0, 0, 0, 0, NULL, ?)",
                        row.s,
                        name.value(),
                        Digest.EMPTY.bytes());
            }
            keep(row);
        }
        return row;
    }

    StreamRow get(long s) {
        weight++;
        StreamRow row = byNumber.get(s);
        if (row == null) {
            row = Objects.requireNonNull(sql.first(SELECT + "s = ?", this::map, s), "a stream that is named is there");
            keep(row);
        }
        return row;
    }

    private void keep(StreamRow row) {
        byNumber.put(row.s, row);
        byName.put(row.name, row);
    }

    private static final String SELECT =
            "SELECT s, name, version, free, writers, heads, missing, newer, last, digest FROM stream WHERE ";

    private StreamRow map(ResultSet columns) throws SQLException {
        StreamRow row = new StreamRow(columns.getLong(1), StreamId.of(columns.getString(2)));
        row.version = columns.getLong(3);
        row.free = columns.getLong(4);
        row.writers = columns.getLong(5);
        row.heads = columns.getLong(6);
        row.missing = columns.getLong(7);
        row.newer = columns.getLong(8);
        byte[] last = columns.getBytes(9);
        row.last = last == null ? null : TransactionId.of(last);
        row.digest = Digest.of(columns.getBytes(10));
        return row;
    }

    /** Gives every event its version and writes the streams down. */
    void flush() {
        for (StreamRow row : byNumber.values()) {
            row.flushHeads();
            closeGaps(row);
            placeLate(row);
            sql.update(
                    "UPDATE stream SET version=?, free=?, writers=?, heads=?, missing=?, newer=?, last=?, digest=?"
                            + " WHERE s=?",
                    row.version,
                    row.free,
                    row.writers,
                    row.heads,
                    row.missing,
                    row.newer,
                    row.last == null ? null : row.last.bytes(),
                    row.digest.bytes(),
                    row.s);
        }
        byNumber.clear();
        byName.clear();
        weight = 0;
    }

    /** Events behind the first gap move down by one, behind the second by two, and so on. */
    private void closeGaps(StreamRow row) {
        if (row.gaps.isEmpty()) {
            return;
        }
        List<Long> gaps = row.gaps.stream().sorted().toList();
        for (int k = 0; k < gaps.size(); k++) {
            long next = k + 1 < gaps.size() ? gaps.get(k + 1) : row.version + 1;
            if (next - gaps.get(k) > 1) {
                sql.update(
                        "UPDATE event SET version = version - ? WHERE stream = ? AND version > ? AND version < ?",
                        k + 1,
                        row.s,
                        gaps.get(k),
                        next);
            }
        }
        row.version -= gaps.size();
        row.gaps.clear();
        row.last = row.version == 0 ? null : idAt(row, row.version);
    }

    /** What stands behind the last late event moves up by their number, what stands behind the one before by one less … */
    private void placeLate(StreamRow row) {
        List<Late> late = row.late;
        long[] before = new long[late.size()];
        for (int k = 0; k < late.size(); k++) {
            boolean same = k > 0 && late.get(k).id().equals(late.get(k - 1).id());
            before[k] = same ? before[k - 1] : countBefore(row, late.get(k).id(), k == 0 ? 0 : before[k - 1]);
        }
        for (int k = late.size() - 1; k >= 0; k--) {
            long end = k + 1 < late.size() ? before[k + 1] : row.version;
            if (end > before[k]) {
                sql.update(
                        "UPDATE event SET version = version + ? WHERE stream = ? AND version > ? AND version <= ?",
                        k + 1,
                        row.s,
                        before[k],
                        end);
            }
        }
        for (int k = 0; k < late.size(); k++) {
            sql.update(
                    "UPDATE event SET version = ? WHERE seq = ?",
                    before[k] + k + 1,
                    late.get(k).seq());
        }
        row.version += late.size();
        late.clear();
    }

    /** How many events with a place come canonically before {@code id}; at least {@code low} do. Binary search. */
    private long countBefore(StreamRow row, TransactionId id, long low) {
        long high = row.version;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (idAt(row, middle).compareTo(id) < 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private TransactionId idAt(StreamRow row, long version) {
        return Objects.requireNonNull(
                sql.first(
                        "SELECT t.id FROM event e JOIN tx t ON t.a = (SELECT min(a) FROM tx WHERE a >= e.seq)"
                                + " WHERE e.stream = ? AND e.version = ?",
                        found -> TransactionId.of(found.getBytes(1)),
                        row.s,
                        version),
                "every version up to the stream's has its event");
    }
}
