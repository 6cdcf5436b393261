package dev.evstore.fs.index;

import dev.evstore.core.append.StoredEvents;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.EventPayloads;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of events, and the events they stand for: the payload is read where it lies and checked against its leaf. */
final class EventRows implements AutoCloseable {

    /** The columns that {@link #row} reads, of {@code event e} and {@code tx t}. */
    static final String COLUMNS = "e.seq, e.stream, e.type, e.version, e.redacted, e.tags, e.leaf, t.off + e.off, e.len,"
            + " t.f, t.first, t.id, t.format, t.replica, t.seq, t.at";

    /** How many these are: a query may have more behind them. */
    static final int WIDTH = 16;

    private final Sql sql;
    private final KnownNames names;
    private final EventFiles files;
    private final EventBytes bytes;
    private final EventPayloads payloads = new EventPayloads();
    private long file = -1;
    private String directory = "";
    private String name = "";
    private boolean inline;

    EventRows(Sql sql, EventFiles files) {
        this.sql = sql;
        this.names = KnownNames.of(sql);
        this.files = files;
        this.bytes = new EventBytes(files);
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
                replica == null ? null : new Origin(Columns.replica(replica), columns.getLong(15), columns.getString(16)),
                seq,
                columns.getLong(10),
                columns.getLong(8),
                columns.getInt(9),
                columns.getBytes(7));
    }

    /**
     * The event with its payload.
     *
     * @throws PayloadGoneException its file is gone, or holds something else in its place
     */
    StoredEvent event(EventRow row) throws IOException {
        byte[] line = row.slot().redacted() ? new byte[0] : line(row);
        return StoredEvents.of(row.id(), row.version(), row.slot(), row.format(), row.origin(), line, payloads);
    }

    private byte[] line(EventRow row) throws IOException {
        byte[] line;
        locate(row.file());
        if (inline) {
            line = sql.first("SELECT line FROM payload WHERE seq = ?", found -> found.getBytes(1), row.seq());
            if (line != null) {
                return line;
            }
        }
        try {
            line = bytes.read(directory, name, row.offset(), row.length());
        } catch (IOException e) {
            throw new PayloadGoneException(files.describe(directory, name), e);
        }
        Sha256 leaf = payloads.leaf(row.slot().stream(), row.slot().type(), line);
        if (!leaf.equals(Sha256.of(row.leaf()))) {
            throw new PayloadGoneException(files.describe(directory, name), null);
        }
        return line;
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

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
