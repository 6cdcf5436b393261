package dev.evstore.fs.index;

import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.IndexWriter.Carried;
import dev.evstore.fs.index.IndexWriter.Visible;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The live index while another is built from it: what no file can say. Read in pages, so that it is never held. */
final class OldIndex {

    static final int PAGE = 1_000;

    private final Index index;

    OldIndex(Index index) {
        this.index = index;
    }

    Counters counters() throws IOException {
        return index.read(Counters::load);
    }

    /** What it knows of a visible transaction. */
    record Known(Visible visible, Carried carried) {}

    /** What it knows of those of a page, which is ascending, that it has for visible. */
    Map<TransactionId, Known> known(List<CopyRows.Judged> page) throws IOException {
        if (page.isEmpty()) {
            return Map.of();
        }
        Set<TransactionId> wanted = new HashSet<>();
        page.forEach(one -> wanted.add(one.id()));
        byte[] from = page.get(0).id().bytes();
        byte[] to = page.get(page.size() - 1).id().bytes();
        return index.read(old -> {
            // The generation counts what is late (rule P8): where it is 0, nothing is looked for.
            Map<TransactionId, Set<Integer>> late =
                    Counters.load(old).generation == 0 ? Map.of() : late(old, wanted, from, to);
            Map<TransactionId, Known> known = new HashMap<>();
            old.each(
                    "SELECT " + Visible.COLUMNS + ", t.again, t.hash FROM tx t WHERE t.id >= ? AND t.id <= ?"
                            + " AND t.gone IS NULL",
                    row -> {
                        Visible visible = Visible.of(row);
                        if (wanted.contains(visible.id())) {
                            Carried carried = new Carried(
                                    visible.first(),
                                    visible.last(),
                                    row.getBoolean(7),
                                    row.getLong(8),
                                    late.getOrDefault(visible.id(), Set.of()));
                            known.put(visible.id(), new Known(visible, carried));
                        }
                        return true;
                    },
                    from,
                    to);
            return known;
        });
    }

    private static Map<TransactionId, Set<Integer>> late(Sql old, Set<TransactionId> wanted, byte[] from, byte[] to) {
        Map<TransactionId, Set<Integer>> late = new HashMap<>();
        old.each(
                "SELECT t.id, e.seq - t.first FROM tx t CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a"
                        + " AND e.late = 1 WHERE t.id >= ? AND t.id <= ? AND t.gone IS NULL",
                row -> {
                    TransactionId id = TransactionId.of(row.getBytes(1));
                    if (wanted.contains(id)) {
                        late.computeIfAbsent(id, none -> new HashSet<>()).add(row.getInt(2));
                    }
                    return true;
                },
                from,
                to);
        return late;
    }

    /** Some ids after one, of visible transactions that arrived after another moment. */
    List<byte[]> arrived(byte[] afterId, long afterArrival) throws IOException {
        return index.with(old -> old.list(
                "SELECT id FROM tx WHERE id > ? AND a > ? AND gone IS NULL ORDER BY id LIMIT " + PAGE,
                row -> row.getBytes(1),
                afterId,
                afterArrival));
    }

    /** A visible transaction. */
    record Arrived(long a, byte[] id) {}

    /** Some visible transactions after one, as they arrived. */
    List<Arrived> visible(long after) throws IOException {
        return index.with(old -> old.list(
                "SELECT a, id FROM tx WHERE gone IS NULL AND a > ? ORDER BY a LIMIT " + PAGE,
                row -> new Arrived(row.getLong(1), row.getBytes(2)),
                after));
    }

    /** A retraction and what it retracted: the files know nothing of it any more. */
    record Gone(long r, long a, boolean replaced, long hash) {}

    /** Some retractions after one, in their order. */
    List<Gone> retractions(long after, long upTo) throws IOException {
        return index.with(old -> old.list(
                "SELECT r, a, replaced, hash FROM gone WHERE r > ? AND r <= ? ORDER BY r LIMIT " + PAGE,
                row -> new Gone(row.getLong(1), row.getLong(2), row.getBoolean(3), row.getLong(4)),
                after,
                upTo));
    }

    /** Files that nobody has synced. */
    List<Unsynced.File> unsynced() throws IOException {
        return index.with(Unsynced::all);
    }

    /** Hands over the row of a transaction, then those of its events. */
    void rows(long a, Sql.Visitor transaction, Sql.Visitor event) throws IOException {
        index.with(old -> {
            old.each(
                    "SELECT a, first, id, trailer, redacted, format, replica, seq, at, command, again, hash FROM tx WHERE a = ?",
                    transaction,
                    a);
            old.each(
                    "SELECT e.seq, s.name, y.name, e.late, e.redacted, e.tags, e.leaf FROM tx t"
                            + " CROSS JOIN event e ON e.seq BETWEEN t.first AND t.a JOIN stream s ON s.s = e.stream"
                            + " JOIN type y ON y.t = e.type WHERE t.a = ? ORDER BY e.seq",
                    event,
                    a);
            return true;
        });
    }
}
