package dev.evstore.fs.index;

import dev.evstore.core.RefreshReport;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.fs.disk.FileClock;
import dev.evstore.fs.disk.Stamp;
import dev.evstore.fs.index.Intake.Known;
import dev.evstore.fs.index.Intake.Quality;
import dev.evstore.fs.layout.StoreLayout;
import dev.evstore.fs.log.EventFiles;
import dev.evstore.fs.log.Ghosts;
import dev.evstore.fs.worktree.GitSteps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for event files that came or went, whoever moved them. Cost follows what changed: a directory whose stamp is as
 * at the last look, and was settled then, is not listed; a file whose stamp is known is not read.
 *
 * <p>While git is between two steps (P6), what vanished stays as a ghost: its transactions are visible until git is
 * done. For one connection; not thread-safe.
 */
final class Refresh {

    /** How often a look is begun anew because files moved while it lasted; then the next look sees the rest. */
    private static final int ATTEMPTS = 5;

    /** Files recorded in one database transaction while an index is built that nobody reads yet. */
    private static final int FILES_IN_A_STEP = 500;

    private final Sql sql;
    private final EventFiles files;
    private final FileClock clock;
    private final GitSteps git;
    private final Ghosts ghosts;
    private final ReplicaId self;
    private final LongConsumer progress;

    /**
     * @param progress is told how many transactions were made visible, now and then and at the end
     */
    Refresh(Sql sql, StoreLayout layout, GitSteps git, Ghosts ghosts, ReplicaId self, LongConsumer progress) {
        this.sql = sql;
        this.files = new EventFiles(layout);
        this.clock = new FileClock(layout);
        this.git = git;
        this.ghosts = ghosts;
        this.self = self;
        this.progress = progress;
    }

    /** Whether a look would find nothing: only stamps of known directories are compared. Takes no lock. */
    boolean isQuiet() throws IOException {
        if (sql.exists("SELECT 1 FROM file WHERE ghost = 1") && !git.underWay()) {
            return false;
        }
        List<Looked> known = sql.list("SELECT path, stamp, settled FROM dir", Looked::of);
        if (known.isEmpty()) {
            return false;
        }
        for (Looked directory : known) {
            Stamp stamp = files.stamp(directory.path());
            if (stamp == null || !directory.isAsAt(stamp)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Looks, and takes in what it finds. The caller holds the store lock; the database transaction is this method's own
     * and is not begun when nothing changed.
     */
    RefreshReport run() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                boolean busy = git.underWay();
                RefreshReport report = new Look(busy).run();
                if (!busy) {
                    ghosts.clear();
                }
                return report;
            } catch (CopyRows.FilesMovedException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private interface Settling {
        RefreshReport settle() throws IOException;
    }

    /** Work that shares the database transaction of a look. */
    interface Work {
        void run() throws IOException;
    }

    /**
     * Records the files that are there and makes nothing visible yet; can be interrupted and goes on where it was.
     */
    void stage() throws IOException {
        Look look = new Look(git.underWay());
        look.inSteps = true;
        look.transact(() -> RefreshReport.NOTHING);
    }

    /**
     * Records what changed since {@link #stage}, does {@code work}, and then settles what changed together with the ids
     * that {@code pending} gives, all in one database transaction.
     */
    RefreshReport finish(Work work, String pending) throws IOException {
        Look look = new Look(git.underWay());
        return look.transact(() -> {
            look.begin();
            work.run();
            look.intake().touchAll(pending);
            return look.intake().settle(progress);
        });
    }

    /**
     * A directory at the last look.
     *
     * @param settled whether a later change would have given another stamp, to it and to every file in it
     */
    private record Looked(String path, String stamp, boolean settled) {
        static Looked of(ResultSet row) throws SQLException {
            return new Looked(row.getString(1), row.getString(2), row.getBoolean(3));
        }

        boolean isAsAt(Stamp now) {
            return settled && stamp.equals(now.encoded());
        }
    }

    /** One look at everything that may have changed. */
    private final class Look {

        private final boolean gitIsBusy;
        private final Map<String, Looked> known = new HashMap<>();
        private final Map<String, Stamp> listed = new LinkedHashMap<>();
        private final Deque<String> waiting = new ArrayDeque<>();
        private @Nullable Intake intake;
        private Ghosts.@Nullable Keeper keeper;
        private boolean begun;
        /** Whether what was recorded is committed now and then; only for a database that nobody reads yet. */
        private boolean inSteps;

        private int recorded;

        Look(boolean gitIsBusy) {
            this.gitIsBusy = gitIsBusy;
        }

        RefreshReport run() throws IOException {
            return transact(() -> {
                if (!gitIsBusy && git.underWay()) {
                    throw new CopyRows.FilesMovedException("git began something during the look", null);
                }
                return intake == null ? RefreshReport.NOTHING : intake.settle(progress);
            });
        }

        /** Looks, then does the rest, in one database transaction if anything is written at all. */
        private RefreshReport transact(Settling rest) throws IOException {
            boolean done = false;
            try {
                look();
                RefreshReport report = rest.settle();
                if (begun) {
                    sql.execute("COMMIT");
                }
                done = true;
                return report;
            } finally {
                if (begun && !done) {
                    sql.rollback();
                }
                if (keeper != null) {
                    keeper.close();
                    if (!done) {
                        keeper.undo();
                    }
                }
            }
        }

        private Ghosts.Keeper keeper() {
            if (keeper == null) {
                keeper = ghosts.keeper();
            }
            return keeper;
        }

        private void look() throws IOException {
            for (Looked directory : sql.list("SELECT path, stamp, settled FROM dir", Looked::of)) {
                known.put(directory.path(), directory);
                waiting.add(directory.path());
            }
            if (known.isEmpty()) {
                waiting.add("");
            }
            if (!gitIsBusy) {
                for (long ghost : sql.list("SELECT f FROM file WHERE ghost = 1", row -> row.getLong(1))) {
                    intake().drop(ghost);
                }
            }
            lookUntilNothingMoves();
        }

        /** A directory that changed while others were listed is listed again, so that nothing falls between two. */
        private void lookUntilNothingMoves() throws IOException {
            for (int round = 0; round < ATTEMPTS; round++) {
                while (!waiting.isEmpty()) {
                    look(waiting.remove());
                }
                for (Map.Entry<String, Stamp> directory : new ArrayList<>(listed.entrySet())) {
                    Stamp now = files.stamp(directory.getKey());
                    if (!directory.getValue().equals(now)) {
                        waiting.add(directory.getKey());
                    }
                }
                if (waiting.isEmpty()) {
                    return;
                }
            }
        }

        private void look(String directory) throws IOException {
            Looked before = known.get(directory);
            Stamp stamp = files.stamp(directory);
            if (stamp == null || stamp.kind() != Stamp.Kind.DIRECTORY) {
                forget(directory, before);
                return;
            }
            listed.put(directory, stamp); // skipped ones, too: what is missing elsewhere may have moved there since
            if (before != null && before.isAsAt(stamp)) {
                return;
            }
            long now = clock.now();
            boolean settled;
            try {
                settled = compare(directory, now) && stamp.settledAt(now);
            } catch (NoSuchFileException | NotDirectoryException e) {
                forget(directory, before); // it went after it was looked at; the directory above has changed, too
                return;
            }
            Looked after = new Looked(directory, stamp.encoded(), settled);
            if (!after.equals(before)) {
                begin();
                sql.update("INSERT OR REPLACE INTO dir VALUES(?, ?, ?)", directory, after.stamp(), after.settled());
                known.put(directory, after);
            }
        }

        private void forget(String directory, @Nullable Looked before) throws IOException {
            for (Known file : Known.in(sql, directory)) {
                vanish(directory, file);
            }
            listed.remove(directory);
            if (before != null) {
                begin();
                sql.update("DELETE FROM dir WHERE path = ?", directory);
                known.remove(directory);
            }
        }

        /** Compares a directory with what is known of it; tells whether every file in it is settled. */
        private boolean compare(String directory, long now) throws IOException {
            Map<String, Known> files = new HashMap<>();
            Known.in(sql, directory).forEach(file -> files.put(file.name(), file));
            List<EventFiles.Entry> entries;
            try {
                entries = Refresh.this.files.list(directory);
            } catch (NoSuchFileException | NotDirectoryException e) {
                throw e;
            } catch (FileSystemException e) {
                // Nobody knows what is in it, so nothing of it is gone.
                if (!files.containsKey("")) {
                    intake().addUnreadable(directory);
                }
                return false;
            }
            boolean settled = true;
            for (EventFiles.Entry entry : entries) {
                String name = entry.name();
                if (entry.stamp().kind() == Stamp.Kind.DIRECTORY) {
                    String path = directory.isEmpty() ? name : directory + "/" + name;
                    if (!known.containsKey(path) && !listed.containsKey(path)) {
                        waiting.add(path);
                    }
                } else {
                    settled &= compareFile(directory, name, entry.stamp(), files.remove(name), now);
                }
            }
            for (Known gone : files.values()) {
                vanish(directory, gone);
            }
            return settled;
        }

        private boolean compareFile(String directory, String name, Stamp stamp, @Nullable Known before, long now)
                throws IOException {
            Quality quality = before == null ? Quality.WHOLE : before.quality();
            boolean settled = stamp.settledAt(now);
            if (before == null || quality == Quality.UNREADABLE || !isAsAt(before.stamp(), stamp, settled)) {
                if (before != null && isOf(stamp, before.stamp())) {
                    intake().drop(before.f()); // the same file, only read once more
                } else if (before != null) {
                    vanish(directory, before);
                }
                quality = intake().add(directory, name, stamp, settled);
                commitNowAndThen();
            }
            return settled && quality == Quality.WHOLE;
        }

        /** A stamp that was not settled when the file was read may hide a later change: once it is, it is read again. */
        private static boolean isAsAt(String before, Stamp now, boolean settled) {
            return before.equals(now.encoded()) || (!settled && before.equals(now.encoded() + Intake.UNSETTLED));
        }

        private static boolean isOf(Stamp stamp, String known) {
            return known.equals(stamp.encoded()) || known.equals(stamp.encoded() + Intake.UNSETTLED);
        }

        private void commitNowAndThen() {
            if (inSteps && ++recorded % FILES_IN_A_STEP == 0) {
                sql.execute("COMMIT");
                sql.execute("BEGIN IMMEDIATE");
            }
        }

        private void vanish(String directory, Known file) throws IOException {
            if (gitIsBusy && sql.exists("SELECT 1 FROM copy WHERE f = ?", file.f())) {
                begin();
                String place = keeper().keep(directory, file.name(), bytes -> isWhatWasThere(file, bytes));
                sql.update(
                        "UPDATE file SET ghost = 1, more = 0, dir = ? WHERE f = ?",
                        place == null ? directory : place,
                        file.f());
                sql.update("DELETE FROM finding WHERE f = ?", file.f());
                intake().touch(file.f()); // what stands in another file, too, is read there from now on
            } else {
                intake().drop(file.f());
            }
        }

        /** Of several files that stood under this name the one in which what is known of it stands where it stood. */
        private boolean isWhatWasThere(Known file, byte[] bytes) {
            record Copy(int offset, int length, Sha256 trailer) {}
            Copy last = sql.first(
                    "SELECT off, len, trailer FROM copy WHERE f = ? ORDER BY off DESC LIMIT 1",
                    row -> new Copy(row.getInt(1), row.getInt(2), Sha256.of(row.getBytes(3))),
                    file.f());
            if (last == null || last.offset() + last.length() > bytes.length) {
                return false;
            }
            byte[] end = (last.trailer() + "\"}\n").getBytes(StandardCharsets.US_ASCII);
            int to = last.offset() + last.length();
            return Arrays.equals(bytes, Math.max(0, to - end.length), to, end, 0, end.length);
        }

        private Intake intake() {
            begin();
            if (intake == null) {
                intake = inSteps ? Intake.staging(sql, files, self) : Intake.of(sql, files, self);
            }
            return intake;
        }

        private void begin() {
            if (!begun) {
                sql.execute("BEGIN IMMEDIATE");
                begun = true;
            }
        }
    }
}
