package dev.evstore.core.projection;

import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.id.Names;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a read model is: which events, under which keys, folded how. Each key has a row, whose state is the fold of the
 * row's events.
 *
 * <pre>{@code
 * Projection<Balance> balances = Projection.named("balances").version(3)
 *         .perStream()
 *         .initially(Balance::zero)
 *         .on(Deposited.class, (state, deposited) -> state.plus(deposited.cents()))
 *         .on(Closed.class, (state, closed) -> null)                          // no row any more
 *         .build();
 * }</pre>
 *
 * <p>Keys and handlers are functions of what they are given, and of nothing else: no clock, no randomness, no other row.
 * They leave the state they are given as it is and return another, or null for no row; a state that is changed in place
 * makes wrong rows. Immutable and thread-safe, as its functions are to be.
 *
 * @param <S> the state of a row: a value that the codec's {@link dev.evstore.core.codec.Payloads} can write and read
 */
public sealed class Projection<S> permits SqlProjection {

    /** The longest key, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    /** Which rows a projection has. */
    public enum Kind {
        /** One row for each key that events give. */
        KEYED,
        /** One row for each stream, under its name. */
        PER_STREAM,
        /** One row, whose key is empty. */
        SINGLE
    }

    /** Makes a row's next state of its present one and an event. */
    public interface Handler<S, E> {
        /**
         * @param state the row's state, or the initial one where there is none
         * @return the next state, or null for no row
         */
        @Nullable
        S apply(S state, E event);
    }

    final String name;
    final int version;
    final @Nullable String definition;
    final Kind kind;
    final Order order;
    final EventFilter filter;
    final Class<S> stateType;
    final Supplier<S> initial;
    final ErrorPolicy live;
    final ErrorPolicy rebuild;
    final Function<ProjectedEvent, Collection<String>> keys;
    final Map<Class<?>, BiFunction<S, ProjectedEvent, @Nullable S>> byClass;
    final Map<EventType, BiFunction<S, ProjectedEvent, @Nullable S>> byType;
    final @Nullable BiFunction<S, ProjectedEvent, @Nullable S> every;
    final @Nullable BiFunction<S, ProjectedRedaction, @Nullable S> redacted;
    final Map<String, Integer> effects;

    Projection(ProjectionBuilder<S> builder) {
        this.name = builder.start.name;
        this.version = builder.start.version;
        this.definition = builder.start.definition;
        this.kind = builder.start.kind;
        this.keys = builder.start.keys;
        this.order = builder.order;
        this.filter = builder.filter;
        this.stateType = builder.stateType;
        this.initial = builder.initial;
        this.live = builder.live;
        this.rebuild = builder.rebuild;
        this.byClass = Map.copyOf(builder.byClass);
        this.byType = Map.copyOf(builder.byType);
        this.every = builder.every;
        this.redacted = builder.redacted;
        this.effects = Map.copyOf(builder.effects);
    }

    Projection(Projection<S> other) {
        this.name = other.name;
        this.version = other.version;
        this.definition = other.definition;
        this.kind = other.kind;
        this.keys = other.keys;
        this.order = other.order;
        this.filter = other.filter;
        this.stateType = other.stateType;
        this.initial = other.initial;
        this.live = other.live;
        this.rebuild = other.rebuild;
        this.byClass = other.byClass;
        this.byType = other.byType;
        this.every = other.every;
        this.redacted = other.redacted;
        this.effects = other.effects;
    }

    /**
     * A projection to be.
     *
     * @param name what its state is kept under: 1..100 of {@code a-z A-Z 0-9 . _ -}, not beginning with a point
     */
    public static ProjectionStart named(String name) {
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException("not a projection's name: " + Names.quoted(name)
                    + "; it has 1 to 100 of a-z A-Z 0-9 . _ - and does not begin with a point");
        }
        return new ProjectionStart(name);
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    public Kind kind() {
        return kind;
    }

    public Order order() {
        return order;
    }

    public Class<S> stateType() {
        return stateType;
    }

    /** The effects that handlers use, with their versions; if there are any, rows may differ from other replicas'. */
    public Map<String, Integer> effects() {
        return effects;
    }

    /** What becomes of events that fail while it follows the store. */
    public ErrorPolicy livePolicy() {
        return live;
    }

    /** What becomes of events that fail while it is built. */
    public ErrorPolicy rebuildPolicy() {
        return rebuild;
    }

    /**
     * The events it has to be given: no others can reach a handler.
     *
     * @throws IllegalArgumentException a handler is for a class that the codec knows no event type of, or its own filter
     *     lets none of the types through that it handles
     */
    public EventFilter filter(@Nullable EventCodec<?> codec) {
        Set<EventType> types = new HashSet<>(byType.keySet());
        for (Class<?> type : byClass.keySet()) {
            if (codec == null) {
                throw new IllegalArgumentException(
                        "projection " + name + " handles classes of events: open its host with a codec");
            }
            Set<EventType> ofClass = codec.typesOf(Set.of(type));
            if (ofClass.isEmpty()) {
                throw new IllegalArgumentException(
                        "projection " + name + " handles " + type + ", which no event type of the codec stands for");
            }
            types.addAll(ofClass);
        }
        if (every != null) {
            return filter;
        }
        if (!filter.types().isEmpty()) {
            types.retainAll(filter.types());
        }
        if (types.isEmpty()) {
            throw new IllegalArgumentException(
                    "projection " + name + " handles none of the event types that its filter lets through");
        }
        return new EventFilter(filter.streamPrefix(), filter.glob(), types, filter.tags());
    }

    /** Whether the fold of a redacted event is stated; else redacted events are passed over. */
    public boolean handlesRedacted() {
        return redacted != null;
    }

    /**
     * The handler an event goes to, or null if it is none of this projection's.
     *
     * @throws UndecodableEventException which handler it is can't be told
     */
    public @Nullable BiFunction<S, ProjectedEvent, @Nullable S> handler(ProjectedEvent event) {
        BiFunction<S, ProjectedEvent, @Nullable S> raw = byType.get(event.type());
        if (raw != null) {
            return raw;
        }
        if (byClass.isEmpty()) {
            return every;
        }
        Class<?> type;
        try {
            type = event.valueType();
        } catch (UndecodableEventException e) {
            if (every != null && e.reason() == UndecodableEventException.Reason.UNKNOWN_TYPE) {
                return every; // no class stands for it, so none that has a handler
            }
            throw e;
        }
        BiFunction<S, ProjectedEvent, @Nullable S> typed = byClass.get(type);
        return typed == null ? every : typed;
    }

    /** The handler of redacted events; only where {@link #handlesRedacted()}. */
    public @Nullable BiFunction<S, ProjectedRedaction, @Nullable S> redactedHandler() {
        return redacted;
    }

    /** The keys that an event belongs to, each once; only of a keyed projection. */
    public Set<String> keys(ProjectedEvent event) {
        Map<String, Boolean> distinct = new LinkedHashMap<>();
        for (String key : keys.apply(event)) {
            distinct.put(ProjectionKeys.checked(key), true);
        }
        return distinct.keySet();
    }

    /** The state that a row's first event finds. */
    public S initial() {
        return initial.get();
    }

    /** The state that the first event of one row finds. */
    public S initial(String key) {
        return initial();
    }

    /** Whether all that handlers do is in the states they return; if not, a row has none, and no images. */
    public boolean hasStates() {
        return true;
    }

    /** The statements that make the tables it has beside its rows. */
    public List<String> tables() {
        return List.of();
    }

    /**
     * The same projection at work.
     *
     * @param scopes reach its tables, by the row's key
     */
    public Projection<S> in(Function<String, SqlScope> scopes) {
        return this;
    }

    /** Takes away what a row's events did beside its state; false if that can't be done. */
    public boolean reset(String key) {
        return true;
    }

    /** What its stored state is good for: another text, another state (rule S9). */
    public String fingerprint(@Nullable EventCodec<?> codec) {
        return Fingerprint.of(this, codec);
    }

    @Override
    public String toString() {
        return "projection " + name;
    }

    static List<String> one(@Nullable String key) {
        return key == null ? List.of() : List.of(key);
    }
}
