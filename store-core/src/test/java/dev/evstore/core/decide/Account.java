package dev.evstore.core.decide;

import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.RedactedEvent;
import dev.evstore.core.jackson.JacksonPayloads;
import java.math.BigDecimal;
import java.util.List;

/** The decider of the examples: an account that never goes below zero. */
public final class Account implements Decider<Account.Command, Account.Event, Account.State> {

    /** What can happen. */
    public sealed interface Event permits Opened, Deposited, Withdrawn {}

    public record Opened(String owner) implements Event {}

    public record Deposited(BigDecimal amount, String currency) implements Event {}

    public record Withdrawn(BigDecimal amount) implements Event {}

    /** What a deposit was at first. */
    public record DepositedInCents(BigDecimal cents) {
        public Deposited today() {
            return new Deposited(cents.movePointLeft(2), "EUR");
        }
    }

    /** What can be asked for. */
    public sealed interface Command permits Open, Deposit, Withdraw {}

    public record Open(String owner) implements Command {}

    public record Deposit(BigDecimal amount) implements Command {}

    public record Withdraw(BigDecimal amount) implements Command {}

    public record State(boolean open, BigDecimal balance, int unknown) {}

    /** Why not. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String why) {
            super(why);
        }
    }

    public static final EventCodec<Event> CODEC = EventCodec.ofPermitted(Event.class, new JacksonPayloads())
            .type("Deposited/2", Deposited.class)
            .upcast("Deposited", DepositedInCents.class, DepositedInCents::today)
            .renamed("AccountCreated", Opened.class)
            .build();

    @Override
    public State initial() {
        return new State(false, BigDecimal.ZERO, 0);
    }

    @Override
    public State evolve(State state, Event event) {
        if (event instanceof Deposited deposited) {
            return new State(state.open(), state.balance().add(deposited.amount()), state.unknown());
        }
        if (event instanceof Withdrawn withdrawn) {
            return new State(state.open(), state.balance().subtract(withdrawn.amount()), state.unknown());
        }
        return new State(true, state.balance(), state.unknown());
    }

    @Override
    public State evolveRedacted(State state, RedactedEvent event) {
        return new State(state.open(), state.balance(), state.unknown() + 1);
    }

    @Override
    public List<Event> decide(Command command, State state) {
        if (command instanceof Open open) {
            return state.open() ? List.of() : List.of(new Opened(open.owner()));
        }
        if (!state.open()) {
            throw new Refused("not open");
        }
        if (command instanceof Deposit deposit) {
            return List.of(new Deposited(deposit.amount(), "EUR"));
        }
        BigDecimal amount = ((Withdraw) command).amount();
        if (state.balance().compareTo(amount) < 0) {
            throw new Refused("no more than " + state.balance());
        }
        return List.of(new Withdrawn(amount));
    }
}
