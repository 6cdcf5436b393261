package dev.evstore.fs.index;

import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a page of events has, as the index knew it at one moment: all but their payloads. Immutable. */
public final class FoundEvents {

    static final FoundEvents NONE = new FoundEvents(List.of(), null, 0);

    private final List<PlacedEvent> events;
    private final @Nullable EventId next;
    private final long passed;

    FoundEvents(List<PlacedEvent> events, @Nullable EventId next, long passed) {
        this.events = List.copyOf(events);
        this.next = next;
        this.passed = passed;
    }

    /**
     * The events with their payloads, which the index is not needed for.
     *
     * @throws PayloadGoneException a file went meanwhile, or holds something else
     */
    public List<StoredEvent> read(EventFiles files) throws IOException {
        List<StoredEvent> read = new ArrayList<>(events.size());
        try (PlacedEvents payloads = new PlacedEvents(files)) {
            for (PlacedEvent event : events) {
                read.add(payloads.read(event));
            }
        }
        return read;
    }

    /** The event to go on behind, or null if nothing follows. */
    public @Nullable EventId next() {
        return next;
    }

    /** How many events were looked at, those that the filter rejected included. */
    public long passed() {
        return passed;
    }
}
