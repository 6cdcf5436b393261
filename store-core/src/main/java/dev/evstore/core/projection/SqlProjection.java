package dev.evstore.core.projection;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read model in tables of its own, for joins and indexes, where {@link Projection} has one state for each key. Handlers
 * change the tables in the transaction that the projection's place in the feed is written in.
 *
 * <pre>{@code
 * SqlProjection search = Projection.named("search").version(2)
 *         .perStream()
 *         .table("CREATE TABLE item(stream TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL)")
 *         .index("CREATE INDEX item_name ON item(name)")
 *         .on(Named.class, (tables, named, event) -> tables.update(
 *                 "INSERT INTO item VALUES(?, ?, ?)", tables.key(), named.number(), named.name()))
 *         .reset((tables, key) -> tables.update("DELETE FROM item WHERE stream = ?", key))
 *         .build();
 * }</pre>
 *
 * <p>Each key has its events, as in any projection, and what they wrote is to be told apart from what other keys' wrote: a
 * handler reads and changes only that. When an event of a key comes late or is retracted, {@code reset} takes away all of
 * the key's, and its events are given again from the first on; so a key is to have few, hundreds rather than thousands.
 * Instead of {@code reset} there may be {@code order(ARRIVAL)}, or {@code rebuildsOnLate()}: then all tables are built anew
 * beside those that are served.
 *
 * <p>Handlers are functions of the event and of what its key's events wrote: no clock, no {@code random()}, and no number
 * that SQLite gives by itself, as a {@code rowid}: it says in which order keys were worked on. There is no row to be seen
 * by {@code view}; tables are read by {@code query}. Immutable and thread-safe, as its functions are to be.
 */
public final class SqlProjection extends Projection<SqlScope> {

    /** Takes away all that the events of a key wrote. */
    public interface Reset {
        void reset(SqlTables tables, String key);
    }

    private final List<String> tables;
    private final @Nullable Reset reset;
    private final @Nullable Function<String, SqlScope> scopes;

    SqlProjection(ProjectionBuilder<SqlScope> builder, List<String> tables, @Nullable Reset reset) {
        super(builder);
        this.tables = List.copyOf(tables);
        this.reset = reset;
        this.scopes = null;
    }

    private SqlProjection(SqlProjection unbound, Function<String, SqlScope> scopes) {
        super(unbound);
        this.tables = unbound.tables;
        this.reset = unbound.reset;
        this.scopes = scopes;
    }

    @Override
    public SqlProjection in(Function<String, SqlScope> scopesOfKeys) {
        return new SqlProjection(this, scopesOfKeys);
    }

    @Override
    public boolean hasStates() {
        return false;
    }

    /** The statements that make its tables and indexes, in their order. */
    @Override
    public List<String> tables() {
        return tables;
    }

    @Override
    public SqlScope initial(String key) {
        if (scopes == null) {
            throw new IllegalStateException(this + " has no tables here");
        }
        return scopes.apply(key);
    }

    @Override
    public boolean reset(String key) {
        Reset known = reset;
        if (known == null) {
            return false;
        }
        initial(key).run(reached -> known.reset(reached, key));
        return true;
    }

    @Override
    public String fingerprint(@Nullable EventCodec<?> codec) {
        String text = super.fingerprint(codec) + "\nresets=" + (reset != null) + "\n" + String.join("\n", tables);
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
