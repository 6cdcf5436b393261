package dev.evstore.core.event;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamVersion;

/**
 * An event of the store. What every event has, whatever became of its payload. It says nothing that only this replica
 * knows (positions, late arrival): that belongs to the feed.
 */
public sealed interface StoredEvent permits RecordedEvent, RedactedEvent, OpaqueEvent {

    EventId id();

    StreamId stream();

    /** The event's place in its stream when it was read, from 1. A late event moves those that follow it. */
    StreamVersion version();

    EventType type();
}
