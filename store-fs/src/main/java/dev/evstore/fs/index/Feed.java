package dev.evstore.fs.index;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.append.FeedHash;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.EventRows.EventRow;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages of the feed (rules P3, P5, P6): first the retractions of what the consumer saw, then arrivals. A page is of one
 * moment. Thread-safe.
 */
public final class Feed {

    /** A page that holds this much takes no further transaction, however few its entries: it has to fit in memory. */
    static final long PAGE_BYTES = 16 << 20;

    private static final String ARRIVALS = "SELECT " + EventRows.COLUMNS
            + ", t.a, t.hash, t.trailer, t.again, e.late FROM tx t CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a"
            + " WHERE t.a > ? AND t.gone IS NULL ORDER BY t.a, e.seq";

    private final Index index;
    private final EventFiles files;

    public Feed(Index index, EventFiles files) {
        this.index = index;
        this.files = files;
    }

    /**
     * A page, and whether the index already survives a power cut up to it (rule P4).
     *
     * @param durable if not, the index has to be synced before the page is given away
     */
    public record Page(FeedPage page, boolean durable) {}

    /**
     * @param limit at least 1
     * @throws StaleCursorException the cursor is not of this index
     */
    public Page page(FeedCursor after, EventFilter filter, int limit) throws IOException {
        return index.read(sql -> new Reading(sql, after, filter, limit).page());
    }

    /** What a page begins with: retractions alone, and the cursor behind them. */
    public Page retractions(FeedCursor after, EventFilter filter, int limit) throws IOException {
        return index.read(sql -> new Reading(sql, after, filter, limit).retractions());
    }

    /** An empty page at the end of everything. */
    public Page end() throws IOException {
        return index.read(sql -> end(Counters.load(sql)));
    }

    static Page end(Counters counters) {
        FeedCursor end = new FeedCursor(
                counters.epoch,
                counters.lastArrival(),
                counters.retractions,
                FeedHash.check(counters.arrivalHash, counters.retractionHash));
        return new Page(
                new FeedPage(List.of(), end, true, counters.generation),
                end.arrivals() <= counters.durableArrivals && end.retractions() <= counters.durableRetractions);
    }

    private final class Reading {

        private final Sql sql;
        private final EventFilter filter;
        private final int limit;
        private final FeedCursor after;
        private final Counters counters;
        private final List<FeedEntry> entries = new ArrayList<>();
        private long arrivals;
        private long arrivalHash;
        private long retractions;
        private long retractionHash;
        private long bytes;
        private boolean full;

        Reading(Sql sql, FeedCursor after, EventFilter filter, int limit) {
            this.sql = sql;
            this.filter = filter;
            this.limit = limit;
            this.after = after;
            this.counters = Counters.load(sql);
            standAt(after);
        }

        private void standAt(FeedCursor cursor) {
            if (cursor.isBeginning()) {
                arrivalHash = FeedHash.START;
                retractionHash = FeedHash.START;
                return;
            }
            if (!cursor.epoch().equals(counters.epoch)) {
                throw new StaleCursorException(cursor, "this index is " + counters.epoch);
            }
            arrivals = cursor.arrivals();
            retractions = cursor.retractions();
            Long a = arrivals == 0 ? Long.valueOf(FeedHash.START) : hash("SELECT hash FROM tx WHERE a = ?", arrivals);
            Long r = retractions == 0
                    ? Long.valueOf(FeedHash.START)
                    : hash("SELECT hash FROM gone WHERE r = ?", retractions);
            if (a == null || r == null) {
                throw new StaleCursorException(cursor, "no transaction ends there");
            }
            arrivalHash = a;
            retractionHash = r;
            if (FeedHash.check(arrivalHash, retractionHash) != cursor.check()) {
                throw new StaleCursorException(cursor, "what stands before it here is something else");
            }
        }

        private @Nullable Long hash(String query, long key) {
            return sql.first(query, row -> row.getLong(1), key);
        }

        Page page() throws IOException {
            readRetractions();
            if (!full) {
                readArrivals();
            }
            return gathered();
        }

        Page retractions() {
            readRetractions();
            return gathered();
        }

        private Page gathered() {
            boolean durable = arrivals <= counters.durableArrivals && retractions <= counters.durableRetractions;
            return new Page(new FeedPage(entries, cursor(), !full, counters.generation), durable);
        }

        /** Where the reading stands now. */
        private FeedCursor cursor() {
            return new FeedCursor(counters.epoch, arrivals, retractions, FeedHash.check(arrivalHash, retractionHash));
        }

        private record Gone(long r, long hash, long last, long first, TransactionId id, Sha256 trailer) {}

        private void readRetractions() {
            sql.each(
                    "SELECT g.r, g.hash, t.a, t.first, t.id, t.trailer FROM gone g JOIN tx t ON t.a = g.a"
                            + " WHERE g.r > ? ORDER BY g.r",
                    row -> {
                        Gone gone = new Gone(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                TransactionId.of(row.getBytes(5)),
                                Sha256.of(row.getBytes(6)));
                        List<FeedEntry.RetractedEvent> events =
                                gone.last() <= after.arrivals() ? eventsOf(gone) : List.of();
                        if (!events.isEmpty() && entries.size() >= limit) {
                            full = true;
                            return false;
                        }
                        retractions = gone.r();
                        retractionHash = gone.hash();
                        if (!events.isEmpty()) {
                            entries.add(new FeedEntry.Retraction(gone.id(), gone.trailer(), events, cursor()));
                        }
                        return true;
                    },
                    retractions);
        }

        private List<FeedEntry.RetractedEvent> eventsOf(Gone gone) {
            return sql
                    .list(
                            "SELECT e.seq, s.name, y.name, e.tags FROM event e JOIN stream s ON s.s = e.stream"
                                    + " JOIN type y ON y.t = e.type WHERE e.seq BETWEEN ? AND ? ORDER BY e.seq",
                            row -> new FeedEntry.RetractedEvent(
                                    (int) (row.getLong(1) - gone.first()),
                                    StreamId.of(row.getString(2)),
                                    EventType.of(row.getString(3)),
                                    Columns.tags(row.getBytes(4))),
                            gone.first(),
                            gone.last())
                    .stream()
                    .filter(event -> filter.accepts(event.stream(), event.type(), event.tags()))
                    .toList();
        }

        /**
         * An event with what only the feed tells.
         *
         * @param a the sequence number of its transaction's last event
         * @param hash over all arrivals up to its transaction
         */
        private record Arrived(EventRow row, long a, long hash, Sha256 trailer, boolean late, boolean again) {}

        /** One that passed the filter, and where the feed stands behind its transaction. */
        private record Found(Arrived event, FeedCursor position) {}

        private static Arrived arrived(EventRows rows, ResultSet columns) throws SQLException {
            int own = EventRows.WIDTH;
            return new Arrived(
                    rows.row(columns),
                    columns.getLong(own + 1),
                    columns.getLong(own + 2),
                    Sha256.of(columns.getBytes(own + 3)),
                    columns.getInt(own + 5) != 0,
                    columns.getInt(own + 4) != 0);
        }

        private void readArrivals() throws IOException {
            EventRows rows = new EventRows(sql);
            try (PlacedEvents payloads = new PlacedEvents(files)) {
                for (Found one : found(rows)) {
                    Arrived event = one.event();
                    entries.add(new FeedEntry.Arrival(
                            payloads.read(rows.placed(event.row())),
                            event.trailer(),
                            event.late(),
                            event.again(),
                            one.position()));
                }
            }
        }

        private List<Found> found(EventRows rows) {
            List<Found> found = new ArrayList<>();
            List<Arrived> transaction = new ArrayList<>();
            sql.each(
                    ARRIVALS,
                    columns -> {
                        Arrived event = arrived(rows, columns);
                        if (!transaction.isEmpty() && transaction.get(0).a() != event.a()) {
                            full = !take(transaction, found);
                            transaction.clear();
                        }
                        transaction.add(event);
                        return !full;
                    },
                    arrivals);
            if (!full && !transaction.isEmpty()) {
                full = !take(transaction, found);
            }
            if (!full) {
                // Behind the last event there may be transactions without events, or that are gone.
                arrivals = counters.lastArrival();
                arrivalHash = counters.arrivalHash;
            }
            return found;
        }

        /** Takes a whole transaction if there is room for one more entry; false if the page is full. */
        private boolean take(List<Arrived> transaction, List<Found> found) {
            List<Arrived> accepted = transaction.stream()
                    .filter(event -> passes(event.row().slot()))
                    .toList();
            if (!accepted.isEmpty() && (entries.size() + found.size() >= limit || bytes >= PAGE_BYTES)) {
                return false;
            }
            bytes += accepted.stream().mapToLong(event -> event.row().length()).sum();
            arrivals = transaction.get(0).a();
            arrivalHash = transaction.get(0).hash();
            FeedCursor position = cursor();
            accepted.forEach(event -> found.add(new Found(event, position)));
            return true;
        }

        private boolean passes(Slot slot) {
            return filter.accepts(slot.stream(), slot.type(), slot.tags());
        }
    }
}
