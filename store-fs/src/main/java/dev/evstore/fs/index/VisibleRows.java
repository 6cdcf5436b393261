package dev.evstore.fs.index;

import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions are visible, with a memory of those made visible just now: the next one mostly builds on them. For
 * one write; not thread-safe.
 */
final class VisibleRows {

    private static final int REMEMBERED = 1_000;

    private final Sql sql;
    private final Map<TransactionId, Sha256> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TransactionId, Sha256> eldest) {
            return size() > REMEMBERED;
        }
    };
    /** No visible id is greater; null until asked for, or when nothing is visible. */
    private @Nullable TransactionId newest;

    private boolean newestAsked;

    VisibleRows(Sql sql) {
        this.sql = sql;
    }

    /** Whether every visible transaction comes canonically before this one. */
    boolean follows(TransactionId id) {
        if (!newestAsked) {
            newest = sql.first(
                    "SELECT id FROM tx WHERE gone IS NULL ORDER BY id DESC LIMIT 1",
                    row -> TransactionId.of(row.getBytes(1)));
            newestAsked = true;
        }
        return newest == null || newest.compareTo(id) < 0;
    }

    void add(TransactionId id, Sha256 trailer) {
        recent.put(id, trailer);
        if (newestAsked && (newest == null || newest.compareTo(id) < 0)) {
            newest = id;
        }
    }

    /** The newest may be older now; as a bound it still holds. */
    void remove(TransactionId id) {
        recent.remove(id);
    }

    /** The trailer of a visible transaction; null if it is not visible. */
    @Nullable
    Sha256 trailer(TransactionId id) {
        Sha256 known = recent.get(id);
        return known != null
                ? known
                : sql.first(
                        "SELECT trailer FROM tx WHERE id = ? AND gone IS NULL",
                        row -> Sha256.of(row.getBytes(1)),
                        id.bytes());
    }

    boolean contains(byte[] id) {
        return sql.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", id);
    }
}
