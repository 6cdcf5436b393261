package dev.evstore.core.projection;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A projection whose state is not said yet. For one thread. */
public final class ProjectionStart {

    final String name;
    int version;
    Projection.@Nullable Kind saidKind;
    Projection.Kind kind = Projection.Kind.SINGLE;
    Function<ProjectedEvent, Collection<String>> keys = event -> List.of("");

    @Nullable
    String definition;

    ProjectionStart(String name) {
        this.name = name;
    }

    /**
     * Has to be raised whenever a function of the projection means something else: that is what no one can see from
     * outside (rule S9).
     *
     * @param number at least 1
     */
    public ProjectionStart version(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("a projection's version is at least 1, not " + number);
        }
        version = number;
        return this;
    }

    /**
     * What the functions do, where that is data that they interpret: another text, another state, as with another
     * version.
     */
    public ProjectionStart definition(String text) {
        definition = text;
        return this;
    }

    /**
     * One row for each key.
     *
     * @param key of an event, 1..{@value Projection#MAX_KEY_BYTES} bytes of UTF-8; null if it belongs to no row
     */
    public ProjectionStart keyedBy(Function<ProjectedEvent, @Nullable String> key) {
        return keyedByEach(event -> Projection.one(key.apply(event)));
    }

    /** One row for each key; an event may belong to several rows, or to none. */
    public ProjectionStart keyedByEach(Function<ProjectedEvent, Collection<String>> keysOfEvent) {
        return kind(Projection.Kind.KEYED, keysOfEvent);
    }

    /** One row for each stream, under its name. */
    public ProjectionStart perStream() {
        return kind(Projection.Kind.PER_STREAM, event -> List.of(event.stream().value()));
    }

    /** One row for everything, under the empty key. */
    public ProjectionStart single() {
        return kind(Projection.Kind.SINGLE, event -> List.of(""));
    }

    private ProjectionStart kind(Projection.Kind said, Function<ProjectedEvent, Collection<String>> keysOfEvent) {
        if (saidKind != null) {
            throw new IllegalArgumentException("projection " + name + " has its rows twice: " + saidKind + ", " + said);
        }
        saidKind = said;
        kind = said;
        keys = keysOfEvent;
        return this;
    }

    /**
     * Tables of its own instead of states, and the first of them.
     *
     * @param sql one {@code CREATE TABLE} without {@code ;}
     */
    public SqlProjectionBuilder table(String sql) {
        return new SqlProjectionBuilder(this).table(sql);
    }

    /** The state before a row's first event; its class is the states' class. */
    @SuppressWarnings("unchecked")
    public <S> ProjectionBuilder<S> initially(Supplier<S> initial) {
        S first = Objects.requireNonNull(initial.get(), "a projection's initial state is not null");
        return initially((Class<S>) first.getClass(), initial);
    }

    /** The state before a row's first event, where states are of more classes than one. */
    public <S> ProjectionBuilder<S> initially(Class<S> type, Supplier<S> initial) {
        if (version == 0) {
            throw new IllegalArgumentException("projection " + name + " needs a version(…), at least 1");
        }
        if (saidKind == null) {
            throw new IllegalArgumentException(
                    "projection " + name + " needs its rows: keyedBy(…), perStream() or single()");
        }
        return new ProjectionBuilder<>(this, type, initial);
    }
}
