package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.Durability;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreObserver;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.testkit.Foreign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEventStoreTest {

    @TempDir
    Path directory;

    @Test
    void whatIsAppendedIsReadAgainAfterReopening() {
        StreamId a = StreamId.of("a");
        FeedCursor cursor;
        try (FileEventStore store = FileEventStore.create(directory)) {
            AppendResult first = store.append(a, ExpectedVersion.noStream(), NewEvent.of("T", "{ \"n\" : 1 }"));
            assertEquals(1, first.state(a).version().value());
            FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10);
            assertEquals(1, page.entries().size());
            assertTrue(page.atEnd());
            cursor = page.next();
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            store.append(Append.to(a, ExpectedVersion.exactly(1), NewEvent.of("T", "2"), NewEvent.of("U", "3")));
            assertEquals(3, store.read(a).events().size());
            FeedPage page = store.readFeed(cursor, EventFilter.all(), 10);
            assertEquals(2, page.entries().size());
            assertTrue(store.status().isClean(), store.status().toString());
        }
    }

    @Test
    void anObserverIsToldHowFarTheIndexIsAndWhatALookBeforeAnAppendFound() throws IOException {
        List<String> told = new ArrayList<>();
        StoreObserver observer = new StoreObserver() {
            @Override
            public void rebuilding(long transactions) {
                told.add("rebuilding " + transactions);
            }

            @Override
            public void refreshed(RefreshReport report) {
                told.add("refreshed " + report.transactions());
            }

            @Override
            public void appended(AppendResult result) {
                told.add("appended");
            }
        };
        StoreOptions options = StoreOptions.defaults().durability(Durability.RELAXED);
        try (EventFilesByHand hand = new EventFilesByHand(directory, options)) {
            hand.write(IntStream.range(0, 2_500)
                    .mapToObj(n -> Foreign.at(n).free("a").event("a", "T").build())
                    .toList());
        }
        Files.delete(Local.of(directory).resolve("current")); // as where the index was never made
        try (FileEventStore store = FileEventStore.open(directory, options.observer(observer))) {
            assertEquals(List.of("rebuilding 1000", "rebuilding 2000", "rebuilding 2500", "refreshed 2500"), told);
            told.clear();
            Path file = Files.createDirectories(directory.resolve("events").resolve("by-hand"))
                    .resolve("one.jsonl");
            Files.write(
                    file, Foreign.at(9_000).free("b").event("b", "T").build().bytes());
            store.append(StreamId.of("a"), ExpectedVersion.any(), NewEvent.of("T", "1"));
            store.append(StreamId.of("a"), ExpectedVersion.any(), NewEvent.of("T", "2"));
            store.refresh();
            assertEquals(3, told.size(), told::toString);
            assertEquals(1, told.stream().filter("refreshed 1"::equals).count(), told::toString);
        }
    }

    @Test
    void aMonthThatVanishesAsAWholeBeforeAnyLookIsNoticed() throws IOException { // P6
        StreamId a = StreamId.of("a");
        try (FileEventStore store = FileEventStore.create(directory)) {
            store.append(a, ExpectedVersion.noStream(), NewEvent.of("T", "1"));
            try (Stream<Path> months = Files.list(directory.resolve("events"))) {
                for (Path month : months.filter(Files::isDirectory).toList()) {
                    try (Stream<Path> files = Files.list(month)) {
                        files.forEach(EventFilesByHand::delete);
                    }
                    Files.delete(month);
                }
            }
            assertEquals(1, store.refresh().retracted());
            assertEquals(0, store.read(a).events().size());
        }
    }
}
