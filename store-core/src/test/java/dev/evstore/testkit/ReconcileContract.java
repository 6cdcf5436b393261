package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Resolved;
import dev.evstore.core.ReconcileReport.Unresolved;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Merge mode: what becomes of forks, each unit on its own (rules F3, F5, F7, M1 to M4, I6, V3). */
public abstract class ReconcileContract extends StoreContract {

    private static final Resolver MERGED = fork -> Resolution.resolve(
            fork.streams().get(0).id(),
            event("Merged").meta("{\"by\":\"rule\"}").tags("t"));

    private ReconcileReport reconcile(Resolver resolver) {
        return store().reconcile(resolver, ReconcileOptions.all());
    }

    private TransactionId append(String stream, String type) {
        return store().append(stream(stream), ExpectedVersion.current(), event(type))
                .transaction();
    }

    private Transaction theirs(long millis, String stream, TransactionId... head) {
        return Foreign.at(millis).onto(stream, head).event(stream, "Theirs").build();
    }

    private static Foreign after(TransactionId id) {
        return Foreign.withId(Foreign.id(id.millis() + 60_000, 0));
    }

    /** A fork of a stream, one head ours and one theirs. */
    private void fork(String stream) {
        TransactionId base = append(stream, "Base");
        append(stream, "Mine");
        arrive(after(base).onto(stream, base).event(stream, "Theirs").build());
        assertEquals(2, heads(stream).size());
    }

    private static Why why(ReconcileReport report) {
        assertEquals(1, report.unresolved().size(), report::toString);
        return report.unresolved().get(0).why();
    }

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
    void unitsAreResolvedOrNotEachOnItsOwn() { // M3
        fork("a");
        fork("b");
        fork("c");
        fork("d");
        ReconcileReport report =
                reconcile(fork -> switch (fork.streams().get(0).id().value()) {
                    case "a" -> throw new IllegalStateException("no idea");
                    case "b" -> Resolution.unresolvable("ask Anna");
                    case "c" -> Resolution.resolve(stream("elsewhere"), event("T"));
                    default -> Resolution.canonicalOrder();
                });
        assertEquals(
                List.of(Why.FAILED, Why.UNRESOLVABLE, Why.MISTAKE),
                report.unresolved().stream().map(Unresolved::why).toList());
        assertTrue(report.unresolved().get(0).reason().contains("no idea"));
        assertEquals("ask Anna", report.unresolved().get(1).reason());
        assertTrue(report.unresolved().get(2).reason().contains("\"elsewhere\""));
        assertEquals(List.of(stream("d")), report.resolved().get(0).streams());
        assertEquals(List.of(), heads("elsewhere"));
        assertEquals(3, store().forks().size());
    }

    @Test
    void aResolutionThatBreaksARuleIsTheCallersMistake() { // M1, V4
        fork("a");
        for (NewEvent wrong : List.of(
                event("T").markedRedactable(),
                event("$reserved"),
                NewEvent.of("T", "{"),
                NewEvent.of("T", "1e999"),
                NewEvent.of("T", "\"" + "x".repeat(1 << 20) + "\""))) {
            assertEquals(Why.MISTAKE, why(reconcile(fork -> Resolution.resolve(stream("a"), wrong))));
        }
        assertEquals(2, heads("a").size());
    }

    @Test
    void anErrorInTheResolverStaysWithItsUnit() { // M3
        fork("a");
        assertEquals(Why.FAILED, why(reconcile(fork -> {
            throw new NoClassDefFoundError("gone");
        })));
    }

    @Test
    void aStreamOfANewerFormatIsLeft() { // M3, V3
        expectFinding(Finding.Code.NEWER_FORMAT);
        fork("a");
        arrive(Foreign.newer(Foreign.at(70_000).free("a").event("a", "Newer").build()));
        assertEquals(Why.NEWER_FORMAT, why(reconcile(Resolvers.acceptOrder())));
    }

    @Test
    void redactedEventsAreShownAsSuch() { // P3, M3
        Transaction left = theirs(1, "a");
        arrive(Foreign.redacted(left, 0), theirs(2, "a"));
        List<String> shown = new ArrayList<>();
        ReconcileReport report = reconcile(fork -> {
            fork.streams()
                    .get(0)
                    .branches()
                    .forEach(branch -> branch.events()
                            .forEach(event -> shown.add(event.getClass().getSimpleName())));
            return Resolution.canonicalOrder();
        });
        assertEquals(List.of("RedactedEvent", "RecordedEvent"), shown);
        assertEquals(1, report.resolved().size());
    }

    @Test
    void T50_anIncompleteStreamIsLeftUnlessTheGapIsAccepted() { // T50, F7
        TransactionId base = append("a", "Base");
        Transaction missing = theirs(60_000, "a", base);
        Transaction late = theirs(60_001, "a", missing.header().id());
        arrive(late);
        assertEquals(2, heads("a").size(), "the gap looks like a fork");
        assertEquals(Why.INCOMPLETE, why(reconcile(Resolvers.acceptOrder())));
        arrive(missing);
        assertEquals(List.of(late.header().id()), heads("a"), "and was none");
        retract(missing.header().id());
        store().reconcile(Resolvers.acceptOrder(), ReconcileOptions.all().acceptingMissing());
        assertEquals(List.of(), store().forks());
        assertEquals(List.of(stream("a")), store().status().incomplete());
    }

    @Test
    void T52_aHeadOfTheFarFutureIsNotMerged() { // T52, I6
        expectFinding(Finding.Code.FAR_FUTURE);
        append("a", "Mine");
        append("b", "Mine");
        long followed = ManualClock.START.toEpochMilli() + HybridClock.FOLLOWED_MILLIS;
        arrive(Foreign.withId(Foreign.id(followed + 1, 0))
                .onto("a")
                .event("a", "T")
                .build());
        arrive(Foreign.withId(Foreign.id(TransactionId.MAX_MILLIS, 0))
                .onto("b")
                .event("b", "T")
                .build());
        ReconcileReport report = reconcile(Resolvers.acceptOrder());
        assertEquals(
                List.of(Why.FAR_FUTURE, Why.FAR_FUTURE),
                report.unresolved().stream().map(Unresolved::why).toList());
    }

    @Test
    void theMergeItselfIsAlwaysFollowed() { // I6, I1
        expectFinding(Finding.Code.CLOCK_AHEAD);
        append("a", "Mine");
        long followed = ManualClock.START.toEpochMilli() + HybridClock.FOLLOWED_MILLIS;
        arrive(Foreign.withId(Foreign.id(followed - 1, 0))
                .onto("a")
                .event("a", "T")
                .build());
        append("b", "Mine");
        arrive(Foreign.withId(Foreign.id(followed, 0)).onto("b").event("b", "T").build());
        ReconcileReport report = reconcile(Resolvers.acceptOrder());
        assertEquals(followed, report.resolved().get(0).transaction().millis());
        assertEquals(Why.FAR_FUTURE, why(report), "it would be one millisecond too late");
    }

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

    @Test
    void T12_oneForkThatCannotBeReadLeavesTheOthersResolvable() { // T12, M3
        fork("a");
        fork("b");
        ReconcileReport report = reconcile(fork -> {
            if (fork.streams().get(0).id().equals(stream("a"))) {
                throw new IllegalArgumentException("Mine: no such type");
            }
            return Resolution.canonicalOrder();
        });
        assertTrue(report.unresolved().get(0).reason().contains("no such type"));
        assertEquals(List.of(stream("b")), report.resolved().get(0).streams());
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
