package dev.evstore.fs.index;

import java.util.List;
import java.util.Map;

/**
 * The index's tables. Everything but arrival order can be made again from the event files.
 *
 * <pre>
 * state      one row: epoch, counters, digests, how far the index is durable
 * dir, file  what was found on disk, with the stamps it had; a ghost is a file that is gone while git is busy (P6)
 * copy       where valid transactions stand, visible or not (I5)
 * tx         arrivals: every transaction that is or was visible, by its last sequence number (P1)
 * gone       retractions, numbered (P6)
 * event      by sequence number; version is the canonical place in the stream, null once retracted
 * payload    lines of events in small files; those of packs are read in place
 * stream     version, digest, count of heads, count of names that are not here (F7)
 * writes     which visible transactions name a stream as written
 * edge       which head a visible transaction supersedes in a stream (F1)
 * reads      which streams a visible transaction only read, with the heads it saw (F6)
 * head       heads of streams; storehead: heads of the store; parent: who names whom as parent
 * replica    what of a replica's numbers is here: the last run of them from tail to newest, and how many below that are
 *            missing, or stand on several transactions; run: the earlier runs; shared: on how many more than one
 * oddity     what status reports of transactions (F1, I5, A6)
 * </pre>
 */
final class Schema {

    /** Marks a database as this index, and its layout: another number is another layout, and is built again. */
    static final int LAYOUT = 3;

    static final int APPLICATION = 0x65767331; // "evs1"

    private static final List<String> TABLES = List.of(
            "CREATE TABLE state(epoch TEXT NOT NULL, next INTEGER NOT NULL, retractions INTEGER NOT NULL,"
                    + " generation INTEGER NOT NULL, transactions INTEGER NOT NULL, events INTEGER NOT NULL,"
                    + " streams INTEGER NOT NULL, digest BLOB NOT NULL, arrivalhash INTEGER NOT NULL,"
                    + " retractionhash INTEGER NOT NULL, durable_a INTEGER NOT NULL, durable_r INTEGER NOT NULL,"
                    + " replica_seq INTEGER NOT NULL)",
            "CREATE TABLE dir(path TEXT PRIMARY KEY, stamp TEXT NOT NULL, settled INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE file(f INTEGER PRIMARY KEY, dir TEXT NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL,"
                    + " quality TEXT NOT NULL, inline INTEGER NOT NULL, more INTEGER NOT NULL DEFAULT 0,"
                    + " ghost INTEGER NOT NULL DEFAULT 0)",
            "CREATE UNIQUE INDEX file_name ON file(dir, name) WHERE ghost = 0",
            "CREATE INDEX file_ghost ON file(f) WHERE ghost = 1",
            "CREATE INDEX file_more ON file(more) WHERE more > 0",
            "CREATE TABLE copy(id BLOB NOT NULL, f INTEGER NOT NULL, off INTEGER NOT NULL, len INTEGER NOT NULL,"
                    + " trailer BLOB NOT NULL, redacted BLOB NOT NULL, PRIMARY KEY(id, f, off)) WITHOUT ROWID",
            "CREATE INDEX copy_file ON copy(f)",
            "CREATE TABLE finding(n INTEGER PRIMARY KEY, f INTEGER, code TEXT NOT NULL, what TEXT NOT NULL,"
                    + " place TEXT NOT NULL, remedy TEXT NOT NULL)",
            "CREATE INDEX finding_file ON finding(f)",
            "CREATE TABLE tx(a INTEGER PRIMARY KEY, first INTEGER NOT NULL, id BLOB NOT NULL, trailer BLOB NOT NULL,"
                    + " redacted BLOB NOT NULL, format INTEGER NOT NULL, replica BLOB, seq INTEGER, at TEXT,"
                    + " command TEXT, again INTEGER NOT NULL, hash INTEGER NOT NULL, f INTEGER NOT NULL,"
                    + " off INTEGER NOT NULL, len INTEGER NOT NULL, gone INTEGER)",
            "CREATE UNIQUE INDEX tx_visible ON tx(id) WHERE gone IS NULL",
            "CREATE INDEX tx_gone ON tx(id) WHERE gone IS NOT NULL",
            "CREATE INDEX tx_command ON tx(command, id) WHERE command IS NOT NULL AND gone IS NULL",
            "CREATE INDEX tx_newer ON tx(id) WHERE format > 1 AND gone IS NULL",
            "CREATE TABLE gone(r INTEGER PRIMARY KEY, a INTEGER NOT NULL, replaced INTEGER NOT NULL, hash INTEGER NOT NULL)",
            "CREATE TABLE type(t INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
            "CREATE TABLE event(seq INTEGER PRIMARY KEY, stream INTEGER NOT NULL, version INTEGER, type INTEGER NOT NULL,"
                    + " off INTEGER NOT NULL, len INTEGER NOT NULL, late INTEGER NOT NULL, redacted INTEGER NOT NULL,"
                    + " tags TEXT, leaf BLOB NOT NULL)",
            "CREATE TABLE payload(seq INTEGER PRIMARY KEY, line BLOB NOT NULL)",
            "CREATE TABLE stream(s INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,"
                    + " free INTEGER NOT NULL, writers INTEGER NOT NULL, heads INTEGER NOT NULL, missing INTEGER NOT NULL,"
                    + " newer INTEGER NOT NULL, last BLOB, digest BLOB NOT NULL)",
            "CREATE INDEX stream_forked ON stream(name) WHERE heads > 1",
            "CREATE INDEX stream_incomplete ON stream(name) WHERE missing > 0",
            "CREATE TABLE writes(s INTEGER NOT NULL, id BLOB NOT NULL, free INTEGER NOT NULL, own INTEGER NOT NULL,"
                    + " newer INTEGER NOT NULL, PRIMARY KEY(id, s)) WITHOUT ROWID",
            "CREATE INDEX writes_newer ON writes(s, id) WHERE newer = 1",
            "CREATE TABLE edge(head BLOB NOT NULL, s INTEGER NOT NULL, child BLOB NOT NULL,"
                    + " PRIMARY KEY(head, s, child)) WITHOUT ROWID",
            "CREATE INDEX edge_child ON edge(child, s)",
            "CREATE TABLE reads(s INTEGER NOT NULL, id BLOB NOT NULL, heads BLOB NOT NULL, PRIMARY KEY(s, id))"
                    + " WITHOUT ROWID",
            "CREATE INDEX reads_id ON reads(id)",
            "CREATE TABLE head(s INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY(s, id)) WITHOUT ROWID",
            "CREATE TABLE storehead(id BLOB PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE parent(parent BLOB NOT NULL, child BLOB NOT NULL, half TEXT NOT NULL,"
                    + " PRIMARY KEY(parent, child)) WITHOUT ROWID",
            "CREATE INDEX parent_child ON parent(child)",
            "CREATE TABLE dangling(child BLOB NOT NULL, parent BLOB NOT NULL, PRIMARY KEY(parent, child)) WITHOUT ROWID",
            "CREATE INDEX dangling_child ON dangling(child)",
            "CREATE TABLE replica(id BLOB PRIMARY KEY, tail INTEGER NOT NULL, newest INTEGER NOT NULL,"
                    + " missing INTEGER NOT NULL, shared INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE INDEX replica_odd ON replica(id) WHERE missing + shared > 0",
            "CREATE TABLE run(replica BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
                    + " PRIMARY KEY(replica, first)) WITHOUT ROWID",
            "CREATE TABLE shared(replica BLOB NOT NULL, seq INTEGER NOT NULL, more INTEGER NOT NULL,"
                    + " PRIMARY KEY(replica, seq)) WITHOUT ROWID",
            "CREATE TABLE oddity(code TEXT NOT NULL, id BLOB NOT NULL, other BLOB NOT NULL, s INTEGER NOT NULL,"
                    + " PRIMARY KEY(code, id, other, s)) WITHOUT ROWID",
            "CREATE INDEX oddity_id ON oddity(id)",
            "CREATE TABLE unsynced(path TEXT PRIMARY KEY) WITHOUT ROWID");

    /**
     * Needed by reads and by what arrives late, not while transactions come in canonical order. They are by stream, so
     * that a row may go anywhere in them: made after a load they cost a tenth.
     */
    private static final Map<String, String> BY_STREAM = Map.of(
            "event_place", "event(stream, version) WHERE version IS NOT NULL",
            "writes_own", "writes(s, id) WHERE own = 1 AND free = 0");

    private Schema() {}

    /**
     * Makes the tables in an empty database, within the caller's transaction; all that is needed but what
     * {@link #endLoad} makes.
     */
    static void createForLoad(Sql sql, String epoch, long replicaSequence) {
        for (String table : TABLES) {
            sql.execute(table);
        }
        sql.update(
                "INSERT INTO state VALUES(?, 1, 0, 0, 0, 0, 0, ?, 0, 0, 0, 0, ?)",
                epoch,
                new byte[32],
                replicaSequence);
        sql.execute("PRAGMA application_id = " + APPLICATION);
        sql.execute("PRAGMA user_version = " + LAYOUT);
    }

    /** Makes the tables in an empty database, within the caller's transaction. */
    static void create(Sql sql, String epoch, long replicaSequence) {
        createForLoad(sql, epoch, replicaSequence);
        endLoad(sql);
    }

    /** Before transactions come in canonical order into an index that is empty, within the caller's transaction. */
    static void beginLoad(Sql sql) {
        BY_STREAM.keySet().forEach(name -> sql.execute("DROP INDEX IF EXISTS " + name));
    }

    /** After such a load, before anything else. */
    static void endLoad(Sql sql) {
        BY_STREAM.forEach((name, on) -> sql.execute("CREATE INDEX IF NOT EXISTS " + name + " ON " + on));
    }

    /** Whether the database is an index of this layout. */
    static boolean fits(Sql sql) {
        return sql.number(0, "PRAGMA application_id") == APPLICATION && sql.number(0, "PRAGMA user_version") == LAYOUT;
    }
}
