package dev.evstore.fs.index;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.ForkMovedException;
import dev.evstore.core.reconcile.ForkReads.Placed;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What merge mode asks of the index, each answer of one moment. Thread-safe. */
public final class ForkLooks {

    private static final String EVENT = "SELECT " + EventRows.COLUMNS
            + " FROM tx t CROSS JOIN event e ON e.seq = t.first + ? AND e.seq <= t.a"
            + " WHERE t.gone IS NULL AND t.id = ?";

    private final Index index;
    private final EventFiles files;
    private final ReplicaId self;

    public ForkLooks(Index index, EventFiles files, ReplicaId self) {
        this.index = index;
        this.files = files;
        this.self = self;
    }

    /** The forks in units (rule F5). */
    public List<ForkUnit> forks() throws IOException {
        return index.read(IndexReads::forks);
    }

    /** Answers from the index as it is now. */
    public <T> T look(Function<StoreView, T> question) throws IOException {
        return index.read(sql -> question.apply(new IndexView(sql, files, self, Map.of())));
    }

    /**
     * Who wrote a transaction; nothing for a merge.
     *
     * @throws ForkMovedException it is not visible
     */
    public Optional<Origin> origin(TransactionId id) throws IOException {
        List<Optional<Origin>> found = index.with(sql -> sql.list(
                "SELECT replica, seq, at FROM tx WHERE id = ? AND gone IS NULL",
                row -> {
                    byte[] replica = row.getBytes(1);
                    return replica == null
                            ? Optional.empty()
                            : Optional.of(new Origin(Columns.replica(replica), row.getLong(2), row.getString(3)));
                },
                (Object) id.bytes()));
        if (found.isEmpty()) {
            throw new ForkMovedException("transaction " + id + " is gone");
        }
        return found.get(0);
    }

    /** The heads that a transaction names as superseded in a stream, ascending. */
    public List<TransactionId> supersedes(TransactionId id, StreamId stream) throws IOException {
        return index.with(sql -> sql.list(
                "SELECT e.head FROM stream s JOIN edge e ON e.child = ? AND e.s = s.s WHERE s.name = ? ORDER BY e.head",
                row -> TransactionId.of(row.getBytes(1)),
                id.bytes(),
                stream.value()));
    }

    /**
     * The first of these events, as many as are small enough together.
     *
     * @throws ForkMovedException one of them is not visible
     */
    public List<StoredEvent> events(List<EventId> ids) throws IOException {
        return index.read(sql -> {
            List<StoredEvent> events = new ArrayList<>();
            long size = 0;
            EventRows rows = new EventRows(sql);
            try (PlacedEvents payloads = new PlacedEvents(files)) {
                for (EventId id : ids) {
                    EventRows.EventRow row = sql.first(
                            EVENT, rows::row, id.ordinal(), id.transaction().bytes());
                    if (row == null) {
                        throw new ForkMovedException("event " + id + " is gone");
                    }
                    events.add(payloads.read(rows.placed(row)));
                    size += row.length();
                    if (size >= Scan.MOST_BYTES) {
                        break;
                    }
                }
            }
            return events;
        });
    }

    /** A stretch of a stream from a version on; short of the limit where events are large, but not of two. */
    public List<Placed> stream(StreamId stream, long from, int limit) throws IOException {
        return index.read(sql -> {
            boolean anyFree = sql.exists("SELECT 1 FROM stream WHERE name = ? AND free > 0", stream.value());
            Map<TransactionId, Boolean> free = new HashMap<>();
            List<Placed> page = new ArrayList<>();
            long size = 0;
            EventRows rows = new EventRows(sql);
            try (PlacedEvents payloads = new PlacedEvents(files)) {
                for (EventRows.EventRow row :
                        sql.list(IndexReads.SLICE + "ASC", rows::row, stream.value(), from, from + limit - 1L)) {
                    boolean isFree =
                            anyFree && free.computeIfAbsent(row.id().transaction(), id -> isFree(sql, stream, id));
                    page.add(new Placed(payloads.read(rows.placed(row)), isFree));
                    size += row.length();
                    if (size >= Scan.MOST_BYTES && page.size() > 1) {
                        break;
                    }
                }
            }
            return page;
        });
    }

    private static boolean isFree(Sql sql, StreamId stream, TransactionId id) {
        return sql.exists(
                "SELECT 1 FROM stream s JOIN writes w ON w.s = s.s AND w.id = ? AND w.free = 1 WHERE s.name = ?",
                id.bytes(),
                stream.value());
    }
}
