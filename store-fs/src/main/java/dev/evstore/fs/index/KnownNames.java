package dev.evstore.fs.index;

import dev.evstore.core.event.EventType;
import dev.evstore.core.id.StreamId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The names of streams and types by their numbers, which mean the same as long as a database lives. Kept with a
 * connection, so that a page does not look up and check what the page before did. Not thread-safe.
 */
final class KnownNames {

    /** As many are kept: with the longest names some 10 MB, with usual ones 2. */
    private static final int MOST = 20_000;

    private final Sql sql;
    private final Map<Long, StreamId> streams = new HashMap<>();
    private final Map<Long, EventType> types = new HashMap<>();

    private KnownNames(Sql sql) {
        this.sql = sql;
    }

    static KnownNames of(Sql sql) {
        return sql.kept(KnownNames.class, KnownNames::new);
    }

    StreamId stream(long number) {
        return known(streams, number, "SELECT name FROM stream WHERE s = ?", StreamId::of);
    }

    EventType type(long number) {
        return known(types, number, "SELECT name FROM type WHERE t = ?", EventType::of);
    }

    private <T> T known(Map<Long, T> names, long number, String query, Function<String, T> checked) {
        T name = names.get(number);
        if (name == null) {
            name = checked.apply(Objects.requireNonNull(
                    sql.first(query, row -> row.getString(1), number), "what an event is of is never removed"));
            if (names.size() == MOST) {
                names.clear();
            }
            names.put(number, name);
        }
        return name;
    }
}
