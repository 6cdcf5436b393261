package dev.evstore.core.event;

import dev.evstore.core.id.Names;

/**
 * The name of an event's type: 1..255 bytes of UTF-8. A leading {@code $} is reserved for the store. Immutable.
 *
 * @param value the name itself
 */
public record EventType(String value) {

    /**
     * @throws IllegalArgumentException if the name is empty, too long, or no Unicode text
     */
    public EventType {
        String flaw = Names.typeFlaw(value);
        if (flaw != null) {
            throw new IllegalArgumentException("event type " + Names.quoted(value) + ": " + flaw);
        }
    }

    public static EventType of(String value) {
        return new EventType(value);
    }

    /** Whether the name begins with {@code $}, which only the store itself may write. */
    public boolean reserved() {
        return value.charAt(0) == '$';
    }

    @Override
    public String toString() {
        return value;
    }
}
