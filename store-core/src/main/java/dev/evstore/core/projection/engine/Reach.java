package dev.evstore.core.projection.engine;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.EventId;
import org.jspecify.annotations.Nullable;

/** Up to where rows are folded, as it moves. Not thread-safe. */
final class Reach {

    FeedCursor cursor;
    boolean building;
    /** While building, the last event given, or null for none. */
    @Nullable
    EventId place;

    Reach(Checkpoint start) {
        this.cursor = start.cursor();
        this.building = start.building();
        this.place = start.place();
    }

    /** Whether it is the turn of an event, or was: a build comes to the others. */
    boolean has(EventId event) {
        EventId last = place;
        return !building || (last != null && event.compareTo(last) <= 0);
    }
}
