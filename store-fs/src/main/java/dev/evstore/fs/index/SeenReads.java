package dev.evstore.fs.index;

import dev.evstore.core.CanonicalReads.Part;
import dev.evstore.core.CanonicalReads.Whereabouts;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.EventRows.EventRow;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads in canonical order of what arrived up to some place of the feed (see {@link dev.evstore.core.CanonicalReads}).
 * Each answer is of one moment. Thread-safe.
 */
public final class SeenReads {

    private static final String ALL = "SELECT " + EventRows.COLUMNS
            + " FROM tx t CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a WHERE t.gone IS NULL AND t.id >= ? AND t.a <= ?"
            + " AND (t.id > ? OR e.seq > t.first + ?) ORDER BY t.id, e.seq";

    private static final String STREAM = "SELECT " + EventRows.COLUMNS
            + " FROM event e CROSS JOIN tx t ON t.a = (SELECT min(a) FROM tx WHERE a >= e.seq)"
            + " WHERE e.stream = ? AND e.version > ? AND e.seq <= ? ORDER BY e.version";

    private static final String ONE = "SELECT " + EventRows.COLUMNS
            + " FROM tx t CROSS JOIN event e ON e.seq = t.first + ?"
            + " WHERE t.gone IS NULL AND t.id = ? AND t.a <= ? AND e.seq <= t.a";

    private final Index index;
    private final EventFiles files;

    public SeenReads(Index index, EventFiles files) {
        this.index = index;
        this.files = files;
    }

    /**
     * The store at one moment.
     *
     * @param end an empty page at its end
     */
    public record Now(Feed.Page end, Digest digest, long events) {}

    public Now now() throws IOException {
        return index.read(sql -> {
            Counters counters = Counters.load(sql);
            return new Now(Feed.end(counters), counters.digest, counters.events);
        });
    }

    public Part all(EventFilter filter, @Nullable EventId after, long until, int limit) throws IOException {
        return read(find(filter, after, until, limit));
    }

    /** What {@link #all} would give, for {@link #read}: so a part can be read while the next one is looked for. */
    public FoundEvents find(EventFilter filter, @Nullable EventId after, long until, int limit) throws IOException {
        byte[] from = after == null ? new byte[16] : after.transaction().bytes();
        long ordinal = after == null ? -1 : after.ordinal();
        return index.read(sql -> new Scan(filter, limit).run(sql, ALL, from, until, from, ordinal));
    }

    public Part read(FoundEvents found) throws IOException {
        return new Part(found.read(files), found.next(), found.passed());
    }

    public Part stream(StreamId stream, EventFilter filter, @Nullable EventId after, long until, int limit)
            throws IOException {
        return read(index.read(sql -> {
            Long s = sql.first("SELECT s FROM stream WHERE name = ?", row -> row.getLong(1), stream.value());
            if (s == null) {
                return FoundEvents.NONE;
            }
            long version = after == null ? 0 : StreamPlaces.upTo(sql, s, after);
            return new Scan(filter, limit).run(sql, STREAM, s, version, until);
        }));
    }

    public List<StoredEvent> events(List<EventId> ids, long until) throws IOException {
        return index.read(sql -> {
            List<StoredEvent> events = new ArrayList<>();
            EventRows rows = new EventRows(sql);
            try (PlacedEvents payloads = new PlacedEvents(files)) {
                for (EventId id : ids) {
                    EventRow row = sql.first(
                            ONE, rows::row, id.ordinal(), id.transaction().bytes(), until);
                    if (row != null) {
                        events.add(payloads.read(rows.placed(row)));
                    }
                }
            }
            return events;
        });
    }

    public Whereabouts whereabouts(TransactionId id) throws IOException {
        return index.read(sql -> {
            Long arrival = sql.first(
                    "SELECT a FROM tx WHERE id = ? AND gone IS NULL", row -> row.getLong(1), (Object) id.bytes());
            if (arrival != null) {
                return new Whereabouts.Visible(arrival);
            }
            boolean was = sql.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NOT NULL", (Object) id.bytes());
            return was ? new Whereabouts.Retracted() : new Whereabouts.Unknown();
        });
    }
}
