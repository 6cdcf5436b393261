package dev.evstore.fs.index;

import dev.evstore.core.history.StaleRead;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The stale reads (rule F6), worked out on demand, as of one moment. Thread-safe.
 *
 * <p>What the heads of a stream were over the ids below x is found by going back in time: of what is left, the greatest
 * id is always a head, because whoever supersedes it has a greater one (rule I2). Taking it away brings back those of
 * the heads it names that nobody below it names; that is asked of the index, which keeps who names whom in order. So a
 * stream that was read is walked once for all its readers, last first, and no further back than its oldest reader. The
 * cost is that of as many writers as came after it, and of the edges between them; the memory that of the heads.
 */
public final class StaleReads {

    /** Readers taken from the index at once. */
    private static final int READERS = 1_000;

    private final Index index;

    public StaleReads(Index index) {
        this.index = index;
    }

    /** By transaction, then stream. */
    public List<StaleRead> all() throws IOException {
        return index.read(sql -> {
            record Stream(long s, StreamId name) {}
            List<Stream> streams = sql.list(
                    "SELECT s, name FROM stream WHERE s IN (SELECT s FROM reads)",
                    row -> new Stream(row.getLong(1), StreamId.of(row.getString(2))));
            List<StaleRead> found = new ArrayList<>();
            streams.forEach(stream -> new Walk(sql, stream.s(), stream.name()).into(found));
            found.sort(Comparator.comparing(StaleRead::transaction).thenComparing(StaleRead::stream));
            return found;
        });
    }

    private record Reader(TransactionId id, List<TransactionId> seen) {}

    /** One stream, from now back. */
    private static final class Walk {

        private final Sql sql;
        private final long s;
        private final StreamId stream;
        private final TreeSet<TransactionId> heads;

        Walk(Sql sql, long s, StreamId stream) {
            this.sql = sql;
            this.s = s;
            this.stream = stream;
            this.heads = new TreeSet<>(
                    sql.list("SELECT id FROM head WHERE s = ?", row -> TransactionId.of(row.getBytes(1)), s));
        }

        void into(List<StaleRead> found) {
            List<Reader> readers = readers(Columns.afterAllIds());
            while (!readers.isEmpty()) {
                for (Reader reader : readers) {
                    goBackTo(reader.id());
                    if (!heads.equals(new TreeSet<>(reader.seen()))) {
                        found.add(new StaleRead(reader.id(), stream, reader.seen(), List.copyOf(heads)));
                    }
                }
                readers = readers(readers.get(readers.size() - 1).id().bytes());
            }
        }

        private List<Reader> readers(byte[] before) {
            return sql.list(
                    "SELECT id, heads FROM reads WHERE s = ? AND id < ? ORDER BY id DESC LIMIT ?",
                    row -> new Reader(TransactionId.of(row.getBytes(1)), Columns.ids(row.getBytes(2))),
                    s,
                    before,
                    READERS);
        }

        private void goBackTo(TransactionId moment) {
            while (!heads.isEmpty() && heads.last().compareTo(moment) >= 0) {
                byte[] last = heads.pollLast().bytes();
                heads.addAll(sql.list(
                        "SELECT e.head FROM edge e JOIN writes w ON w.id = e.head AND w.s = e.s AND w.free = 0"
                                + " WHERE e.child = ?1 AND e.s = ?2"
                                + " AND ?1 = (SELECT min(n.child) FROM edge n WHERE n.head = e.head AND n.s = ?2)",
                        row -> TransactionId.of(row.getBytes(1)),
                        last,
                        s));
            }
        }
    }
}
