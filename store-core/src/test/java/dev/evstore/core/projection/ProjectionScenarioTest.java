package dev.evstore.core.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.testkit.ProjectionScenario;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;

class ProjectionScenarioTest {

    /** What happens to an account. */
    sealed interface Event permits Opened, Deposited, Closed {}

    record Opened(String owner) implements Event {}

    record Deposited(long cents) implements Event {}

    record Closed() implements Event {}

    record Balance(String owner, long cents) {}

    private static final EventCodec<Event> CODEC =
            EventCodec.ofPermitted(Event.class, new JacksonPayloads()).build();

    private static ProjectionBuilder<Balance> balances() {
        return Projection.named("balances")
                .version(1)
                .perStream()
                .initially(() -> new Balance("nobody", 0))
                .on(Opened.class, (Balance state, Opened opened) -> new Balance(opened.owner(), 0))
                .on(
                        Deposited.class,
                        (Balance state, Deposited more) -> new Balance(state.owner(), state.cents() + more.cents()))
                .on(Closed.class, (Balance state, Closed closed) -> null);
    }

    private static final ProjectionScenario<Event, Balance> ACCOUNT = ProjectionScenario.of(
                    balances().build(), CODEC)
            .given("a", new Opened("kim"), new Deposited(5))
            .given("a", new Deposited(7));

    @Test
    void whatComesLateGoesAndComesBackIsFoldedInItsPlace() {
        ACCOUNT.thenView("a", new Balance("kim", 12));
        ACCOUNT.thenNoView("b");
        ACCOUNT.whenLate("a", new Opened("lee")).thenView("a", new Balance("lee", 7));
        ACCOUNT.whenRetracted(1).thenView("a", new Balance("nobody", 7));
        ACCOUNT.whenRetracted(1).whenBack(1).thenView("a", new Balance("kim", 12));
        ACCOUNT.whenRedacted(1, 1).thenView("a", new Balance("kim", 7));
        ACCOUNT.when("a", new Closed()).thenNoView("a");
        ACCOUNT.when("a", new Closed()).whenRetracted(3).thenView("a", new Balance("kim", 12));
    }

    @Test
    void aForkIsMergedIntoTheView() {
        ACCOUNT.whenLate("a", new Deposited(100))
                .whenMerged("a", new Deposited(-12))
                .thenView("a", new Balance("kim", 100));
        assertThrows(IllegalArgumentException.class, () -> ACCOUNT.whenMerged("a"));
    }

    @Test
    void aFailureTellsTheWholeStory() {
        AssertionFailedError other = assertThrows(
                AssertionFailedError.class,
                () -> ACCOUNT.whenLate("a", new Deposited(1)).whenRetracted(1).thenView("a", new Balance("kim", 8)));
        assertEquals("""
                given
                  1 in a
                    Opened[owner=kim]
                    Deposited[cents=5]
                  2 in a
                    Deposited[cents=7]
                  late 3 in a
                    Deposited[cents=1]
                  1 is retracted
                then the view of a
                  Balance[owner=kim, cents=8]
                but the host that followed has
                  Balance[owner=nobody, cents=8]""", other.getMessage());
        assertTrue(other.isExpectedDefined() && other.isActualDefined());
    }

    @Test
    void whatDoesNotHoldFails() {
        fails("has\n  none", () -> ACCOUNT.thenView("b", new Balance("kim", 12)));
        fails("then no view of a", () -> ACCOUNT.thenNoView("a"));
        fails(
                "given nothing",
                () -> ProjectionScenario.of(balances().build(), CODEC).thenView("a", new Balance("", 0)));
        assertThrows(IllegalArgumentException.class, () -> ACCOUNT.whenRetracted(3));
    }

    @Test
    void aHandlerThatRemembersIsFound() {
        long[] sum = {0};
        Projection<Balance> remembering = Projection.named("sums")
                .version(1)
                .single()
                .initially(() -> new Balance("all", 0))
                .on(Deposited.class, (Balance state, Deposited more) -> new Balance("all", sum[0] += more.cents()))
                .build();
        ProjectionScenario<Event, Balance> scenario = ProjectionScenario.of(remembering, CODEC);
        fails(
                "but the host that was ended at each write has",
                () -> scenario.given("a", new Deposited(5)).thenView("", new Balance("all", 5)));
    }

    @Test
    void everyHostIsEndedAtItsWritesAndReplicasMergeInEitherOrder() {
        StringBuilder told = new StringBuilder();
        Projection<Balance> telling = Projection.named("telling")
                .version(1)
                .single()
                .initially(() -> new Balance("", 0))
                .on(Deposited.class, (Balance state, Deposited more) -> {
                    told.append(more.cents());
                    return new Balance("", 10 * state.cents() + more.cents());
                })
                .build();
        ProjectionScenario.of(telling, CODEC)
                .given("a", new Deposited(1))
                .given("a", new Deposited(2))
                .given("b", new Deposited(3))
                .thenView("", new Balance("", 123));
        for (String once : List.of("111", "222", "333")) {
            assertTrue(
                    told.indexOf(once) >= 0, "one follows, and one loses a write and gives its event again: " + told);
        }
        assertTrue(told.indexOf("13123") >= 0, "2 came to 1 and 3: " + told);
        assertTrue(told.indexOf("2123") >= 0, "1 and 3 came to 2: " + told);
    }

    @Test
    void aViewThatDependsOnArrivalIsNotAskedOfOtherReplicas() {
        Projection<Balance> last = Projection.named("last")
                .version(1)
                .single()
                .initially(() -> new Balance("", 0))
                .on(Deposited.class, (Balance state, Deposited more) -> new Balance("", more.cents()))
                .order(Order.ARRIVAL)
                .build();
        ProjectionScenario.of(last, CODEC)
                .given("a", new Deposited(5))
                .whenLate("a", new Deposited(3))
                .thenView("", new Balance("", 3));
    }

    @Test
    void aHandlerThatThrowsIsAFailure() {
        Projection<Balance> throwing = Projection.named("throwing")
                .version(1)
                .single()
                .initially(() -> new Balance("", 0))
                .on(Deposited.class, (Balance state, Deposited more) -> {
                    throw new IllegalStateException();
                })
                .build();
        fails(
                "the projection failed at",
                () -> ProjectionScenario.of(throwing, CODEC)
                        .given("a", new Deposited(5))
                        .thenNoView(""));
    }

    private static void fails(String with, Executable scenario) {
        AssertionFailedError failure = assertThrows(AssertionFailedError.class, scenario);
        assertTrue(String.valueOf(failure.getMessage()).contains(with), failure.getMessage());
    }
}
