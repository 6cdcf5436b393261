package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Resolved;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolvers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Merge mode: what a resolution is and does, each unit on its own (rules F3, F5, M1 to M4, V4). */
public abstract class ReconcileContract extends ForkedContract {

    @Test
    void theMergeIsTheOnlyHeadAndWhatTheResolverSaidIsInTheStream() { // F3, M1
        fork("a");
        ReconcileReport report = reconcile(MERGED);

        Resolved resolved = report.resolved().get(0);
        assertEquals(List.of(stream("a")), resolved.streams());
        assertEquals(1, resolved.events());
        assertFalse(resolved.alreadyThere());
        assertEquals(List.of(resolved.transaction()), heads("a"));
        assertTrue(resolved.transaction().isMerge());
        assertEquals(List.of("Base", "Mine", "Theirs", "Merged"), types("a"));
        assertEquals(List.of(), report.unresolved());
        assertTrue(store().status().isClean());
        TransactionId next = append("a", "Next");
        assertEquals(List.of(next), heads("a"));
        assertTrue(next.compareTo(resolved.transaction()) > 0, "I1");
    }

    @Test
    void itIsTheTransactionThatTheFormatMakesOfHeadsAndResolutionAlone() { // M1, M2
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        ReconcileReport report = reconcile(MERGED);
        Transaction expected = Foreign.merge(
                "a",
                List.of(left, right),
                event("Merged").meta("{\"by\":\"rule\"}").tags("t"));
        assertEquals(expected.header().id(), report.resolved().get(0).transaction());
        assertEquals(
                expected.header(),
                store().readTransaction(expected.header().id()).orElseThrow().header());
    }

    @Test
    void acceptingTheOrderAddsNoEvent() {
        fork("a");
        long before = version(store().append(stream("a"), ExpectedVersion.any(), event("Noted")), "a");
        assertEquals(0, reconcile(Resolvers.acceptOrder()).resolved().get(0).events());
        assertEquals(before, types("a").size());
        assertEquals(1, heads("a").size());
        assertEquals(List.of(), store().forks());
    }

    @Test
    void whatIsResolvedComesInTheFeed() { // P1
        fork("a");
        var seen = end();
        reconcile(MERGED);
        assertEquals(List.of("+Merged"), inWords(entries(seen)));
    }

    @Test
    void withoutForksNobodyIsAsked() {
        append("a", "One");
        ReconcileReport report = reconcile(fork -> {
            throw new AssertionError("asked");
        });
        assertEquals(new ReconcileReport(List.of(), List.of()), report);
    }

    @Test
    void aDryRunWritesNothingAndTellsWhatWouldBe() { // M3
        fork("a");
        Digest before = store().digest();
        ReconcileReport would = store().reconcile(MERGED, ReconcileOptions.all().asDryRun());
        assertEquals(before, store().digest());
        assertEquals(2, heads("a").size());
        assertEquals(would, reconcile(MERGED));
    }

    @Test
    void onlyTheUnitsOfTheStreamsNamedAreResolved() { // F5
        fork("a");
        fork("b");
        fork("c");
        arrive(after(heads("c").get(1))
                .onto("b", heads("b").get(0))
                .onto("c", heads("c").get(0))
                .event("b", "Both")
                .event("c", "Both")
                .build());
        ReconcileReport report = store().reconcile(
                        Resolvers.acceptOrder(), ReconcileOptions.all().only(stream("c"), stream("none")));
        assertEquals(
                List.of(List.of(stream("b"), stream("c"))),
                report.resolved().stream().map(Resolved::streams).toList(),
                "b hangs together with c");
        assertEquals(2, heads("a").size());
        assertEquals(List.of(), report.unresolved());
    }

    @Test
    void T56_65HeadsAnd300StreamsInOneUnit() { // T56, V4
        List<Transaction> foreign = new ArrayList<>();
        for (int head = 0; head < 65; head++) {
            Foreign one = Foreign.at(head);
            for (int s = 0; s < 150; s++) {
                one.onto("s" + s).event("s" + s, "T");
            }
            foreign.add(one.build());
        }
        for (int head = 0; head < 2; head++) {
            Foreign one = Foreign.at(100 + head);
            for (int s = 149; s < 300; s++) {
                one.onto("s" + s).event("s" + s, "T");
            }
            foreign.add(one.build());
        }
        arrive(foreign.toArray(Transaction[]::new));
        ReconcileReport report = reconcile(MERGED);
        assertEquals(1, report.resolved().size());
        assertEquals(300, report.resolved().get(0).streams().size());
        assertEquals(List.of(), store().forks());
    }

    @Test
    void aMergeCountsInNoReplicasRow() {
        fork("a");
        reconcile(MERGED);
        TransactionId after = append("a", "Next");
        var origin = store().readTransaction(after).orElseThrow().header().origin();
        assertEquals(3, origin == null ? 0 : origin.sequence());
    }

    @Test
    void aTransactionOverSeveralStreamsIsResolvedAtOnce() { // F5, A1
        store().append(Append.to(stream("a"), ExpectedVersion.noStream(), event("T"))
                .and(stream("b"), ExpectedVersion.noStream(), event("T")));
        arrive(Foreign.at(60_000)
                .onto("a")
                .onto("b")
                .event("a", "Theirs")
                .event("b", "Theirs")
                .build());
        ReconcileReport report =
                reconcile(fork -> Resolution.resolve(stream("b"), event("InB")).and(stream("a"), event("InA")));
        assertEquals(2, report.resolved().get(0).events());
        assertEquals(heads("a"), heads("b"));
        assertEquals("InB", types("b").get(types("b").size() - 1));
    }
}
