package dev.evstore.fs.projection;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.Digest;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.fs.index.Sql;
import java.nio.BufferUnderflowException;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The one row that says what a projection's database holds.
 *
 * @param complete whether everything that was visible was in it at some time: from then on it can be served
 * @param differs whether events were left out by a person
 */
record Meta(String fingerprint, long fence, long write, Checkpoint checkpoint, boolean complete, boolean differs) {

    private static final String SELECT = "SELECT fingerprint, fence, write, cursor, building, place, passed, total,"
            + " redacted, digest, generation, complete, EXISTS(SELECT 1 FROM evstore_excluded) FROM evstore_meta";

    static Meta load(Sql sql) {
        try {
            Meta meta = sql.first(SELECT, Meta::map);
            if (meta == null) {
                throw new DamagedStateException("there is no row that says what it holds", null);
            }
            return meta;
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new DamagedStateException("the row that says what it holds can't be read", e);
        }
    }

    private static Meta map(ResultSet row) throws SQLException {
        byte[] digest = row.getBytes(10);
        return new Meta(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                new Checkpoint(
                        FeedCursor.of(row.getString(4)),
                        row.getBoolean(5),
                        StateSchema.eventOrNull(row.getBytes(6)),
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9),
                        digest == null ? null : Digest.of(digest),
                        row.getLong(11)),
                row.getBoolean(12),
                row.getBoolean(13));
    }

    static void insert(Sql sql, String fingerprint, Checkpoint start) {
        sql.update("INSERT INTO evstore_meta VALUES(?, 0, 0, '', 0, NULL, 0, 0, 0, NULL, 0, 0)", fingerprint);
        save(sql, start, 0);
    }

    static void save(Sql sql, Checkpoint checkpoint, long write) {
        @Nullable Digest digest = checkpoint.digest();
        sql.update(
                "UPDATE evstore_meta SET write=?, cursor=?, building=?, place=?, passed=?, total=?, redacted=?, digest=?,"
                        + " generation=?",
                write,
                checkpoint.cursor().toString(),
                checkpoint.building(),
                StateSchema.eventOrNull(checkpoint.place()),
                checkpoint.passed(),
                checkpoint.total(),
                checkpoint.redacted(),
                digest == null ? null : digest.bytes(),
                checkpoint.generation());
    }
}
