package dev.evstore.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.Append;
import dev.evstore.core.AppendResult;
import dev.evstore.core.ExpectedVersion;
import dev.evstore.core.FeedCursor;
import dev.evstore.core.FeedPage;
import dev.evstore.core.RefreshReport;
import dev.evstore.core.StoreException;
import dev.evstore.core.WriteFailedException;
import dev.evstore.core.event.EventFilter;
import dev.evstore.core.event.NewEvent;
import dev.evstore.core.format.Transaction;
import dev.evstore.core.id.StreamId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.testkit.Foreign;
import dev.evstore.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Crashes, interrupted callers, disks and clocks that fail. */
@Tag("stores")
@Timeout(60)
class TroubleTraps {

    private static final StreamId A = StreamId.of("a");

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final StoreOptions options = StoreOptions.defaults().clock(clock);

    private FileEventStore open() {
        return FileEventStore.create(directory, options);
    }

    private static AppendResult append(FileEventStore store, String type) {
        return store.append(A, ExpectedVersion.current(), NewEvent.of(type, "{}"));
    }

    private static List<String> types(FileEventStore store) {
        return store.read(A).events().stream()
                .map(event -> event.type().value())
                .toList();
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("events"))) {
            return all.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void T16_idsAscendOverReopeningAfterAClockAYearAheadIsBack() { // T16, I1, I6
        List<TransactionId> ids = new ArrayList<>();
        for (Duration move :
                List.of(Duration.ZERO, Duration.ofDays(365), Duration.ofDays(-365), Duration.ofDays(-30))) {
            clock.move(move);
            for (int k = 0; k < 2; k++) {
                try (FileEventStore store = open()) {
                    ids.add(append(store, "T" + ids.size()).transaction());
                    ids.add(append(store, "T" + ids.size()).transaction());
                }
            }
        }
        assertEquals(ids.stream().sorted().toList(), ids);
        try (FileEventStore store = open()) {
            assertEquals(
                    ids,
                    store.read(A).events().stream()
                            .map(e -> e.id().transaction())
                            .toList());
            assertEquals(List.of(), store.forks());
            ReferenceReader.check(directory, store);
        }
    }

    @Test
    void T18_aFileWithoutItsIndexEntryIsTakenInAsAnyArrival() throws IOException { // T18, A3
        FeedCursor seen;
        TransactionId first;
        try (FileEventStore store = open()) {
            first = append(store, "First").transaction();
            seen = store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10).next();
        }
        Transaction published = Foreign.withId(Foreign.id(first.millis() + 1, 0))
                .onto("a", first)
                .event("a", "Published")
                .build();
        Path month = directory.resolve("events/2026-11");
        Files.write(month.resolve(published.header().id() + ".jsonl"), published.bytes());
        Files.write(Local.of(directory).resolve("tmp/left-behind.tmp"), published.bytes());
        try (FileEventStore store = open()) {
            assertEquals(List.of("First", "Published"), types(store));
            append(store, "Next");
            FeedPage page = store.readFeed(seen, EventFilter.all(), 10);
            assertEquals(
                    List.of(2L, 3L),
                    page.entries().stream().map(e -> e.position().arrivals()).toList());
            assertEquals(1, store.streams("a").get(0).heads().size());
            ReferenceReader.check(directory, store);
        }
    }

    @Test
    void anInterruptedCallerGetsItsAnswerAndStaysInterrupted() throws Exception { // A5
        try (FileEventStore store = open();
                FileEventStore beside = open()) {
            Thread.currentThread().interrupt();
            append(store, "One");
            assertTrue(Thread.currentThread().isInterrupted());
            assertEquals(List.of("One"), types(store));
            assertEquals(
                    1,
                    store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10)
                            .entries()
                            .size());
            assertEquals(RefreshReport.NOTHING, store.refresh());
            store.status();
            assertTrue(Thread.interrupted());
            append(beside, "Two");
            assertEquals(2, eventFiles().size());
        }
    }

    @Test
    void openingAndClosingWhileInterruptedHarmsNobody() { // A5
        try (FileEventStore beside = open()) {
            append(beside, "One");
            Thread.currentThread().interrupt();
            try (FileEventStore store = open()) {
                assertEquals(List.of("One"), types(store));
                append(store, "Two");
            }
            assertTrue(Thread.interrupted());
            append(beside, "Three");
            assertEquals(List.of("One", "Two", "Three"), types(beside));
            assertTrue(beside.status().isClean(), () -> beside.status().toString());
        }
    }

    @Test
    void callersInterruptedAtAnyMomentLeaveFilesAndIndexAsOne() throws Exception { // A5
        try (FileEventStore store = open()) {
            List<Thread> callers = new ArrayList<>();
            List<TransactionId> answered = new ArrayList<>();
            CountDownLatch begun = new CountDownLatch(4);
            for (int t = 0; t < 4; t++) {
                Thread caller = new Thread(() -> {
                    begun.countDown();
                    for (int k = 0; k < 25; k++) {
                        TransactionId id = append(store, "T").transaction();
                        store.readFeed(FeedCursor.beginning(), EventFilter.all(), 5);
                        synchronized (answered) {
                            answered.add(id);
                        }
                    }
                });
                callers.add(caller);
                caller.start();
            }
            begun.await();
            while (callers.stream().anyMatch(Thread::isAlive)) {
                callers.forEach(Thread::interrupt);
                Thread.onSpinWait();
            }
            assertEquals(100, answered.size());
            assertEquals(RefreshReport.NOTHING, store.refresh());
            assertEquals(100, store.read(A).state().version().value());
            assertTrue(store.status().isClean(), () -> store.status().toString());
            ReferenceReader.check(directory, store);
        }
    }

    @Test
    void T36_whereTheMonthsNameIsTakenEventsGoElsewhereAndNothingOfItIsTouched() throws IOException { // T36, A2
        try (FileEventStore store = open()) {
            Path month = directory.resolve("events/2026-11");
            Files.write(month, new byte[] {1});
            assertEquals(1, append(store, "Kept").state(A).version().value());
            assertEquals(List.of("Kept"), types(store));
            assertEquals(1, Files.size(month));
            Files.delete(month);
            assertEquals(2, append(store, "Next").state(A).version().value());
            assertEquals(List.of("Kept", "Next"), types(store));
            ReferenceReader.check(directory, store);
        }
    }

    @Test
    void T36_aLinkInThePlaceOfTheMonthIsNotWrittenThrough() throws IOException { // T36, A2
        Path outside = Files.createDirectories(directory.resolve("outside"));
        try (FileEventStore store = open()) {
            Files.createSymbolicLink(directory.resolve("events/2026-11"), outside);
            append(store, "Kept");
            assertEquals(List.of("Kept"), types(store));
            try (Stream<Path> there = Files.list(outside)) {
                assertEquals(List.of(), there.toList());
            }
        }
    }

    @Test
    void T36_withoutAPlaceForDraftsNothingIsWritten() throws IOException { // T36, A2
        try (FileEventStore store = open()) {
            append(store, "First");
            Path drafts = Local.of(directory).resolve("tmp");
            store.refresh();
            try (Stream<Path> left = Files.list(drafts)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(drafts);
            Files.write(drafts, new byte[] {1});
            assertThrows(StoreException.class, () -> append(store, "Lost"));
            assertEquals(List.of("First"), types(store));
            Files.delete(drafts);
            Files.createDirectory(drafts);
            append(store, "Second");
            assertEquals(List.of("First", "Second"), types(store));
        }
    }

    @Test
    void T28_aCommandWhoseFileHasJustVanishedFailsAsDiskTroubleAndIsThenWrittenAnew()
            throws IOException { // T28, A2, A6
        try (FileEventStore store = open()) {
            Append append =
                    Append.to(A, ExpectedVersion.any(), NewEvent.of("T", "{}")).command("c-1");
            store.append(append);
            store.refresh();
            append(store, "Other"); // the files were looked at just now, and are not at the next append
            Path first = eventFiles().get(0);
            Files.delete(first);
            try {
                store.append(append);
            } catch (WriteFailedException e) {
                assertEquals(WriteFailedException.Outcome.NOTHING_WRITTEN, e.outcome());
            }
            store.refresh();
            store.append(append);
            assertEquals(List.of("Other", "T"), types(store));
        }
    }

    @Test
    void T38_aPageOfLargeEventsIsCutByItsSizeAndSaysThatMoreIsLeft() { // T38, P3
        try (FileEventStore store = open()) {
            for (int k = 0; k < 20; k++) {
                store.append(A, ExpectedVersion.any(), NewEvent.of("T", "\"" + "x".repeat(1_000_000) + "\""));
            }
            FeedPage page = store.readFeed(FeedCursor.beginning(), EventFilter.all(), 10_000);
            assertEquals(17, page.entries().size());
            assertTrue(!page.atEnd());
            page = store.readFeed(page.next(), EventFilter.all(), 10_000);
            assertEquals(3, page.entries().size());
            assertTrue(page.atEnd());
        }
    }

    @Test
    void closingFromManyThreadsAtOnceIsOneClose() throws Exception {
        for (int round = 0; round < 20; round++) {
            FileEventStore store = open();
            append(store, "T");
            List<Throwable> trouble = new ArrayList<>();
            List<Thread> closers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread closer = new Thread(store::close);
                closer.setUncaughtExceptionHandler((thread, e) -> {
                    synchronized (trouble) {
                        trouble.add(e);
                    }
                });
                closers.add(closer);
                closer.start();
            }
            for (Thread closer : closers) {
                closer.join();
            }
            assertEquals(List.of(), trouble);
        }
    }
}
