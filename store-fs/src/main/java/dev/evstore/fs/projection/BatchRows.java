package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Failure;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.RowWrite;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.fs.index.Sql;
import java.util.Collection;
import java.util.Comparator;

/** What a batch changes in a projection's tables: rows, their images, members, failures and what is left out. */
final class BatchRows {

    private final Sql sql;

    private BatchRows(Sql sql) {
        this.sql = sql;
    }

    /** All of them, within the caller's transaction; not the checkpoint. */
    static void write(Sql sql, Batch batch) {
        new BatchRows(sql).write(batch);
    }

    /** Events that are left out, within the caller's transaction. */
    static void exclude(Sql sql, Collection<EventId> events) {
        events.forEach(new BatchRows(sql)::exclude);
    }

    private void write(Batch batch) {
        batch.rows().stream().sorted(Comparator.comparing(RowWrite::key)).forEachOrdered(this::row);
        batch.left().forEach(this::leave);
        batch.joined().forEach(this::join);
        batch.keylessGone().forEach(this::forgetKeyless);
        batch.keyless().forEach(this::insert);
        batch.excluded().forEach(this::exclude);
    }

    private void row(RowWrite change) {
        String key = change.key();
        StoredRow row = change.row();
        if (change.imagesUpTo() != Long.MAX_VALUE) {
            sql.update("DELETE FROM evstore_image WHERE key = ? AND n > ?", key, change.imagesUpTo());
        }
        if (change.refolded()) {
            EventId after = change.failuresAfter();
            sql.update(
                    "DELETE FROM evstore_failure WHERE key = ? AND event > ?",
                    key,
                    after == null ? new byte[0] : StateSchema.event(after));
        }
        change.failures().forEach(this::insert);
        if (row == null) {
            sql.update("DELETE FROM evstore_row WHERE key = ?", key);
            return;
        }
        byte[] mark = StateSchema.event(row.mark());
        sql.update(
                "INSERT OR REPLACE INTO evstore_row VALUES(?, ?, ?, ?, ?)",
                key,
                row.state(),
                mark,
                row.count(),
                StateSchema.sum(key, row.state(), mark, row.count()));
        if (!change.images().isEmpty()) {
            for (RowImage image : change.images()) {
                byte[] at = StateSchema.event(image.at());
                sql.update(
                        "INSERT OR REPLACE INTO evstore_image VALUES(?, ?, ?, ?, ?)",
                        key,
                        image.count(),
                        at,
                        image.state(),
                        StateSchema.sum(key, image.state(), at, image.count()));
            }
            // The rule of AfterImages.keeps, in SQL: a number's lowest bit is what it has in common with its negative.
            sql.update("DELETE FROM evstore_image WHERE key = ? AND ? - n > 4 * (n & -n)", key, row.count());
        }
    }

    private void leave(Member member) {
        sql.update(
                "DELETE FROM evstore_member WHERE key = ? AND event = ?",
                member.key(),
                StateSchema.event(member.event()));
    }

    private void join(Member member) {
        sql.update(
                "INSERT OR IGNORE INTO evstore_member VALUES(?, ?)", member.key(), StateSchema.event(member.event()));
    }

    private void insert(Failure failure) {
        sql.update(
                "INSERT OR REPLACE INTO evstore_failure VALUES(?, ?, ?, ?)",
                failure.key(),
                StateSchema.event(failure.event()),
                failure.error(),
                failure.parked());
    }

    private void exclude(EventId event) {
        sql.update("INSERT OR IGNORE INTO evstore_excluded VALUES(?)", (Object) StateSchema.event(event));
    }

    private void forgetKeyless(TransactionId transaction) {
        sql.update(
                "DELETE FROM evstore_failure WHERE key = '' AND event BETWEEN ? AND ?",
                StateSchema.first(transaction),
                StateSchema.last(transaction));
    }
}
