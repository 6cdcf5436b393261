package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolvers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Merge mode: what others write meanwhile, elsewhere and afterwards (rules M2, F3). */
public abstract class MeetingMergesContract extends ForkedContract {

    @Test
    void headsThatChangeWhileTheResolverThinksAreAskedAboutAgain() {
        fork("a");
        AtomicInteger asked = new AtomicInteger();
        ReconcileReport report = reconcile(fork -> {
            if (asked.incrementAndGet() == 1) {
                append("a", "Meanwhile");
            }
            return Resolution.canonicalOrder();
        });
        assertEquals(2, asked.get());
        assertEquals(1, report.resolved().size());
        assertEquals(
                List.of(report.resolved().get(0).transaction()),
                heads("a"),
                "with what came meanwhile superseded, too");
    }

    @Test
    void headsThatNeverStandStillAreReportedInTheEnd() {
        fork("a");
        AtomicInteger asked = new AtomicInteger();
        ReconcileReport report = reconcile(fork -> {
            append("a", "Meanwhile" + asked.incrementAndGet());
            return Resolution.canonicalOrder();
        });
        assertEquals(Why.MOVED, why(report));
        assertTrue(asked.get() > 1);
    }

    @Test
    void aForkThatSomebodyEndedMeanwhileIsNoMoreAsked() {
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        ReconcileReport other = reconcile(fork -> {
            arrive(Foreign.merge("a", List.of(left, right), event("Theirs")));
            return Resolution.canonicalOrder();
        });
        assertEquals(new ReconcileReport(List.of(), List.of()), other);
    }

    @Test
    void T6_theSameResolutionThatArrivedMeanwhileIsNotWrittenAgain() { // T6, M2
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        ReconcileReport report = reconcile(fork -> {
            arrive(Foreign.merge("a", List.of(left, right)));
            return Resolution.canonicalOrder();
        });
        assertTrue(report.resolved().get(0).alreadyThere());
        assertEquals(3, store().status().transactions());
    }

    @Test
    void T6_resolvedAlikeOfflineIsOneTransactionAndNoFork() { // T6, M2
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        TransactionId mine =
                reconcile(Resolvers.acceptOrder()).resolved().get(0).transaction();
        Digest digest = store().digest();
        Transaction arrived = Foreign.merge("a", List.of(left, right));
        arrive(arrived);
        assertEquals(mine, arrived.header().id());
        assertEquals(digest, store().digest());
        assertEquals(List.of(), store().forks());
    }

    @Test
    void T7_resolvedDifferentlyIsAForkOfMergesAndOneMoreReconcileEndsIt() { // T7, M2
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        TransactionId mine = reconcile(MERGED).resolved().get(0).transaction();
        Transaction other = Foreign.merge("a", List.of(left, right), event("Otherwise"));
        arrive(other);
        assertEquals(2, heads("a").size());
        List<List<TransactionId>> had = new ArrayList<>();
        ReconcileReport report = reconcile(fork -> {
            fork.streams()
                    .get(0)
                    .branches()
                    .forEach(branch -> had.add(branch.head().supersedes()));
            return Resolution.canonicalOrder();
        });
        List<TransactionId> both = List.of(left.header().id(), right.header().id());
        assertEquals(List.of(both, both), had, "of a merge it is shown what it resolved");
        assertNotEquals(mine, report.resolved().get(0).transaction());
        assertEquals(List.of(), store().forks());
    }

    @Test
    void T8_anAppendOnAHeadThatWasResolvedElsewhereIsAForkAgain() { // T8
        Transaction left = theirs(1, "a");
        Transaction right = theirs(2, "a");
        arrive(left, right);
        TransactionId merge =
                reconcile(Resolvers.acceptOrder()).resolved().get(0).transaction();
        Transaction unaware = theirs(9, "a", right.header().id());
        arrive(unaware);
        assertEquals(List.of(merge, unaware.header().id()), heads("a"));
        assertEquals(1, store().forks().size());
    }

    @Test
    void T9_aThirdBranchThatArrivesAfterwardsIsAForkAndIsResolved() { // T9
        TransactionId base = append("a", "Base");
        arrive(theirs(10, "a", base), theirs(11, "a", base));
        reconcile(MERGED);
        arrive(theirs(12, "a", base));
        assertEquals(2, heads("a").size());
        ReconcileReport report = reconcile(MERGED);
        assertEquals(1, report.resolved().size());
        assertEquals(List.of(), store().forks());
    }

    @Test
    void T3_aResolutionIsLastInItsStreamAndStaysThere() { // T3, I3
        fork("a");
        reconcile(MERGED);
        List<String> before = types("a");
        assertEquals("Merged", before.get(before.size() - 1));
        store().refresh();
        arrive(theirs(5, "b"));
        assertEquals(before, types("a"));
    }

    @Test
    void T5_twoForksInOnePassByAReplicaThatHasWrittenSince() { // T5
        fork("a");
        fork("b");
        append("c", "Since");
        append("a", "Since");
        assertEquals(2, reconcile(MERGED).resolved().size());
        assertTrue(store().status().isClean());
        append("a", "Next");
        append("b", "Next");
        assertTrue(store().status().isClean());
    }
}
