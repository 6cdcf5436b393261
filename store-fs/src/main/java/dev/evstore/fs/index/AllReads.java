package dev.evstore.fs.index;

import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StoredTransaction;
import dev.evstore.core.append.Pages.Page;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.EventRows.EventRow;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads across streams, in canonical order: pages of the whole store, single transactions and events. Each answer is of
 * one moment. Thread-safe.
 */
public final class AllReads {

    /** Transactions of a page of the log: each is read in its file. */
    private static final int MOST_HEADERS = 100;

    private static final String EVENTS = "SELECT " + EventRows.COLUMNS
            + " FROM tx t CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a"
            + " WHERE t.gone IS NULL AND ";

    private static final String FORWARDS =
            EVENTS + "t.id >= ? AND (t.id > ? OR e.seq > t.first + ?) ORDER BY t.id, e.seq";

    private static final String BACKWARDS =
            EVENTS + "t.id <= ? AND (t.id < ? OR e.seq < t.first + ?) ORDER BY t.id DESC, e.seq DESC";

    private static final String ONE = EVENTS + "t.id = ? AND e.seq BETWEEN t.first + ? AND t.first + ? ORDER BY e.seq";

    private static final int LAST_ORDINAL = 4095;

    private final Index index;
    private final EventFiles files;

    public AllReads(Index index, EventFiles files) {
        this.index = index;
        this.files = files;
    }

    /** A page of {@link dev.evstore.core.EventStore#readAll}. */
    public Page<StoredEvent, EventId> page(ReadAllOptions options, @Nullable EventId after, int limit)
            throws IOException {
        boolean back = options.backwards();
        byte[] start = back ? Columns.afterAllIds() : new byte[16];
        byte[] from = after == null ? start : after.transaction().bytes();
        long ordinal = after == null ? (back ? LAST_ORDINAL + 1 : -1) : after.ordinal();
        FoundEvents found = index.read(
                sql -> new Scan(options.filter(), limit).run(sql, back ? BACKWARDS : FORWARDS, from, from, ordinal));
        return new Page<>(found.read(files), found.next());
    }

    /** An event, or nothing if it is not visible. */
    public Optional<StoredEvent> event(EventId id) throws IOException {
        return index.read(sql -> {
            List<StoredEvent> found = events(sql, id.transaction(), id.ordinal(), id.ordinal());
            return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
        });
    }

    /** A transaction with its events, or nothing if it is not visible. */
    public Optional<StoredTransaction> transaction(TransactionId id) throws IOException {
        return index.read(sql -> {
            Placed placed = sql.first(Placed.QUERY + "t.id = ?", Placed::map, id.bytes());
            return placed == null
                    ? Optional.empty()
                    : Optional.of(new StoredTransaction(header(placed), events(sql, id, 0, LAST_ORDINAL)));
        });
    }

    private List<StoredEvent> events(Sql sql, TransactionId id, int first, int last) throws IOException {
        List<StoredEvent> events = new ArrayList<>();
        EventRows rows = new EventRows(sql);
        try (PlacedEvents payloads = new PlacedEvents(files)) {
            for (EventRow row : sql.list(ONE, rows::row, id.bytes(), first, last)) {
                events.add(payloads.read(rows.placed(row)));
            }
        }
        return events;
    }

    /** A page of {@link dev.evstore.core.EventStore#readLog}. */
    public Page<TransactionHeader, TransactionId> log(@Nullable TransactionId before, int limit) throws IOException {
        int most = Math.min(limit, MOST_HEADERS);
        return index.read(sql -> {
            List<Placed> page = sql.list(
                    Placed.QUERY + "t.id < ? ORDER BY t.id DESC LIMIT ?",
                    Placed::map,
                    before == null ? Columns.afterAllIds() : before.bytes(),
                    most);
            List<TransactionHeader> headers = new ArrayList<>();
            for (Placed placed : page) {
                headers.add(header(placed));
            }
            return new Page<>(
                    headers,
                    page.size() < most ? null : headers.get(headers.size() - 1).id());
        });
    }

    /** The header is not in the index: it is read where the transaction lies, and checked by its trailer. */
    private TransactionHeader header(Placed placed) throws IOException {
        String where = files.describe(placed.directory(), placed.name());
        Transaction found;
        try {
            found = files.transaction(placed.directory(), placed.name(), placed.offset(), placed.length());
        } catch (IOException e) {
            throw new PayloadGoneException(where, e);
        }
        if (found == null || !found.header().trailer().equals(Sha256.of(placed.trailer()))) {
            throw new PayloadGoneException(where, null);
        }
        return found.header().redacting(placed.redacted());
    }

    private record Placed(
            String directory, String name, long offset, int length, byte[] trailer, Set<Integer> redacted) {

        static final String QUERY = "SELECT f.dir, f.name, t.off, t.len, t.trailer, t.redacted FROM tx t"
                + " CROSS JOIN file f ON f.f = t.f WHERE t.gone IS NULL AND ";

        static Placed map(ResultSet row) throws SQLException {
            return new Placed(
                    row.getString(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getInt(4),
                    row.getBytes(5),
                    Columns.ordinals(row.getBytes(6)));
        }
    }
}
