package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
