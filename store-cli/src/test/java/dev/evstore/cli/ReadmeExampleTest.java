package dev.evstore.cli;

import static dev.evstore.core.ExpectedVersion.unchanged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.StreamSlice;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.id.StreamId;
import dev.evstore.fs.FileEventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's library example, run; what stands between the two marks is what stands there. */
final class ReadmeExampleTest {

    @TempDir
    private Path directory;

    private final List<String> seen = new ArrayList<>();

    @Test
    void doesWhatTheReadmeSays() {
        FileEventStore.create(directory.resolve("data")).close();
        FeedCursor checkpoint = example(directory.resolve("data"), FeedCursor.beginning());
        assertEquals(List.of("account-1 MoneyDeposited late=false"), seen);
        assertEquals(checkpoint, FeedCursor.of(checkpoint.toString()));
        example(directory.resolve("data"), checkpoint);
        assertEquals(2, seen.size());
    }

    @Test
    void standsInTheReadmeAsItIsHere() throws IOException {
        String here = Files.readString(Path.of("src/test/java/dev/evstore/cli/ReadmeExampleTest.java"));
        String example = here.substring(here.indexOf("// begin\n") + 9, here.indexOf("        // end\n"))
                .stripTrailing() // or an empty last line would count as one without indentation
                .stripIndent();
        String readme = Files.readString(Path.of("../README.md"));
        assertTrue(readme.contains("```java\n" + example + "\n```\n"), "README.md should hold:\n" + example);
    }

    private FeedCursor example(Path path, FeedCursor checkpoint) {
        // begin
        try (EventStore store = FileEventStore.open(path)) {
            // Read, decide, append: the append goes through only if the stream is still the one that was read.
            StreamSlice account = store.read(StreamId.of("account-1"));
            store.append(account.id(), unchanged(account.state()), NewEvent.of("MoneyDeposited", "{\"amount\":5}"));

            // Consume: whatever came since the checkpoint, from here or by a merge, each event once.
            FeedPage page;
            do {
                page = store.readFeed(checkpoint, EventFilter.prefix("account-"), 1_000);
                for (FeedEntry entry : page.entries()) {
                    if (entry instanceof FeedEntry.Arrival arrival) {
                        apply(arrival);
                    } else if (entry instanceof FeedEntry.Retraction retraction) {
                        takeBack(retraction);
                    }
                }
                checkpoint = page.next(); // keep checkpoint.toString() together with what was derived
            } while (!page.atEnd());
        }
        // end
        return checkpoint;
    }

    private void apply(FeedEntry.Arrival arrival) {
        seen.add(arrival.event().stream() + " " + arrival.event().type() + " late=" + arrival.late());
    }

    private void takeBack(FeedEntry.Retraction retraction) {
        seen.add("gone " + retraction.transaction());
    }
}
