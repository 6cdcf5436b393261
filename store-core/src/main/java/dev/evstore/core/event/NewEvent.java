package dev.evstore.core.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event to be appended. Data and metadata are JSON text; white space outside strings is dropped when the event is
 * written, numbers keep their text. They are checked when they are appended, not here. Immutable.
 *
 * @param type what happened
 * @param data any JSON value
 * @param meta a JSON object, or null for none
 * @param tags at most 64 of at most 255 bytes of UTF-8, in any order
 * @param redactable whether a random salt is written, so that the data can be redacted later and not be guessed back
 */
public record NewEvent(
        EventType type, String data, @Nullable String meta, List<String> tags, boolean redactable) {

    public NewEvent {
        tags = List.copyOf(tags);
    }

    /**
     * @param type the type's name
     * @param data any JSON value
     */
    public static NewEvent of(String type, String data) {
        return new NewEvent(EventType.of(type), data, null, List.of(), false);
    }

    /**
     * @param json a JSON object that replaces the event's metadata
     */
    public NewEvent meta(String json) {
        return new NewEvent(type, data, json, tags, redactable);
    }

    public NewEvent tags(String... all) {
        return new NewEvent(type, data, meta, List.of(all), redactable);
    }

    /** This event with a salt, so that it can be redacted (see the format's field {@code salt}). */
    public NewEvent markedRedactable() {
        return new NewEvent(type, data, meta, tags, true);
    }
}
