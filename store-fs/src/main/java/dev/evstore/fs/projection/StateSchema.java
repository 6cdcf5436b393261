package dev.evstore.fs.projection;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.engine.StoredRow;
import dev.evstore.fs.index.Sql;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a projection's database.
 *
 * <pre>
 * meta       one row: the fingerprint of what wrote it; fence, raised by who takes over; number of the last write; the
 *            checkpoint; whether the state has ever been complete
 * row        by key: state (null where there is none to be seen), mark, count of events, checksum
 * image      by key and count: a row as it was after so many of its events (O3)
 * member     which events belong to which rows, of keyed projections
 * failure    events that failed; of an unknown row under the empty key
 * excluded   events that a person left out
 * made       only beside an application's tables: the statements that made these
 * </pre>
 *
 * Their names begin with {@code evstore_} in the database: beside them may be tables of an application's.
 *
 * <p>An event stands as 18 bytes, transaction and ordinal, which sort canonically.
 */
final class StateSchema {

    static final int LAYOUT = 2;

    static final int APPLICATION = 0x65767333; // "evs3"

    private static final List<String> TABLES = List.of(
            "CREATE TABLE evstore_meta(fingerprint TEXT NOT NULL, fence INTEGER NOT NULL, write INTEGER NOT NULL,"
                    + " cursor TEXT NOT NULL, building INTEGER NOT NULL, place BLOB, passed INTEGER NOT NULL,"
                    + " total INTEGER NOT NULL, redacted INTEGER NOT NULL, digest BLOB, generation INTEGER NOT NULL,"
                    + " complete INTEGER NOT NULL)",
            "CREATE TABLE evstore_row(key TEXT PRIMARY KEY, state BLOB, mark BLOB NOT NULL, n INTEGER NOT NULL,"
                    + " sum INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE evstore_image(key TEXT NOT NULL, n INTEGER NOT NULL, at BLOB NOT NULL, state BLOB,"
                    + " sum INTEGER NOT NULL, PRIMARY KEY(key, n)) WITHOUT ROWID",
            "CREATE TABLE evstore_member(key TEXT NOT NULL, event BLOB NOT NULL, PRIMARY KEY(key, event)) WITHOUT ROWID",
            "CREATE INDEX evstore_member_event ON evstore_member(event, key)",
            "CREATE TABLE evstore_failure(key TEXT NOT NULL, event BLOB NOT NULL, error TEXT NOT NULL, parked INTEGER NOT NULL,"
                    + " PRIMARY KEY(key, event)) WITHOUT ROWID",
            "CREATE INDEX evstore_failure_parked ON evstore_failure(parked DESC, event)",
            "CREATE TABLE evstore_excluded(event BLOB PRIMARY KEY) WITHOUT ROWID");

    private StateSchema() {}

    /** Within the caller's transaction. */
    static void create(Sql sql) {
        TABLES.forEach(sql::execute);
        sql.execute("PRAGMA application_id = " + APPLICATION);
        sql.execute("PRAGMA user_version = " + LAYOUT);
    }

    static boolean fits(Sql sql) {
        return sql.number(0, "PRAGMA application_id") == APPLICATION && sql.number(0, "PRAGMA user_version") == LAYOUT;
    }

    static byte[] event(EventId event) {
        return ByteBuffer.allocate(18)
                .put(event.transaction().bytes())
                .putShort((short) event.ordinal())
                .array();
    }

    static EventId event(byte[] column) {
        ByteBuffer buffer = ByteBuffer.wrap(column);
        return new EventId(new TransactionId(buffer.getLong(), buffer.getLong()), buffer.getShort());
    }

    /** The first event that a transaction may have. */
    static byte[] first(TransactionId transaction) {
        return event(new EventId(transaction, 0));
    }

    /** The last event that a transaction may have. */
    static byte[] last(TransactionId transaction) {
        return event(new EventId(transaction, 4095));
    }

    static byte @Nullable [] eventOrNull(@Nullable EventId event) {
        return event == null ? null : event(event);
    }

    static @Nullable EventId eventOrNull(byte @Nullable [] column) {
        return column == null ? null : event(column);
    }

    /** Of everything that makes a row or image. */
    static long sum(String key, byte @Nullable [] state, byte[] mark, long count) {
        CRC32C sum = new CRC32C();
        sum.update(key.getBytes(StandardCharsets.UTF_8));
        sum.update(ByteBuffer.allocate(9)
                .putLong(count)
                .put((byte) (state == null ? 0 : 1))
                .flip());
        sum.update(mark);
        if (state != null) {
            sum.update(state);
        }
        return sum.getValue();
    }

    /**
     * @throws DamagedStateException if the sum is another
     */
    static StoredRow checked(String key, byte @Nullable [] state, byte[] mark, long count, long sum) {
        if (mark.length != 18 || sum(key, state, mark, count) != sum) {
            throw new DamagedStateException("a row's bytes do not have their checksum", null);
        }
        return new StoredRow(state, event(mark), count);
    }
}
