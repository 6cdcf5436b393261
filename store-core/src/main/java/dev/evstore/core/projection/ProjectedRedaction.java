package dev.evstore.core.projection;

import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import org.jspecify.annotations.Nullable;

/**
 * An event whose payload was taken out, as handlers of a projection see it: what is the same on every replica, as of a
 * {@link ProjectedEvent} (rule O4). Immutable.
 *
 * @param origin who wrote it, or null for an event of a merge transaction
 */
public record ProjectedRedaction(
        EventId id,
        StreamId stream,
        EventType type,
        @Nullable Origin origin) {

    /** What is to be seen of an event. */
    public static ProjectedRedaction of(RedactedEvent event) {
        return new ProjectedRedaction(event.id(), event.stream(), event.type(), event.origin());
    }
}
