package dev.evstore.core;

import static dev.evstore.testkit.Recorder.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import dev.evstore.testkit.Recorder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scenarios of the blueprint subscriptions that need no files. */
class SubscriptionsScenarios {

    private final InMemoryEventStore store = new InMemoryEventStore(new ManualClock(), new Random(3));
    private final Recorder told = new Recorder();
    private final Transaction foreign =
            Foreign.at(-5).free("a").event("a", "Foreign").build();

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void append(String... types) {
        NewEvent[] events =
                List.of(types).stream().map(type -> NewEvent.of(type, "{}")).toArray(NewEvent[]::new);
        store.append(StreamId.of("a"), ExpectedVersion.any(), events);
    }

    private Subscription subscribe(SubscriptionOptions options, Recorder handler) {
        return store.subscribe("mailer", EventFilter.all(), options, handler);
    }

    private Subscription fromBeginning() {
        return subscribe(SubscriptionOptions.fromBeginning(), told);
    }

    @Test
    void aSubscriptionIsToldWhatWasAndThenWhatComes() throws Exception {
        append("One");
        append("Two");
        Subscription subscription = fromBeginning();
        told.expect("+One", "+Two", "live");
        append("Three");
        told.expectOnly(subscription, "+Three");
    }

    @Test
    void aFreshCloneSendsNoOldMail() throws Exception { // T85
        append("One");
        Subscription subscription = subscribe(SubscriptionOptions.fromNow(), told);
        told.expect("live");
        append("Two");
        told.expectOnly(subscription, "+Two");
    }

    @Test
    void aNameGoesOnAfterWhatItWasTold() throws Exception {
        append("One");
        try (Subscription first = fromBeginning()) {
            told.expectOnly(first, "+One", "live");
        }
        append("Two");
        told.expectOnly(fromBeginning(), "+Two", "live");
    }

    @Test
    void aHandlerThrows() throws Exception {
        told.doing("+Two", () -> {
            throw new IllegalStateException("the mail server is away");
        });
        Subscription subscription = fromBeginning();
        told.expect("live");
        append("One", "Two");
        told.expect("+One", "+Two");
        told.expectFailure(subscription, SubscriptionState.Reason.HANDLER);
        subscription.resume();
        told.expectOnly(subscription, "+One", "+Two", "live");
    }

    @Test
    void theEventOfAMailGoesAndComesBack() throws Exception { // P7
        store.ingest(List.of(foreign));
        Subscription subscription = fromBeginning();
        told.expect("+Foreign", "live");
        store.retract(List.of(foreign.header().id()));
        told.expect("-Foreign");
        store.ingest(List.of(foreign));
        told.expectOnly(subscription, "~Foreign");
    }

    @Test
    void theEventOfAMailIsRedacted() throws Exception { // P7
        store.ingest(List.of(foreign));
        Subscription subscription = fromBeginning();
        told.expect("+Foreign", "live");
        store.ingest(List.of(Foreign.redacted(foreign, 0)));
        told.expectOnly(subscription, "-Foreign", "~Foreign");
    }

    @Test
    void anEventThatWentUnseenComesBack() throws Exception { // P7, T57
        Subscription subscription = fromBeginning();
        told.expect("live");
        subscription.pause();
        store.ingest(List.of(foreign));
        store.retract(List.of(foreign.header().id()));
        store.ingest(List.of(foreign));
        subscription.resume();
        told.expectOnly(subscription, "+Foreign", "live");
    }

    @Test
    void theActiveOneCloses() throws Exception {
        Subscription active = fromBeginning();
        told.expect("live");
        Recorder next = new Recorder();
        Subscription standby = subscribe(SubscriptionOptions.fromBeginning(), next);
        append("One");
        told.expectOnly(active, "+One");
        active.close();
        append("Two");
        standby.awaitCaughtUp(LONG);
        assertEquals(1, next.events().size());
    }

    @Test
    void aStoreThatClosesEndsItsSubscriptionsAndWaitsForWhatIsBeingTold() throws Exception {
        CountDownLatch release = told.holdingAt("+One");
        Subscription subscription = fromBeginning();
        told.expect("live");
        append("One", "Two");
        told.expect("+One");
        Thread closing = new Thread(store::close);
        closing.start();
        release.countDown();
        closing.join();
        told.expect("+Two");
        assertInstanceOf(SubscriptionState.Closed.class, subscription.state());
        assertThrows(IllegalStateException.class, this::fromBeginning);
        assertThrows(IllegalStateException.class, () -> store.onChange(() -> {}));
    }
}
