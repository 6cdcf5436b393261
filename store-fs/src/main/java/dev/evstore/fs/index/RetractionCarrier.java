package dev.evstore.fs.index;

import dev.evstore.core.append.FeedHash;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.index.IndexWriter.Visible;
import java.io.IOException;
import java.util.List;

/**
 * Carries retractions over from the old index to the one that is built: what was retracted, under the numbers it had.
 * Not thread-safe.
 */
final class RetractionCarrier {

    private final OldIndex old;
    private final Sql fresh;
    private final ReplicaId self;

    RetractionCarrier(OldIndex old, Sql fresh, ReplicaId self) {
        this.old = old;
        this.fresh = fresh;
        this.self = self;
    }

    /** Those that are not carried yet, up to one. */
    void carry(long upTo) throws IOException {
        while (carryPage(upTo)) {
            // page by page, so that memory is bounded and the old index is not held
        }
    }

    /** Some of them; false if none is left. */
    boolean carryPage(long upTo) throws IOException {
        List<OldIndex.Gone> some = old.retractions(fresh.number(0, "SELECT retractions FROM state"), upTo);
        for (OldIndex.Gone gone : some) {
            carry(gone);
        }
        return !some.isEmpty();
    }

    private void carry(OldIndex.Gone gone) throws IOException {
        Visible built = fresh.first(
                "SELECT " + Visible.COLUMNS + " FROM tx t WHERE t.a = ? AND t.gone IS NULL", Visible::of, gone.a());
        if (built == null) {
            copyRows(gone.a(), gone.r());
            fresh.update("INSERT INTO gone VALUES(?, ?, ?, ?)", gone.r(), gone.a(), gone.replaced(), gone.hash());
            fresh.update("UPDATE state SET retractions = ?, retractionhash = ?", gone.r(), gone.hash());
            return;
        }
        IndexWriter writer = new IndexWriter(fresh, self);
        writer.retract(built, gone.replaced());
        writer.flush();
        if (writer.counters().retractionHash != gone.hash()) {
            throw new IOException("the old index contradicts itself about retraction " + gone.r());
        }
    }

    /** The old index holds them for visible, and the files do not have them, or have them otherwise. */
    void retractWhatTheFilesLack() throws IOException {
        long after = 0;
        for (List<OldIndex.Arrived> some = old.visible(after); !some.isEmpty(); some = old.visible(after)) {
            for (OldIndex.Arrived one : some) {
                if (!fresh.exists("SELECT 1 FROM tx WHERE a = ? AND gone IS NULL", one.a())) {
                    retract(one.a(), fresh.exists("SELECT 1 FROM copy WHERE id = ?", one.id()));
                }
                after = one.a();
            }
        }
    }

    private void retract(long a, boolean replaced) throws IOException {
        Counters counters = Counters.load(fresh);
        counters.retractions++;
        counters.generation++;
        counters.retractionHash = FeedHash.next(counters.retractionHash, counters.retractions, a);
        copyRows(a, counters.retractions);
        fresh.update("INSERT INTO gone VALUES(?, ?, ?, ?)", counters.retractions, a, replaced, counters.retractionHash);
        counters.save(fresh);
    }

    /** A transaction that is not visible any more: its numbers, names and tags, which retractions tell. */
    private void copyRows(long a, long r) throws IOException {
        old.rows(
                a,
                row -> {
                    fresh.update(
                            "INSERT INTO tx VALUES(?,?,?,?,?,?,?,?,?,?,?,?,0,0,0,?)",
                            row.getLong(1),
                            row.getLong(2),
                            row.getBytes(3),
                            row.getBytes(4),
                            row.getBytes(5),
                            row.getInt(6),
                            row.getBytes(7),
                            row.getObject(8) == null ? null : row.getLong(8),
                            row.getString(9),
                            row.getString(10),
                            row.getInt(11),
                            row.getLong(12),
                            r);
                    return true;
                },
                row -> {
                    fresh.update(
                            "INSERT INTO event VALUES(?,?,NULL,?,0,0,?,?,?,?)",
                            row.getLong(1),
                            streamNumber(row.getString(2)),
                            typeNumber(row.getString(3)),
                            row.getInt(4),
                            row.getInt(5),
                            row.getBytes(6),
                            row.getBytes(7));
                    return true;
                });
    }

    private long streamNumber(String name) {
        fresh.update(
                "INSERT OR IGNORE INTO stream(name, version, free, writers, heads, missing, newer, digest)"
                        + " VALUES(?, 0, 0, 0, 0, 0, 0, ?)",
                name,
                Digest.EMPTY.bytes());
        return fresh.number(0, "SELECT s FROM stream WHERE name = ?", name);
    }

    private long typeNumber(String name) {
        fresh.update("INSERT OR IGNORE INTO type(name) VALUES(?)", name);
        return fresh.number(0, "SELECT t FROM type WHERE name = ?", name);
    }
}
