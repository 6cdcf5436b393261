package dev.evstore.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ReconcileReport.Resolved;
import dev.evstore.core.ReconcileReport.Unresolved;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.ForkedStream;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import dev.evstore.testkit.Replicas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint reconcile. */
class ReconcileScenarios {

    private static final StreamId A = StreamId.of("a");
    private static final StreamId B = StreamId.of("b");
    private static final StreamId C = StreamId.of("c");

    private static final Resolver MERGED =
            fork -> Resolution.resolve(fork.streams().get(0).id(), NewEvent.of("Merged", "{}"));

    private final Replicas replicas = Replicas.inMemory(3);

    @AfterEach
    void close() {
        replicas.close();
    }

    private InMemoryEventStore replica(int i) {
        return replicas.replica(i);
    }

    private TransactionId append(int i, StreamId stream, String type) {
        return replica(i)
                .append(stream, ExpectedVersion.current(), NewEvent.of(type, "{}"))
                .transaction();
    }

    /** The first two replicas wrote the streams apart, and know of each other now. */
    private void fork(StreamId... streams) {
        for (StreamId stream : streams) {
            append(0, stream, "Base");
        }
        replicas.sync(0, 1);
        for (StreamId stream : streams) {
            append(0, stream, "Anna");
            append(1, stream, "Bert");
        }
        replicas.sync(0, 1);
    }

    private List<TransactionId> heads(int i, StreamId stream) {
        return replica(i).streams(stream.value()).get(0).heads();
    }

    private static List<String> types(Iterable<StoredEvent> events) {
        List<String> types = new ArrayList<>();
        events.forEach(event -> types.add(event.type().value()));
        return types;
    }

    @Test
    void aMergeIsTheOnlyHead() { // F3, T3
        fork(A);
        FeedCursor seen = replica(0).feedEnd();
        Resolved resolved = replicas.reconcile(0, MERGED).resolved().get(0);
        assertEquals(List.of(resolved.transaction()), heads(0, A));
        List<String> types = types(replica(0).read(A).events());
        assertEquals("Merged", types.get(types.size() - 1));
        assertEquals(
                1, replica(0).readFeed(seen, EventFilter.all(), 10).entries().size());
    }

    @Test
    void whoeverResolvesAlikeWritesTheSameTransaction() { // M1, M2, T6
        fork(A);
        TransactionId anna = replicas.reconcile(0, MERGED).resolved().get(0).transaction();
        TransactionId bert = replicas.reconcile(1, MERGED).resolved().get(0).transaction();
        assertEquals(anna, bert);
        assertEquals(replica(0).digest(), replica(1).digest());
        Digest before = replica(0).digest();
        replicas.sync(0, 1);
        assertEquals(before, replica(0).digest());
        assertEquals(List.of(), replica(0).forks());
    }

    @Test
    void resolvedDifferentlyTheMergesAreAForkThatOneMoreResolutionEnds() { // M2, T7
        fork(A);
        TransactionId anna = replicas.reconcile(0, MERGED).resolved().get(0).transaction();
        TransactionId bert =
                replicas.reconcile(1, Resolvers.acceptOrder()).resolved().get(0).transaction();
        assertNotEquals(anna, bert);
        replicas.sync(0, 1);
        assertEquals(2, heads(0, A).size());
        replicas.reconcile(0, MERGED);
        replicas.sync(0, 1);
        assertEquals(List.of(), replica(1).forks());
    }

    @Test
    void whoDidNotKnowOfAResolutionForksAgain() { // T8
        fork(A);
        TransactionId merge = replicas.reconcile(0, MERGED).resolved().get(0).transaction();
        TransactionId unaware = append(1, A, "Unaware");
        replicas.sync(0, 1);
        assertEquals(
                List.of(merge, unaware).stream().sorted().toList(),
                heads(0, A).stream()
                        .filter(id -> id.equals(merge) || id.equals(unaware))
                        .toList());
        assertEquals(1, replica(0).forks().size());
    }

    @Test
    void aBranchThatArrivesAfterwardsIsANewFork() { // T9
        append(0, A, "Base");
        replicas.syncAll();
        append(0, A, "Anna");
        append(1, A, "Bert");
        append(2, A, "Carl");
        replicas.sync(0, 1);
        TransactionId first = replicas.reconcile(0, MERGED).resolved().get(0).transaction();
        replicas.sync(0, 2);
        assertEquals(2, heads(0, A).size());
        assertTrue(heads(0, A).contains(first));
        assertEquals(1, replicas.reconcile(0, MERGED).resolved().size());
        assertEquals(List.of(), replica(0).forks());
    }

    @Test
    void aForkIsShownWhole() { // F4, T2
        append(0, A, "Base");
        replicas.sync(0, 1);
        append(0, A, "One");
        append(0, A, "Two");
        replica(0).append(A, ExpectedVersion.any(), NewEvent.of("Noted", "{}"));
        append(0, A, "Three");
        append(1, A, "Bert");
        replicas.sync(0, 1);
        replicas.reconcile(0, fork -> {
            ForkedStream stream = fork.stream(A);
            List<List<String>> branches = stream.branches().stream()
                    .map(branch -> types(branch.events()))
                    .sorted((x, y) -> y.size() - x.size())
                    .toList();
            assertEquals(List.of(List.of("One", "Two", "Three"), List.of("Bert")), branches);
            assertEquals(List.of("Base"), types(stream.ancestor()));
            assertEquals(List.of("Noted"), types(stream.free()));
            return Resolution.canonicalOrder();
        });
        assertEquals(List.of(), replica(0).forks(), "nothing of that failed");
    }

    @Test
    void streamsThatHangTogetherAreResolvedAtOnce() { // F5
        fork(C);
        append(0, A, "Anna");
        append(0, B, "Anna");
        replica(1)
                .append(Append.to(A, ExpectedVersion.current(), NewEvent.of("Bert", "{}"))
                        .and(B, ExpectedVersion.current(), NewEvent.of("Bert", "{}")));
        replicas.sync(0, 1);
        assertEquals(
                List.of(List.of(A, B), List.of(C)),
                replicas.reconcile(0, MERGED).resolved().stream()
                        .map(Resolved::streams)
                        .toList());
        assertEquals(heads(0, A), heads(0, B));
    }

    @Test
    void aReadThatMissedAWriteIsNoForkToResolve() { // F2, F6
        append(0, A, "Rate");
        replicas.sync(0, 1);
        replica(0)
                .append(Append.to(B, ExpectedVersion.current(), NewEvent.of("Decided", "{}"))
                        .reading(A, replica(0).read(A).state()));
        append(1, A, "Rate");
        append(1, C, "Other");
        replicas.clock().move(Duration.ofSeconds(1));
        replica(0)
                .append(Append.to(C, ExpectedVersion.any(), NewEvent.of("Decided", "{}"))
                        .reading(A, replica(0).read(A).state()));
        replicas.sync(0, 1);
        assertTrue(!replica(0).staleReads().isEmpty());
        assertEquals(new ReconcileReport(List.of(), List.of()), replicas.reconcile(0, fork -> {
            throw new AssertionError("asked");
        }));
    }

    @Test
    void aGapIsNotCompensatedFor() { // F7, T50
        append(0, A, "Base");
        replicas.sync(0, 1);
        TransactionId middle = append(0, A, "Middle");
        append(0, A, "Last");
        replicas.pullSome(1, 0, one -> !one.header().id().equals(middle));
        assertEquals(2, heads(1, A).size());
        assertEquals(
                Why.INCOMPLETE,
                replicas.reconcile(1, MERGED).unresolved().get(0).why());
        replica(1).reconcile(MERGED, ReconcileOptions.all().acceptingMissing());
        assertEquals(1, heads(1, A).size());
    }

    @Test
    void oneUnitThatFailsLeavesTheOthersAlone() { // M3, T12
        fork(A, B, C);
        ReconcileReport report = replicas.reconcile(0, fork -> {
            if (fork.streams().get(0).id().equals(A)) {
                throw new IllegalArgumentException("no such type");
            }
            return fork.streams().get(0).id().equals(B)
                    ? Resolution.unresolvable("ask Anna")
                    : Resolution.canonicalOrder();
        });
        assertEquals(
                List.of(Why.FAILED, Why.UNRESOLVABLE),
                report.unresolved().stream().map(Unresolved::why).toList());
        assertEquals(List.of(C), report.resolved().get(0).streams());
    }

    @Test
    void aDryRunWritesNothing() { // M3
        fork(A);
        Digest before = replica(0).digest();
        ReconcileReport dry =
                replica(0).reconcile(MERGED, ReconcileOptions.all().asDryRun());
        assertEquals(before, replica(0).digest());
        assertEquals(dry, replicas.reconcile(0, MERGED));
    }

    @Test
    void headsThatMoveAreAskedAboutAgain() {
        fork(A);
        List<TransactionId> meanwhile = new ArrayList<>();
        replicas.reconcile(0, fork -> {
            if (meanwhile.isEmpty()) {
                meanwhile.add(append(0, A, "Meanwhile"));
            }
            return Resolution.canonicalOrder();
        });
        TransactionId merge = heads(0, A).get(0);
        assertTrue(replica(0)
                .readTransaction(merge)
                .orElseThrow()
                .header()
                .supersedes(A)
                .contains(meanwhile.get(0)));
    }

    @Test
    void aPureResolverEndsAllForksOnAllReplicas() { // M2
        fork(A, B);
        append(2, A, "Carl");
        append(2, C, "Carl");
        append(0, C, "Anna");
        replicas.syncAll();
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(), replicas.reconcile(i, MERGED).unresolved());
            assertEquals(replica(0).digest(), replica(i).digest());
            assertEquals(List.of(), replica(i).forks());
        }
    }
}
