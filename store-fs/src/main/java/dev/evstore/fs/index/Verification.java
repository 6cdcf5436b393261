package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.event.EventType;
import dev.evstore.core.format.EventFileReader;
import dev.evstore.core.format.EventLine;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.Sha256;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.index.IndexWriter.Visible;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads every byte of the event files and holds the index against it. Changes nothing, throws for nothing it finds:
 * what is wrong becomes a finding. Memory is bounded; nobody is kept waiting. Thread-safe.
 */
public final class Verification {

    private static final int PAGE = 500;

    private final Index index;
    private final EventFiles files;

    public Verification(Index index, EventFiles files) {
        this.index = index;
        this.files = files;
    }

    /**
     * Checks files, then the index.
     *
     * @param progress hears how many files are done
     * @return at most {@link Intake#MAX_FINDINGS} findings
     */
    public List<Finding> run(ProgressListener progress) throws IOException {
        List<Finding> findings = new ArrayList<>();
        checkFiles(findings, progress);
        index.read(sql -> {
            checkDatabase(sql, findings);
            checkVisible(sql, findings);
            checkStreams(sql, findings);
            checkSequences(sql, findings);
            checkPayloads(sql, findings);
            return true;
        });
        return findings.subList(0, Math.min(findings.size(), Intake.MAX_FINDINGS));
    }

    private record FileRow(long f, String directory, String name) {}

    private void checkFiles(List<Finding> findings, ProgressListener progress) throws IOException {
        long total = index.with(sql -> sql.number(0, "SELECT count(*) FROM file WHERE ghost = 0"));
        long done = 0;
        long after = 0;
        while (true) {
            long from = after;
            List<FileRow> some = index.with(sql -> sql.list(
                    "SELECT f, dir, name FROM file WHERE ghost = 0 AND quality <> 'UNREADABLE' AND f > ? ORDER BY f LIMIT "
                            + PAGE,
                    row -> new FileRow(row.getLong(1), row.getString(2), row.getString(3)),
                    from));
            for (FileRow file : some) {
                if (findings.size() < Intake.MAX_FINDINGS && isChanged(file)) {
                    findings.add(new Finding(
                            Finding.Code.FILE_CHANGED,
                            "An event file no longer holds what was taken in from it.",
                            files.describe(file.directory(), file.name()),
                            "take it back as it was committed (git checkout -- FILE), or take it as it is now:"
                                    + " evstore reindex"));
                }
                after = file.f();
                progress.at(++done, total);
            }
            if (some.isEmpty()) {
                return;
            }
        }
    }

    /** Whether a file holds other transactions than the index says, and the index still says so afterwards. */
    private boolean isChanged(FileRow file) throws IOException {
        String found;
        try {
            found = inside(file);
        } catch (NoSuchFileException e) {
            return false; // it went since: the next look takes note
        } catch (IOException e) {
            found = "unreadable";
        }
        Optional<String> known = known(file);
        return known.isPresent() && !known.get().equals(found);
    }

    private String inside(FileRow file) throws IOException {
        StringBuilder all = new StringBuilder();
        files.read(file.directory(), file.name(), new EventFileReader.Sink() {
            @Override
            public void transaction(Transaction transaction, long offset) {
                describe(
                        all,
                        offset,
                        transaction.header().id(),
                        transaction.header().trailer(),
                        Columns.ordinals(transaction.header().redacted()));
            }

            @Override
            public void flaw(String what, long line) {
                // Flaws are findings of the store; what counts here is what is valid.
            }
        });
        return all.toString();
    }

    private Optional<String> known(FileRow file) throws IOException {
        return index.with(sql -> {
            StringBuilder all = new StringBuilder();
            sql.each(
                    "SELECT off, id, trailer, redacted FROM copy WHERE f = ? ORDER BY off",
                    row -> {
                        describe(
                                all,
                                row.getLong(1),
                                TransactionId.of(row.getBytes(2)),
                                Sha256.of(row.getBytes(3)),
                                row.getBytes(4));
                        return true;
                    },
                    file.f());
            boolean there = sql.exists(
                    "SELECT 1 FROM file WHERE f = ? AND dir = ? AND name = ? AND ghost = 0",
                    file.f(),
                    file.directory(),
                    file.name());
            return there ? Optional.of(all.toString()) : Optional.<String>empty();
        });
    }

    private static void describe(StringBuilder all, long offset, TransactionId id, Sha256 trailer, byte[] redacted) {
        all.append(offset).append(' ').append(id).append(' ').append(trailer).append(Arrays.toString(redacted));
    }

    private void wrong(List<Finding> findings, String what, String where) {
        findings.add(new Finding(
                Finding.Code.INDEX_WRONG,
                "The local index is wrong: " + what + ".",
                where,
                "evstore reindex --from-scratch; cursors have to begin again then"));
    }

    private void checkDatabase(Sql sql, List<Finding> findings) {
        for (String said : sql.list("PRAGMA integrity_check(20)", row -> row.getString(1))) {
            if (!said.equals("ok")) {
                wrong(findings, said, "the database");
            }
        }
    }

    /** What is visible is what follows from the copies, and the digest is the sum of it (rule I5). */
    private void checkVisible(Sql sql, List<Finding> findings) throws IOException {
        CopyRows copies = new CopyRows(sql, files);
        Digest sum = Digest.EMPTY;
        long count = 0;
        byte @Nullable [] at = new byte[0];
        while (at != null) {
            String ids = "SELECT DISTINCT id FROM copy WHERE id > ? ORDER BY id LIMIT " + PAGE;
            Map<TransactionId, Visible> visible = Visible.among(sql, ids, at);
            List<CopyRows.Judged> page = copies.judge(ids, at);
            for (CopyRows.Judged one : page) {
                CopyRows.Winner winner = one.winner();
                Visible here = visible.get(one.id());
                if (winner == null || here == null || !winner.isSameAs(here)) {
                    wrong(
                            findings,
                            "a transaction that is here is not visible as it should be",
                            "transaction " + one.id());
                } else {
                    sum = sum.plus(Digest.of(here.id(), here.trailer(), here.redacted()));
                    count++;
                }
            }
            at = page.isEmpty() ? null : page.get(page.size() - 1).id().bytes();
        }
        Counters counters = Counters.load(sql);
        if (count != counters.transactions || count != sql.number(0, "SELECT count(*) FROM tx WHERE gone IS NULL")) {
            wrong(findings, "it counts " + counters.transactions + " transactions, there are " + count, "state");
        }
        if (!sum.equals(counters.digest)) {
            wrong(findings, "its digest is not that of its transactions", "state");
        }
    }

    private static String where(byte[] id) {
        return "transaction " + TransactionId.of(id);
    }

    private void checkStreams(Sql sql, List<Finding> findings) {
        for (String stream : sql.list(
                "SELECT s.name FROM stream s WHERE s.version <> (SELECT count(*) FROM event e WHERE e.stream = s.s"
                        + " AND e.version IS NOT NULL) OR s.version <> ifnull((SELECT max(version) FROM event e"
                        + " WHERE e.stream = s.s AND e.version IS NOT NULL), 0) LIMIT 20",
                row -> row.getString(1))) {
            wrong(findings, "the versions of a stream have gaps", "stream " + stream);
        }
        for (String stream : sql.list(
                "SELECT s.name FROM stream s WHERE s.heads <> (SELECT count(*) FROM head h WHERE h.s = s.s) LIMIT 20",
                row -> row.getString(1))) {
            wrong(findings, "a stream has another number of heads than it says", "stream " + stream);
        }
        for (byte[] id : sql.list(
                "SELECT w.id FROM writes w WHERE w.free = 0 AND EXISTS(SELECT 1 FROM head h WHERE h.s = w.s AND h.id = w.id)"
                        + " = EXISTS(SELECT 1 FROM edge e WHERE e.head = w.id AND e.s = w.s) LIMIT 20",
                row -> row.getBytes(1))) {
            wrong(findings, "a head is missing or superseded", where(id));
        }
    }

    private void checkSequences(Sql sql, List<Finding> findings) {
        for (ReplicaId replica : SequenceRows.wrong(sql)) {
            wrong(findings, "it tells another count of a replica's transactions than they do", "replica " + replica);
        }
    }

    private void checkPayloads(Sql sql, List<Finding> findings) {
        sql.each(
                "SELECT p.line, e.leaf, s.name, y.name, e.seq FROM payload p JOIN event e ON e.seq = p.seq"
                        + " JOIN stream s ON s.s = e.stream JOIN type y ON y.t = e.type",
                row -> {
                    Sha256 leaf = EventLine.leaf(
                            StreamId.of(row.getString(3)),
                            EventType.of(row.getString(4)),
                            Sha256.hash(row.getBytes(1)));
                    if (!leaf.equals(Sha256.of(row.getBytes(2)))) {
                        wrong(findings, "the payload of an event is damaged", "sequence number " + row.getLong(5));
                    }
                    return findings.size() < Intake.MAX_FINDINGS;
                });
    }
}
