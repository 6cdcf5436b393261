package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.append.FeedHash;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.StreamRows.StreamRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes transactions visible and takes them back, within one database transaction of the caller's: positions (P1),
 * heads by set difference (F1), incomplete streams (F7), versions, digests. Each costs what it touches.
 *
 * <p>The caller hands arrivals over in canonical order (P2), retractions in reverse, and never mixes the two without a
 * {@link #flush()} between. Not thread-safe.
 */
final class IndexWriter {

    /** How many changes of streams are held before they are flushed: some megabytes. */
    private static final int FLUSH_WEIGHT = 20_000;

    private final Sql sql;
    private final byte[] own;
    private final Counters counters;
    private final StreamRows streams;
    private final Map<String, Long> types = new HashMap<>();

    IndexWriter(Sql sql, ReplicaId self) {
        this.sql = sql;
        this.own = Columns.replica(self);
        this.counters = Counters.load(sql);
        this.streams = new StreamRows(sql);
    }

    /**
     * Where a transaction's bytes stand.
     *
     * @param inline whether its lines are kept in the index, too
     */
    record Place(long file, long offset, int length, boolean inline) {}

    Counters counters() {
        return counters;
    }

    /** Writes down all that was held back, so that queries see it. */
    void flush() {
        streams.flush();
        counters.save(sql);
    }

    /**
     * What this index, or the one before it, says of an arrival and no file can.
     *
     * @param first the sequence number of its first event
     * @param last that of its last event, or its own if it has none
     * @param again whether it was here before and is back
     * @param hash over all arrivals up to it
     * @param late the ordinals of its late events
     */
    record Carried(long first, long last, boolean again, long hash, Set<Integer> late) {}

    /**
     * Makes a transaction visible: it arrives, and takes the next sequence numbers.
     *
     * @param transaction with the redactions of every copy here
     * @param again whether it was here, went away whole, and is back
     * @return how many of its events are late
     */
    int arrive(Transaction transaction, Place place, boolean again) {
        TransactionHeader header = transaction.header();
        long first = counters.next;
        long last = first + Math.max(1, header.events().size()) - 1;
        counters.next = last + 1;
        counters.arrivalHash =
                FeedHash.next(counters.arrivalHash, header.id(), header.trailer(), header.redacted(), last);
        Set<Integer> late = new HashSet<>();
        for (int k = 0; k < header.events().size(); k++) {
            if (!streams.get(header.events().get(k).stream()).isLast(header.id())) {
                late.add(k);
            }
        }
        counters.generation += late.size();
        insert(transaction, place, new Carried(first, last, again, counters.arrivalHash, late));
        return late.size();
    }

    /** Makes a transaction visible with what an index before this one said of its arrival. */
    void carry(Transaction transaction, Place place, Carried carried) {
        insert(transaction, place, carried);
    }

    private void insert(Transaction transaction, Place place, Carried carried) {
        TransactionHeader header = transaction.header();
        byte[] id = header.id().bytes();
        Digest digest = header.digest();
        counters.transactions++;
        counters.events += header.events().size();
        counters.digest = counters.digest.plus(digest);
        insertTransaction(header, place, carried);
        linkParents(header, id);
        for (Map.Entry<StreamId, TransactionHeader.Write> write :
                header.writes().entrySet()) {
            linkStream(header, id, write.getKey(), write.getValue(), digest);
        }
        header.reads()
                .forEach((stream, heads) ->
                        sql.update("INSERT INTO reads VALUES(?, ?, ?)", streams.get(stream).s, id, Columns.ids(heads)));
        settleNames(header.id(), id, true);
        rememberCommand(header.command(), id);
        insertEvents(transaction, place, carried);
        if (streams.weight() > FLUSH_WEIGHT) {
            flush();
        }
    }

    private void insertTransaction(TransactionHeader header, Place place, Carried carried) {
        Origin origin = header.origin();
        sql.update(
                "INSERT INTO tx VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)",
                carried.last(),
                carried.first(),
                header.id().bytes(),
                header.trailer().bytes(),
                Columns.ordinals(header.redacted()),
                header.format(),
                origin == null ? null : Columns.replica(origin.replica()),
                origin == null ? null : origin.sequence(),
                origin == null ? null : origin.at(),
                header.command(),
                carried.again(),
                carried.hash(),
                place.file(),
                place.offset(),
                place.length());
    }

    private void linkParents(TransactionHeader header, byte[] id) {
        header.parents().forEach((parent, half) -> {
            byte[] parentId = parent.bytes();
            sql.update("INSERT INTO parent VALUES(?, ?, ?)", parentId, id, half);
            Sha256 seen = trailerOf(parentId);
            if (seen == null) {
                sql.update("INSERT INTO dangling VALUES(?, ?)", id, parentId);
            } else {
                sql.update("DELETE FROM storehead WHERE id = ?", parentId);
                markMismatch(id, parentId, half, seen);
            }
        });
        if (!sql.exists("SELECT 1 FROM parent WHERE parent = ?", id)) {
            sql.update("INSERT INTO storehead VALUES(?)", id);
        } else {
            sql.update("DELETE FROM dangling WHERE parent = ?", id);
            sql.list("SELECT child, half FROM parent WHERE parent = ?", ParentRow::of, id)
                    .forEach(child -> markMismatch(child.id(), id, child.half(), header.trailer()));
        }
    }

    private record ParentRow(byte[] id, String half) {
        static ParentRow of(ResultSet row) throws SQLException {
            return new ParentRow(row.getBytes(1), row.getString(2));
        }
    }

    private void markMismatch(byte[] child, byte[] parent, String half, Sha256 trailer) {
        if (!trailer.half().equals(half)) {
            mark(Finding.Code.PARENT_MISMATCH, child, parent, 0);
        }
    }

    private void linkStream(
            TransactionHeader header, byte[] id, StreamId name, TransactionHeader.Write write, Digest digest) {
        StreamRow stream = streams.get(name);
        boolean claims = write instanceof TransactionHeader.Superseding;
        if (stream.writers++ == 0) {
            counters.streams++;
        }
        stream.digest = stream.digest.plus(digest);
        stream.newer += header.isNewer() ? 1 : 0;
        Origin origin = header.origin();
        boolean ours = origin != null && Arrays.equals(Columns.replica(origin.replica()), own);
        sql.update("INSERT INTO writes VALUES(?, ?, ?, ?, ?)", stream.s, id, !claims, ours, header.isNewer());
        if (!claims) {
            return;
        }
        for (TransactionId named : header.supersedes(name)) {
            byte[] head = named.bytes();
            sql.update("INSERT INTO edge VALUES(?, ?, ?)", head, stream.s, id);
            if (!isVisible(head)) {
                stream.missing++;
            } else if (!claims(head, stream.s)) {
                mark(Finding.Code.NAMES_NO_HEAD, id, head, stream.s);
            } else {
                stream.heads -= sql.update("DELETE FROM head WHERE s = ? AND id = ?", stream.s, head);
            }
        }
        if (!isNamed(id, stream.s)) {
            sql.update("INSERT INTO head VALUES(?, ?)", stream.s, id);
            stream.heads++;
        }
    }

    /** Whoever named this transaction as a head names something that is here now, or is no longer. */
    private void settleNames(TransactionId transaction, byte[] id, boolean here) {
        for (Edge edge : sql.list("SELECT s, child FROM edge WHERE head = ?", Edge::of, id)) {
            streams.get(edge.s()).missing += here ? -1 : 1;
            if (!here) {
                sql.update(
                        "DELETE FROM oddity WHERE code = ? AND id = ? AND other = ? AND s = ?",
                        Finding.Code.NAMES_NO_HEAD.name(),
                        edge.other(),
                        id,
                        edge.s());
            } else if (!claims(id, edge.s())) {
                mark(Finding.Code.NAMES_NO_HEAD, edge.other(), transaction.bytes(), edge.s());
            }
        }
    }

    private record Edge(long s, byte[] other) {
        static Edge of(ResultSet row) throws SQLException {
            return new Edge(row.getLong(1), row.getBytes(2));
        }
    }

    /** Of several transactions with one command the canonically first counts; the others are marked (rule A6). */
    private void rememberCommand(@Nullable String command, byte[] id) {
        if (command == null) {
            return;
        }
        byte[] first = firstOf(command, id);
        if (first != null) {
            boolean later = Arrays.compareUnsigned(id, first) > 0;
            mark(Finding.Code.COMMAND_TWICE, later ? id : first, new byte[0], 0);
        }
    }

    private byte @Nullable [] firstOf(String command, byte[] except) {
        return sql.first(
                "SELECT id FROM tx WHERE command = ? AND gone IS NULL AND id <> ? ORDER BY id LIMIT 1",
                row -> row.getBytes(1),
                command,
                except);
    }

    private void insertEvents(Transaction transaction, Place place, Carried carried) {
        TransactionHeader header = transaction.header();
        for (int k = 0; k < header.events().size(); k++) {
            Slot slot = header.events().get(k);
            Transaction.Line line = transaction.lines().get(k);
            StreamRow stream = streams.get(slot.stream());
            long seq = carried.first() + k;
            boolean isLast = stream.isLast(header.id());
            sql.update(
                    "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?)",
                    seq,
                    stream.s,
                    isLast ? stream.version + 1 : null,
                    type(slot.type()),
                    line.offset(),
                    line.length(),
                    carried.late().contains(k),
                    slot.redacted(),
                    Columns.tags(slot.tags()),
                    line.leaf().bytes());
            if (isLast) {
                stream.version++;
                stream.last = header.id();
            } else {
                stream.addLate(header.id(), seq);
            }
            if (!header.claims(slot.stream())) {
                stream.free++;
            }
            if (place.inline() && !slot.redacted()) {
                sql.update("INSERT INTO payload VALUES(?, ?)", seq, transaction.line(k));
            }
        }
    }

    private long type(EventType type) {
        return types.computeIfAbsent(type.value(), name -> {
            sql.update("INSERT OR IGNORE INTO type(name) VALUES(?)", name);
            return sql.number(0, "SELECT t FROM type WHERE name = ?", name);
        });
    }

    /**
     * A visible transaction as it stands in the index.
     *
     * @param last the sequence number of its last event, its key
     */
    record Visible(
            long last,
            long first,
            TransactionId id,
            Sha256 trailer,
            Set<Integer> redacted,
            @Nullable String command) {
        static Visible of(ResultSet row) throws SQLException {
            return new Visible(
                    row.getLong("a"),
                    row.getLong("first"),
                    TransactionId.of(row.getBytes("id")),
                    Sha256.of(row.getBytes("trailer")),
                    Columns.ordinals(row.getBytes("redacted")),
                    row.getString("command"));
        }
    }

    /**
     * Takes a transaction back.
     *
     * @param replaced whether the same id comes back at once with other contents, so that it is no return (rule P7)
     */
    void retract(Visible gone, boolean replaced) {
        byte[] id = gone.id().bytes();
        counters.retractions++;
        counters.generation++;
        counters.transactions--;
        counters.digest = counters.digest.minus(Digest.of(gone.id(), gone.trailer(), gone.redacted()));
        counters.retractionHash = FeedHash.next(counters.retractionHash, counters.retractions, gone.last());
        sql.update("UPDATE tx SET gone = ? WHERE a = ?", counters.retractions, gone.last());
        sql.update(
                "INSERT INTO gone VALUES(?, ?, ?, ?)",
                counters.retractions,
                gone.last(),
                replaced,
                counters.retractionHash);
        unlinkParents(id);
        Set<Long> free = unlinkStreams(gone, id);
        settleNames(gone.id(), id, false);
        sql.update("DELETE FROM reads WHERE id = ?", id);
        sql.update("DELETE FROM oddity WHERE id = ?", id);
        forgetCommand(gone.command(), id);
        removeEvents(gone, free);
        if (streams.weight() > FLUSH_WEIGHT) {
            flush();
        }
    }

    private void unlinkParents(byte[] id) {
        List<byte[]> parents = sql.list("SELECT parent FROM parent WHERE child = ?", row -> row.getBytes(1), id);
        sql.update("DELETE FROM parent WHERE child = ?", id);
        sql.update("DELETE FROM dangling WHERE child = ?", id);
        for (byte[] parent : parents) {
            if (isVisible(parent) && !sql.exists("SELECT 1 FROM parent WHERE parent = ?", parent)) {
                sql.update("INSERT INTO storehead VALUES(?)", parent);
            }
        }
        sql.update("DELETE FROM storehead WHERE id = ?", id);
        for (byte[] child : sql.list("SELECT child FROM parent WHERE parent = ?", row -> row.getBytes(1), id)) {
            sql.update("INSERT INTO dangling VALUES(?, ?)", child, id);
            sql.update(
                    "DELETE FROM oddity WHERE code = ? AND id = ? AND other = ?",
                    Finding.Code.PARENT_MISMATCH.name(),
                    child,
                    id);
        }
    }

    /** Tells which streams it wrote freely. */
    private Set<Long> unlinkStreams(Visible gone, byte[] id) {
        Digest digest = Digest.of(gone.id(), gone.trailer(), gone.redacted());
        record Written(long s, boolean free, boolean newer) {}
        List<Written> written = sql.list(
                "SELECT s, free, newer FROM writes WHERE id = ?",
                row -> new Written(row.getLong(1), row.getBoolean(2), row.getBoolean(3)),
                id);
        sql.update("DELETE FROM writes WHERE id = ?", id);
        List<Edge> edges = sql.list("SELECT s, head FROM edge WHERE child = ?", Edge::of, id);
        sql.update("DELETE FROM edge WHERE child = ?", id);
        for (Edge edge : edges) {
            StreamRow stream = streams.get(edge.s());
            if (!isVisible(edge.other())) {
                stream.missing--;
            } else if (claims(edge.other(), edge.s()) && !isNamed(edge.other(), edge.s())) {
                stream.heads += sql.update("INSERT OR IGNORE INTO head VALUES(?, ?)", edge.s(), edge.other());
            }
        }
        Set<Long> free = new HashSet<>();
        for (Written write : written) {
            StreamRow stream = streams.get(write.s());
            if (write.free()) {
                free.add(write.s());
            }
            stream.digest = stream.digest.minus(digest);
            stream.newer -= write.newer() ? 1 : 0;
            stream.heads -= sql.update("DELETE FROM head WHERE s = ? AND id = ?", write.s(), id);
            if (--stream.writers == 0) {
                counters.streams--;
            }
        }
        return free;
    }

    private void forgetCommand(@Nullable String command, byte[] id) {
        byte[] first = command == null ? null : firstOf(command, id);
        if (first != null) {
            sql.update("DELETE FROM oddity WHERE code = ? AND id = ?", Finding.Code.COMMAND_TWICE.name(), first);
        }
    }

    private void removeEvents(Visible gone, Set<Long> free) {
        record Placed(long stream, long version) {}
        List<Placed> events = sql.list(
                "SELECT stream, version FROM event WHERE seq BETWEEN ? AND ?",
                row -> new Placed(row.getLong(1), row.getLong(2)),
                gone.first(),
                gone.last());
        for (Placed event : events) {
            StreamRow stream = streams.get(event.stream());
            stream.addGap(event.version());
            stream.free -= free.contains(event.stream()) ? 1 : 0;
        }
        counters.events -= events.size();
        sql.update("UPDATE event SET version = NULL WHERE seq BETWEEN ? AND ?", gone.first(), gone.last());
        sql.update("DELETE FROM payload WHERE seq BETWEEN ? AND ?", gone.first(), gone.last());
    }

    private void mark(Finding.Code code, byte[] id, byte[] other, long s) {
        sql.update("INSERT OR IGNORE INTO oddity VALUES(?, ?, ?, ?)", code.name(), id, other, s);
    }

    /** Several contents of one id are here, or no longer (rule I5). */
    void markVariant(TransactionId id, boolean several) {
        if (several) {
            mark(Finding.Code.VARIANT, id.bytes(), new byte[0], 0);
        } else {
            sql.update("DELETE FROM oddity WHERE code = ? AND id = ?", Finding.Code.VARIANT.name(), id.bytes());
        }
    }

    private @Nullable Sha256 trailerOf(byte[] id) {
        return sql.first("SELECT trailer FROM tx WHERE id = ? AND gone IS NULL", row -> Sha256.of(row.getBytes(1)), id);
    }

    private boolean isVisible(byte[] id) {
        return sql.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", id);
    }

    private boolean claims(byte[] id, long s) {
        return sql.exists("SELECT 1 FROM writes WHERE id = ? AND s = ? AND free = 0", id, s);
    }

    private boolean isNamed(byte[] id, long s) {
        return sql.exists("SELECT 1 FROM edge WHERE head = ? AND s = ?", id, s);
    }
}
