package dev.evstore.core.event;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event with its payload. Immutable.
 *
 * @param id its identity and canonical place
 * @param stream where it was appended
 * @param version its place in the stream when it was read, from 1
 * @param type what happened
 * @param data the JSON text as written, without white space outside strings
 * @param meta the JSON object's text, or null for none
 * @param tags as written
 * @param origin who wrote it, or null for an event of a merge transaction, which belongs to no writer
 */
public record RecordedEvent(
        EventId id,
        StreamId stream,
        StreamVersion version,
        EventType type,
        String data,
        @Nullable String meta,
        List<String> tags,
        @Nullable Origin origin)
        implements StoredEvent {

    public RecordedEvent {
        tags = List.copyOf(tags);
    }
}
