package dev.evstore.core.projection;

import dev.evstore.core.codec.Decoded;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.Origin;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as keys and handlers of a projection see it: what is the same on every replica, and nothing that only this
 * one knows, so that equal events make equal rows (rule O4). For one thread.
 */
public final class ProjectedEvent {

    private final RecordedEvent event;
    private final @Nullable EventCodec<?> codec;
    private final @Nullable Effects effects;
    private @Nullable Object value;

    /**
     * @param codec what {@link #value()} decodes with, or null if it is not asked for
     */
    public ProjectedEvent(RecordedEvent event, @Nullable EventCodec<?> codec) {
        this(event, codec, null);
    }

    /**
     * @param effects null where none may be used
     */
    public ProjectedEvent(RecordedEvent event, @Nullable EventCodec<?> codec, @Nullable Effects effects) {
        this.event = event;
        this.codec = codec;
        this.effects = effects;
    }

    public EventId id() {
        return event.id();
    }

    public StreamId stream() {
        return event.stream();
    }

    public EventType type() {
        return event.type();
    }

    /** The payload's JSON text. */
    public String data() {
        return event.data();
    }

    /** The JSON object's text, or null for none. */
    public @Nullable String meta() {
        return event.meta();
    }

    public List<String> tags() {
        return event.tags();
    }

    /** Who wrote it, or null for an event of a merge transaction. */
    public @Nullable Origin origin() {
        return event.origin();
    }

    /**
     * What the payload says, upcast where it is of an old type; decoded once.
     *
     * @throws dev.evstore.core.UndecodableEventException the codec can't
     * @throws IllegalStateException there is no codec
     */
    public Object value() {
        Object known = value;
        if (known == null) {
            if (codec == null) {
                throw new IllegalStateException("the projections were opened without a codec");
            }
            known = Objects.requireNonNull(((Decoded.Known<?>) codec.decode(event)).value());
            value = known;
        }
        return known;
    }

    /**
     * Calls whose results are kept. For handlers; a key depends on the event alone.
     *
     * @throws IllegalStateException the projection declares no effect
     */
    public Effects effects() {
        if (effects == null) {
            throw new IllegalStateException("no effect is declared");
        }
        return effects;
    }

    /** The class that its handler is for. */
    Class<?> valueType() {
        Object said = value();
        return said instanceof Enum<?> constant ? constant.getDeclaringClass() : said.getClass();
    }
}
