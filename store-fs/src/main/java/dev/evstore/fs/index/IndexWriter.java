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
    private final Counters counters;
    private final StreamRows streams;
    private final VisibleRows visible;
    private final Oddities oddities;
    private final ParentLinks parents;
    private final HeadLinks heads;
    private final SequenceRows sequences;
    private final Map<String, Long> types = new HashMap<>();

    IndexWriter(Sql sql, ReplicaId self) {
        this.sql = sql;
        this.counters = Counters.load(sql);
        this.streams = new StreamRows(sql);
        this.visible = new VisibleRows(sql);
        this.oddities = new Oddities(sql);
        this.parents = new ParentLinks(sql, visible, oddities);
        this.sequences = new SequenceRows(sql);
        this.heads = new HeadLinks(sql, streams, visible, oddities, Columns.replica(self));
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
        flushRows();
        counters.save(sql);
    }

    /** Writes down all but the counters, of which a group of appends needs no more than {@link #counters()} has. */
    void flushRows() {
        parents.flush();
        streams.flush();
        sequences.flush();
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
        // Whoever names a transaction has a greater id (rule I2): nobody here names one that follows all that is here.
        boolean unnamed = visible.follows(header.id());
        insertTransaction(header, place, carried);
        Origin origin = header.origin();
        if (origin != null) {
            sequences.add(origin);
        }
        visible.add(header.id(), header.trailer());
        parents.link(header, id, unnamed);
        for (Map.Entry<StreamId, TransactionHeader.Write> write :
                header.writes().entrySet()) {
            StreamRow stream = streams.get(write.getKey());
            counters.streams += stream.writers++ == 0 ? 1 : 0;
            stream.digest = stream.digest.plus(digest);
            heads.link(header, id, stream, write.getValue() instanceof TransactionHeader.Superseding, unnamed);
        }
        header.reads()
                .forEach((stream, seen) ->
                        sql.update("INSERT INTO reads VALUES(?, ?, ?)", streams.get(stream).s, id, Columns.ids(seen)));
        if (!unnamed) {
            heads.nowHere(id);
        }
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

    /** Of several transactions with one command the canonically first counts; the others are marked (rule A6). */
    private void rememberCommand(@Nullable String command, byte[] id) {
        if (command == null) {
            return;
        }
        byte[] first = firstOf(command, id);
        if (first != null) {
            boolean later = Arrays.compareUnsigned(id, first) > 0;
            oddities.mark(Finding.Code.COMMAND_TWICE, later ? id : first, new byte[0], 0);
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
            long known = sql.number(0, "SELECT t FROM type WHERE name = ?", name);
            if (known == 0) {
                sql.update("INSERT INTO type(name) VALUES(?)", name);
                known = sql.number(0, "SELECT last_insert_rowid()");
            }
            return known;
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
        /** What {@link #of} reads, of {@code tx t}. */
        static final String COLUMNS = "t.a, t.first, t.id, t.trailer, t.redacted, t.command";

        static Visible of(ResultSet row) throws SQLException {
            return new Visible(
                    row.getLong(1),
                    row.getLong(2),
                    TransactionId.of(row.getBytes(3)),
                    Sha256.of(row.getBytes(4)),
                    Columns.ordinals(row.getBytes(5)),
                    row.getString(6));
        }

        /**
         * Those of a page of ids that are visible.
         *
         * @param ids a query that gives them
         */
        static Map<TransactionId, Visible> among(Sql sql, String ids, @Nullable Object... parameters) {
            Map<TransactionId, Visible> all = new HashMap<>();
            sql.each(
                    "SELECT " + COLUMNS + " FROM (" + ids + ") w CROSS JOIN tx t ON t.id = w.id AND t.gone IS NULL",
                    row -> {
                        Visible one = of(row);
                        all.put(one.id(), one);
                        return true;
                    },
                    parameters);
            return all;
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
        sequences.remove(gone.last());
        visible.remove(gone.id());
        parents.unlink(id);
        Set<Long> free = unlinkStreams(gone, id);
        heads.nowGone(id);
        sql.update("DELETE FROM reads WHERE id = ?", id);
        oddities.clear(id);
        forgetCommand(gone.command(), id);
        removeEvents(gone, free);
        if (streams.weight() > FLUSH_WEIGHT) {
            flush();
        }
    }

    /** Tells which streams it wrote freely. */
    private Set<Long> unlinkStreams(Visible gone, byte[] id) {
        Digest digest = Digest.of(gone.id(), gone.trailer(), gone.redacted());
        Set<Long> free = new HashSet<>();
        for (HeadLinks.Written written : heads.unlink(id)) {
            StreamRow stream = streams.get(written.s());
            if (written.free()) {
                free.add(written.s());
            }
            stream.digest = stream.digest.minus(digest);
            if (--stream.writers == 0) {
                counters.streams--;
            }
        }
        return free;
    }

    private void forgetCommand(@Nullable String command, byte[] id) {
        byte[] first = command == null ? null : firstOf(command, id);
        if (first != null) {
            oddities.clear(Finding.Code.COMMAND_TWICE, first);
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

    /** Several contents of one id are here, or no longer (rule I5). */
    void markVariant(TransactionId id, boolean several) {
        oddities.markVariant(id, several);
    }
}
