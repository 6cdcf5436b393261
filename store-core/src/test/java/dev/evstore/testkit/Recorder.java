package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedEntry;
import dev.evstore.core.Subscription;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionState;
import dev.evstore.core.id.EventId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A handler that puts down what it is told, a word a call: {@code +Type} for an event, {@code -Type,Type} for a
 * retraction, {@code ~Type} for what is back, else {@code live}, {@code behind}, {@code failed REASON}. On its way it can
 * be made to do things.
 */
public final class Recorder implements SubscriptionHandler {

    /** Far longer than anything takes; only a test that fails waits for it. */
    public static final Duration LONG = Duration.ofSeconds(60);

    private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
    private final List<EventId> events = new ArrayList<>();
    private volatile @Nullable Deed deed;
    private volatile String deedAt = "";

    /** What happens at a word. */
    public interface Deed {
        void run() throws Exception;
    }

    /** Does this at the next time of that word, once it is put down. */
    public Recorder doing(String word, Deed what) {
        deedAt = word;
        deed = what;
        return this;
    }

    /** Stays at that word until the returned latch is counted down. */
    public CountDownLatch holdingAt(String word) {
        CountDownLatch release = new CountDownLatch(1);
        doing(word, () -> assertTrue(release.await(LONG.toSeconds(), TimeUnit.SECONDS)));
        return release;
    }

    private void put(String word) throws Exception {
        Deed now = deed;
        boolean mine = now != null && word.equals(deedAt);
        if (mine) {
            deed = null;
        }
        words.add(word);
        if (now != null && mine) {
            now.run();
        }
    }

    @Override
    public void onEvent(FeedEntry.Arrival arrival) throws Exception {
        synchronized (events) {
            events.add(arrival.event().id());
        }
        put("+" + arrival.event().type());
    }

    @Override
    public void onReturned(FeedEntry.Arrival arrival) throws Exception {
        put("~" + arrival.event().type());
    }

    @Override
    public void onRetracted(FeedEntry.Retraction retraction) throws Exception {
        put("-"
                + retraction.events().stream()
                        .map(event -> event.type().value())
                        .collect(Collectors.joining(",")));
    }

    @Override
    public void onCaughtUp() throws Exception {
        put("live");
    }

    @Override
    public void onFellBehind() throws Exception {
        put("behind");
    }

    @Override
    public void onFailure(SubscriptionState.Failed failed) {
        words.add("failed " + failed.reason());
    }

    /** Waits for these words, in this order and with none in between. */
    public void expect(String... expected) throws InterruptedException {
        for (String word : expected) {
            String told = words.poll(LONG.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(told, () -> "never told: " + word);
            assertEquals(word, told);
        }
    }

    /** Lets it catch up, then sees that nothing but these words was told. */
    public void expectOnly(Subscription subscription, String... expected) throws InterruptedException {
        assertTrue(subscription.awaitCaughtUp(LONG), () -> "not caught up: " + subscription.state());
        expect(expected);
        assertEquals(List.of(), List.copyOf(words));
    }

    /** Waits until the subscription failed with this reason and that was told, and nothing after it. */
    public SubscriptionState.Failed expectFailure(Subscription subscription, SubscriptionState.Reason reason)
            throws InterruptedException {
        expect("failed " + reason);
        assertEquals(List.of(), List.copyOf(words));
        SubscriptionState.Failed failed = assertInstanceOf(SubscriptionState.Failed.class, subscription.state());
        assertEquals(reason, failed.reason());
        return failed;
    }

    /** The events told as new, in the order they were. */
    public List<EventId> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
