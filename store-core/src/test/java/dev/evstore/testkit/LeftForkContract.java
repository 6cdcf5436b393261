package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Finding;
import dev.evstore.core.ReconcileOptions;
import dev.evstore.core.ReconcileReport;
import dev.evstore.core.ReconcileReport.Unresolved;
import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.HybridClock;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolvers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Merge mode: units that are left as they are, and those that are not for all that (rules F7, M3, I6, V3). */
public abstract class LeftForkContract extends ForkedContract {

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
}
