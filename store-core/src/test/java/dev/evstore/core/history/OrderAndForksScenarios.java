package dev.evstore.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.history.Naive.Answers;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint order-and-forks, by its headings. */
class OrderAndForksScenarios {

    private static final StreamId ACCOUNT = StreamId.of("account");

    private final TransactionHeader root = Headers.at(1).writes("account").build();
    private final TransactionHeader left = Headers.at(2).writes("account", root).build();
    private final TransactionHeader right =
            Headers.at(3).writes("account", root).build();
    private final List<TransactionHeader> forked = List.of(root, left, right);

    @Test
    void twoAppendsOnOneHeadForkTheStream() {
        Fork fork = onlyFork(History.of(forked));
        assertEquals(List.of(left.id(), right.id()), fork.heads());
        assertEquals(1, fork.ancestorVersion());
        assertEquals(List.of(left.id()), ids(fork.branch(left.id())));
        assertEquals(List.of(right.id()), ids(fork.branch(right.id())));
    }

    @Test
    void theOrderOfArrivalChangesNothing() {
        Answers expected = Answers.of(History.of(forked));
        List<TransactionHeader> arriving = new ArrayList<>(forked);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(arriving, new Random(seed));
            assertEquals(expected, Answers.of(History.of(arriving)));
        }
    }

    @Test
    void aLateTransactionMovesNoOlderOne() {
        List<TransactionId> before = order(List.of(root, right));
        List<TransactionId> after = order(List.of(root, right, left));
        assertEquals(List.of(root.id(), left.id(), right.id()), after);
        assertEquals(before, after.stream().filter(before::contains).toList());
    }

    @Test
    void anAppendToAnotherStreamLeavesTheForkAlone() {
        TransactionHeader elsewhere =
                Headers.at(4).writes("other").parents(left, right).build();
        assertEquals(onlyFork(History.of(forked)), onlyFork(with(elsewhere)));
    }

    @Test
    void anAppendToAForkedStreamMovesOneHead() {
        TransactionHeader append = Headers.at(4).writes("account", right).build();
        Fork fork = onlyFork(with(append));
        assertEquals(List.of(left.id(), append.id()), fork.heads());
        assertEquals(List.of(right.id(), append.id()), ids(fork.branch(append.id())));
    }

    @Test
    void aMergeOfAllHeadsEndsTheFork() {
        TransactionHeader merge = Headers.mergeAt(4)
                .claims("account", List.of(left.id(), right.id()))
                .build();
        History history = with(merge);
        assertEquals(List.of(merge.id()), history.heads(ACCOUNT));
        assertTrue(history.forks().isEmpty());
    }

    @Test
    void aMergeThatMissedAHeadLeavesAFork() {
        TransactionHeader third = Headers.at(4).writes("account", root).build();
        TransactionHeader merge =
                Headers.mergeAt(5).writes("account", left, right).build();
        Fork fork = onlyFork(with(third, merge));
        assertEquals(List.of(third.id(), merge.id()), fork.heads());
        assertEquals(List.of(left.id(), right.id(), merge.id()), ids(fork.branch(merge.id())));
    }

    @Test
    void aFreeAppendNeverForks() {
        TransactionHeader one = Headers.at(4).free("log").build();
        TransactionHeader other = Headers.at(5).free("log").build();
        TransactionHeader head = Headers.at(3).writes("log").build();
        History history = History.of(List.of(head, one, other));
        assertEquals(3, history.state(StreamId.of("log")).version().value());
        assertEquals(List.of(head.id()), history.heads(StreamId.of("log")));
        assertTrue(history.forks().isEmpty());
    }

    @Test
    void readingAStreamOnTwoBranchesForksNothing() {
        TransactionHeader one =
                Headers.at(5).writes("one").reads("account", root).build();
        TransactionHeader other =
                Headers.at(6).writes("other").reads("account", left).build();
        History history = History.of(List.of(root, left, one, other));
        assertTrue(history.forks().isEmpty());
        assertEquals(
                List.of(new StaleRead(one.id(), ACCOUNT, List.of(root.id()), List.of(left.id()))),
                history.staleReads());
    }

    @Test
    void whatTwoOfThreeHeadsShareIsShownWithBoth() {
        TransactionHeader one = Headers.at(4).writes("account", right).build();
        TransactionHeader other = Headers.at(5).writes("account", right).build();
        Fork fork = onlyFork(with(one, other));
        assertEquals(List.of(left.id(), one.id(), other.id()), fork.heads());
        List<Fork.Divergent> shared = fork.divergent().stream()
                .filter(divergent -> divergent.transaction().equals(right.id()))
                .toList();
        assertEquals(1, shared.size());
        assertEquals(Set.of(one.id(), other.id()), shared.get(0).reachedBy());
    }

    @Test
    void forksThatShareATransactionAreOneUnit() {
        TransactionHeader both = Headers.at(10).writes("a").writes("b").build();
        TransactionHeader rivalOfA = Headers.at(11).writes("a").build();
        TransactionHeader rivalOfB = Headers.at(12).writes("b").build();
        List<List<StreamId>> units = with(both, rivalOfA, rivalOfB).forks().stream()
                .map(ForkUnit::streams)
                .toList();
        assertEquals(List.of(List.of(StreamId.of("a"), StreamId.of("b")), List.of(ACCOUNT)), units);
    }

    @Test
    void aMissingMiddleMakesTheStreamIncomplete() {
        TransactionHeader last = Headers.at(4).writes("account", left).build();
        assertEquals(Set.of(ACCOUNT), History.of(List.of(root, last)).incomplete());
        History whole = History.of(List.of(root, last, left));
        assertTrue(whole.incomplete().isEmpty());
        assertTrue(whole.forks().isEmpty());
    }

    @Test
    void aFalseNameSupersedesNothing() {
        TransactionHeader note = Headers.at(4).free("account").build();
        TransactionHeader lying = Headers.at(5).writes("account", note).build();
        History history = with(note, lying);
        assertEquals(List.of(left.id(), right.id(), lying.id()), history.heads(ACCOUNT));
        assertEquals(List.of(new Misnamed(lying.id(), ACCOUNT, note.id())), history.misnamed());
        assertTrue(history.incomplete().isEmpty());
    }

    @Test
    void theSmallerTrailerCountsAndBothAreReported() {
        TransactionHeader other =
                Headers.at(1).writes("account").saying("otherwise").build();
        boolean otherCounts = other.trailer().compareTo(root.trailer()) < 0;
        TransactionHeader smaller = otherCounts ? other : root;
        TransactionHeader greater = otherCounts ? root : other;
        TransactionHeader child =
                Headers.at(2).writes("account", greater).parents(greater).build();

        for (History history :
                List.of(History.of(List.of(smaller, greater, child)), History.of(List.of(greater, child, smaller)))) {
            assertEquals(smaller, history.transactions().get(root.id()));
            assertEquals(Set.of(root.id()), history.variants());
            assertEquals(Set.of(child.id()), history.parentMismatches());
        }
    }

    @Test
    void aRedactionInAnyCopyCounts() {
        History history = with(Headers.redacted(left, 0));
        assertEquals(
                Set.of(0),
                Objects.requireNonNull(history.transactions().get(left.id())).redacted());
        assertTrue(history.variants().isEmpty());
        assertNotEquals(History.of(forked).digest(), history.digest());
        assertEquals(History.of(forked).heads(ACCOUNT), history.heads(ACCOUNT));
    }

    private History with(TransactionHeader... more) {
        List<TransactionHeader> all = new ArrayList<>(forked);
        all.addAll(List.of(more));
        return History.of(all);
    }

    private static Fork onlyFork(History history) {
        List<ForkUnit> units = history.forks();
        assertEquals(1, units.size());
        assertEquals(1, units.get(0).forks().size());
        return units.get(0).forks().get(0);
    }

    private static List<TransactionId> order(List<TransactionHeader> all) {
        return List.copyOf(History.of(all).transactions().keySet());
    }

    private static List<TransactionId> ids(List<Fork.Divergent> branch) {
        return branch.stream().map(Fork.Divergent::transaction).toList();
    }
}
