package dev.evstore.fs.index;

import dev.evstore.core.append.StoredEvents;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.EventPayloads;
import dev.evstore.core.history.TransactionHeader.Slot;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of events, and the events they stand for: the payload is read where it lies and checked against its leaf. */
final class EventRows implements AutoCloseable {

    /** The columns that a {@link Mapper} reads; of {@code event e}, {@code tx t}, {@code stream s} and {@code type y}. */
    static final String COLUMNS = "e.seq, e.version, e.off AS eoff, e.len AS elen, e.late, e.redacted, e.tags, e.leaf,"
            + " t.a, t.first, t.id, t.format, t.replica, t.seq AS rseq, t.at, t.again, t.f, t.off AS toff, t.hash, t.trailer,"
            + " s.name AS sname, y.name AS yname";

    private final Sql sql;
    private final EventFiles files;
    private final EventBytes bytes;
    private final EventPayloads payloads = new EventPayloads();
    private long file = -1;
    private String directory = "";
    private String name = "";
    private boolean inline;

    EventRows(Sql sql, EventFiles files) {
        this.sql = sql;
        this.files = files;
        this.bytes = new EventBytes(files);
    }

    /**
     * An event as the index has it.
     *
     * @param arrival the key of its transaction: the sequence number of that one's last event
     * @param hash over all arrivals up to its transaction
     */
    record EventRow(
            EventId id,
            StreamVersion version,
            Slot slot,
            int format,
            @Nullable Origin origin,
            long seq,
            long arrival,
            long hash,
            Sha256 trailer,
            boolean late,
            boolean again,
            long file,
            long offset,
            int length,
            byte[] leaf) {}

    /**
     * Makes rows of {@link #COLUMNS}, by their places: to look a column's name up costs more than to read it. Names of
     * streams and types come again and again, and are checked once. For one read.
     */
    static final class Mapper implements Sql.Row<EventRow> {

        private static final int MOST_NAMES = 10_000;

        private final Map<String, StreamId> streams = new HashMap<>();
        private final Map<String, EventType> types = new HashMap<>();

        @Override
        public EventRow map(ResultSet row) throws SQLException {
            long seq = row.getLong(1);
            byte[] replica = row.getBytes(13);
            Origin origin =
                    replica == null ? null : new Origin(Columns.replica(replica), row.getLong(14), row.getString(15));
            if (streams.size() > MOST_NAMES) {
                streams.clear();
            }
            return new EventRow(
                    new EventId(TransactionId.of(row.getBytes(11)), (int) (seq - row.getLong(10))),
                    StreamVersion.of(row.getLong(2)),
                    new Slot(
                            streams.computeIfAbsent(row.getString(21), StreamId::of),
                            types.computeIfAbsent(row.getString(22), EventType::of),
                            Columns.tags(row.getBytes(7)),
                            row.getInt(6) != 0),
                    row.getInt(12),
                    origin,
                    seq,
                    row.getLong(9),
                    row.getLong(19),
                    Sha256.of(row.getBytes(20)),
                    row.getInt(5) != 0,
                    row.getInt(16) != 0,
                    row.getLong(17),
                    row.getLong(18) + row.getLong(3),
                    row.getInt(4),
                    row.getBytes(8));
        }
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
