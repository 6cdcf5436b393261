package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.id.TransactionId;

/** What status reports of transactions, written down as they come and go. For one write; not thread-safe. */
final class Oddities {

    private static final byte[] NOBODY = new byte[0];

    private final Sql sql;
    private boolean variantsAsked;
    private boolean variants;

    Oddities(Sql sql) {
        this.sql = sql;
    }

    void mark(Finding.Code code, byte[] id, byte[] other, long s) {
        sql.update("INSERT OR IGNORE INTO oddity VALUES(?, ?, ?, ?)", code.name(), id, other, s);
    }

    /** What was said of this transaction. */
    void clear(byte[] id) {
        sql.update("DELETE FROM oddity WHERE id = ?", id);
    }

    void clear(Finding.Code code, byte[] id) {
        sql.update("DELETE FROM oddity WHERE code = ? AND id = ?", code.name(), id);
    }

    void clear(Finding.Code code, byte[] id, byte[] other) {
        sql.update("DELETE FROM oddity WHERE code = ? AND id = ? AND other = ?", code.name(), id, other);
    }

    void clear(Finding.Code code, byte[] id, byte[] other, long s) {
        sql.update("DELETE FROM oddity WHERE code = ? AND id = ? AND other = ? AND s = ?", code.name(), id, other, s);
    }

    /** Several contents of one id are here, or no longer (rule I5): said of all that arrive, true of hardly any. */
    void markVariant(TransactionId id, boolean several) {
        if (several) {
            mark(Finding.Code.VARIANT, id.bytes(), NOBODY, 0);
            variants = true;
            variantsAsked = true;
            return;
        }
        if (!variantsAsked) {
            variants = sql.exists("SELECT 1 FROM oddity WHERE code = ?", Finding.Code.VARIANT.name());
            variantsAsked = true;
        }
        if (variants) {
            clear(Finding.Code.VARIANT, id.bytes());
        }
    }
}
