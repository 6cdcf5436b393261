package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.history.TransactionHeader;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.TransactionId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who names whom as a parent, and what follows: the heads of the store, parents that are not here, parents with another
 * hash than was seen. New heads of the store are held until {@link #flush()}: in a chain, each is one for a moment only.
 * For one write; not thread-safe.
 */
final class ParentLinks {

    private final Sql sql;
    private final VisibleRows visible;
    private final Oddities oddities;
    private final Set<TransactionId> newHeads = new HashSet<>();

    ParentLinks(Sql sql, VisibleRows visible, Oddities oddities) {
        this.sql = sql;
        this.visible = visible;
        this.oddities = oddities;
    }

    private record Child(byte[] id, String half) {
        static Child of(ResultSet row) throws SQLException {
            return new Child(row.getBytes(1), row.getString(2));
        }
    }

    /**
     * A transaction is visible now.
     *
     * @param unnamed whether it is known that nobody names it
     */
    void link(TransactionHeader header, byte[] id, boolean unnamed) {
        header.parents().forEach((parent, half) -> {
            byte[] parentId = parent.bytes();
            sql.update("INSERT INTO parent VALUES(?, ?, ?)", parentId, id, half);
            Sha256 seen = visible.trailer(parent);
            if (seen == null) {
                sql.update("INSERT INTO dangling VALUES(?, ?)", id, parentId);
            } else {
                if (!newHeads.remove(parent)) {
                    sql.update("DELETE FROM storehead WHERE id = ?", parentId);
                }
                compare(id, parentId, half, seen);
            }
        });
        List<Child> children =
                unnamed ? List.of() : sql.list("SELECT child, half FROM parent WHERE parent = ?", Child::of, id);
        if (children.isEmpty()) {
            newHeads.add(header.id());
        } else {
            sql.update("DELETE FROM dangling WHERE parent = ?", id);
            children.forEach(child -> compare(child.id(), id, child.half(), header.trailer()));
        }
    }

    private void compare(byte[] child, byte[] parent, String half, Sha256 trailer) {
        if (!trailer.half().equals(half)) {
            oddities.mark(Finding.Code.PARENT_MISMATCH, child, parent, 0);
        }
    }

    /** A transaction is no longer visible. */
    void unlink(byte[] id) {
        List<byte[]> parents = sql.list("SELECT parent FROM parent WHERE child = ?", row -> row.getBytes(1), id);
        sql.update("DELETE FROM parent WHERE child = ?", id);
        sql.update("DELETE FROM dangling WHERE child = ?", id);
        for (byte[] parent : parents) {
            if (visible.contains(parent) && !sql.exists("SELECT 1 FROM parent WHERE parent = ?", parent)) {
                sql.update("INSERT INTO storehead VALUES(?)", parent);
            }
        }
        sql.update("DELETE FROM storehead WHERE id = ?", id);
        for (byte[] child : sql.list("SELECT child FROM parent WHERE parent = ?", row -> row.getBytes(1), id)) {
            sql.update("INSERT INTO dangling VALUES(?, ?)", child, id);
            oddities.clear(Finding.Code.PARENT_MISMATCH, child, id);
        }
    }

    void flush() {
        newHeads.forEach(id -> sql.update("INSERT INTO storehead VALUES(?)", id.bytes()));
        newHeads.clear();
    }
}
