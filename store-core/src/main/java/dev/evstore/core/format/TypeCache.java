package dev.evstore.core.format;

import dev.evstore.core.event.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The event types met lately, so that the few names of an application are checked and kept once, not for every event.
 * A name that falls on an occupied place takes it over.
 */
final class TypeCache {

    private static final int PLACES = 64;

    private final @Nullable Entry[] entries = new Entry[PLACES];

    /** A type and its name in UTF-8. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(EventType type, byte[] name) {}

    /**
     * The type that the cursor's last string names.
     *
     * @throws IllegalArgumentException if it is no name for a type
     */
    Entry of(byte[] bytes, StrictJson json) {
        int place = place(bytes, json.from, json.to);
        Entry entry = entries[place];
        if (entry != null
                && !json.escaped
                && Arrays.equals(bytes, json.from, json.to, entry.name, 0, entry.name.length)) {
            return entry;
        }
        String text = json.text();
        Entry fresh = new Entry(EventType.of(text), text.getBytes(StandardCharsets.UTF_8));
        entries[place] = fresh;
        return fresh;
    }

    private static int place(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> 16) & (PLACES - 1);
    }
}
