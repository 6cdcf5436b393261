package dev.evstore.fs.index;

import dev.evstore.core.append.StoredEvents;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.EventLine;
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
import org.jspecify.annotations.Nullable;

/** Rows of events, and the events they stand for: the payload is read where it lies and checked against its leaf. */
final class EventRows implements AutoCloseable {

    /** The columns that {@link #map} reads; of {@code event e}, {@code tx t}, {@code stream s} and {@code type y}. */
    static final String COLUMNS = "e.seq, e.version, e.off AS eoff, e.len AS elen, e.late, e.redacted, e.tags, e.leaf,"
            + " t.a, t.first, t.id, t.format, t.replica, t.seq AS rseq, t.at, t.again, t.f, t.off AS toff, t.hash, t.trailer,"
            + " s.name AS sname, y.name AS yname";

    private final Sql sql;
    private final EventFiles files;
    private final EventBytes bytes;
    private long file = -1;
    private String directory = "";
    private String name = "";

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

    static EventRow map(ResultSet row) throws SQLException {
        byte[] replica = row.getBytes("replica");
        Origin origin =
                replica == null ? null : new Origin(Columns.replica(replica), row.getLong("rseq"), row.getString("at"));
        long seq = row.getLong("seq");
        return new EventRow(
                new EventId(TransactionId.of(row.getBytes("id")), (int) (seq - row.getLong("first"))),
                StreamVersion.of(row.getLong("version")),
                new Slot(
                        StreamId.of(row.getString("sname")),
                        EventType.of(row.getString("yname")),
                        Columns.tags(row.getBytes("tags")),
                        row.getBoolean("redacted")),
                row.getInt("format"),
                origin,
                seq,
                row.getLong("a"),
                row.getLong("hash"),
                Sha256.of(row.getBytes("trailer")),
                row.getBoolean("late"),
                row.getBoolean("again"),
                row.getLong("f"),
                row.getLong("toff") + row.getLong("eoff"),
                row.getInt("elen"),
                row.getBytes("leaf"));
    }

    /**
     * The event with its payload.
     *
     * @throws PayloadGoneException its file is gone, or holds something else in its place
     */
    StoredEvent event(EventRow row) throws IOException {
        byte[] line = row.slot().redacted() ? new byte[0] : line(row);
        return StoredEvents.of(row.id(), row.version(), row.slot(), row.format(), row.origin(), line);
    }

    private byte[] line(EventRow row) throws IOException {
        byte[] line = sql.first("SELECT line FROM payload WHERE seq = ?", found -> found.getBytes(1), row.seq());
        if (line != null) {
            return line;
        }
        locate(row.file());
        try {
            line = bytes.read(directory, name, row.offset(), row.length());
        } catch (IOException e) {
            throw new PayloadGoneException(files.describe(directory, name), e);
        }
        Sha256 leaf = EventLine.leaf(row.slot().stream(), row.slot().type(), Sha256.hash(line));
        if (!leaf.equals(Sha256.of(row.leaf()))) {
            throw new PayloadGoneException(files.describe(directory, name), null);
        }
        return line;
    }

    private void locate(long wanted) {
        if (wanted != file) {
            sql.each(
                    "SELECT dir, name FROM file WHERE f = ?",
                    row -> {
                        directory = row.getString(1);
                        name = row.getString(2);
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
