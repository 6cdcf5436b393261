package dev.evstore.core.projection;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the handlers of a {@link Projection}. Refuses what contradicts what was said before. For one thread.
 *
 * @param <S> the state of a row
 */
public final class ProjectionBuilder<S> {

    final ProjectionStart start;
    final Class<S> stateType;
    final Supplier<S> initial;
    final Map<Class<?>, BiFunction<S, ProjectedEvent, @Nullable S>> byClass = new LinkedHashMap<>();
    final Map<EventType, BiFunction<S, ProjectedEvent, @Nullable S>> byType = new LinkedHashMap<>();
    final Map<String, Integer> effects = new TreeMap<>();
    Order order = Order.CANONICAL;
    EventFilter filter = EventFilter.all();
    ErrorPolicy live = ErrorPolicy.STOP;
    ErrorPolicy rebuild = ErrorPolicy.STOP;

    @Nullable
    BiFunction<S, ProjectedEvent, @Nullable S> every;

    @Nullable
    BiFunction<S, ProjectedRedaction, @Nullable S> redacted;

    ProjectionBuilder(ProjectionStart start, Class<S> stateType, Supplier<S> initial) {
        this.start = start;
        this.stateType = stateType;
        this.initial = initial;
    }

    /** What an event of this class does to its row. */
    public <E> ProjectionBuilder<S> on(Class<E> type, Projection.Handler<S, ? super E> handler) {
        if (type.isInterface() || (Modifier.isAbstract(type.getModifiers()) && !type.isEnum())) {
            throw new IllegalArgumentException("handlers are for classes of events, not for " + type);
        }
        put(byClass, type, (state, event) -> handler.apply(state, type.cast(event.value())));
        return this;
    }

    /** What an event of this class does to its row, with what stands beside its payload. */
    public <E> ProjectionBuilder<S> on(Class<E> type, TypedHandler<S, ? super E> handler) {
        if (type.isInterface() || (Modifier.isAbstract(type.getModifiers()) && !type.isEnum())) {
            throw new IllegalArgumentException("handlers are for classes of events, not for " + type);
        }
        put(byClass, type, (state, event) -> handler.apply(state, type.cast(event.value()), event));
        return this;
    }

    /** As {@link Projection.Handler}, with what stands beside the payload. */
    public interface TypedHandler<S, E> {
        @Nullable
        S apply(S state, E value, ProjectedEvent event);
    }

    /** What an event of this type does to its row; its payload is not decoded. */
    public ProjectionBuilder<S> onType(String type, Projection.Handler<S, ProjectedEvent> handler) {
        put(byType, EventType.of(type), handler::apply);
        return this;
    }

    /** What every event does that no other handler is for; its payload is not decoded. */
    public ProjectionBuilder<S> onEvery(Projection.Handler<S, ProjectedEvent> handler) {
        if (every != null) {
            throw new IllegalArgumentException("projection " + start.name + " handles every event twice");
        }
        every = handler::apply;
        return this;
    }

    /**
     * What an event does whose payload was taken out. Without this such events are passed over and counted (rule O6). In
     * a keyed projection it is never called: nothing tells the row.
     */
    public ProjectionBuilder<S> onRedacted(Projection.Handler<S, ProjectedRedaction> handler) {
        redacted = handler::apply;
        return this;
    }

    private <K> void put(
            Map<K, BiFunction<S, ProjectedEvent, @Nullable S>> handlers,
            K what,
            BiFunction<S, ProjectedEvent, @Nullable S> handler) {
        if (handlers.putIfAbsent(what, handler) != null) {
            throw new IllegalArgumentException("projection " + start.name + " handles " + what + " twice");
        }
    }

    /**
     * Handlers use results of this effect: then rows are equal on one replica, and may differ from another's (see {@link
     * Effects}).
     *
     * @param number at least 1; to be raised when its results mean something else, so that all are asked for again
     */
    public ProjectionBuilder<S> effect(String name, int number) {
        if (number < 1 || effects.putIfAbsent(name, number) != null) {
            throw new IllegalArgumentException("effect " + name + " has one version, at least 1, not " + number);
        }
        return this;
    }

    /** Canonical, if nothing is said. */
    public ProjectionBuilder<S> order(Order said) {
        order = said;
        return this;
    }

    /** Which events may reach the handlers; all, if nothing is said. */
    public ProjectionBuilder<S> filter(EventFilter said) {
        filter = said;
        return this;
    }

    /** What becomes of events that fail; the projection stops, if nothing is said. */
    public ProjectionBuilder<S> onError(ErrorPolicy policy) {
        return onError(policy, policy);
    }

    /** What becomes of events that fail while it follows the store, and while it is built. */
    public ProjectionBuilder<S> onError(ErrorPolicy whileLive, ErrorPolicy whileRebuilding) {
        live = whileLive;
        rebuild = whileRebuilding;
        return this;
    }

    /**
     * The projection.
     *
     * @throws IllegalArgumentException if it handles nothing
     */
    public Projection<S> build() {
        if (byClass.isEmpty() && byType.isEmpty() && every == null) {
            throw new IllegalArgumentException("projection " + start.name + " handles no event");
        }
        return new Projection<>(this);
    }
}
