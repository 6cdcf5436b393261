package dev.evstore.testkit;

import static dev.evstore.testkit.Recorder.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.SubscriptionState;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.EventId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Subscriptions while nothing goes away: catch-up, live, pause, failure, taking over (rules P3, P4, P5). */
public abstract class SubscriptionContract extends StoreContract {

    private final Recorder told = new Recorder();

    private void append(String stream, String... types) {
        store().append(
                        stream(stream),
                        ExpectedVersion.any(),
                        List.of(types).stream().map(StoreContract::event).toArray(NewEvent[]::new));
    }

    private Subscription subscribe(String name, SubscriptionOptions options, Recorder handler) {
        return store().subscribe(name, EventFilter.all(), options, handler);
    }

    private Subscription subscribe(SubscriptionOptions options) {
        return subscribe("mailer", options, told);
    }

    private Subscription fromBeginning() {
        return subscribe(SubscriptionOptions.fromBeginning());
    }

    private SubscriptionState failed(Subscription subscription, SubscriptionState.Reason reason) throws Exception {
        return told.expectFailure(subscription, reason);
    }

    @Test
    void itIsToldWhatWasAndThenWhatComes() throws Exception {
        append("a", "E1");
        append("b", "E2", "E3");
        Subscription subscription = fromBeginning();
        told.expect("+E1", "+E2", "+E3", "live");
        append("a", "E4");
        told.expect("+E4");
        append("a", "E5");
        told.expectOnly(subscription, "+E5");
        assertInstanceOf(SubscriptionState.Live.class, subscription.state());
        assertEquals(end(), subscription.position());
        assertEquals("mailer", subscription.name());
    }

    @Test
    void whileThreadsAppendNothingIsMissedDoubledOrOutOfOrder() throws Exception { // P1, P3
        int threads = 3;
        int each = 40;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch halfway = new CountDownLatch(threads * each / 2);
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String stream = "s" + t;
                writers.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        append(stream, "T", "T");
                        halfway.countDown();
                    }
                }));
            }
            Recorder early = new Recorder();
            Subscription first = subscribe("early", SubscriptionOptions.fromBeginning(), early);
            halfway.await();
            Subscription second = subscribe(SubscriptionOptions.fromBeginning().page(7));
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertTrue(first.awaitCaughtUp(LONG));
            assertTrue(second.awaitCaughtUp(LONG));
            List<EventId> all = entries(FeedCursor.beginning()).stream()
                    .map(entry -> ((FeedEntry.Arrival) entry).event().id())
                    .toList();
            assertEquals(2 * threads * each, all.size());
            assertEquals(all, early.events());
            assertEquals(all, told.events());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void T85_aNewNameIsToldWhatItsStartSays() throws Exception { // T85
        append("a", "Before");
        Subscription subscription = subscribe(SubscriptionOptions.fromNow());
        append("a", "After");
        assertTrue(subscription.awaitCaughtUp(LONG));
        assertEquals(1, told.events().size());
        assertEquals(List.of("Before", "After"), types("a"));
    }

    @Test
    void aKnownNameGoesOnExactlyAfterWhatItWasTold() throws Exception {
        append("a", "E1");
        fromBeginning().close();
        // Closed before or after it was told of E1: the next one of the name is told the rest.
        append("a", "E2");
        Subscription next = subscribe(SubscriptionOptions.fromNow());
        assertTrue(next.awaitCaughtUp(LONG));
        assertEquals(2, told.events().size());
        next.close();
        assertInstanceOf(SubscriptionState.Closed.class, next.state());

        append("a", "E3");
        Recorder third = new Recorder();
        third.expectOnly(subscribe("mailer", SubscriptionOptions.fromBeginning(), third), "+E3", "live");
        Recorder other = new Recorder();
        other.expectOnly(subscribe("other", SubscriptionOptions.fromBeginning(), other), "+E1", "+E2", "+E3", "live");
    }

    @Test
    void aHandlerThatClosesItsSubscriptionIsToldTheTransactionToItsEnd() throws Exception {
        append("a", "E1");
        append("a", "E2", "E3");
        append("a", "E4");
        List<Subscription> self = new ArrayList<>();
        CountDownLatch known = new CountDownLatch(1);
        told.doing("+E2", () -> {
            known.await();
            self.get(0).close();
        });
        self.add(fromBeginning());
        known.countDown();
        told.expect("+E1", "+E2", "+E3");
        self.get(0).close();
        assertInstanceOf(SubscriptionState.Closed.class, self.get(0).state());
        assertFalse(self.get(0).awaitCaughtUp(LONG));

        Recorder next = new Recorder();
        next.expectOnly(subscribe("mailer", SubscriptionOptions.fromBeginning(), next), "+E4", "live");
    }

    @Test
    void T20_aPageBoundaryNeverSplitsATransaction() throws Exception { // T20, P3
        append("a", "E1");
        append("a", "E2", "E3", "E4");
        append("a", "E5");
        FeedCursor beforeIt = page(FeedCursor.beginning(), 1).next();
        told.doing("+E4", () -> {
            throw new IllegalStateException("no more");
        });
        Subscription subscription =
                subscribe(SubscriptionOptions.fromBeginning().page(2));
        told.expect("+E1", "+E2", "+E3", "+E4");
        failed(subscription, SubscriptionState.Reason.HANDLER);
        assertEquals(beforeIt, subscription.position());
        subscription.resume();
        told.expectOnly(subscription, "+E2", "+E3", "+E4", "+E5", "live");
    }

    @Test
    void aHandlerThatThrowsStopsItBeforeThatTransactionAndIsToldOnce() throws Exception {
        append("a", "E1");
        append("a", "E2");
        told.doing("+E2", () -> {
            throw new AssertionError("payload");
        });
        Subscription subscription = fromBeginning();
        told.expect("+E1", "+E2");
        SubscriptionState.Failed failed = told.expectFailure(subscription, SubscriptionState.Reason.HANDLER);
        assertEquals("event " + store().read(stream("a")).events().get(1).id(), failed.where(), "no payload");
        assertInstanceOf(AssertionError.class, failed.trouble());
        append("a", "E3");
        assertFalse(subscription.awaitCaughtUp(LONG), "at once");
        assertEquals(page(FeedCursor.beginning(), 1).next(), subscription.position());
        subscription.pause();
        assertEquals(failed, subscription.state(), "a pause does not hide it");

        told.doing("+E2", () -> {
            throw new java.io.IOException("again");
        });
        subscription.resume();
        told.expect("+E2");
        failed(subscription, SubscriptionState.Reason.HANDLER);
        subscription.resume();
        told.expectOnly(subscription, "+E2", "+E3", "live");
    }

    @Test
    void oneThatFailedDisturbsNoOther() throws Exception {
        told.doing("+E1", () -> {
            throw new IllegalStateException("no");
        });
        Subscription failing = fromBeginning();
        Recorder other = new Recorder();
        Subscription fine = subscribe("other", SubscriptionOptions.fromBeginning(), other);
        assertTrue(fine.awaitCaughtUp(LONG));
        append("a", "E1");
        append("a", "E2");
        assertTrue(fine.awaitCaughtUp(LONG));
        assertEquals(2, other.events().size());
        assertFalse(failing.awaitCaughtUp(LONG));
    }

    @Test
    void anInterruptionByTheHandlerEndsWithItsCall() throws Exception {
        told.doing("+E1", () -> Thread.currentThread().interrupt());
        Subscription subscription = fromBeginning();
        append("a", "E1");
        append("a", "E2");
        assertTrue(subscription.awaitCaughtUp(LONG));
        append("a", "E3");
        assertTrue(subscription.awaitCaughtUp(LONG));
        assertEquals(3, told.events().size());
    }

    @Test
    void aHandlerMayAppend() throws Exception {
        told.doing("+Asked", () -> append("b", "Answered"));
        Subscription subscription = fromBeginning();
        told.expect("live");
        append("a", "Asked");
        told.expect("+Asked", "+Answered");
        told.expectOnly(subscription);
    }

    @Test
    void aHandlerCannotWaitForItself() throws Exception {
        List<Subscription> self = new ArrayList<>();
        told.doing("+E1", () -> self.get(0).awaitCaughtUp(LONG));
        self.add(fromBeginning());
        told.expect("live");
        append("a", "E1");
        told.expect("+E1");
        SubscriptionState.Failed failed = told.expectFailure(self.get(0), SubscriptionState.Reason.HANDLER);
        assertInstanceOf(IllegalStateException.class, failed.trouble());
    }

    @Test
    void whilePausedNothingIsToldAndThenEverything() throws Exception {
        Subscription subscription = fromBeginning();
        told.expect("live");
        subscription.pause();
        assertInstanceOf(SubscriptionState.Paused.class, subscription.state());
        FeedCursor before = subscription.position();
        append("a", "E1");
        assertFalse(subscription.awaitCaughtUp(Duration.ofMillis(20)));
        assertEquals(List.of(), told.events());
        assertEquals(before, subscription.position());
        subscription.resume();
        told.expectOnly(subscription, "+E1", "live");
    }

    @Test
    void pausingWaitsForTheTransactionThatIsBeingTold() throws Exception {
        CountDownLatch release = told.holdingAt("+E1");
        Subscription subscription = fromBeginning();
        told.expect("live");
        append("a", "E1", "E2");
        append("a", "E3");
        told.expect("+E1");
        assertFalse(subscription.awaitCaughtUp(Duration.ofMillis(1)), "it is still being told");
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> pausing = pool.submit(subscription::pause);
            release.countDown();
            pausing.get();
        } finally {
            pool.shutdownNow();
        }
        int toldOf = told.events().size();
        assertTrue(toldOf == 2 || toldOf == 3, "no transaction in part");
        subscription.resume();
        assertTrue(subscription.awaitCaughtUp(LONG));
        assertEquals(3, told.events().size());
    }

    @Test
    void aHandlerMayPauseItsSubscription() throws Exception {
        List<Subscription> self = new ArrayList<>();
        told.doing("+E1", () -> self.get(0).pause());
        self.add(fromBeginning());
        told.expect("live");
        append("a", "E1", "E2");
        append("a", "E3");
        told.expect("+E1", "+E2");
        self.get(0).pause();
        assertEquals(2, told.events().size());
        self.get(0).resume();
        told.expectOnly(self.get(0), "+E3", "live");
    }

    @Test
    void ofOneNameOneIsActiveAndTheOtherTakesOver() throws Exception {
        Subscription active = fromBeginning();
        told.expect("live");
        Recorder next = new Recorder();
        Subscription standby = subscribe("mailer", SubscriptionOptions.fromBeginning(), next);
        append("a", "E1");
        told.expectOnly(active, "+E1");
        assertTrue(standby.awaitCaughtUp(LONG), "the name has caught up");
        assertInstanceOf(SubscriptionState.Standby.class, standby.state());
        assertEquals(active.position(), standby.position());
        assertThrows(IllegalStateException.class, () -> standby.restart(FeedCursor.beginning()));

        active.close();
        next.expect("live");
        append("a", "E2");
        next.expectOnly(standby, "+E2");
        assertEquals(1, told.events().size());
    }

    @Test
    void aPausedOrFailedOneKeepsItsPlace() throws Exception {
        told.doing("+E1", () -> {
            throw new IllegalStateException("no");
        });
        Subscription active = fromBeginning();
        told.expect("live");
        append("a", "E1");
        told.expect("+E1");
        failed(active, SubscriptionState.Reason.HANDLER);
        Recorder next = new Recorder();
        Subscription standby = subscribe("mailer", SubscriptionOptions.fromBeginning(), next);
        standby.pause();
        assertInstanceOf(SubscriptionState.Paused.class, standby.state());
        standby.resume();
        assertInstanceOf(SubscriptionState.Standby.class, standby.state());
        assertFalse(standby.awaitCaughtUp(Duration.ofMillis(20)));
        active.close();
        next.expectOnly(standby, "+E1", "live");
    }

    @Test
    void aFilterIsToldItsOwnAndStandsBehindTheRest() throws Exception { // P3, T21
        for (int i = 0; i < 20; i++) {
            append("noise", "Noise");
        }
        append("wanted", "Wanted");
        append("noise", "Noise");
        Subscription subscription = store().subscribe(
                        "mailer",
                        EventFilter.prefix("wanted"),
                        SubscriptionOptions.fromBeginning().page(2),
                        told);
        told.expectOnly(subscription, "+Wanted", "live");
        assertEquals(end(), subscription.position());
        append("noise", "Noise");
        append("wanted", "Too");
        told.expectOnly(subscription, "+Too");
    }

    @Test
    void itSaysThatItFellBehindAndCaughtUp() throws Exception {
        CountDownLatch release = told.holdingAt("+E1");
        Subscription subscription =
                subscribe(SubscriptionOptions.fromBeginning().page(2));
        told.expect("live");
        append("a", "E1");
        told.expect("+E1");
        append("a", "E2");
        append("a", "E3");
        append("a", "E4");
        release.countDown();
        told.expectOnly(subscription, "behind", "+E2", "+E3", "+E4", "live");
    }

    @Test
    void aPersonChoosesWhereItGoesOn() throws Exception { // P5
        append("a", "E1");
        append("a", "E2");
        Subscription subscription = fromBeginning();
        told.expectOnly(subscription, "+E1", "+E2", "live");
        subscription.restart(page(FeedCursor.beginning(), 1).next());
        told.expectOnly(subscription, "+E2", "live");

        FeedCursor here = store().feedEnd();
        subscription.restart(new FeedCursor("00000000000000aa", here.arrivals(), here.retractions(), here.check()));
        failed(subscription, SubscriptionState.Reason.STALE_POSITION);
        append("a", "E3");
        assertFalse(subscription.awaitCaughtUp(LONG), "it is never read as a mere number");
        subscription.resume();
        failed(subscription, SubscriptionState.Reason.STALE_POSITION);
        subscription.restart(FeedCursor.beginning());
        told.expectOnly(subscription, "+E1", "+E2", "+E3", "live");

        subscription.pause();
        append("a", "E4");
        subscription.restart(store().feedEnd());
        assertInstanceOf(SubscriptionState.Paused.class, subscription.state());
        subscription.resume();
        told.expectOnly(subscription, "live");
        subscription.close();
        assertThrows(IllegalStateException.class, () -> subscription.restart(FeedCursor.beginning()));
    }

    @Test
    void namesAndPagesHaveLimits() {
        for (String name : List.of("", " a", "a\u0000b", "x".repeat(256))) {
            assertThrows(IllegalArgumentException.class, () -> subscribe(name, SubscriptionOptions.fromNow(), told));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> SubscriptionOptions.fromNow().page(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> SubscriptionOptions.fromNow().page(10_001));
    }
}
