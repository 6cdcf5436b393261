package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.AppendResult;
import dev.evstore.core.CommandReusedException;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.Finding;
import dev.evstore.core.ForkPolicy;
import dev.evstore.core.StreamForkedException;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.WrongExpectedVersionException;
import dev.evstore.core.decide.Decider;
import dev.evstore.core.decide.DeciderRunner;
import dev.evstore.core.decide.Decision;
import dev.evstore.core.decide.Folded;
import dev.evstore.core.decide.Retry;
import dev.evstore.core.decide.Snapshots;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.Digest;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.StreamState;
import dev.evstore.core.id.StreamVersion;
import dev.evstore.testkit.Tally.Count;
import dev.evstore.testkit.Tally.Counted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deciders on a store: load, decide, append unchanged; snapshots that hold or are not used (T44). */
public abstract class DecidingContract extends StoreContract {

    private static final StreamId A = stream("a");

    private final List<Duration> waits = new ArrayList<>();

    private DeciderRunner<Count, Counted, List<String>> runner() {
        return runner(new Tally());
    }

    private DeciderRunner<Count, Counted, List<String>> runner(Decider<Count, Counted, List<String>> decider) {
        return DeciderRunner.of(store(), Tally.CODEC, decider).retry(new Retry(3, new Random(1), waits::add));
    }

    @Test
    void aDecisionIsAppendedAndLoaded() {
        Decision<Counted> first = runner().run(A, new Count(2, 0));
        Decision<Counted> second = runner().run(A, new Count(1, 2));
        Decision<Counted> none = runner().run(A, new Count(0, 5));

        assertEquals(
                List.of(new Counted(0), new Counted(1)),
                assertInstanceOf(Decision.Appended.class, first).events());
        AppendResult result = assertInstanceOf(Decision.Appended.class, second).result();
        assertInstanceOf(Decision.Nothing.class, none);
        assertEquals(new Folded<>(result.state(A), List.of("0", "1", "2")), runner().load(A));
        assertThrows(IllegalStateException.class, () -> runner().run(A, new Count(1, 2)));
        assertEquals(3, version(result, "a"));
        assertEquals(List.of(), waits);
        assertEquals(new Folded<>(StreamState.NONE, List.of()), runner().load(stream("b")));
    }

    /** Somebody else's append comes between a decision and its own, so many times. */
    private Tally disturbed(int times) {
        int[] left = {times};
        return new Tally() {
            @Override
            public List<Counted> decide(Count command, List<String> state) {
                if (left[0]-- > 0) {
                    store().append(A, ExpectedVersion.current(), Tally.event(100 + left[0]));
                }
                return super.decide(command, state);
            }
        };
    }

    @Test
    void aConflictIsDecidedAgainOnWhatStandsThere() {
        runner(disturbed(2)).run(A, new Count(1, 9));
        assertEquals(List.of("101", "100", "2"), runner().load(A).value());
        assertEquals(2, waits.size());
        assertTrue(waits.stream().allMatch(wait -> wait.compareTo(Retry.LONGEST_WAIT) <= 0), waits::toString);
    }

    @Test
    void afterTheLastAttemptTheConflictIsToldAndNothingIsAppended() {
        assertThrows(
                WrongExpectedVersionException.class, () -> runner(disturbed(3)).run(A, new Count(1, 9)));
        assertEquals(List.of("102", "101", "100"), runner().load(A).value());
        assertEquals(2, waits.size());
    }

    @Test
    void aCommandThatIsKnownDecidesNothing() { // A6
        Decision<Counted> first = runner().run(A, new Count(1, 0), "c-1");
        Decision<Counted> again = runner().run(A, new Count(1, 0), "c-1"); // which would be refused by now

        assertEquals(
                assertInstanceOf(Decision.Appended.class, first).result().transaction(),
                assertInstanceOf(Decision.AlreadyApplied.class, again).first());
        assertEquals(1, store().status().transactions());
        assertThrows(CommandReusedException.class, () -> runner().run(stream("b"), new Count(1, 0), "c-1"));
        assertInstanceOf(Decision.Appended.class, runner().run(A, new Count(1, 1), "c-2"));
    }

    @Test
    void aCommandSaidByTwoAtOnceIsAppliedOnce() { // A6
        boolean[] said = {false};
        Tally slow = new Tally() {
            @Override
            public List<Counted> decide(Count command, List<String> state) {
                if (!said[0]) {
                    said[0] = true;
                    store().append(A, ExpectedVersion.current(), Tally.event(7));
                    runner().run(A, command, "c-1");
                }
                return super.decide(command, state);
            }
        };
        assertInstanceOf(Decision.AlreadyApplied.class, runner(slow).run(A, new Count(1, 9), "c-1"));
        assertEquals(List.of("7", "1"), runner().load(A).value());
    }

    @Test
    void aForkedStreamIsFoldedWholeAndGoesOnWithOneHeadUnlessRefused() { // F3
        arrive(
                Foreign.at(-2).onto("a").event("a", Tally.event(10)).build(),
                Foreign.at(-1).onto("a").event("a", Tally.event(20)).build());
        assertEquals(2, heads("a").size());

        assertThrows(
                StreamForkedException.class,
                () -> runner().appending(append -> append.forks(ForkPolicy.REJECT))
                        .run(A, new Count(1, 9)));
        runner().run(A, new Count(1, 9));
        assertEquals(List.of("10", "20", "2"), runner().load(A).value());
        assertEquals(2, heads("a").size());
    }

    @Test
    void whatEveryAppendGetsMoreIsInIt() {
        Decision<Counted> decision =
                runner().appending(append -> append.meta("{\"actor\":\"kim\"}")).run(A, new Count(1, 0), "c-1");
        var header = store().readTransaction(assertInstanceOf(Decision.Appended.class, decision)
                        .result()
                        .transaction())
                .orElseThrow()
                .header();
        assertEquals("{\"actor\":\"kim\"}", header.meta());
        assertEquals("c-1", header.command());
    }

    @Test
    void anEventThatCannotBeDecodedStopsTheDecision() { // P3
        store().append(A, ExpectedVersion.noStream(), Tally.event(1), event("Unheard"));
        UndecodableEventException unknown =
                assertThrows(UndecodableEventException.class, () -> runner().run(A, new Count(1, 9)));
        assertEquals(UndecodableEventException.Reason.UNKNOWN_TYPE, unknown.reason());
        assertEquals(2, unknown.event().version().value());

        Transaction newer =
                Foreign.newer(Foreign.at(1).onto("b").event("b", Tally.event(1)).build());
        arrive(newer);
        UndecodableEventException opaque =
                assertThrows(UndecodableEventException.class, () -> runner().load(stream("b")));
        assertEquals(UndecodableEventException.Reason.NEWER_FORMAT, opaque.reason());
        expectFinding(Finding.Code.NEWER_FORMAT);
    }

    @Test
    void whatCameToTheEndIsReadSince() {
        StreamState none = store().read(A).state();
        StreamState one = store().append(A, ExpectedVersion.noStream(), Tally.event(1), Tally.event(2))
                .state(A);
        store().append(stream("b"), ExpectedVersion.noStream(), Tally.event(3));
        StreamState two =
                store().append(A, ExpectedVersion.any(), Tally.event(4)).state(A);

        StreamSlice whole = store().read(A);
        assertEquals(Optional.of(whole), store().readSince(A, none));
        assertEquals(Optional.of(new StreamSlice(A, two, whole.events().subList(2, 3))), store().readSince(A, one));
        assertEquals(Optional.of(new StreamSlice(A, two, List.of())), store().readSince(A, two));
        assertEquals(Optional.empty(), store().readSince(stream("b"), two));
        assertEquals(Optional.empty(), store().readSince(stream("c"), two));
        StreamState forged = new StreamState(StreamVersion.of(1), Digest.EMPTY);
        assertEquals(Optional.empty(), store().readSince(A, forged)); // would begin within a transaction
        assertEquals(
                Optional.empty(),
                store().readSince(A, new StreamState(StreamVersion.of(Long.MAX_VALUE), two.digest())));
    }

    @Test
    void T44_aSnapshotIsUsedOnlyWhileTheStreamBeginsWithIt() { // T44
        int[] folded = {0};
        Tally counting = new Tally() {
            @Override
            public List<String> evolve(List<String> state, Counted event) {
                folded[0]++;
                return super.evolve(state, event);
            }
        };
        var runner = runner(counting).snapshots(Snapshots.inMemory(2), 1);
        Transaction base = Foreign.at(-9).onto("a").event("a", Tally.event(1)).build();
        arrive(base);
        assertEquals(List.of("1"), runner.load(A).value());

        store().append(A, ExpectedVersion.current(), Tally.event(2));
        assertEquals(List.of("1", "2"), runner.load(A).value());
        assertSame(runner.load(A), runner.load(A));
        assertEquals(2, folded[0]); // each event once

        Transaction late = Foreign.at(-8).free("a").event("a", Tally.event(3)).build();
        arrive(late);
        assertEquals(List.of("1", "3", "2"), runner.load(A).value());
        retract(late.header().id());
        assertEquals(List.of("1", "2"), runner.load(A).value());
        Folded<List<String>> before = runner.load(A);
        arrive(Foreign.redacted(base, 0));
        assertEquals(
                List.of("redacted " + base.header().id() + "/0", "2"),
                runner.load(A).value());
        assertFalse(store().readSince(A, before.state()).isPresent());
    }
}
