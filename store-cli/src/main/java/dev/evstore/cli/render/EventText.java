package dev.evstore.cli.render;

import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.StoredEvent;

/** An event in words, without ink, safe on a terminal. */
final class EventText {

    private EventText() {}

    /** What follows its type: payload, metadata and tags, or why there are none; a blank first. */
    static String content(StoredEvent event) {
        if (!(event instanceof RecordedEvent recorded)) {
            return event instanceof OpaqueEvent ? " (needs a newer evstore)" : " (redacted)";
        }
        StringBuilder text = new StringBuilder(" " + Escapes.escape(recorded.data()));
        if (recorded.meta() != null) {
            text.append("  meta ").append(Escapes.escape(recorded.meta()));
        }
        recorded.tags().forEach(tag -> text.append("  #").append(Escapes.escape(tag)));
        return text.toString();
    }
}
