package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.append.AppendDecision;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.Fork;
import dev.evstore.core.history.ForkUnit;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.ReplicaId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.merge.Reconciliation;
import dev.evstore.core.reconcile.Resolvers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * A repository's commits, written as a store: each commit is a transaction on the streams that its paths name, decided by
 * the code that decides every append, on what its parents had. A merge commit unites what its parents had and accepts
 * the order of whatever forked, before it writes its own. Each replica is new: its clock is the commit's, and it made no
 * id before.
 */
final class ReplayedHistory {

    /** What a commit without paths is about. */
    private static final StreamId REPOSITORY = StreamId.of("repository");

    private final Map<String, LineOfWork> lines = new HashMap<>();
    private final Map<String, Integer> children = new HashMap<>();
    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<String, TransactionId> own = new HashMap<>();
    private final Map<String, List<Transaction>> written = new HashMap<>();
    private final Set<TransactionId> all = new HashSet<>();
    private int forks;
    private int units;
    private int merges;

    private ReplayedHistory() {}

    /**
     * @param commits parents before their children
     */
    static ReplayedHistory of(List<RecordedCommit> commits) {
        ReplayedHistory history = new ReplayedHistory();
        commits.forEach(commit -> commit.parents().forEach(parent -> history.children.merge(parent, 1, Integer::sum)));
        commits.forEach(history::write);
        return history;
    }

    /** Its merge transactions that nobody had written before, and its own one. */
    List<Transaction> brought(RecordedCommit commit) {
        return Objects.requireNonNull(written.get(commit.id()));
    }

    /** The streams that were forked when lines of work met, each time they did. */
    int forks() {
        return forks;
    }

    int units() {
        return units;
    }

    /** The merge transactions that ended them, each once, however many replicas wrote it. */
    int merges() {
        return merges;
    }

    private void write(RecordedCommit commit) {
        HybridClock clock = new HybridClock(
                Clock.fixed(Instant.ofEpochSecond(commit.committed()), ZoneOffset.UTC), new Random(written.size()));
        LineOfWork line = commit.parents().isEmpty()
                ? new LineOfWork()
                : take(commit.parents().get(0));
        line.handOver(clock);
        List<Transaction> brought = new ArrayList<>();
        if (commit.isMerge()) {
            commit.parents().stream().skip(1).forEach(parent -> line.unite(take(parent)));
            brought.addAll(reconcile(line));
        }
        Transaction mine = append(commit, line, clock);
        brought.add(mine);
        written.put(commit.id(), brought);
        own.put(commit.id(), mine.header().id());
        for (String parent : commit.parents()) {
            assertTrue(
                    Objects.requireNonNull(own.get(parent))
                                    .compareTo(mine.header().id())
                            < 0,
                    () -> commit.id() + " precedes its parent " + parent);
        }
        lines.put(commit.id(), line);
    }

    /** The last child goes on with the line itself. */
    private LineOfWork take(String parent) {
        boolean last = children.merge(parent, -1, Integer::sum) == 0;
        LineOfWork line = Objects.requireNonNull(last ? lines.remove(parent) : lines.get(parent));
        return last ? line : line.copy();
    }

    private List<Transaction> reconcile(LineOfWork line) {
        for (ForkUnit unit : line.forks()) {
            units++;
            forks += unit.forks().size();
            for (Fork fork : unit.forks()) {
                assertEquals(line.heads(fork.stream()), fork.heads());
            }
        }
        ReconcileReport report = Reconciliation.run(line, Resolvers.acceptOrder(), ReconcileOptions.all());
        assertEquals(List.of(), report.unresolved());
        assertEquals(List.of(), line.forks());
        List<Transaction> unheardOf = report.resolved().stream()
                .map(resolved -> line.transaction(resolved.transaction()))
                .filter(merge -> all.add(merge.header().id()))
                .toList();
        merges += unheardOf.size();
        return unheardOf;
    }

    private Transaction append(RecordedCommit commit, LineOfWork line, HybridClock clock) {
        NewEvent event = NewEvent.of("Committed", "{\"commit\":\"" + commit.id() + "\"}");
        Append append = null;
        for (StreamId stream : streams(commit)) {
            append = append == null
                    ? Append.to(stream, ExpectedVersion.current(), event)
                    : append.and(stream, ExpectedVersion.current(), event);
        }
        long number = numbers.merge(commit.author(), 1L, Long::sum);
        ReplicaId replica = new ReplicaId(new UUID(0, commit.author()));
        AppendDecision decision =
                AppendDecision.decide(Objects.requireNonNull(append), line, clock, new Random(), replica, number);
        Transaction transaction = ((AppendDecision.Publish) decision).transaction();
        line.add(transaction);
        return transaction;
    }

    private static List<StreamId> streams(RecordedCommit commit) {
        return commit.paths().isEmpty()
                ? List.of(REPOSITORY)
                : commit.paths().stream().distinct().map(StreamId::of).toList();
    }
}
