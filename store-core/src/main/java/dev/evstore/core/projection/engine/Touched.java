package dev.evstore.core.projection.engine;

import dev.evstore.core.id.EventId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a batch does to which rows, before any of it is done: each row once, however often it is named (rule O2). */
final class Touched {

    private final Map<String, Touch> rows = new LinkedHashMap<>();

    /** What happens to one row. */
    static final class Touch {
        /** The earliest place from which on the row is another, or null if it only grows. */
        @Nullable
        EventId from;
        /** What is new, in canonical order. */
        final SortedMap<EventId, Folding.Incoming> fresh = new TreeMap<>();
    }

    void arrived(String key, Folding.Incoming event) {
        touch(key).fresh.put(event.id(), event);
    }

    void changedFrom(String key, EventId place) {
        Touch touch = touch(key);
        EventId from = touch.from;
        if (from == null || place.compareTo(from) < 0) {
            touch.from = place;
        }
    }

    private Touch touch(String key) {
        return rows.computeIfAbsent(key, k -> new Touch());
    }

    Map<String, Touch> rows() {
        return rows;
    }
}
