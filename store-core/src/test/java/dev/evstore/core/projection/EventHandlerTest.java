package dev.evstore.core.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.InMemoryEventStore;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionOptions.Start;
import dev.evstore.core.codec.EventCodec;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.EventType;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.jackson.JacksonPayloads;
import dev.evstore.core.projection.EventHandler.Counts;
import dev.evstore.core.projection.EventHandler.Scope;
import dev.evstore.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EventHandlerTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final StreamId STREAM = StreamId.of("people");

    record Registered(String name) {}

    private static final EventCodec<Registered> CODEC = EventCodec.of(Registered.class, new JacksonPayloads())
            .type("Registered", Registered.class)
            .build();

    private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(1));
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final Counts counts = new Counts();

    private TransactionId register(InMemoryEventStore where, String name) {
        return where.append(STREAM, ExpectedVersion.any(), CODEC.encode(new Registered(name)))
                .transaction();
    }

    private EventHandler.Builder welcome() {
        return EventHandler.named("welcome").on(Registered.class, (registered, event) -> mails.add(registered.name()));
    }

    private void run(EventHandler handler) throws InterruptedException {
        try (Subscription running = handler.subscribe(store, CODEC, counts)) {
            assertTrue(running.awaitCaughtUp(LONG));
        }
    }

    @Test
    void e2_neitherStartNorScopeHasADefault() {
        assertThrows(
                IllegalArgumentException.class, () -> welcome().scope(Scope.ALL).build());
        assertThrows(
                IllegalArgumentException.class, () -> welcome().from(Start.NOW).build());
    }

    @Test
    void t85_aFreshCloneSendsNoMailsButFromAStatedStart() throws Exception {
        register(store, "old");
        run(welcome().from(Start.NOW).scope(Scope.ALL).build());
        assertEquals(List.of(), mails);
        register(store, "new");
        run(welcome().from(Start.NOW).scope(Scope.ALL).build());
        assertEquals(List.of("new"), mails);
    }

    @Test
    void e2_whatWasWrittenElsewhereIsLeftToItsWriter() throws Exception {
        InMemoryEventStore other = new InMemoryEventStore(new ManualClock(), new Random(2));
        register(other, "theirs");
        store.ingest(other.transactions());
        register(store, "ours");
        run(welcome().from(Start.BEGINNING).scope(Scope.WRITTEN_HERE).build());
        assertEquals(List.of("ours"), mails);
        assertEquals(1, counts.elsewhere());
    }

    @Test
    void t57_whatComesBackRunsNoSecondTime_andWhatNeverRanIsNotSkipped() throws Exception {
        EventHandler handler = welcome().from(Start.BEGINNING).scope(Scope.ALL).build();
        TransactionId first = register(store, "first");
        run(handler);
        var copies = store.transactions();
        TransactionId unseen = register(store, "unseen");
        var all = store.transactions();
        store.retract(List.of(first, unseen));
        run(handler);
        assertEquals(1, counts.retracted());
        store.ingest(copies);
        store.ingest(all);
        run(handler);
        assertEquals(List.of("first", "unseen"), mails);
    }

    @Test
    void e2_aRetractionReachesItsFunction() throws Exception {
        List<TransactionId> gone = new CopyOnWriteArrayList<>();
        EventHandler handler = welcome()
                .from(Start.BEGINNING)
                .scope(Scope.ALL)
                .onRetracted(retraction -> gone.add(retraction.transaction()))
                .build();
        TransactionId first = register(store, "first");
        run(handler);
        store.retract(List.of(first));
        run(handler);
        assertEquals(List.of(first), gone);
        assertEquals(0, counts.retracted());
    }

    record Left(String name) {}

    private static final EventCodec<Record> TWO = EventCodec.of(Record.class, new JacksonPayloads())
            .type("Registered", Registered.class)
            .type("Left", Left.class)
            .build();

    private static final EventFilter LEFT = new EventFilter("", null, Set.of(EventType.of("Left")), Set.of());

    @Test
    void e2_onlyTheTypesThatItsFilterLetsThroughReachIt() throws Exception {
        register(store, "ann");
        store.append(STREAM, ExpectedVersion.any(), TWO.encode(new Left("bob")));
        EventHandler both = welcome()
                .from(Start.BEGINNING)
                .scope(Scope.ALL)
                .on(Left.class, (left, event) -> mails.add("goodbye " + left.name()))
                .filter(LEFT)
                .build();
        try (Subscription running = both.subscribe(store, TWO, counts)) {
            assertTrue(running.awaitCaughtUp(LONG));
        }
        assertEquals(List.of("goodbye bob"), mails);
        assertThrows(
                IllegalArgumentException.class,
                () -> welcome()
                        .from(Start.BEGINNING)
                        .scope(Scope.ALL)
                        .filter(LEFT)
                        .build()
                        .subscribe(store, TWO, counts));
    }

    @Test
    void e2_anActionThatNoEventCanReachIsRefused() {
        EventHandler base = welcome()
                .from(Start.NOW)
                .scope(Scope.ALL)
                .on(Record.class, (any, event) -> mails.add("any"))
                .build();
        assertThrows(IllegalArgumentException.class, () -> base.subscribe(store, TWO, counts));
    }
}
