package dev.evstore.fs;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.StaleCursorException;
import dev.evstore.core.StoreStatus;
import dev.evstore.core.SubscriptionHandler;
import dev.evstore.core.SubscriptionOptions;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one process of a crowd does, over and over until its standard input is closed or it is killed:
 * {@code TASK DIRECTORY}. It says {@code ack TX} once an append was acknowledged, {@code saw EPOCH SEQUENCE EVENT} and
 * {@code gone TX} for what the feed gave, {@code stale CURSOR} where it begins anew, {@code did} for anything else.
 */
final class CrowdProcess {

    /** Transactions of an import that become one file: more than 64 KiB together, so that it is read in place. */
    private static final int IMPORTED = 25;

    private static final String TEXT = "\"" + "imported ".repeat(400) + "\"";

    private final Path directory;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private CrowdProcess(Path directory) {
        this.directory = directory;
    }

    /** Starts one; it waits for the word. */
    static StoreProcess start(String task, Path directory) throws IOException {
        return StoreProcess.start(CrowdProcess.class, List.of(task, directory));
    }

    public static void main(String[] arguments) throws Exception {
        CrowdProcess crowd = new CrowdProcess(Path.of(arguments[1]));
        StoreProcess.awaitGo();
        Thread end = new Thread(crowd::awaitEndOfInput);
        end.setDaemon(true);
        end.start();
        switch (arguments[0]) {
            case "append" -> crowd.append();
            case "import" -> crowd.importPacks();
            case "reindex" -> crowd.reindex(false);
            case "reindex-from-scratch" -> crowd.reindex(true);
            case "follow" -> crowd.follow();
            case "subscribe" -> crowd.subscribe();
            case "status" -> crowd.status();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // only the end matters
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        stopped.set(true);
    }

    private static void acknowledged(AppendResult result) {
        StoreProcess.say("ack " + result.transaction());
    }

    private void append() {
        try (FileEventStore store = FileEventStore.open(directory)) {
            for (int i = 0; !stopped.get(); i++) {
                Append append = Append.to(
                                StreamId.of("s" + i % 3),
                                ExpectedVersion.current(),
                                NewEvent.of("T", "{\"i\":" + i + "}"))
                        .and(StreamId.of("log"), ExpectedVersion.any(), NewEvent.of("Noted", "{}"));
                acknowledged(store.append(append));
            }
        }
    }

    private void importPacks() {
        try (FileEventStore store = FileEventStore.open(directory)) {
            while (!stopped.get()) {
                List<Append> row = new ArrayList<>();
                for (int k = 0; k < IMPORTED; k++) {
                    row.add(Append.to(
                            StreamId.of("s" + k % 3), ExpectedVersion.current(), NewEvent.of("Imported", TEXT)));
                }
                store.appendAll(row).results().forEach(CrowdProcess::acknowledged);
            }
        }
    }

    private void reindex(boolean fromScratch) {
        try (FileEventStore store = FileEventStore.open(directory)) {
            while (!stopped.get()) {
                ReindexResult result = fromScratch
                        ? store.reindexFromScratch(ProgressListener.NONE)
                        : store.reindex(ProgressListener.NONE);
                StoreProcess.say("did " + result);
            }
        }
    }

    private static void say(FeedEntry entry) {
        if (entry instanceof FeedEntry.Arrival arrival) {
            StoreProcess.say("saw " + entry.position().epoch() + " "
                    + entry.position().arrivals() + " " + arrival.event().id());
        } else if (entry instanceof FeedEntry.Retraction gone) {
            StoreProcess.say("gone " + gone.transaction());
        }
    }

    private void follow() {
        try (FileEventStore store = FileEventStore.open(directory)) {
            FeedCursor cursor = FeedCursor.beginning();
            boolean last = false;
            while (!last) {
                last = stopped.get(); // once more after it was told so
                FeedPage page;
                do {
                    page = page(store, cursor);
                    page.entries().forEach(CrowdProcess::say);
                    cursor = page.next();
                } while (!page.atEnd());
            }
        }
    }

    /** Where somebody reindexes from scratch, from the beginning again. */
    private static FeedPage page(FileEventStore store, FeedCursor cursor) {
        try {
            return store.readFeed(cursor, EventFilter.all(), EventStore.MAX_PAGE);
        } catch (StaleCursorException e) {
            StoreProcess.say("stale " + cursor);
            return page(store, FeedCursor.beginning());
        }
    }

    private void subscribe() throws InterruptedException {
        try (FileEventStore store =
                FileEventStore.open(directory, StoreOptions.defaults().poll(Duration.ofMillis(10)))) {
            var subscription = store.subscribe(
                    "crowd", EventFilter.all(), SubscriptionOptions.fromBeginning(), new SubscriptionHandler() {
                        @Override
                        public void onEvent(FeedEntry.Arrival arrival) {
                            say(arrival);
                        }

                        @Override
                        public void onRetracted(FeedEntry.Retraction gone) {
                            say(gone);
                        }
                    });
            while (!stopped.get()) {
                requireCaughtUp(subscription.awaitCaughtUp(Duration.ofSeconds(60)));
            }
            requireCaughtUp(subscription.awaitCaughtUp(Duration.ofSeconds(60)));
        }
    }

    private static void requireCaughtUp(boolean caughtUp) {
        if (!caughtUp) {
            throw new IllegalStateException("the subscription does not catch up");
        }
    }

    /** As the command line does: open, ask, close. */
    private void status() {
        while (!stopped.get()) {
            try (FileEventStore store = FileEventStore.open(directory)) {
                StoreStatus status = store.status();
                StoreProcess.say("did " + status.transactions());
            }
        }
    }
}
