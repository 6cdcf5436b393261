package dev.evstore.core.codec;

import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.UndecodableEventException.Reason;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.OpaqueEvent;
import dev.evstore.core.event.RecordedEvent;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.event.StoredEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The event types of an application and the classes that stand for them. It decodes a {@link StoredEvent}, so it serves
 * every path on which events come: reads, the feed, forks, projections.
 *
 * <pre>{@code
 * EventCodec<AccountEvent> codec = EventCodec.ofPermitted(AccountEvent.class, new JacksonPayloads())
 *         .type("Deposited/2", Deposited.class)                          // else written under its simple name
 *         .upcast("Deposited", DepositedInCents.class, old -> new Deposited(old.cents(), "EUR"))
 *         .renamed("AccountCreated", Opened.class)
 *         .build();
 * }</pre>
 *
 * <p>One name stands for one shape, for ever. A class that gets a property more keeps its name, if the class can do
 * without it; any other change of shape takes a new name, and the old one is upcast. So a version of the application
 * that knows only the old shape says that it does not know the type, instead of misreading it.
 *
 * <p>Immutable and thread-safe, as its functions are to be.
 *
 * @param <E> what all its events are
 */
public final class EventCodec<E> {

    private final Payloads payloads;
    private final Map<Class<?>, EventType> written;
    private final Map<EventType, Reading<?, ? extends E>> readings;

    EventCodec(Payloads payloads, Map<Class<?>, EventType> written, Map<EventType, Reading<?, ? extends E>> readings) {
        this.payloads = payloads;
        this.written = Map.copyOf(written);
        this.readings = Map.copyOf(readings);
    }

    /** A codec to be, which knows nothing yet. */
    public static <E> EventCodecBuilder<E> of(Class<E> events, Payloads payloads) {
        return new EventCodecBuilder<>(events, payloads, Set.of());
    }

    /**
     * A codec to be, which knows every class that a sealed type permits, by its simple name unless {@link
     * EventCodecBuilder#type} gives it another. A class that is renamed keeps its events' name by that.
     *
     * @throws IllegalArgumentException if the type is not sealed, or permits an open one, of which nobody knows all
     */
    public static <E> EventCodecBuilder<E> ofPermitted(Class<E> events, Payloads payloads) {
        return new EventCodecBuilder<>(events, payloads, Permitted.of(events));
    }

    /** The types it can decode, old ones included: for an {@link dev.evstore.core.event.EventFilter}. */
    public Set<EventType> types() {
        return readings.keySet();
    }

    /** The types whose events may decode to one of these classes: of an upcast type nobody knows before. */
    public Set<EventType> typesOf(Set<Class<?>> classes) {
        return shapesOf(classes).keySet();
    }

    /** The types whose events may decode to one of these classes, with what tells whether their reading has changed. */
    public Map<EventType, String> shapesOf(Set<Class<?>> classes) {
        Map<EventType, String> shapes = new HashMap<>();
        readings.forEach((type, reading) -> {
            if (reading.upcasts() || classes.contains(reading.shape())) {
                shapes.put(type, (reading.upcasts() ? "upcast " : "") + Shape.of(reading.shape()));
            }
        });
        return shapes;
    }

    /** How values become text. */
    public Payloads payloads() {
        return payloads;
    }

    /**
     * The event to be appended for a value; equal values give equal data. Metadata and tags can be added to it.
     *
     * @throws IllegalArgumentException if the value's class is not registered, or has no JSON text
     */
    public NewEvent encode(E value) {
        Class<?> type = value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
        EventType name = written.get(type);
        if (name == null) {
            throw new IllegalArgumentException("no event type is registered for " + type);
        }
        try {
            return NewEvent.of(name.value(), payloads.write(value));
        } catch (PayloadException e) {
            throw new IllegalArgumentException("an event of type " + name + " can't be written: " + e.getMessage(), e);
        }
    }

    /**
     * What the event says, upcast where it is of an old type.
     *
     * @throws UndecodableEventException if its type is unknown, or its payload not of the type's shape
     */
    public Decoded<E> decode(StoredEvent event) {
        if (event instanceof RedactedEvent redacted) {
            return new Decoded.Redacted<>(redacted);
        }
        if (event instanceof OpaqueEvent opaque) {
            return new Decoded.Opaque<>(opaque);
        }
        RecordedEvent recorded = (RecordedEvent) event;
        Reading<?, ? extends E> reading = readings.get(recorded.type());
        if (reading == null) {
            throw new UndecodableEventException(event, Reason.UNKNOWN_TYPE, null, null);
        }
        try {
            return new Decoded.Known<>(recorded, reading.value(payloads, recorded.data()));
        } catch (PayloadException e) {
            throw new UndecodableEventException(event, Reason.PAYLOAD, e.getMessage(), e);
        }
    }

    /**
     * How a type's payload becomes an event.
     *
     * @param shape what the payload says
     * @param upcast what became of it
     * @param upcasts whether that may be of another class
     */
    record Reading<O, E>(Class<O> shape, Function<? super O, ? extends E> upcast, boolean upcasts) {

        E value(Payloads payloads, String data) {
            O said = payloads.read(data, shape);
            E value;
            try {
                value = upcast.apply(said);
            } catch (RuntimeException e) {
                throw PayloadException.withheld("the upcaster from " + shape.getName() + " threw", e);
            }
            if (value == null) {
                throw new PayloadException("the upcaster from " + shape.getName() + " gave null");
            }
            return value;
        }
    }
}
