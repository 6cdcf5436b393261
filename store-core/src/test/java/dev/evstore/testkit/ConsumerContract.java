package dev.evstore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StreamInfo;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers that do no more than what the feed says hold what the store holds (rules P3, P6, P7). */
public abstract class ConsumerContract extends StoreContract {

    private static final int STEPS = 60;

    /** Takes in entries as they come and knows nothing else. */
    private final class Consumer {
        private final EventFilter filter;
        private final int limit;
        private final NavigableSet<EventId> held = new TreeSet<>();
        private FeedCursor at = FeedCursor.beginning();

        Consumer(EventFilter filter, int limit) {
            this.filter = filter;
            this.limit = limit;
        }

        boolean readPage() {
            FeedPage page = store().readFeed(at, filter, limit);
            for (FeedEntry entry : page.entries()) {
                if (entry instanceof FeedEntry.Arrival arrival) {
                    assertTrue(held.add(arrival.event().id()), () -> "held already: " + entry);
                } else if (entry instanceof FeedEntry.Retraction gone) {
                    gone.events()
                            .forEach(e -> assertTrue(
                                    held.remove(new EventId(gone.transaction(), e.ordinal())),
                                    () -> "never seen: " + entry));
                }
            }
            at = page.next();
            return page.atEnd();
        }

        void readToTheEnd() {
            boolean atEnd = readPage();
            while (!atEnd) {
                atEnd = readPage();
            }
            NavigableSet<EventId> visible = new TreeSet<>();
            for (StreamInfo stream : store().streams("")) {
                if (filter.acceptsStream(stream.id())) {
                    store().read(stream.id()).events().stream()
                            .map(StoredEvent::id)
                            .forEach(visible::add);
                }
            }
            assertEquals(visible, held);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aConsumerThatFollowsTheFeedHoldsWhatTheStoreHolds(long seed) {
        Random random = new Random(seed);
        List<Consumer> consumers = List.of(
                new Consumer(EventFilter.all(), 1),
                new Consumer(EventFilter.all(), 7),
                new Consumer(EventFilter.prefix("s1"), 2));
        List<Transaction> foreign = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            change(random, foreign, step);
            // Some are never far behind, some hear of much at once.
            consumers.get(random.nextInt(consumers.size())).readPage();
            if (random.nextInt(10) == 0) {
                consumers.get(random.nextInt(consumers.size())).readToTheEnd();
            }
        }
        consumers.forEach(Consumer::readToTheEnd);
    }

    private void change(Random random, List<Transaction> foreign, int step) {
        String name = "s" + random.nextInt(3);
        int what = foreign.isEmpty() ? 0 : random.nextInt(6);
        if (what == 0) {
            Foreign writer = Foreign.at(random.nextInt(1000) - 500, step).free(name);
            for (int k = random.nextInt(3); k >= 0; k--) {
                writer.event(name, "Foreign");
            }
            foreign.add(writer.build());
            arrive(foreign.get(foreign.size() - 1));
        } else if (what == 1) {
            store().append(stream(name), ExpectedVersion.any(), event("Own"));
        } else {
            Transaction some = foreign.get(random.nextInt(foreign.size()));
            if (what == 2) {
                arrive(Foreign.redacted(some, 0));
            } else if (what == 3) {
                arrive(some);
            } else {
                retract(some.header().id());
            }
        }
    }
}
