package dev.evstore.fs.index;

import dev.evstore.core.append.StoreView;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The index's side of a group of appends: each is made visible as it is decided, so that the next one sees it; all of
 * it counts once the group's file is published and this is committed. The caller holds the store lock. Not thread-safe.
 */
public final class AppendTransaction {

    private final Sql sql;
    private final EventFiles files;
    private final IndexWriter writer;
    private final StoreView view;
    private final CopyRows copies;
    private final Map<String, Transaction> pending = new HashMap<>();
    private long file;
    private long offset;

    private AppendTransaction(Sql sql, EventFiles files, ReplicaId self) {
        this.sql = sql;
        this.files = files;
        this.writer = new IndexWriter(sql, self);
        this.copies = new CopyRows(sql, files);
        this.view = new IndexView(sql, files, self, pending);
    }

    /** What is done with it. */
    public interface Body {
        /** Returns normally to commit; whatever is thrown rolls back. */
        void run(AppendTransaction transaction) throws IOException;
    }

    /** Runs the body in a database transaction of its own. */
    public static void run(Index index, EventFiles files, ReplicaId self, Body body) throws IOException {
        index.with(sql -> {
            sql.execute("BEGIN IMMEDIATE");
            boolean done = false;
            try {
                body.run(new AppendTransaction(sql, files, self));
                sql.execute("COMMIT");
                done = true;
                return done;
            } finally {
                if (!done) {
                    sql.rollback();
                }
            }
        });
    }

    /** The store with everything added so far. */
    public StoreView view() {
        return view;
    }

    /** Whether a transaction of this id is visible. */
    public boolean isVisible(TransactionId id) {
        return sql.exists("SELECT 1 FROM tx WHERE id = ? AND gone IS NULL", (Object) id.bytes());
    }

    /** The replica's number for its next transaction. */
    public long nextSequence() {
        return writer.counters().replicaSequence + 1;
    }

    /** Bytes added so far: the length of the file to be published. */
    public long size() {
        return offset;
    }

    /** Makes a transaction that is written here visible; its bytes follow those added before, in one file. */
    public void add(Transaction transaction) {
        if (file == 0) {
            sql.update("INSERT INTO file(dir, name, stamp, quality, inline) VALUES('', '', '', 'WHOLE', 1)");
            file = sql.number(0, "SELECT last_insert_rowid()");
        }
        int length = transaction.bytes().length;
        boolean inline = offset + length < Intake.INLINE_BELOW;
        IndexWriter.Place place = new IndexWriter.Place(file, offset, length, inline);
        copies.record(transaction, file, offset);
        if (transaction.header().origin() != null) {
            writer.counters().replicaSequence++; // a merge belongs to no writer, and counts in no row
        }
        writer.arrive(transaction, place, false);
        writer.flushRows();
        offset += length;
        String command = transaction.header().command();
        if (command != null) {
            pending.put(command, transaction);
        }
    }

    /** Names the file that now holds everything added. */
    public void published(String directory, String name) throws IOException {
        writer.flush();
        Stamp stamp = Stamp.of(files.path(directory).resolve(name));
        sql.update(
                "UPDATE file SET dir = ?, name = ?, stamp = ?, inline = ? WHERE f = ?",
                directory,
                name,
                stamp == null ? "" : stamp.encoded(),
                offset < Intake.INLINE_BELOW,
                file);
        // No look has seen a new month yet; without this row none would notice that it is gone as a whole.
        sql.update("INSERT OR IGNORE INTO dir VALUES(?, '', 0)", directory);
    }

    /** Files that were written here and that nobody has synced: what builds on them syncs them first. */
    public List<Path> unsynced() {
        return Unsynced.all(sql).stream()
                .map(file -> files.path(file.directory(), file.name()))
                .toList();
    }

    public void markSynced() {
        Unsynced.clear(sql);
    }

    public void markUnsynced(String directory, String name) {
        Unsynced.mark(sql, directory, name);
    }
}
