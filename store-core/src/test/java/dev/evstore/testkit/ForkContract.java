package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.ForkPolicy;
import dev.evstore.core.StreamForkedException;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.history.Fork;
import dev.evstore.core.id.TransactionId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Heads and forks as appends and arrivals make them (rules F1, F2, F3, F7, I5). */
public abstract class ForkContract extends StoreContract {

    private TransactionId append(String stream, String type) {
        return store().append(stream(stream), ExpectedVersion.current(), event(type))
                .transaction();
    }

    private static List<TransactionId> ascending(TransactionId... ids) {
        return Stream.of(ids).sorted().toList();
    }

    @Test
    void anAppendSupersedesTheHeadItFinds() { // F1
        append("a", "One");
        TransactionId two = append("a", "Two");
        assertEquals(List.of(two), heads("a"));
        assertEquals(List.of(), store().forks());
    }

    @Test
    void twoWritersThatKnewNothingOfEachOtherForkAStream() { // F1, F2
        TransactionId base = append("a", "Base");
        TransactionId mine = append("a", "Mine");
        Transaction theirs = Foreign.at(5).onto("a", base).event("a", "Theirs").build();
        arrive(theirs);

        assertEquals(ascending(mine, theirs.header().id()), heads("a"));
        Fork fork = store().forks().get(0).forks().get(0);
        assertEquals(1, fork.ancestorVersion());
        assertEquals(heads("a"), fork.heads());
        assertEquals(List.of("Base", "Mine", "Theirs"), types("a"), "readable all the same");
        assertTrue(store().streams("a").get(0).forked());
        assertFalse(store().status().isClean());
    }

    @Test
    void onAForkAReplicaGoesOnWithItsOwnBranch() { // F3
        TransactionId base = append("a", "Base");
        append("a", "Mine");
        TransactionId theirs = arriveOnto(5, base);
        store().append(stream("a"), ExpectedVersion.any(), event("Noted")); // free: not the last write that counts
        TransactionId next = append("a", "MineToo");
        assertEquals(ascending(theirs, next), heads("a"));
    }

    private TransactionId arriveOnto(long millis, TransactionId... head) {
        Transaction foreign =
                Foreign.at(millis).onto("a", head).event("a", "Theirs").build();
        arrive(foreign);
        return foreign.header().id();
    }

    @Test
    void itsOwnBranchIsTheOneThatDescendsFromItsLastWriteWhoeverWentOnThere() { // F3
        TransactionId base = append("a", "Base");
        TransactionId mine = append("a", "Mine");
        arriveOnto(5, mine);
        TransactionId rival = arriveOnto(9, base);
        TransactionId next = append("a", "Next");
        assertEquals(ascending(rival, next), heads("a"), "not the canonically last");
    }

    @Test
    void aFreeWriteMakesNoBranchOnesOwn() { // F3
        TransactionId low = arriveOnto(1);
        arriveOnto(2);
        store().append(stream("a"), ExpectedVersion.any(), event("Noted"));
        TransactionId next = append("a", "Next");
        assertEquals(ascending(low, next), heads("a"), "the canonically last was superseded");
    }

    @Test
    void withoutABranchOfItsOwnAReplicaGoesOnWithTheLast() { // F3
        TransactionId low = arriveOnto(1);
        arriveOnto(2);
        TransactionId next = append("a", "Next");
        assertEquals(ascending(low, next), heads("a"));
    }

    @Test
    void T1_noOrdinaryAppendClosesAFork() { // T1, F3
        arriveOnto(1);
        arriveOnto(2);
        for (int i = 0; i < 3; i++) {
            append("a", "Onto");
            append("b", "Elsewhere");
        }
        assertEquals(2, heads("a").size());
        assertEquals(1, heads("b").size());
        assertEquals(1, store().forks().size());
    }

    @Test
    void aMergeThatArrivesClosesTheForkAndIsTheHead() {
        Transaction left = Foreign.at(1).onto("a").event("a", "Left").build();
        Transaction right = Foreign.at(2).onto("a").event("a", "Right").build();
        Transaction merge = Foreign.merge("a", List.of(left, right), event("Merged"));
        arrive(left, right);
        arrive(merge);
        assertEquals(List.of(merge.header().id()), heads("a"));
        assertEquals(List.of(), store().forks());
        assertEquals(List.of("Left", "Right", "Merged"), types("a"));
        TransactionId next = append("a", "Next");
        assertEquals(List.of(next), heads("a"));
        assertTrue(store().status().isClean());
    }

    @Test
    void T4_readingAStreamOnTwoBranchesIsNoFork() { // T4, F2
        TransactionId rates = append("rates", "Set");
        store().append(Append.to(stream("mine"), ExpectedVersion.noStream(), event("T"))
                .reading(stream("rates"), store().read(stream("rates")).state()));
        arrive(Foreign.at(5)
                .onto("theirs")
                .read("rates", rates)
                .event("theirs", "T")
                .build());
        assertEquals(List.of(rates), heads("rates"));
        assertEquals(List.of(), store().forks());
        assertTrue(store().status().isClean());
    }

    @Test
    void T50_aMissingMiddleIsNoForkButSaysSo() { // T50, F7
        TransactionId base = append("a", "Base");
        Transaction missing =
                Foreign.at(3).onto("a", base).event("a", "Missing").build();
        arriveOnto(5, missing.header().id());
        assertEquals(List.of(stream("a")), store().status().incomplete());
        assertTrue(store().streams("a").get(0).incomplete());
        TransactionId next = append("a", "Next");
        assertTrue(heads("a").contains(next), "readable and appendable all the same");
        arrive(missing);
        assertEquals(List.of(), store().status().incomplete());
    }

    @Test
    void aParentThatIsNotHereDangles() {
        Transaction absent = Foreign.at(1).onto("a").event("a", "Absent").build();
        Transaction child =
                Foreign.at(2).parent(absent).onto("b").event("b", "T").build();
        arrive(child);
        assertEquals(List.of(child.header().id()), store().status().dangling());
        arrive(absent);
        assertTrue(store().status().isClean());
    }

    @Test
    void aParentSeenWithOtherContentsIsAFinding() { // I5
        expectFinding(Finding.Code.PARENT_MISMATCH);
        Transaction parent = Foreign.at(1).onto("a").event("a", "T").build();
        arrive(
                parent,
                Foreign.at(2)
                        .parent(parent.header().id(), "0".repeat(32))
                        .onto("b")
                        .event("b", "T")
                        .build());
    }

    @Test
    void namingWhatIsNoHeadSupersedesNothing() { // F1
        expectFinding(Finding.Code.NAMES_NO_HEAD);
        Transaction other = Foreign.at(1).onto("b").event("b", "T").build();
        arrive(other);
        TransactionId strange = arriveOnto(2, other.header().id());
        assertEquals(List.of(other.header().id()), heads("b"));
        assertEquals(List.of(strange), heads("a"));
    }

    @Test
    void whatIsGoneSupersedesNothingAnyMore() { // F1
        TransactionId mine = append("a", "Mine");
        TransactionId theirs = arriveOnto(5, mine);
        assertEquals(List.of(theirs), heads("a"));
        retract(theirs);
        assertEquals(List.of(mine), heads("a"));
    }

    @Test
    void anAppendThatRejectsForksFailsAndNamesTheHeads() { // F3
        TransactionId one = arriveOnto(1);
        TransactionId two = arriveOnto(2);
        Append append = Append.to(stream("a"), ExpectedVersion.current(), event("T"))
                .and(stream("b"), ExpectedVersion.noStream(), event("T"))
                .forks(ForkPolicy.REJECT);
        StreamForkedException refused = assertThrows(StreamForkedException.class, () -> store().append(append));
        assertEquals(List.of(new StreamForkedException.Forked(stream("a"), ascending(one, two))), refused.forked());
        assertEquals(
                "stream a, heads " + heads("a").get(0) + " and " + heads("a").get(1), refused.where());
        assertEquals(List.of(), types("b"), "nothing was written");
        store().append(append.forks(ForkPolicy.ACCEPT));
        assertEquals(1, types("b").size());
    }

    @Test
    void rejectingForksLooksAtNothingButForkedStreamsThatAreClaimed() { // F3
        arriveOnto(1);
        arriveOnto(2);
        store().append(Append.to(stream("a"), ExpectedVersion.any(), event("Noted"))
                .and(stream("b"), ExpectedVersion.noStream(), event("T"))
                .forks(ForkPolicy.REJECT));
        store().append(Append.to(stream("c"), ExpectedVersion.noStream(), event("T"))
                .reading(stream("a"), store().read(stream("a")).state())
                .forks(ForkPolicy.REJECT));
        assertEquals(List.of("Theirs", "Theirs", "Noted"), types("a"));
    }

    @Test
    void aRepeatedCommandIsAnsweredAndAConflictToldBeforeAForkIsLookedAt() { // A1, A6
        Append append = Append.to(stream("a"), ExpectedVersion.current(), event("Mine"))
                .command("c")
                .forks(ForkPolicy.REJECT);
        TransactionId first = store().append(append).transaction();
        arriveOnto(2);
        assertEquals(first, store().append(append).transaction());
        assertThrows(
                WrongExpectedVersionException.class,
                () -> store().append(Append.to(stream("a"), ExpectedVersion.exactly(1), event("T"))
                        .forks(ForkPolicy.REJECT)));
    }
}
