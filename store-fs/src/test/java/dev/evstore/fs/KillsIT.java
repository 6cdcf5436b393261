package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.ProgressListener;
import dev.evstore.core.ReadAllOptions;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.fs.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} in the middle of append, import and reindex, several of them at once. Many rounds:
 *
 * <pre>mvn -pl store-core,store-fs test -Dtest=KillsIT -Dtest.excluded=none \
 *     -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("stores")
@Timeout(120)
class KillsIT {

    /** What is killed in a round; the first of them is waited for. */
    private static final List<List<String>> CROWDS = List.of(
            List.of("append", "follow"),
            List.of("import"),
            List.of("append", "reindex"),
            List.of("import", "reindex", "follow"),
            List.of("append", "reindex-from-scratch"),
            List.of("import", "reindex-from-scratch", "follow"),
            List.of("reindex", "append"));

    /** Then another store begins: what is looked at after each round grows with every one. */
    private static final int ROUNDS_OF_A_STORE = 35;

    @TempDir
    Path parent;

    private Path directory = Path.of("");

    private final Set<String> acknowledged = new HashSet<>();
    /** A consumer's record: epoch and sequence number at the end of a transaction, and which one it was. */
    private final Map<String, String> seen = new HashMap<>();

    @Test
    void T35_afterKillsDuringAppendImportAndReindexNothingIsLostAndNoNumberGivenTwice() throws Exception { // T35, T18
        rounds(CROWDS.size(), 1);
    }

    @Test
    @Tag("soak")
    @Timeout(3600)
    void T35_afterSixHundredKillsNothingIsLostAndNoNumberGivenTwice() throws Exception { // T35, T18
        rounds(600, System.nanoTime());
    }

    private void rounds(int count, long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < count; round++) {
            List<String> crowd = CROWDS.get(round % CROWDS.size());
            if (round % ROUNDS_OF_A_STORE == 0) {
                directory = parent.resolve("store-" + round);
                FileEventStore.create(directory).close();
                acknowledged.clear();
                seen.clear();
            }
            try {
                killed(crowd, random);
                assertWhole();
            } catch (Exception | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round + " " + crowd, e);
            }
        }
        assertTrue(acknowledged.size() > 10);
        assertTrue(seen.size() > 10);
    }

    /** All of them die at one moment: some time after a number of lines that chance chooses. */
    private void killed(List<String> crowd, Random random) throws Exception {
        List<StoreProcess> started = new ArrayList<>();
        try {
            for (String task : crowd) {
                started.add(CrowdProcess.start(task, directory));
            }
            List<String> said = new ArrayList<>();
            for (StoreProcess process : started) {
                process.go();
            }
            for (int line = random.nextInt(crowd.get(0).equals("reindex") ? 3 : 12); line >= 0; line--) {
                said.add(started.get(0).line());
            }
            LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(60)));
            for (StoreProcess process : started) {
                process.destroy();
            }
            for (StoreProcess process : started) {
                said.addAll(process.kill());
            }
            said.forEach(this::take);
        } finally {
            started.forEach(StoreProcess::close);
        }
    }

    /** The last line of who was killed may be a part of one. */
    private void take(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("ack") && words.length == 2 && words[1].length() == 36) {
            acknowledged.add(words[1]);
        } else if (words[0].equals("saw") && words.length == 4 && words[3].indexOf('/') == 36) {
            saw(words[1] + " " + words[2], words[3].substring(0, words[3].indexOf('/')));
        }
    }

    private void saw(String number, String transaction) {
        String before = seen.put(number, transaction);
        assertTrue(
                before == null || before.equals(transaction), () -> number + " is " + before + " and " + transaction);
    }

    private void assertWhole() throws IOException {
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(Set.of(), leftBehind());
            assertTrue(store.status().isClean(), () -> store.status().toString());
            assertEquals(List.of(), store.verify(ProgressListener.NONE));
            assertAllThere(store);
            ReferenceReader.check(directory, store);
        }
    }

    private void assertAllThere(FileEventStore store) {
        Set<String> events = new HashSet<>();
        Set<String> transactions = new HashSet<>();
        for (StoredEvent event : store.readAll(ReadAllOptions.forwards())) {
            events.add(event.id().toString());
            transactions.add(event.id().transaction().toString());
        }
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(transactions);
        assertEquals(Set.of(), lost);
        Map<String, String> now = new HashMap<>();
        FeedPage page;
        FeedCursor cursor = FeedCursor.beginning();
        do {
            page = store.readFeed(cursor, EventFilter.all(), EventStore.MAX_PAGE);
            for (FeedEntry entry : page.entries()) {
                FeedEntry.Arrival arrival = (FeedEntry.Arrival) entry;
                String number =
                        entry.position().epoch() + " " + entry.position().arrivals();
                String event = arrival.event().id().toString();
                assertNull(now.put(event, number), event);
                saw(number, arrival.event().id().transaction().toString());
            }
            cursor = page.next();
        } while (!page.atEnd());
        assertEquals(events, now.keySet());
    }

    /** Drafts, and databases that are neither the live one nor one that a reindex can go on with. */
    private Set<String> leftBehind() throws IOException {
        StoreLayout layout = Local.layout(directory);
        Set<String> left = new HashSet<>();
        try (Stream<Path> drafts = Files.list(layout.temporary());
                Stream<Path> local = Files.list(layout.local())) {
            drafts.filter(path -> path.toString().endsWith(".tmp")).forEach(path -> left.add(path.toString()));
            List<String> databases = local.map(Path::toString)
                    .filter(path -> path.endsWith(".db") && path.contains("index-"))
                    .toList();
            // The live one, one begun that carries over, one begun from scratch.
            if (databases.size() > 3) {
                left.addAll(databases);
            }
        }
        return left;
    }
}
