package dev.evstore.core.event;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;

/**
 * An event of a newer format (rule V3): it has its place, but what its line says is not for this version to tell.
 * Immutable.
 *
 * @param line the event line's text, as it stands in the file
 */
public record OpaqueEvent(EventId id, StreamId stream, StreamVersion version, EventType type, String line)
        implements StoredEvent {}
