package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.EventStore;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedEntry;
import dev.evstore.core.FeedPage;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.event.StoredEvent;
import dev.evstore.core.id.StreamId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store, and processes that die. */
@Tag("stores")
@Timeout(120)
class ProcessesIT {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private final List<StoreProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(StoreProcess::close);
    }

    private StoreProcess process(String task, Object... arguments) throws IOException {
        StoreProcess process = StoreProcess.start(task, arguments);
        processes.add(process);
        return process;
    }

    /** Each line is a transaction and the version it left its stream at. */
    private List<String> atOnce(int count, String expected, int each) throws Exception {
        FileEventStore.create(directory).close();
        List<StoreProcess> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(process("append", directory, "a", expected, each));
        }
        for (StoreProcess one : started) {
            one.go();
        }
        List<String> said = new ArrayList<>();
        for (StoreProcess one : started) {
            said.addAll(one.toItsEnd());
        }
        return said;
    }

    /** Whoever was told a version finds its transaction there, and there is nothing else. */
    private void assertAllLanded(List<String> said, int heads) {
        try (FileEventStore store = FileEventStore.open(directory)) {
            Map<Long, String> told = new HashMap<>();
            for (String line : said) {
                String[] words = line.split(" ", -1);
                assertNull(told.put(Long.parseLong(words[1]), words[0]), () -> "a version twice: " + line);
            }
            Map<Long, String> there = new HashMap<>();
            for (StoredEvent event : store.read(A).events()) {
                there.put(event.version().value(), event.id().transaction().toString());
            }
            assertEquals(there, told);
            assertEquals(List.of(), store.forks());
            assertEquals(heads, store.streams("a").get(0).heads().size());
            assertTrue(store.status().isClean(), () -> store.status().toString());
            ReferenceReader.check(directory, store);
        }
    }

    @Test
    void T63_tenProcessesThatAppendFreelyForkNothing() throws Exception { // T63, F1
        assertAllLanded(atOnce(10, "any", 8), 0);
    }

    @Test
    void T46_processesInOneMillisecondStandInOneLine() throws Exception { // T46, I1: their clocks stand still
        List<String> said = atOnce(3, "current", 40);
        assertEquals(
                LongStream.rangeClosed(1, 120).boxed().toList(),
                said.stream()
                        .map(line -> Long.parseLong(line.split(" ", -1)[1]))
                        .sorted()
                        .toList());
        assertAllLanded(said, 1);
    }

    @Test
    void T34_whatAnotherProcessAppendsIsSeenWithoutReopening() throws Exception { // T34
        try (FileEventStore store = FileEventStore.create(directory)) {
            store.append(A, ExpectedVersion.noStream(), NewEvent.of("Mine", "{}"));
            StoreProcess other = process("append", directory, "a", "current", 3).go();
            other.toItsEnd();
            assertEquals(4, store.read(A).events().size());
            FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10);
            assertEquals(
                    List.of(1L, 2L, 3L, 4L),
                    page.entries().stream().map(e -> e.position().arrivals()).toList());
            store.append(A, ExpectedVersion.exactly(4), NewEvent.of("Mine", "{}"));
            assertEquals(1, store.streams("a").get(0).heads().size());
        }
    }

    @Test
    void T34_processesThatOpenAndCloseAllTheTimeDoNotDisturbEachOther() throws Exception { // T34
        FileEventStore.create(directory).close();
        List<StoreProcess> started =
                List.of(process("open", directory, 15), process("open", directory, 15), process("open", directory, 15));
        for (StoreProcess one : started) {
            one.go();
        }
        for (StoreProcess one : started) {
            one.toItsEnd();
        }
        try (FileEventStore store = FileEventStore.open(directory)) {
            assertEquals(45, store.read(A).state().version().value());
            assertTrue(store.status().isClean(), () -> store.status().toString());
        }
    }

    @Test
    void T34_twoStoresInTwoProcessesAreNoDeadlock() throws Exception { // T34
        // The kernel sees processes, not threads: each holds one lock and waits for the other's.
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        FileEventStore.create(one).close();
        FileEventStore.create(other).close();
        List<StoreProcess> started = List.of(
                process("two", one, other, 150), process("two", other, one, 150), process("two", one, other, 150));
        for (StoreProcess process : started) {
            process.go();
        }
        for (StoreProcess process : started) {
            process.toItsEnd();
        }
        for (Path path : List.of(one, other)) {
            try (FileEventStore store = FileEventStore.open(path)) {
                assertEquals(450, store.read(A).state().version().value());
                assertEquals(1, store.streams("a").get(0).heads().size());
            }
        }
    }

    @Test
    void T37_theLockOfAKilledProcessBlocksNobody() throws Exception { // T37
        try (FileEventStore store = FileEventStore.create(directory)) {
            StoreProcess holder = process("hold", directory);
            holder.kill();
            store.append(A, ExpectedVersion.noStream(), NewEvent.of("T", "{}"));
        }
        FileEventStore.open(directory).close();
    }

    @Test
    void T35_afterAKillNothingAcknowledgedIsLostAndNoNumberGivenTwice() throws Exception { // T35
        killAndReopen(5);
    }

    @Test
    @Tag("soak")
    @Timeout(1800)
    void T35_afterTwoHundredKillsNothingAcknowledgedIsLostAndNoNumberGivenTwice() throws Exception { // T35
        killAndReopen(200);
    }

    /** So much is said before a process is killed, however slow the machine is: at least two acknowledgements. */
    private static final int LINES_AT_LEAST = 4;

    /** T18 and T23, too: a number that left the store stays with its transaction. */
    private void killAndReopen(int rounds) throws Exception {
        FileEventStore.create(directory).close();
        Set<String> acknowledged = new HashSet<>();
        Map<Long, String> numbers = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            StoreProcess process = process("forever", directory).go();
            List<String> said = new ArrayList<>();
            long end = System.nanoTime()
                    + Duration.ofMillis(40 + 37L * (round % 7)).toNanos();
            do {
                said.add(process.line());
            } while (System.nanoTime() < end || said.size() < LINES_AT_LEAST);
            said.addAll(process.kill());
            for (String line : said) {
                String[] words = line.split(" ", -1);
                if (words[0].equals("ack") && words.length == 2 && words[1].length() == 36) {
                    acknowledged.add(words[1]);
                } else if (words.length == 3 && words[2].length() == 36) {
                    String before = numbers.put(Long.parseLong(words[1]), words[2]);
                    assertTrue(before == null || before.equals(words[2]), () -> "a number for two events: " + line);
                }
            }
            try (FileEventStore store = FileEventStore.open(directory)) {
                assertWhole(store, acknowledged, numbers);
                ReferenceReader.check(directory, store);
            }
        }
        assertTrue(acknowledged.size() > rounds);
    }

    private static void assertWhole(FileEventStore store, Set<String> acknowledged, Map<Long, String> numbers) {
        Set<String> there = new HashSet<>();
        for (int s = 0; s < 3; s++) {
            for (StoredEvent event : store.read(StreamId.of("s" + s)).events()) {
                there.add(event.id().transaction().toString());
            }
        }
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(there);
        assertEquals(Set.of(), lost);
        assertTrue(store.status().isClean(), () -> store.status().toString());
        Map<Long, String> now = new HashMap<>();
        FeedPage page;
        FeedCursor cursor = FeedCursor.beginning();
        do {
            page = store.readFeed(cursor, EventFilter.all(), EventStore.MAX_PAGE);
            for (FeedEntry entry : page.entries()) {
                FeedEntry.Arrival arrival = (FeedEntry.Arrival) entry;
                now.put(
                        entry.position().arrivals(),
                        arrival.event().id().transaction().toString());
            }
            cursor = page.next();
        } while (!page.atEnd());
        assertEquals(there, new HashSet<>(now.values()));
        numbers.forEach((number, transaction) -> assertEquals(transaction, now.get(number)));
        numbers.putAll(now);
    }
}
