package dev.evstore.core.event;

import dev.evstore.core.id.StreamId;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses events by what every reader can see of them: stream, type, tags. All conditions that are set have to hold.
 * Immutable and thread-safe.
 *
 * @param streamPrefix how the stream's name begins; empty for any
 * @param glob the pattern the whole stream name fits, or null for any: {@code *} is any run of characters ({@code /}
 *     included), {@code ?} is one character, {@code [a-z]} one of a set, {@code [!a-z]} one not of it
 * @param types the types, one of which the event has; empty for any
 * @param tags the tags, all of which the event has; empty for any
 */
public record EventFilter(String streamPrefix, @Nullable String glob, Set<EventType> types, Set<String> tags) {

    private static final EventFilter ALL = new EventFilter("", null, Set.of(), Set.of());

    /**
     * @throws IllegalArgumentException if the glob has a set that is empty or is not closed
     */
    public EventFilter {
        types = Set.copyOf(types);
        tags = Set.copyOf(tags);
        if (glob != null) {
            Glob.check(glob);
        }
    }

    /** Every event. */
    public static EventFilter all() {
        return ALL;
    }

    /** The events of streams whose names begin with {@code prefix}. */
    public static EventFilter prefix(String prefix) {
        return new EventFilter(prefix, null, Set.of(), Set.of());
    }

    /** The events of streams whose whole names fit {@code glob}. */
    public static EventFilter glob(String glob) {
        return new EventFilter("", glob, Set.of(), Set.of());
    }

    public EventFilter withTypes(EventType... any) {
        return new EventFilter(streamPrefix, glob, Set.of(any), tags);
    }

    public EventFilter withTags(String... every) {
        return new EventFilter(streamPrefix, glob, types, Set.of(every));
    }

    /** Whether an event of this stream and type and with these tags passes. */
    public boolean accepts(StreamId stream, EventType type, Collection<String> eventTags) {
        return acceptsStream(stream) && (types.isEmpty() || types.contains(type)) && eventTags.containsAll(tags);
    }

    /** Whether events of this stream can pass at all. */
    public boolean acceptsStream(StreamId stream) {
        String name = stream.value();
        return name.startsWith(streamPrefix) && (glob == null || Glob.matches(glob, name));
    }
}
