package dev.evstore.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.decide.Account.Command;
import dev.evstore.core.decide.Account.Deposit;
import dev.evstore.core.decide.Account.Deposited;
import dev.evstore.core.decide.Account.Event;
import dev.evstore.core.decide.Account.Open;
import dev.evstore.core.decide.Account.Opened;
import dev.evstore.core.decide.Account.Refused;
import dev.evstore.core.decide.Account.State;
import dev.evstore.core.decide.Account.Withdraw;
import dev.evstore.core.decide.Account.Withdrawn;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.testkit.DeciderScenario;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class DeciderScenarioTest {

    private static final BigDecimal FIVE = new BigDecimal("5.00");

    private final DeciderScenario<Command, Event, State> account = DeciderScenario.of(new Account(), Account.CODEC);
    private final DeciderScenario<Command, Event, State> rich =
            account.given(new Opened("kim")).given(new Deposited(FIVE, "EUR"));

    @Test
    void whatHoldsPasses() {
        rich.when(new Withdraw(FIVE)).then(new Withdrawn(FIVE));
        rich.when(new Open("kim")).thenNothing();
        rich.thenState(new State(true, FIVE, 0));
        assertEquals(
                "not open",
                account.when(new Deposit(FIVE)).thenRefused(Refused.class).getMessage());
    }

    @Test
    void aFailureTellsTheWholeStory() {
        AssertionFailedError other = assertThrows(
                AssertionFailedError.class,
                () -> rich.when(new Withdraw(BigDecimal.ONE)).then(new Withdrawn(FIVE)));
        assertEquals("""
                given
                  Opened[owner=kim]
                  Deposited[amount=5.00, currency=EUR]
                when
                  Withdraw[amount=1]
                then events
                  Withdrawn[amount=5.00]
                but events were
                  Withdrawn[amount=1]""", other.getMessage());
        assertTrue(other.isExpectedDefined() && other.isActualDefined());
    }

    @Test
    void whatDoesNotHoldFails() {
        fails("but it was refused", () -> account.when(new Deposit(FIVE)).then(new Deposited(FIVE, "EUR")));
        fails("given nothing\nwhen", () -> account.when(new Deposit(FIVE)).thenNothing());
        fails("but events were nothing", () -> rich.when(new Open("kim")).then(new Opened("kim")));
        fails(
                "but events were\n  Withdrawn",
                () -> rich.when(new Withdraw(FIVE)).thenRefused(Refused.class));
        fails("but it was\n", () -> account.when(new Deposit(FIVE)).thenRefused(IllegalArgumentException.class));
        fails("but it is\n", () -> rich.thenState(new State(false, FIVE, 0)));
    }

    /** Its third part is lost on the way. */
    record Lossy(
            int kept,
            @com.fasterxml.jackson.annotation.JsonIgnore String lost) {}

    @Test
    void anEventThatDoesNotComeBackEqualFails() {
        EventCodec<Lossy> codec = EventCodec.of(Lossy.class, new JacksonPayloads())
                .type("Lossy", Lossy.class)
                .build();
        Decider<Integer, Lossy, Integer> decider = new Decider<>() {
            @Override
            public Integer initial() {
                return 0;
            }

            @Override
            public Integer evolve(Integer state, Lossy event) {
                return state + event.kept();
            }

            @Override
            public java.util.List<Lossy> decide(Integer command, Integer state) {
                return java.util.List.of(new Lossy(command, "x"));
            }
        };
        fails(
                "it came back as",
                () -> DeciderScenario.of(decider, codec).when(1).then(new Lossy(1, "x")));
        fails(
                "it came back as",
                () -> DeciderScenario.of(decider, codec)
                        .given(new Lossy(1, "x"))
                        .thenState(1));
        DeciderScenario.of(decider).when(1).then(new Lossy(1, "x"));
    }

    private static void fails(String with, org.junit.jupiter.api.function.Executable scenario) {
        AssertionFailedError failure = assertThrows(AssertionFailedError.class, scenario);
        assertTrue(String.valueOf(failure.getMessage()).contains(with), failure.getMessage());
    }
}
