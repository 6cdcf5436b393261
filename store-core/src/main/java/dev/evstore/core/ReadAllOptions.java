package dev.evstore.core;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.id.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the whole store to read in canonical order. Immutable.
 *
 * @param backwards whether the canonically last event comes first
 * @param after the event to go on behind, itself left out (backwards: the events before it), or null for the start; it
 *     is a place in the order and need not be here
 * @param filter applied before the limit
 * @param limit the most events wanted, at least 1
 */
public record ReadAllOptions(boolean backwards, @Nullable EventId after, EventFilter filter, long limit) {

    /**
     * @throws IllegalArgumentException if the limit is below 1
     */
    public ReadAllOptions {
        if (limit < 1) {
            throw new IllegalArgumentException("a read's limit is at least 1, not " + limit);
        }
    }

    /** Every event, first event first. */
    public static ReadAllOptions forwards() {
        return new ReadAllOptions(false, null, EventFilter.all(), Long.MAX_VALUE);
    }

    /** Every event, last event first. */
    public static ReadAllOptions fromTheEnd() {
        return new ReadAllOptions(true, null, EventFilter.all(), Long.MAX_VALUE);
    }

    public ReadAllOptions after(EventId event) {
        return new ReadAllOptions(backwards, event, filter, limit);
    }

    public ReadAllOptions filter(EventFilter other) {
        return new ReadAllOptions(backwards, after, other, limit);
    }

    public ReadAllOptions limit(long events) {
        return new ReadAllOptions(backwards, after, filter, events);
    }
}
