package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.StaleRead;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Decisions that rest on an outdated look at a stream they only read (rule F6). */
public abstract class StaleReadContract extends StoreContract {

    private Transaction rates(long millis, TransactionId... head) {
        return Foreign.at(millis).onto("rates", head).event("rates", "Set").build();
    }

    private Transaction decision(long millis, TransactionId... seen) {
        return Foreign.at(millis)
                .onto("order-" + millis)
                .read("rates", seen)
                .event("order-" + millis, "Placed")
                .build();
    }

    private static StaleRead stale(Transaction by, List<TransactionId> seen, List<TransactionId> were) {
        return new StaleRead(by.header().id(), stream("rates"), seen, were);
    }

    @Test
    void whatAReplicaReadsItselfIsFresh() {
        store().append(stream("rates"), ExpectedVersion.current(), event("Set"));
        store().append(Append.to(stream("order"), ExpectedVersion.noStream(), event("Placed"))
                .reading(stream("rates"), store().read(stream("rates")).state())
                .reading(stream("nobody"), store().read(stream("nobody")).state()));
        store().append(stream("rates"), ExpectedVersion.current(), event("Set"));
        assertEquals(List.of(), store().staleReads());
    }

    @Test
    void aChangeThatComesBetweenMakesAReadStaleAndTakesItBackWhenItGoes() {
        Transaction first = rates(1);
        Transaction between = rates(2, first.header().id());
        Transaction decision = decision(3, first.header().id());
        arrive(first, decision);
        assertEquals(List.of(), store().staleReads());
        arrive(between);
        assertEquals(
                List.of(stale(
                        decision,
                        List.of(first.header().id()),
                        List.of(between.header().id()))),
                store().staleReads());
        assertTrue(store().status().isClean(), "information: it blocks nothing");
        retract(between.header().id());
        assertEquals(List.of(), store().staleReads());
        arrive(between);
        retract(decision.header().id());
        assertEquals(List.of(), store().staleReads(), "nobody decided");
    }

    @Test
    void aReadOfWhatIsNotHereOrOfNothingIsComparedWithWhatIs() {
        Transaction absent = rates(1);
        Transaction blind = decision(4);
        Transaction trusting = decision(5, absent.header().id());
        arrive(blind, trusting);
        assertEquals(List.of(stale(trusting, List.of(absent.header().id()), List.of())), store().staleReads());
        arrive(absent);
        assertEquals(List.of(stale(blind, List.of(), List.of(absent.header().id()))), store().staleReads());
    }

    @Test
    void everyReaderIsComparedWithTheHeadsOfItsOwnTime() { // forks and their merge included
        Transaction base = rates(1);
        Transaction left = rates(10, base.header().id());
        Transaction right = rates(20, base.header().id());
        Transaction merge = Foreign.merge("rates", List.of(left, right), event("Merged"));
        Transaction beforeFork = decision(5, base.header().id());
        Transaction onLeft = decision(15, left.header().id());
        TransactionId mergeId = merge.header().id();
        assertTrue(mergeId.millis() > right.header().id().millis());
        Transaction afterMerge = decision(30, mergeId);
        Transaction staleAfterMerge =
                decision(31, left.header().id(), right.header().id());
        arrive(merge, base, right, left, staleAfterMerge, afterMerge, onLeft, beforeFork);
        assertEquals(
                List.of(stale(
                        staleAfterMerge,
                        List.of(left.header().id(), right.header().id()),
                        List.of(mergeId))),
                store().staleReads());
        retract(mergeId);
        assertEquals(
                List.of(stale(
                        afterMerge,
                        List.of(mergeId),
                        List.of(left.header().id(), right.header().id()))),
                store().staleReads());
    }

    @Test
    void aFreeWriteMakesNoReadStale() { // F1
        Transaction first = rates(1);
        arrive(
                first,
                Foreign.at(2).free("rates").event("rates", "Noted").build(),
                decision(3, first.header().id()));
        assertEquals(List.of(), store().staleReads());
    }

    @Test
    void whatCannotBeAHeadWasNoneThenEither() { // F1
        expectFinding(Finding.Code.NAMES_NO_HEAD);
        Transaction noted = Foreign.at(1).free("rates").event("rates", "Noted").build();
        arrive(noted, decision(2), rates(3, noted.header().id()));
        assertEquals(List.of(), store().staleReads());
    }
}
