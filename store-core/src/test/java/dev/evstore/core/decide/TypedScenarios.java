package dev.evstore.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.ForkPolicy;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.StreamForkedException;
import dev.evstore.core.UndecodableEventException;
import dev.evstore.core.codec.Decoded;
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
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.testkit.DeciderScenario;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint typed. */
class TypedScenarios {

    private static final StreamId A = StreamId.of("account-1");
    private static final BigDecimal FIVE = new BigDecimal("5.00");

    private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(3));
    private final List<String> folded = new ArrayList<>();
    private final DeciderRunner<Command, Event, State> accounts = DeciderRunner.of(store, Account.CODEC, new Account())
            .retry(new Retry(3, new Random(1), wait -> folded.add("waited")));

    private Event known(StoredEvent event) {
        return assertInstanceOf(
                Event.class,
                assertInstanceOf(Decoded.Known.class, Account.CODEC.decode(event))
                        .value());
    }

    record Measured(Instant at, BigDecimal value, Map<String, Set<String>> labels, double rough, long exact) {}

    private static final EventCodec<Measured> MEASURED = EventCodec.of(Measured.class, new JacksonPayloads())
            .type("Measured", Measured.class)
            .build();

    private static Measured measured(Map<String, Set<String>> labels) {
        return new Measured(
                Instant.parse("2026-11-20T06:00:00.000000001Z"),
                new BigDecimal("12345678901234567890.10"),
                labels,
                2e-3,
                Long.MIN_VALUE);
    }

    @Test
    void aValueComesBackAsItWasWritten() { // S10
        Measured value = measured(Map.of("unit", Set.of("mm")));
        store.append(A, ExpectedVersion.noStream(), MEASURED.encode(value));
        StoredEvent event = store.read(A).events().get(0);
        assertEquals(
                value,
                assertInstanceOf(Decoded.Known.class, MEASURED.decode(event)).value());
    }

    @Test
    void twoMachinesWriteTheSameBytes() { // T83
        Map<String, Set<String>> one = new HashMap<>();
        Map<String, Set<String>> other = new LinkedHashMap<>();
        for (int k = 0; k < 100; k++) {
            one.put("k" + k, new HashSet<>(List.of("b", "a", "c")));
            other.put("k" + (99 - k), new HashSet<>(List.of("c", "a", "b")));
        }
        NewEvent written = MEASURED.encode(measured(one));
        assertEquals(written, MEASURED.encode(measured(other)));

        store.append(A, ExpectedVersion.noStream(), written);
        Decoded<Measured> reloaded = MEASURED.decode(store.read(A).events().get(0));
        assertEquals(written, MEASURED.encode(((Decoded.Known<Measured>) reloaded).value()));
    }

    @Test
    void aResolutionKeepsTheDigitsOfADecimal() { // M1
        BigDecimal digits = new BigDecimal("12345678901234567.890");
        Transaction one = Foreign.at(1)
                .onto("account-1")
                .event("account-1", "AccountCreated")
                .build();
        Transaction other = Foreign.at(2)
                .onto("account-1")
                .event("account-1", "AccountCreated")
                .build();
        store.ingest(List.of(one, other));
        store.ingest(List.of(
                Foreign.merge("account-1", List.of(one, other), Account.CODEC.encode(new Deposited(digits, "EUR")))));
        assertEquals(new Deposited(digits, "EUR"), known(store.read(A).events().get(2)));
    }

    @Test
    void anOldEventIsReadAsWhatItHasBecomeOnEveryPath() {
        store.append(
                A,
                ExpectedVersion.noStream(),
                NewEvent.of("AccountCreated", "{\"owner\":\"kim\",\"branch\":7}"),
                NewEvent.of("Deposited", "{\"cents\":500}"));
        List<Event> expected = List.of(new Opened("kim"), new Deposited(FIVE, "EUR"));

        assertEquals(expected, store.read(A).events().stream().map(this::known).toList());
        List<Event> all = new ArrayList<>();
        store.readAll(ReadAllOptions.forwards()).forEach(event -> all.add(known(event)));
        assertEquals(expected, all);
        assertEquals(
                expected,
                store
                        .readFeed(
                                FeedCursor.beginning(),
                                EventFilter.all()
                                        .withTypes(Account.CODEC.types().toArray(EventType[]::new)),
                                10)
                        .entries()
                        .stream()
                        .map(entry -> known(((FeedEntry.Arrival) entry).event()))
                        .toList());
        EventId second = store.read(A).events().get(1).id();
        assertEquals(expected.get(1), known(store.findEvent(second).orElseThrow()));
        assertEquals(new State(true, FIVE, 0), accounts.load(A).value());
    }

    @Test
    void anEventOfANewerApplicationIsMet() { // P3
        accounts.run(A, new Open("kim"));
        store.append(A, ExpectedVersion.current(), NewEvent.of("Deposited/3", "{\"secret\":1}"));
        UndecodableEventException e =
                assertThrows(UndecodableEventException.class, () -> accounts.run(A, new Withdraw(FIVE)));
        StoredEvent event = store.read(A).events().get(1);
        assertEquals(event, e.event());
        assertEquals("event " + event.id() + ", stream account-1, type \"Deposited/3\"", e.where());
        assertEquals(2, store.read(A).state().version().value());
    }

    @Test
    void aPayloadIsNotWhatItsTypeSays() { // R7
        store.append(A, ExpectedVersion.noStream(), NewEvent.of("Opened", "{\"owner\":{\"secret\":\"secret\"}}"));
        StoredEvent event = store.read(A).events().get(0);
        UndecodableEventException e = assertThrows(UndecodableEventException.class, () -> Account.CODEC.decode(event));
        assertTrue(e.where().contains(event.id() + ", stream account-1, type \"Opened\""), e.where());
        assertFalse((e + " " + e.getCause()).contains("secret"), e.getMessage());
    }

    @Test
    void aRedactedEventIsMet() { // O6
        Transaction deposit = Foreign.at(9)
                .onto("account-1")
                .event("account-1", Account.CODEC.encode(new Opened("kim")))
                .event("account-1", Account.CODEC.encode(new Deposited(FIVE, "EUR")))
                .build();
        store.ingest(List.of(deposit));
        store.ingest(List.of(Foreign.redacted(deposit, 1)));
        assertInstanceOf(
                Decoded.Redacted.class,
                Account.CODEC.decode(store.read(A).events().get(1)));
        assertEquals(new State(true, BigDecimal.ZERO, 1), accounts.load(A).value());
    }

    @Test
    void aPermittedRecordHasNoName() {
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> EventCodec.of(Event.class, new JacksonPayloads())
                                .type("Opened", Opened.class)
                                .type("Deposited", Deposited.class)
                                .build())
                .getMessage());
        assertTrue(message.contains(Withdrawn.class.getName()), message);
    }

    @Test
    void aDecisionLosesARace() {
        accounts.run(A, new Open("kim"));
        accounts.run(A, new Deposit(FIVE));
        boolean[] raced = {false};
        Account slow = new Account();
        Decider<Command, Event, State> racing = new Decider<>() {
            @Override
            public State initial() {
                return slow.initial();
            }

            @Override
            public State evolve(State state, Event event) {
                return slow.evolve(state, event);
            }

            @Override
            public List<Event> decide(Command command, State state) {
                List<Event> decided = slow.decide(command, state);
                if (!raced[0]) {
                    raced[0] = true;
                    accounts.run(A, new Withdraw(BigDecimal.ONE));
                }
                return decided;
            }
        };
        var runner = DeciderRunner.of(store, Account.CODEC, racing)
                .retry(new Retry(3, new Random(1), wait -> folded.add("waited")));
        assertThrows(Refused.class, () -> runner.run(A, new Withdraw(FIVE)));
        assertEquals(List.of("waited"), folded);
        assertEquals(new BigDecimal("4.00"), accounts.load(A).value().balance());
    }

    @Test
    void aCommandIsSaidTwice() { // A6
        accounts.run(A, new Open("kim"));
        accounts.run(A, new Deposit(FIVE));
        accounts.run(A, new Withdraw(FIVE), "w-1");
        assertInstanceOf(Decision.AlreadyApplied.class, accounts.run(A, new Withdraw(FIVE), "w-1"));
        assertThrows(Refused.class, () -> accounts.run(A, new Withdraw(FIVE), "w-2"));
    }

    @Test
    void aLateEventMakesASnapshotUnusable() { // T44
        Snapshots<State> snapshots = Snapshots.inMemory(10);
        DeciderRunner<Command, Event, State> quick = accounts.snapshots(snapshots, 1);
        quick.run(A, new Open("kim"));
        quick.run(A, new Deposit(FIVE));
        quick.load(A);
        assertTrue(store.readSince(A, kept(snapshots).state()).isPresent());

        store.ingest(List.of(Foreign.at(-9)
                .onto("account-1")
                .event("account-1", Account.CODEC.encode(new Deposited(FIVE, "EUR")))
                .build()));
        assertTrue(store.readSince(A, kept(snapshots).state()).isEmpty());
        assertEquals(new BigDecimal("10.00"), quick.load(A).value().balance());
    }

    private static Folded<State> kept(Snapshots<State> snapshots) {
        return snapshots.latest(Snapshots.Key.of(A, 1, State.class)).orElseThrow();
    }

    @Test
    void aSnapshotOfOtherCodeIsNotGoneOnWith() { // S9
        Snapshots<State> snapshots = Snapshots.inMemory(10);
        DeciderRunner<Command, Event, State> first = accounts.snapshots(snapshots, 1);
        first.run(A, new Open("kim"));
        first.run(A, new Deposit(FIVE));
        first.load(A);
        Account account = new Account();
        Decider<Command, Event, State> twice = new Decider<>() {
            @Override
            public State initial() {
                return account.initial();
            }

            @Override
            public State evolve(State state, Event event) {
                State once = account.evolve(state, event);
                return event instanceof Deposited ? account.evolve(once, event) : once;
            }

            @Override
            public List<Event> decide(Command command, State state) {
                return account.decide(command, state);
            }
        };
        var second = DeciderRunner.of(store, Account.CODEC, twice).snapshots(snapshots, 2);
        assertEquals(new BigDecimal("10.00"), second.load(A).value().balance());
        assertEquals(new BigDecimal("5.00"), first.load(A).value().balance());
        assertEquals(
                "2 dev.evstore.core.decide.Account$State(boolean open, java.math.BigDecimal balance, int unknown)",
                Snapshots.Key.of(A, 2, State.class).madeBy());
        assertThrows(IllegalArgumentException.class, () -> accounts.snapshots(snapshots, 0));
    }

    @Test
    void aForkedStreamIsDecidedOn() { // F3
        for (int k = 1; k <= 2; k++) {
            store.ingest(List.of(Foreign.at(-k)
                    .onto("account-1")
                    .event("account-1", Account.CODEC.encode(new Opened("kim")))
                    .event("account-1", Account.CODEC.encode(new Deposited(FIVE, "EUR")))
                    .build()));
        }
        assertEquals(new BigDecimal("10.00"), accounts.load(A).value().balance());
        assertThrows(
                StreamForkedException.class,
                () -> accounts.appending(append -> append.forks(ForkPolicy.REJECT))
                        .run(A, new Withdraw(FIVE)));
        accounts.run(A, new Withdraw(FIVE));
        assertEquals(2, store.streams("account-1").get(0).heads().size());
    }

    @Test
    void aDeciderIsTriedWithoutAStore() {
        DeciderScenario.of(new Account(), Account.CODEC)
                .given(new Opened("kim"), new Deposited(FIVE, "EUR"))
                .when(new Withdraw(FIVE))
                .then(new Withdrawn(FIVE));
        DeciderScenario.of(new Account(), Account.CODEC)
                .given(new Opened("kim"))
                .when(new Withdraw(FIVE))
                .thenRefused(Refused.class);
    }
}
