package dev.evstore.core.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Traps that others fell into, as far as order, heads and forks go. */
class HistoryTraps {

    private static final StreamId ACCOUNT = StreamId.of("account");
    private static final StreamId RATES = StreamId.of("rates");

    @Test
    void T4_readingTheSameStreamOnTwoBranchesIsNoFork() { // T4
        TransactionHeader rates = Headers.at(1).writes("rates").build();
        TransactionHeader one =
                Headers.at(2).writes("account").reads("rates", rates).build();
        TransactionHeader other =
                Headers.at(3).writes("order").reads("rates", rates).build();
        History history = History.of(List.of(rates, one, other));

        assertTrue(history.forks().isEmpty());
        assertTrue(history.staleReads().isEmpty());
        assertEquals(List.of(rates.id()), history.heads(RATES));
    }

    @Test
    void T4_aReadThatMissedAWriteIsStaleAndStillNoFork() { // T4, F6
        TransactionHeader rates = Headers.at(1).writes("rates").build();
        TransactionHeader newer = Headers.at(2).writes("rates", rates).build();
        TransactionHeader decision =
                Headers.at(3).writes("account").reads("rates", rates).build();
        History history = History.of(List.of(rates, newer, decision));

        assertTrue(history.forks().isEmpty());
        assertEquals(
                List.of(new StaleRead(decision.id(), RATES, List.of(rates.id()), List.of(newer.id()))),
                history.staleReads());
    }

    @Test
    void T13_aMissingOrLateParentMovesNoOlderTransaction() { // T13
        TransactionHeader late = Headers.at(2).writes("account").build();
        TransactionHeader first = Headers.at(1).writes("account").build();
        TransactionHeader middle =
                Headers.at(3).writes("account", first).parents(first, late).build();
        TransactionHeader last =
                Headers.at(4).writes("account", middle).parents(middle).build();

        History before = History.of(List.of(first, middle, last));
        assertEquals(List.of(first.id(), middle.id(), last.id()), order(before));
        assertEquals(Set.of(middle.id()), before.dangling());

        History after = History.of(List.of(first, middle, last, late));
        assertEquals(List.of(first.id(), late.id(), middle.id(), last.id()), order(after));
        assertTrue(after.dangling().isEmpty());
    }

    @Test
    void T14_idsOrderWhateverTheClocksSayAndHoweverTheyAreWritten() { // T14
        // As text, .5Z stands after .25Z and 10 before 9; the wall clock may say anything at all.
        TransactionHeader first = Headers.at(9)
                .clock(Instant.parse("2026-11-20T06:00:00.500Z"))
                .writes("account")
                .build();
        TransactionHeader second = Headers.at(10)
                .clock(Instant.parse("2026-11-20T06:00:00.250Z"))
                .writes("account", first)
                .build();
        TransactionHeader third = Headers.at(100)
                .clock(Instant.parse("1999-01-01T00:00:00Z"))
                .writes("account", second)
                .build();
        assertEquals(List.of(first.id(), second.id(), third.id()), order(History.of(List.of(third, second, first))));
    }

    @Test
    void T15_aChainOfAHundredThousandIsAnsweredWithoutRecursion() { // T15
        List<TransactionHeader> chain = chain(100_000);
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            History history = History.of(chain);
            assertEquals(List.of(chain.get(99_999).id()), history.heads(ACCOUNT));
            assertEquals(100_000, history.state(ACCOUNT).version().value());
            assertEquals(history.digest(), history.state(ACCOUNT).digest());
            assertTrue(history.forks().isEmpty());
            assertTrue(history.incomplete().isEmpty());
            assertTrue(history.dangling().isEmpty());
            assertTrue(history.staleReads().isEmpty());
            assertEquals(history.heads(ACCOUNT), history.storeHeads());
        });
    }

    @Test
    void T15_aForkAtTheRootOfAHundredThousandIsFoundWithoutRecursion() { // T15
        List<TransactionHeader> all = new ArrayList<>(chain(100_000));
        TransactionHeader rival =
                Headers.at(900_000).writes("account", all.get(0)).build();
        all.add(rival);
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            History history = History.of(all);
            Fork fork = history.forks().get(0).forks().get(0);
            assertEquals(1, fork.ancestorVersion());
            assertEquals(99_999, fork.branch(all.get(99_999).id()).size());
            assertEquals(1, fork.branch(rival.id()).size());
            assertEquals(
                    fork,
                    ForkWalk.of(
                            ACCOUNT,
                            history.heads(ACCOUNT),
                            id -> Objects.requireNonNull(history.transactions().get(id))
                                    .supersedes(ACCOUNT),
                            id -> List.of(new EventId(id, 0)),
                            100_001));
        });
    }

    @Test
    void T50_aMissingMiddleShowsTwoHeadsOfAStreamThatIsIncompleteAndNoForkOnceItIsBack() { // T50, F7
        List<TransactionHeader> chain = chain(3);
        History history = History.of(List.of(chain.get(0), chain.get(2)));

        assertEquals(Set.of(ACCOUNT), history.incomplete());
        // What succeeds the first one is not here, so both stand as heads; nobody may take that for a decision to mend.
        assertEquals(List.of(chain.get(0).id(), chain.get(2).id()), history.heads(ACCOUNT));

        History whole = History.of(chain);
        assertTrue(whole.incomplete().isEmpty());
        assertTrue(whole.forks().isEmpty());
    }

    @Test
    void T51_aForgedCopyWithASmallerHashIsReportedWithWhatItsChildrenHadSeen() { // T51, I5
        TransactionHeader real = Headers.at(1).writes("account").build();
        TransactionHeader forged = real;
        for (int k = 0; forged.trailer().compareTo(real.trailer()) >= 0; k++) {
            forged = Headers.at(1).writes("account").saying("forged " + k).build();
        }
        TransactionHeader child =
                Headers.at(2).writes("account", real).parents(real).build();
        History history = History.of(List.of(real, child, forged));

        assertEquals(forged, history.transactions().get(real.id()));
        assertEquals(Set.of(real.id()), history.variants());
        assertEquals(Set.of(child.id()), history.parentMismatches());
        assertEquals(real.trailer().half(), child.parents().get(real.id()));
    }

    @Test
    void T51_aForgedCopyWithAGreaterHashChangesNothingAndIsReported() { // T51, I5
        TransactionHeader real = Headers.at(1).writes("account").build();
        TransactionHeader forged = real;
        for (int k = 0; forged.trailer().compareTo(real.trailer()) <= 0; k++) {
            forged = Headers.at(1).writes("account").saying("forged " + k).build();
        }
        History history = History.of(List.of(forged, real));

        assertEquals(History.of(List.of(real)).digest(), history.digest());
        assertEquals(Set.of(real.id()), history.variants());
    }

    @Test
    void T52_idsOfTheYear9999AndOfTheEndOfTimeAreOrderedLikeAnyOther() { // T52, I6: visible and ordered
        TransactionHeader now = Headers.at(1_800_000_000_000L).writes("account").build();
        TransactionHeader year9999 =
                Headers.at(253_370_764_800_000L).writes("account", now).build();
        TransactionHeader end =
                Headers.at(TransactionId.MAX_MILLIS).writes("account", year9999).build();
        History history = History.of(List.of(end, year9999, now));

        assertEquals(List.of(now.id(), year9999.id(), end.id()), order(history));
        assertEquals(List.of(end.id()), history.heads(ACCOUNT));

        // A writer does not follow them: its append is a rival head, and goes with the file that is removed.
        TransactionHeader append =
                Headers.at(1_800_000_000_001L).writes("account", now).build();
        assertEquals(
                List.of(append.id(), end.id()),
                History.of(List.of(end, year9999, now, append)).heads(ACCOUNT));
        assertEquals(List.of(append.id()), History.of(List.of(now, append)).heads(ACCOUNT));
    }

    private static List<TransactionHeader> chain(int length) {
        List<TransactionHeader> chain = new ArrayList<>(length);
        chain.add(Headers.at(1).writes("account").build());
        for (int k = 1; k < length; k++) {
            TransactionHeader last = chain.get(k - 1);
            chain.add(Headers.at(k + 1).writes("account", last).parents(last).build());
        }
        return chain;
    }

    private static List<TransactionId> order(History history) {
        return List.copyOf(history.transactions().keySet());
    }
}
