package dev.evstore.core.append;

import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.EventPayloads;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamVersion;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** From what a store keeps of an event to what a reader gets. */
public final class StoredEvents {

    private StoredEvents() {}

    /**
     * @param version the event's place in its stream now
     * @param slot what its header says, redacted if any copy here is (rule I5): the line is not looked at then
     * @param format of its transaction; of a newer one the event is opaque (rule V3), nothing is dropped
     * @param origin of its transaction
     * @param line its line without LF
     * @throws IllegalArgumentException if the line of an event of format 1 that is not redacted is no event line
     */
    public static StoredEvent of(
            EventId id,
            StreamVersion version,
            TransactionHeader.Slot slot,
            int format,
            @Nullable Origin origin,
            byte[] line) {
        return of(id, version, slot, format, origin, line, new EventPayloads());
    }

    /**
     * As the other, of one of many.
     *
     * @param payloads reads the line
     */
    public static StoredEvent of(
            EventId id,
            StreamVersion version,
            TransactionHeader.Slot slot,
            int format,
            @Nullable Origin origin,
            byte[] line,
            EventPayloads payloads) {
        if (slot.redacted()) {
            return new RedactedEvent(id, slot.stream(), version, slot.type(), origin);
        }
        if (format > 1) {
            return new OpaqueEvent(id, slot.stream(), version, slot.type(), new String(line, StandardCharsets.UTF_8));
        }
        EventPayloads.Payload said = payloads.read(line);
        return new RecordedEvent(
                id, slot.stream(), version, slot.type(), said.data(), said.meta(), said.tags(), origin);
    }
}
