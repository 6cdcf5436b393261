package dev.evstore.core.codec;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Names;
import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Gathers what an {@link EventCodec} knows. Every method refuses what contradicts what was said before; {@link #build}
 * refuses gaps. For one thread.
 *
 * @param <E> what all events are
 */
public final class EventCodecBuilder<E> {

    private final Class<E> events;
    private final Payloads payloads;
    private final Set<Class<? extends E>> permitted;
    private final Map<Class<?>, EventType> written = new LinkedHashMap<>();
    private final Map<EventType, EventCodec.Reading<?, ? extends E>> readings = new LinkedHashMap<>();

    EventCodecBuilder(Class<E> events, Payloads payloads, Set<Class<? extends E>> permitted) {
        this.events = events;
        this.payloads = payloads;
        this.permitted = permitted;
    }

    /**
     * Events of this class are written, and read, under this name.
     *
     * @throws IllegalArgumentException if the class or the name is taken, the name is no event type's or reserved, or the
     *     class can't have instances
     */
    public EventCodecBuilder<E> type(String name, Class<? extends E> type) {
        if (type.isInterface() || (Modifier.isAbstract(type.getModifiers()) && !type.isEnum())) {
            throw new IllegalArgumentException("events are of classes, not of " + type);
        }
        reading(name, type, Function.identity(), false);
        EventType before = written.put(type, EventType.of(name));
        if (before != null) {
            throw new IllegalArgumentException(type + " has two names: " + quoted(before.value()) + " and "
                    + quoted(name) + "; an old name is renamed(…)");
        }
        return this;
    }

    /** Old events of this name have the shape that this class has today. */
    public EventCodecBuilder<E> renamed(String oldName, Class<? extends E> type) {
        reading(oldName, type, Function.identity(), false);
        return this;
    }

    /**
     * Old events of this name have the shape of this class, and the function makes of them what they are today. Through
     * several steps it is the functions' composition.
     *
     * @param oldShape a class for the payload, which need not be an event any more
     */
    public <O> EventCodecBuilder<E> upcast(
            String oldName, Class<O> oldShape, Function<? super O, ? extends E> upcaster) {
        reading(oldName, oldShape, upcaster, true);
        return this;
    }

    private <O> void reading(String name, Class<O> shape, Function<? super O, ? extends E> upcaster, boolean upcasts) {
        EventType type = EventType.of(name);
        if (type.reserved()) {
            throw new IllegalArgumentException(
                    "event type " + quoted(name) + ": a leading $ is reserved for the store");
        }
        if (readings.putIfAbsent(type, new EventCodec.Reading<>(shape, upcaster, upcasts)) != null) {
            throw new IllegalArgumentException("event type " + quoted(name) + " stands for two things");
        }
    }

    /**
     * The codec.
     *
     * @throws IllegalArgumentException if nothing can be written, a class that the sealed type permits has no name, or
     *     its simple name is taken
     */
    public EventCodec<E> build() {
        permitted.stream()
                .filter(type -> !written.containsKey(type))
                .sorted(Comparator.comparing(Class::getName))
                .forEach(type -> type(type.getSimpleName(), type));
        if (events.isSealed()) {
            List<String> nameless = Permitted.of(events).stream()
                    .filter(type -> !written.containsKey(type))
                    .map(Class::getName)
                    .sorted()
                    .toList();
            if (!nameless.isEmpty()) {
                throw new IllegalArgumentException(events + " permits what no event type stands for: " + nameless);
            }
        }
        if (written.isEmpty()) {
            throw new IllegalArgumentException("no event type is registered");
        }
        return new EventCodec<>(payloads, written, readings);
    }

    private static String quoted(String name) {
        return Names.quoted(name);
    }
}
