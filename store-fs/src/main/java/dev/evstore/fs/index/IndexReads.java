package dev.evstore.fs.index;

import dev.evstore.core.ReadOptions;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.history.ForkWalk;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What readers ask of the index, each answer of one moment. Thread-safe. */
public final class IndexReads {

    static final String SLICE = "SELECT " + EventRows.COLUMNS
            + " FROM stream s CROSS JOIN event e ON e.stream = s.s"
            + " CROSS JOIN tx t ON t.a = (SELECT min(a) FROM tx WHERE a >= e.seq)"
            + " WHERE s.name = ? AND e.version BETWEEN ? AND ? ORDER BY e.version ";

    private final Index index;
    private final EventFiles files;

    public IndexReads(Index index, EventFiles files) {
        this.index = index;
        this.files = files;
    }

    /** A part of a stream with the whole stream's state. */
    public StreamSlice slice(StreamId stream, ReadOptions options) throws IOException {
        return index.read(sql -> {
            StreamState state = state(sql, stream);
            long version = state.version().value();
            long from = Math.min(options.from().value(), version + 1);
            boolean back = options.backwards();
            long low = back ? Math.max(1, Math.min(from, version) - options.limit() + 1L) : from;
            long high = back ? Math.min(from, version) : Math.min(version, from + options.limit() - 1L);
            List<StoredEvent> events = new ArrayList<>();
            EventRows rows = new EventRows(sql);
            try (PlacedEvents payloads = new PlacedEvents(files)) {
                String query = SLICE + (back ? "DESC" : "ASC");
                for (EventRows.EventRow row : sql.list(query, rows::row, stream.value(), low, high)) {
                    events.add(payloads.read(rows.placed(row)));
                }
            }
            return new StreamSlice(stream, state, events);
        });
    }

    /** {@link StreamState#NONE} for an unknown stream. */
    static StreamState state(Sql sql, StreamId stream) {
        StreamState state = sql.first(
                "SELECT version, digest FROM stream WHERE name = ? AND writers > 0",
                row -> new StreamState(StreamVersion.of(row.getLong(1)), Digest.of(row.getBytes(2))),
                stream.value());
        return state == null ? StreamState.NONE : state;
    }

    /** The streams whose names begin with {@code prefix}, ascending. */
    public List<StreamInfo> streams(String prefix) throws IOException {
        return index.read(sql -> {
            record Found(long s, String name, StreamState state, boolean incomplete) {}
            List<Found> found = new ArrayList<>();
            sql.each(
                    "SELECT s, name, version, digest, missing FROM stream WHERE name >= ? AND writers > 0 ORDER BY name",
                    row -> {
                        String name = row.getString(2);
                        if (!name.startsWith(prefix)) {
                            return false;
                        }
                        StreamState state =
                                new StreamState(StreamVersion.of(row.getLong(3)), Digest.of(row.getBytes(4)));
                        found.add(new Found(row.getLong(1), name, state, row.getLong(5) > 0));
                        return true;
                    },
                    prefix);
            return found.stream()
                    .map(stream -> new StreamInfo(
                            StreamId.of(stream.name()), stream.state(), heads(sql, stream.s()), stream.incomplete()))
                    .toList();
        });
    }

    private static List<TransactionId> heads(Sql sql, long s) {
        return sql.list("SELECT id FROM head WHERE s = ? ORDER BY id", row -> TransactionId.of(row.getBytes(1)), s);
    }

    /** The forks in units (rule F5). */
    public List<ForkUnit> forks() throws IOException {
        return index.read(IndexReads::forks);
    }

    static List<ForkUnit> forks(Sql sql) {
        record Forked(long s, String name, long claimed) {}
        List<Forked> forked = sql.list(
                "SELECT s, name, version - free FROM stream WHERE heads > 1 ORDER BY name",
                row -> new Forked(row.getLong(1), row.getString(2), row.getLong(3)));
        List<Fork> forks = forked.stream()
                .map(stream -> ForkWalk.of(
                        StreamId.of(stream.name()),
                        heads(sql, stream.s()),
                        id -> superseded(sql, stream.s(), id),
                        id -> events(sql, stream.s(), id),
                        stream.claimed()))
                .toList();
        return ForkUnit.of(forks);
    }

    private static List<TransactionId> superseded(Sql sql, long s, TransactionId id) {
        return sql.list(
                "SELECT e.head FROM edge e JOIN writes w ON w.id = e.head AND w.s = e.s AND w.free = 0"
                        + " WHERE e.child = ? AND e.s = ? ORDER BY e.head",
                row -> TransactionId.of(row.getBytes(1)),
                id.bytes(),
                s);
    }

    private static List<EventId> events(Sql sql, long s, TransactionId id) {
        return sql.list(
                "SELECT e.seq - t.first FROM tx t JOIN event e ON e.seq BETWEEN t.first AND t.a"
                        + " WHERE t.id = ? AND t.gone IS NULL AND e.stream = ? ORDER BY e.seq",
                row -> new EventId(id, row.getInt(1)),
                id.bytes(),
                s);
    }

    /** The canonically first visible transaction of a command (rule A6). */
    public Optional<TransactionId> command(String command) throws IOException {
        return index.read(sql -> Optional.ofNullable(sql.first(
                "SELECT id FROM tx WHERE command = ? AND gone IS NULL ORDER BY id LIMIT 1",
                row -> TransactionId.of(row.getBytes(1)),
                command)));
    }

    /** The directories below {@code events/} at the last look, itself among them as the empty name. */
    public List<String> directories() throws IOException {
        return index.read(sql -> sql.list("SELECT path FROM dir ORDER BY path", row -> row.getString(1)));
    }

    /** The digest of all visible transactions. */
    public Digest digest() throws IOException {
        return index.read(sql -> Counters.load(sql).digest);
    }

    /** Those of the transactions that are not visible, ascending. */
    public SortedSet<TransactionId> notVisible(Collection<TransactionId> asked) throws IOException {
        return index.read(sql -> {
            SortedSet<TransactionId> missing = new TreeSet<>();
            for (TransactionId id : asked) {
                if (!sql.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", (Object) id.bytes())) {
                    missing.add(id);
                }
            }
            return missing;
        });
    }

    /** How many transactions have vanished so far, with the epoch that this counts in. */
    public String retractions() throws IOException {
        return index.with(sql -> {
            Counters counters = Counters.load(sql);
            return counters.epoch + "-" + counters.retractions;
        });
    }
}
