package dev.evstore.cli.render;

import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import org.jspecify.annotations.Nullable;

/** Who wrote an event. */
final class Origins {

    private Origins() {}

    /** Null for an event of a merge or of a newer format. */
    static @Nullable Origin of(StoredEvent event) {
        if (event instanceof RecordedEvent recorded) {
            return recorded.origin();
        }
        return event instanceof RedactedEvent redacted ? redacted.origin() : null;
    }
}
