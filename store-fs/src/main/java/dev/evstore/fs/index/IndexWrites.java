package dev.evstore.fs.index;

import dev.evstore.core.RefreshReport;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/** What changes the index, apart from appends. The caller of every method holds the store lock. */
public final class IndexWrites {

    private final Index index;
    private final StoreLayout layout;
    private final GitSteps git;
    private final Ghosts ghosts;
    private final ReplicaId self;

    public IndexWrites(Index index, StoreLayout layout, GitSteps git, Ghosts ghosts, ReplicaId self) {
        this.index = index;
        this.layout = layout;
        this.git = git;
        this.ghosts = ghosts;
        this.self = self;
    }

    /** Whether a look would find nothing. Needs no lock. */
    public boolean isQuiet() throws IOException {
        return index.with(sql -> refresh(sql, count -> {}).isQuiet());
    }

    /** Looks at the files and takes in what came and went. */
    public RefreshReport refresh() throws IOException {
        return index.with(sql -> refresh(sql, count -> {}).run());
    }

    /**
     * Fills an index that was just made.
     *
     * @param progress is told how many transactions are in it, now and then and at the end
     */
    public RefreshReport fill(LongConsumer progress) throws IOException {
        return index.with(sql -> refresh(sql, progress).run());
    }

    private Refresh refresh(Sql sql, LongConsumer progress) {
        return new Refresh(sql, layout, git, ghosts, self, progress);
    }

    /**
     * Syncs the index, so that every number it has given survives a power cut (rule P4): a commit that writes a row is
     * synced whole, everything before it in the write-ahead log included. The first time its name is synced before.
     */
    public void makeDurable() throws IOException {
        index.with(sql -> {
            if (Counters.load(sql).durableArrivals == 0) {
                index.syncCurrent();
            }
            sql.execute("PRAGMA synchronous = FULL");
            try {
                return sql.update("UPDATE state SET durable_a = next - 1, durable_r = retractions");
            } finally {
                sql.execute("PRAGMA synchronous = NORMAL");
            }
        });
    }

    /**
     * Sees to it that the next look reads what was published without a sync. A power cut may have left any part of such a
     * file, under the stamp that is known, and the index with all of it.
     */
    public void doubtUnsynced() throws IOException {
        index.with(sql -> {
            List<Unsynced.File> unsynced = Unsynced.all(sql);
            if (unsynced.isEmpty()) {
                return false;
            }
            sql.execute("BEGIN IMMEDIATE");
            boolean done = false;
            try {
                unsynced.forEach(file -> doubt(sql, file));
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

    private static void doubt(Sql sql, Unsynced.File file) {
        sql.update(
                "UPDATE file SET stamp = stamp || ? WHERE dir = ? AND name = ? AND ghost = 0 AND stamp NOT LIKE ?",
                Intake.UNSETTLED,
                file.directory(),
                file.name(),
                "%" + Intake.UNSETTLED);
        sql.update("UPDATE dir SET settled = 0 WHERE path = ?", file.directory());
    }

    /** Raises the replica's count to what its own transactions say, as after the index was built anew. */
    public void recountOwn() throws IOException {
        index.with(sql -> sql.update(
                "UPDATE state SET replica_seq = max(replica_seq,"
                        + " ifnull((SELECT max(seq) FROM tx WHERE replica = ? AND gone IS NULL), 0))",
                Columns.replica(self)));
    }

    /** How many transactions this replica has counted. */
    public long replicaSequence() throws IOException {
        return index.with(sql -> Counters.load(sql).replicaSequence);
    }
}
