package dev.evstore.core.event;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;
import org.jspecify.annotations.Nullable;

/**
 * An event whose payload was taken out; that it happened is left. Immutable.
 *
 * @param origin who wrote it, or null for an event of a merge transaction
 */
public record RedactedEvent(
        EventId id,
        StreamId stream,
        StreamVersion version,
        EventType type,
        @Nullable Origin origin) implements StoredEvent {}
