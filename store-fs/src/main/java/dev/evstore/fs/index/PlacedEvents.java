package dev.evstore.fs.index;

import dev.evstore.core.append.StoredEvents;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.EventPayloads;
import dev.evstore.core.id.Sha256;
import dev.evstore.fs.index.EventRows.EventRow;
import dev.evstore.fs.log.EventBytes;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;

/** Reads the payloads of events where they lie, and checks them against their leaves. Not thread-safe. */
final class PlacedEvents implements AutoCloseable {

    private static final byte[] NONE = {};

    private final EventFiles files;
    private final EventBytes bytes;
    private final EventPayloads payloads = new EventPayloads();

    PlacedEvents(EventFiles files) {
        this.files = files;
        this.bytes = new EventBytes(files);
    }

    /**
     * The event with its payload.
     *
     * @throws PayloadGoneException its file is gone, or holds something else in its place
     */
    StoredEvent read(PlacedEvent event) throws IOException {
        EventRow row = event.row();
        byte[] line = row.slot().redacted() ? NONE : line(event);
        return StoredEvents.of(row.id(), row.version(), row.slot(), row.format(), row.origin(), line, payloads);
    }

    private byte[] line(PlacedEvent event) throws IOException {
        byte[] line = event.line();
        if (line != null) {
            return line;
        }
        EventRow row = event.row();
        try {
            line = bytes.read(event.directory(), event.name(), row.offset(), row.length());
        } catch (IOException e) {
            throw new PayloadGoneException(files.describe(event.directory(), event.name()), e);
        }
        Sha256 leaf = payloads.leaf(row.slot().stream(), row.slot().type(), line);
        if (!leaf.equals(Sha256.of(row.leaf()))) {
            throw new PayloadGoneException(files.describe(event.directory(), event.name()), null);
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
