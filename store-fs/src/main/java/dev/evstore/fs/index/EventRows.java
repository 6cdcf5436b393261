package dev.evstore.fs.index;

import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of events, as a connection has them. Not thread-safe. */
final class EventRows {

    /** The columns that {@link #row} reads, of {@code event e} and {@code tx t}. */
    static final String COLUMNS =
            "e.seq, e.stream, e.type, e.version, e.redacted, e.tags, e.leaf, t.off + e.off, e.len,"
                    + " t.f, t.first, t.id, t.format, t.replica, t.seq, t.at";

    /** How many these are: a query may have more behind them. */
    static final int WIDTH = 16;

    private final Sql sql;
    private final KnownNames names;
    private long file = -1;
    private String directory = "";
    private String name = "";
    private boolean inline;

    EventRows(Sql sql) {
        this.sql = sql;
        this.names = KnownNames.of(sql);
    }

    /** An event as the index has it. */
    record EventRow(
            EventId id,
            StreamVersion version,
            Slot slot,
            int format,
            @Nullable Origin origin,
            long seq,
            long file,
            long offset,
            int length,
            byte[] leaf) {}

    /** The row that a result set of {@link #COLUMNS} stands on; by their places, since to look up a name costs more. */
    EventRow row(ResultSet columns) throws SQLException {
        long seq = columns.getLong(1);
        byte[] replica = columns.getBytes(14);
        return new EventRow(
                new EventId(TransactionId.of(columns.getBytes(12)), (int) (seq - columns.getLong(11))),
                StreamVersion.of(columns.getLong(4)),
                new Slot(
                        names.stream(columns.getLong(2)),
                        names.type(columns.getLong(3)),
                        Columns.tags(columns.getBytes(6)),
                        columns.getInt(5) != 0),
                columns.getInt(13),
                replica == null
                        ? null
                        : new Origin(Columns.replica(replica), columns.getLong(15), columns.getString(16)),
                seq,
                columns.getLong(10),
                columns.getLong(8),
                columns.getInt(9),
                columns.getBytes(7));
    }

    /** Where its payload is; after it, the files alone are needed. */
    PlacedEvent placed(EventRow row) {
        locate(row.file());
        byte[] line = inline && !row.slot().redacted()
                ? sql.first("SELECT line FROM payload WHERE seq = ?", found -> found.getBytes(1), row.seq())
                : null;
        return new PlacedEvent(row, directory, name, line);
    }

    private void locate(long wanted) {
        if (wanted != file) {
            sql.each(
                    "SELECT dir, name, inline FROM file WHERE f = ?",
                    row -> {
                        directory = row.getString(1);
                        name = row.getString(2);
                        inline = row.getInt(3) != 0;
                        return false;
                    },
                    wanted);
            file = wanted;
        }
    }
}
