package dev.evstore.fs.index;

import dev.evstore.core.Finding;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.append.Findings;
import dev.evstore.core.history.ReplicaSequence;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.fs.log.EventFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the store stands, with everything odd, as of one moment. Cost follows what is odd. Thread-safe. */
public final class StatusReport {

    private static final String ODD = "SELECT o.id, o.other, s.name, t.command, f.dir, f.name AS fname FROM oddity o"
            + " LEFT JOIN stream s ON s.s = o.s LEFT JOIN tx t ON t.id = o.id AND t.gone IS NULL"
            + " LEFT JOIN file f ON f.f = t.f WHERE o.code = ? ORDER BY o.id, o.other";

    private static final String AHEAD = "SELECT t.id, t.replica, t.format, f.dir, f.name AS fname FROM tx t"
            + " JOIN file f ON f.f = t.f WHERE t.gone IS NULL AND ";

    private final Index index;
    private final EventFiles files;
    private final ReplicaId self;
    private final HybridClock clock;

    public StatusReport(Index index, EventFiles files, ReplicaId self, HybridClock clock) {
        this.index = index;
        this.files = files;
        this.self = self;
        this.clock = clock;
    }

    public StoreStatus status() throws IOException {
        return index.read(sql -> {
            Counters counters = Counters.load(sql);
            Collected findings = new Collected(sql.number(0, "SELECT sum(more) FROM file WHERE more > 0"));
            addFileFindings(sql, findings);
            addOddities(sql, findings);
            addNewer(sql, findings);
            addAhead(sql, findings);
            List<ReplicaSequence> sequences = SequenceRows.odd(sql, StoreStatus.MAX_SEQUENCES);
            return new StoreStatus(
                    self,
                    counters.epoch,
                    counters.generation,
                    counters.transactions,
                    counters.events,
                    counters.streams,
                    counters.digest,
                    IndexReads.forks(sql),
                    sql.list(
                            "SELECT name FROM stream WHERE missing > 0 ORDER BY name",
                            row -> StreamId.of(row.getString(1))),
                    sql.list(
                            "SELECT DISTINCT child FROM dangling ORDER BY child",
                            row -> TransactionId.of(row.getBytes(1))),
                    sequences,
                    sequences.size() < StoreStatus.MAX_SEQUENCES ? 0 : SequenceRows.countOdd(sql) - sequences.size(),
                    0,
                    findings.kept,
                    findings.more);
        });
    }

    private static final class Collected {
        private final List<Finding> kept = new ArrayList<>();
        private long more;

        Collected(long more) {
            this.more = more;
        }

        void add(Finding finding) {
            if (kept.size() < Findings.MAX) {
                kept.add(finding);
            } else {
                more++;
            }
        }
    }

    private static void addFileFindings(Sql sql, Collected findings) {
        sql.each("SELECT code, what, place, remedy FROM finding ORDER BY place, n", row -> {
            findings.add(new Finding(
                    Finding.Code.valueOf(row.getString(1)), row.getString(2), row.getString(3), row.getString(4)));
            return true;
        });
    }

    private void addOddities(Sql sql, Collected findings) {
        for (Finding.Code code : List.of(
                Finding.Code.VARIANT,
                Finding.Code.PARENT_MISMATCH,
                Finding.Code.NAMES_NO_HEAD,
                Finding.Code.COMMAND_TWICE)) {
            record Odd(
                    TransactionId id,
                    byte[] other,
                    @Nullable String stream,
                    @Nullable String command,
                    String where) {}
            List<Odd> odd = sql.list(
                    ODD,
                    row -> {
                        TransactionId id = TransactionId.of(row.getBytes(1));
                        return new Odd(
                                id,
                                row.getBytes(2),
                                row.getString(3),
                                row.getString(4),
                                where(id, row.getString(5), row.getString(6)));
                    },
                    code.name());
            @Nullable TransactionId before = null;
            for (Odd one : odd) {
                switch (code) {
                    case VARIANT -> findings.add(Findings.variant(one.id(), one.where()));
                    case PARENT_MISMATCH -> {
                        if (!one.id().equals(before)) {
                            findings.add(Findings.parentMismatch(one.id(), one.where()));
                        }
                    }
                    case NAMES_NO_HEAD ->
                        findings.add(Findings.namesNoHead(
                                one.id(),
                                StreamId.of(String.valueOf(one.stream())),
                                TransactionId.of(one.other()),
                                one.where()));
                    default -> findings.add(commandTwice(sql, one.id(), String.valueOf(one.command()), one.where()));
                }
                before = one.id();
            }
        }
    }

    private static Finding commandTwice(Sql sql, TransactionId other, String command, String where) {
        TransactionId first = sql.first(
                "SELECT id FROM tx WHERE command = ? AND gone IS NULL ORDER BY id LIMIT 1",
                row -> TransactionId.of(row.getBytes(1)),
                command);
        return Findings.commandTwice(command, first == null ? other : first, other, where);
    }

    private void addNewer(Sql sql, Collected findings) {
        sql.each(AHEAD + "t.format > 1 ORDER BY t.id", row -> {
            TransactionId id = TransactionId.of(row.getBytes("id"));
            findings.add(Findings.newerFormat(
                    row.getInt("format"), where(id, row.getString("dir"), row.getString("fname"))));
            return true;
        });
    }

    private void addAhead(Sql sql, Collected findings) {
        byte[] hour = firstAt(clock.wallMillis() + Findings.CLOCK_AHEAD_MILLIS + 1);
        byte[] years = firstAt(clock.followedUntil() + 1);
        sql.each(
                AHEAD + "t.id >= ? ORDER BY t.id",
                row -> {
                    TransactionId id = TransactionId.of(row.getBytes("id"));
                    findings.add(Findings.farFuture(id, where(id, row.getString("dir"), row.getString("fname"))));
                    return true;
                },
                years);
        Map<ReplicaId, TransactionId> newest = new LinkedHashMap<>();
        sql.each(
                "SELECT id, replica, (SELECT max(parent) FROM parent WHERE child = id) FROM tx WHERE gone IS NULL"
                        + " AND id >= ? AND id < ? AND replica IS NOT NULL ORDER BY id",
                row -> {
                    TransactionId id = TransactionId.of(row.getBytes(1));
                    byte[] parent = row.getBytes(3);
                    if (Findings.isClockAhead(
                            id, parent == null ? null : TransactionId.of(parent), clock.wallMillis())) {
                        newest.put(Columns.replica(row.getBytes(2)), id);
                    }
                    return true;
                },
                hour,
                years);
        newest.forEach((replica, id) -> findings.add(Findings.clockAhead(replica, id, Findings.where(id))));
    }

    private static byte[] firstAt(long millis) {
        return ByteBuffer.allocate(16)
                .putLong(Math.min(millis, TransactionId.MAX_MILLIS) << 16)
                .array();
    }

    private String where(TransactionId id, @Nullable String directory, @Nullable String name) {
        return directory == null || name == null ? Findings.where(id) : files.describe(directory, name);
    }
}
