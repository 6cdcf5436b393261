package dev.evstore.fs.index;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index as the append decision sees it, on one connection. Not thread-safe. */
final class IndexView implements StoreView {

    private final Sql sql;
    private final EventFiles files;
    private final ReplicaId self;
    private final Map<String, Transaction> pending;

    /**
     * @param pending by their commands, transactions that are visible and whose bytes are in no file yet
     */
    IndexView(Sql sql, EventFiles files, ReplicaId self, Map<String, Transaction> pending) {
        this.sql = sql;
        this.files = files;
        this.self = self;
        this.pending = pending;
    }

    @Override
    public StreamState state(StreamId stream) {
        return IndexReads.state(sql, stream);
    }

    @Override
    public List<TransactionId> heads(StreamId stream) {
        return ids("SELECT h.id FROM head h JOIN stream s ON s.s = h.s WHERE s.name = ? ORDER BY h.id", stream.value());
    }

    @Override
    public boolean incomplete(StreamId stream) {
        return sql.exists("SELECT 1 FROM stream WHERE name = ? AND missing > 0", stream.value());
    }

    @Override
    public List<TransactionId> storeHeads() {
        return ids("SELECT id FROM storehead ORDER BY id");
    }

    @Override
    public Sha256 trailer(TransactionId visible) {
        return Objects.requireNonNull(
                sql.first(
                        "SELECT trailer FROM tx WHERE id = ? AND gone IS NULL",
                        row -> Sha256.of(row.getBytes(1)),
                        visible.bytes()),
                "visible");
    }

    @Override
    public List<TransactionId> superseded(TransactionId visible, StreamId stream) {
        return ids(
                "SELECT e.head FROM stream s JOIN edge e ON e.child = ? AND e.s = s.s"
                        + " JOIN writes w ON w.id = e.head AND w.s = s.s AND w.free = 0 WHERE s.name = ? ORDER BY e.head",
                visible.bytes(),
                stream.value());
    }

    @Override
    public List<TransactionId> superseders(TransactionId head, StreamId stream) {
        return ids(
                "SELECT e.child FROM stream s JOIN edge e ON e.head = ? AND e.s = s.s WHERE s.name = ? ORDER BY e.child",
                head.bytes(),
                stream.value());
    }

    @Override
    public List<TransactionId> parents(TransactionId visible) {
        return ids(
                "SELECT p.parent FROM parent p JOIN tx t ON t.id = p.parent AND t.gone IS NULL WHERE p.child = ?"
                        + " ORDER BY p.parent",
                visible.bytes());
    }

    @Override
    public List<TransactionId> children(TransactionId parent) {
        return ids("SELECT child FROM parent WHERE parent = ? ORDER BY child", parent.bytes());
    }

    @Override
    public @Nullable TransactionId newest(long untilMillis) {
        byte[] beyond = ByteBuffer.allocate(16).putLong((untilMillis + 1) << 16).array();
        return sql.first(
                "SELECT id FROM tx WHERE gone IS NULL AND id < ? ORDER BY id DESC LIMIT 1",
                row -> TransactionId.of(row.getBytes(1)),
                beyond);
    }

    @Override
    public @Nullable TransactionId lastWrite(ReplicaId replica, StreamId stream) {
        if (!replica.equals(self)) {
            throw new IllegalArgumentException("the index remembers what its own replica wrote, not " + replica);
        }
        return sql.first(
                "SELECT w.id FROM stream s JOIN writes w ON w.s = s.s AND w.own = 1 AND w.free = 0 WHERE s.name = ?"
                        + " ORDER BY w.id DESC LIMIT 1",
                row -> TransactionId.of(row.getBytes(1)),
                stream.value());
    }

    @Override
    public @Nullable TransactionId newerWriter(StreamId stream) {
        return sql.first(
                "SELECT w.id FROM stream s JOIN writes w ON w.s = s.s AND w.newer = 1 WHERE s.name = ? AND s.newer > 0"
                        + " ORDER BY w.id DESC LIMIT 1",
                row -> TransactionId.of(row.getBytes(1)),
                stream.value());
    }

    @Override
    public @Nullable Transaction command(String command) {
        Transaction waiting = pending.get(command);
        if (waiting != null) {
            return waiting;
        }
        record Found(String directory, String name, long offset, int length, Set<Integer> redacted) {}
        Found found = sql.first(
                "SELECT f.dir, f.name, t.off, t.len, t.redacted FROM tx t JOIN file f ON f.f = t.f"
                        + " WHERE t.command = ? AND t.gone IS NULL ORDER BY t.id LIMIT 1",
                row -> new Found(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getInt(4),
                        Columns.ordinals(row.getBytes(5))),
                command);
        if (found == null) {
            return null;
        }
        try {
            Transaction transaction =
                    files.transaction(found.directory(), found.name(), found.offset(), found.length());
            if (transaction == null) {
                throw new IOException("changed in place: " + files.describe(found.directory(), found.name()));
            }
            return new Transaction(
                    transaction.header().redacting(found.redacted()), transaction.bytes(), transaction.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<TransactionId> ids(String query, @Nullable Object... parameters) {
        return sql.list(query, row -> TransactionId.of(row.getBytes(1)), parameters);
    }
}
