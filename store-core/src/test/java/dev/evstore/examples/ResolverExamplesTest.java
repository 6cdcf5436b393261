package dev.evstore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ReconcileReport.Why;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.reconcile.Resolution;
import dev.evstore.core.reconcile.Resolver;
import dev.evstore.core.reconcile.Resolvers;
import dev.evstore.testkit.GivenFork;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Policies that applications may want, on forks that tell them apart. */
class ResolverExamplesTest {

    private static final StreamId A = StreamId.of("a");

    private static NewEvent set(String key, String value) {
        return NewEvent.of("Set", "\"" + value + "\"").tags(key);
    }

    private static NewEvent counted(int n) {
        return NewEvent.of("Counted", String.valueOf(n));
    }

    @Test
    void acceptingTheOrderAddsNothing() {
        try (GivenFork given = GivenFork.after("a", counted(1))) {
            given.branch("a", counted(2))
                    .branch("a", counted(3))
                    .when(Resolvers.acceptOrder())
                    .thenAcceptsTheOrder()
                    .thenTheStreamReads("a", "Counted 1", "Counted 2", "Counted 3");
        }
    }

    @Test
    void theLastWriterWinsByTheClockWhereTheOrderSaysOtherwise() {
        try (GivenFork given = GivenFork.after("a", set("colour", "red"))) {
            // The second branch is later by the clock, and canonically too: nothing to add for either key.
            given.branch("a", set("colour", "blue"), set("size", "L"))
                    .branch("a", set("colour", "green"))
                    .when(new LastWriterWins())
                    .thenAcceptsTheOrder();
        }
    }

    @Test
    void changesAreAddedUp() {
        try (GivenFork given = GivenFork.after("a", counted(10))) {
            given.branch("a", counted(7))
                    .and("a", counted(8))
                    .branch("a", counted(6))
                    .when(new SumOfDeltas())
                    .thenResolves(Resolution.resolve(A, counted(4)));
        }
    }

    @Test
    void aPersonIsToldWhoHasToTalkToWhom() {
        try (GivenFork given = GivenFork.withoutAncestor()) {
            GivenFork.Then then =
                    given.branch("a", counted(1)).branch("a", counted(2)).when(new AskAPerson());
            assertEquals(Why.UNRESOLVABLE, then.report().unresolved().get(0).why());
            assertTrue(then.report().unresolved().get(0).reason().startsWith("a: 1 by replica "));
        }
    }

    @Test
    void perTypeEachPolicyIsAskedOnceAndTheirEventsAreJoined() {
        Resolver both = Resolvers.perType(Map.of(
                "Set", fork -> Resolution.resolve(A, NewEvent.of("BySet", "1")),
                "Counted", new SumOfDeltas(),
                "Unused",
                        fork -> {
                            throw new AssertionError("no such event is there");
                        }));
        try (GivenFork given = GivenFork.after("a", counted(10))) {
            given.branch("a", counted(7))
                    .branch("a", counted(6))
                    .when(both)
                    .thenResolves(Resolution.resolve(A, counted(3)));
        }
        try (GivenFork given = GivenFork.withoutAncestor()) {
            given.branch("a", set("k", "v"), set("k", "w"))
                    .branch("a", set("k", "x"))
                    .when(both)
                    .thenResolves(Resolution.resolve(A, NewEvent.of("BySet", "1")));
        }
    }

    @Test
    void perTypeThereIsNoDefault() {
        Resolver some = Resolvers.perType(Map.of("Counted", Resolvers.acceptOrder()));
        try (GivenFork given = GivenFork.after("a", counted(10))) {
            given.branch("a", counted(7))
                    .branch("a", set("k", "v"))
                    .when(some)
                    .thenLeaves("no resolver is named for events of type Set");
        }
        assertThrows(IllegalArgumentException.class, () -> Resolvers.perType(Map.of("", Resolvers.acceptOrder())));
    }
}
