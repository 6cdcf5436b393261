package dev.evstore.fs.index;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.EventId;
import dev.evstore.fs.index.EventRows.EventRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what passes a filter, until that is enough for a page. For one page. */
final class Scan {

    /** Rows a page looks at before it ends, so that a filter which lets little through holds no long transaction. */
    private static final int MOST_ROWS = 20_000;

    /** Payload a page gathers before it ends. */
    static final long MOST_BYTES = 8L << 20;

    private final EventFilter filter;
    private final int limit;
    private final List<EventRow> accepted = new ArrayList<>();
    private int passed;
    private long size;
    private @Nullable EventId endedAt;

    Scan(EventFilter filter, int limit) {
        this.filter = filter;
        this.limit = limit;
    }

    /** In the order of the query. */
    FoundEvents run(Sql sql, String query, @Nullable Object... parameters) {
        EventRows rows = new EventRows(sql);
        sql.each(query, columns -> take(rows.row(columns)), parameters);
        return new FoundEvents(accepted.stream().map(rows::placed).toList(), endedAt, passed);
    }

    private boolean take(EventRow row) {
        passed++;
        Slot slot = row.slot();
        if (filter.accepts(slot.stream(), slot.type(), slot.tags())) {
            accepted.add(row);
            size += row.length();
        }
        boolean full = accepted.size() == limit || passed == MOST_ROWS || size >= MOST_BYTES;
        endedAt = full ? row.id() : null;
        return !full;
    }
}
