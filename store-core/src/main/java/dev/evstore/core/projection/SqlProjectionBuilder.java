package dev.evstore.core.projection;

import dev.evstore.core.event.EventFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers tables and handlers of a {@link SqlProjection}. Refuses what contradicts what was said before. For one thread. */
public final class SqlProjectionBuilder {

    private final ProjectionBuilder<SqlScope> handlers;
    private final String name;
    private final List<String> tables = new ArrayList<>();
    private boolean rebuildsOnLate;

    private SqlProjection.@Nullable Reset reset;

    SqlProjectionBuilder(ProjectionStart start) {
        this.name = start.name;
        this.handlers = start.initially(SqlScope.class, () -> {
            throw new IllegalStateException("projection " + name + " has no states");
        });
    }

    /** What an event does to the tables. It is done whole, or if it throws, not at all. */
    public interface Handler<E> {
        void apply(SqlTables tables, E value, ProjectedEvent event);
    }

    /** As {@link Handler}, of an event that is not decoded. */
    public interface RawHandler<E> {
        void apply(SqlTables tables, E event);
    }

    /**
     * A table.
     *
     * @param sql one {@code CREATE TABLE} without {@code ;}; no name begins with {@code evstore_}
     */
    public SqlProjectionBuilder table(String sql) {
        tables.add(SqlText.table(sql));
        return this;
    }

    /**
     * An index of a table said before.
     *
     * @param sql one {@code CREATE INDEX} without {@code ;}
     */
    public SqlProjectionBuilder index(String sql) {
        tables.add(SqlText.index(sql));
        return this;
    }

    /** What an event of this class does. */
    public <E> SqlProjectionBuilder on(Class<E> type, Handler<? super E> handler) {
        handlers.on(type, (scope, value, event) -> done(scope, tables -> handler.apply(tables, value, event)));
        return this;
    }

    /** What an event of this type does; its payload is not decoded. */
    public SqlProjectionBuilder onType(String type, RawHandler<ProjectedEvent> handler) {
        handlers.onType(type, (scope, event) -> done(scope, tables -> handler.apply(tables, event)));
        return this;
    }

    /** What every event does that no other handler is for; its payload is not decoded. */
    public SqlProjectionBuilder onEvery(RawHandler<ProjectedEvent> handler) {
        handlers.onEvery((scope, event) -> done(scope, tables -> handler.apply(tables, event)));
        return this;
    }

    /** As {@link ProjectionBuilder#onRedacted}. */
    public SqlProjectionBuilder onRedacted(RawHandler<ProjectedRedaction> handler) {
        handlers.onRedacted((scope, event) -> done(scope, tables -> handler.apply(tables, event)));
        return this;
    }

    private interface Work {
        void with(SqlTables tables);
    }

    /** There is never a state: what the event did is in the tables. */
    private static @Nullable SqlScope done(SqlScope scope, Work work) {
        scope.run(work::with);
        return null;
    }

    /** How to take away all that the events of a key wrote, so that they can be given again. */
    public SqlProjectionBuilder reset(SqlProjection.Reset how) {
        if (reset != null) {
            throw new IllegalArgumentException("projection " + name + " resets its rows twice");
        }
        reset = how;
        return this;
    }

    /** Nothing can be taken away: when an event comes late or is retracted, all is built anew beside what is served. */
    public SqlProjectionBuilder rebuildsOnLate() {
        rebuildsOnLate = true;
        return this;
    }

    /** Canonical, if nothing is said. */
    public SqlProjectionBuilder order(Order said) {
        handlers.order(said);
        return this;
    }

    /** As {@link ProjectionBuilder#effect}. */
    public SqlProjectionBuilder effect(String effect, int number) {
        handlers.effect(effect, number);
        return this;
    }

    /** Which events may reach the handlers; all, if nothing is said. */
    public SqlProjectionBuilder filter(EventFilter said) {
        handlers.filter(said);
        return this;
    }

    /** What becomes of events that fail; the projection stops, if nothing is said. */
    public SqlProjectionBuilder onError(ErrorPolicy policy) {
        handlers.onError(policy);
        return this;
    }

    /** What becomes of events that fail while it follows the store, and while it is built. */
    public SqlProjectionBuilder onError(ErrorPolicy whileLive, ErrorPolicy whileRebuilding) {
        handlers.onError(whileLive, whileRebuilding);
        return this;
    }

    /**
     * The projection.
     *
     * @throws IllegalArgumentException if it handles nothing, or does not say, by one of three, what becomes of a late event
     */
    public SqlProjection build() {
        boolean arrival = handlers.order == Order.ARRIVAL;
        int said = (reset == null ? 0 : 1) + (rebuildsOnLate ? 1 : 0) + (arrival ? 1 : 0);
        if (said != 1) {
            throw new IllegalArgumentException("projection " + name
                    + " needs one of reset(…), rebuildsOnLate() and order(ARRIVAL): what becomes of its tables when an"
                    + " event comes late or is retracted");
        }
        handlers.build(); // refuses what has no handler
        return new SqlProjection(handlers, tables, reset);
    }
}
