package dev.evstore.core.projection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a {@link SqlProjection}, for one event of one row: what is done to them is committed with the projection's
 * place in the feed, or not at all. For the thread and the time of the call that it is given to.
 *
 * <p>Each call is one statement without {@code ;}, with values as parameters: {@code Long}, {@code Integer}, {@code
 * Double}, {@code Boolean}, {@code String}, {@code byte[]} or null. Transactions, schema and settings are the host's:
 * statements that would touch them are refused. A statement that SQLite refuses fails its event, even if the handler
 * catches what is thrown: what an event does is done whole (rule R4).
 */
public interface SqlTables {

    /** The row that the event is given to: the key; of a per-stream projection the stream's name, of a single one empty. */
    String key();

    /**
     * Changes rows.
     *
     * @param sql {@code INSERT}, {@code REPLACE}, {@code UPDATE} or {@code DELETE}, with or without {@code WITH} before it
     * @return how many rows
     * @throws IllegalArgumentException it is another statement, or a parameter of another class
     * @throws SqlRefusedException SQLite refuses it
     */
    int update(String sql, @Nullable Object... parameters);

    /**
     * Reads rows, those changed before included.
     *
     * @param sql {@code SELECT}, {@code VALUES}, with or without {@code WITH} before it
     * @return all of them, in memory
     * @throws IllegalArgumentException it is another statement, or a parameter of another class
     * @throws SqlRefusedException SQLite refuses it
     */
    List<SqlRow> query(String sql, @Nullable Object... parameters);
}
