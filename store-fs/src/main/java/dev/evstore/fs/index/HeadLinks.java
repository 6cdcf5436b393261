package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.event.Origin;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.StreamRows.StreamRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * Who writes which stream and supersedes which head of it (F1), and what follows: the heads, and the names that are not
 * here (F7). For one write; not thread-safe.
 */
final class HeadLinks {

    private final Sql sql;
    private final StreamRows streams;
    private final VisibleRows visible;
    private final Oddities oddities;
    private final byte[] own;

    HeadLinks(Sql sql, StreamRows streams, VisibleRows visible, Oddities oddities, byte[] own) {
        this.sql = sql;
        this.streams = streams;
        this.visible = visible;
        this.oddities = oddities;
        this.own = own;
    }

    /**
     * A transaction that writes a stream is visible now.
     *
     * @param claims whether it claims what it builds on, and so can be a head
     * @param unnamed whether it is known that nobody names it
     */
    void link(TransactionHeader header, byte[] id, StreamRow stream, boolean claims, boolean unnamed) {
        stream.newer += header.isNewer() ? 1 : 0;
        Origin origin = header.origin();
        boolean ours = origin != null && Arrays.equals(Columns.replica(origin.replica()), own);
        sql.update("INSERT INTO writes VALUES(?, ?, ?, ?, ?)", stream.s, id, !claims, ours, header.isNewer());
        if (!claims) {
            return;
        }
        for (TransactionId named : header.supersedes(stream.name)) {
            byte[] head = named.bytes();
            sql.update("INSERT INTO edge VALUES(?, ?, ?)", head, stream.s, id);
            supersede(stream, named, head, id);
        }
        if (unnamed || !isNamed(id, stream.s)) {
            stream.addHead(header.id());
        }
    }

    /** Whatever writes a stream by a claim is visible; most of it is the head until the next one comes. */
    private void supersede(StreamRow stream, TransactionId named, byte[] head, byte[] by) {
        if (stream.dropHead(named)) {
            return;
        }
        if (!claims(head, stream.s)) {
            if (visible.contains(head)) {
                oddities.mark(Finding.Code.NAMES_NO_HEAD, by, head, stream.s);
            } else {
                stream.missing++;
            }
        }
    }

    private record Edge(long s, byte[] other) {
        static Edge of(ResultSet row) throws SQLException {
            return new Edge(row.getLong(1), row.getBytes(2));
        }
    }

    /** Whoever named this transaction as a head names something that is here now. */
    void nowHere(byte[] id) {
        for (Edge edge : sql.list("SELECT s, child FROM edge WHERE head = ?", Edge::of, id)) {
            streams.get(edge.s()).missing--;
            if (!claims(id, edge.s())) {
                oddities.mark(Finding.Code.NAMES_NO_HEAD, edge.other(), id, edge.s());
            }
        }
    }

    /** Whoever named this transaction as a head names something that is no longer here. */
    void nowGone(byte[] id) {
        for (Edge edge : sql.list("SELECT s, child FROM edge WHERE head = ?", Edge::of, id)) {
            streams.get(edge.s()).missing++;
            oddities.clear(Finding.Code.NAMES_NO_HEAD, edge.other(), id, edge.s());
        }
    }

    /** A stream that a transaction wrote. */
    record Written(long s, boolean free, boolean newer) {}

    /** A transaction is no longer visible; tells which streams it wrote. */
    List<Written> unlink(byte[] id) {
        List<Written> written = sql.list(
                "SELECT s, free, newer FROM writes WHERE id = ?",
                row -> new Written(row.getLong(1), row.getBoolean(2), row.getBoolean(3)),
                id);
        sql.update("DELETE FROM writes WHERE id = ?", id);
        List<Edge> edges = sql.list("SELECT s, head FROM edge WHERE child = ?", Edge::of, id);
        sql.update("DELETE FROM edge WHERE child = ?", id);
        for (Edge edge : edges) {
            StreamRow stream = streams.get(edge.s());
            if (!visible.contains(edge.other())) {
                stream.missing--;
            } else if (claims(edge.other(), edge.s()) && !isNamed(edge.other(), edge.s())) {
                stream.heads += sql.update("INSERT OR IGNORE INTO head VALUES(?, ?)", edge.s(), edge.other());
            }
        }
        for (Written write : written) {
            StreamRow stream = streams.get(write.s());
            stream.newer -= write.newer() ? 1 : 0;
            stream.heads -= sql.update("DELETE FROM head WHERE s = ? AND id = ?", write.s(), id);
        }
        return written;
    }

    private boolean claims(byte[] id, long s) {
        return sql.exists("SELECT 1 FROM writes WHERE id = ? AND s = ? AND free = 0", id, s);
    }

    private boolean isNamed(byte[] id, long s) {
        return sql.exists("SELECT 1 FROM edge WHERE head = ? AND s = ?", id, s);
    }
}
