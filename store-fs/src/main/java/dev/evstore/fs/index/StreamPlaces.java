package dev.evstore.fs.index;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import java.util.Objects;

/** Finds canonical places among the versions of one stream, by binary search: a version is a place in canonical order. */
final class StreamPlaces {

    private StreamPlaces() {}

    /** How many events of the stream come canonically up to {@code place}, itself included; it need not be there. */
    static long upTo(Sql sql, long s, EventId place) {
        long low = 0;
        long high = sql.number(0, "SELECT version FROM stream WHERE s = ?", s);
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (at(sql, s, middle).compareTo(place) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static EventId at(Sql sql, long s, long version) {
        return Objects.requireNonNull(
                sql.first(
                        "SELECT t.id, e.seq - t.first FROM event e JOIN tx t ON t.a = (SELECT min(a) FROM tx WHERE a >= e.seq)"
                                + " WHERE e.stream = ? AND e.version = ?",
                        row -> new EventId(TransactionId.of(row.getBytes(1)), row.getInt(2)),
                        s,
                        version),
                "every version up to the stream's has its event");
    }
}
