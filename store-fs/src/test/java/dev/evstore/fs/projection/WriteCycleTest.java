package dev.evstore.fs.projection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.evstore.core.FeedCursor;
import dev.evstore.core.id.EventId;
import dev.evstore.core.id.TransactionId;
import dev.evstore.core.projection.engine.Batch;
import dev.evstore.core.projection.engine.Checkpoint;
import dev.evstore.core.projection.engine.Member;
import dev.evstore.core.projection.engine.RowImage;
import dev.evstore.core.projection.engine.RowWrite;
import dev.evstore.core.projection.engine.StoredRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a fold sees of rows that are being written, and when it waits for that (rules W2, W4, U4). */
@Timeout(120)
class WriteCycleTest {

    private static final String PRINT = "0123456789abcdef";

    @TempDir
    Path directory;

    /** What the writer is to do: it does nothing before it is told. */
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    private @Nullable WriteCycle opened;

    @BeforeEach
    void open() {
        Path file = directory.resolve("state.db");
        StateDatabase.create(file, PRINT, at(0), List.of(), List.of());
        opened = new WriteCycle(file, new MemoFile(directory.resolve("memos.db")), tasks::add);
        cycle().takeOver();
    }

    @AfterEach
    void close() {
        write();
        cycle().close();
    }

    private WriteCycle cycle() {
        return Objects.requireNonNull(opened);
    }

    /** The writer does all that it was given. */
    private void write() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private static EventId event(int number) {
        return new EventId(TransactionId.of(String.format("01a1f9a5-4265-7000-8000-%012x", number)), 0);
    }

    private static Checkpoint at(long arrivals) {
        FeedCursor cursor = arrivals == 0 ? FeedCursor.beginning() : new FeedCursor(PRINT, arrivals, 0, 0);
        return new Checkpoint(cursor, false, null, arrivals, arrivals, 0, null, 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Row k of so many events, with an image of all but the last, and none of what was there before. */
    private static Batch batch(int number, String state) {
        RowWrite row = new RowWrite(
                "k",
                new StoredRow(bytes(state), event(number), number),
                0,
                List.of(new RowImage(number - 1, event(number - 1), bytes("image of " + state))),
                true,
                null,
                List.of());
        return new Batch(
                List.of(row),
                List.of(new Member("k", event(number))),
                List.of(),
                List.of(),
                Set.of(),
                Set.of(),
                List.of(),
                at(number));
    }

    /** Asks while something is being written: that it waits, and what it gets when that is written. */
    private <T> T askedMeanwhile(Supplier<T> question) throws InterruptedException, ExecutionException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread asking = new Thread(() -> answer.completeAsync(question, Runnable::run));
        asking.start();
        while (!answer.isDone() && asking.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(100_000);
        }
        assertFalse(answer.isDone(), "what is being written is waited for");
        write();
        return answer.get();
    }

    @Test
    void u4_noImageIsReadWhileItsRowIsWritten() throws Exception { // U4
        cycle().submit(batch(300, "old"), () -> {});
        write();
        cycle().submit(batch(310, "new"), () -> {});
        RowImage image = askedMeanwhile(() -> cycle().image("k", Long.MAX_VALUE, event(1000)));
        assertArrayEquals(bytes("image of new"), Objects.requireNonNull(image).state());
        assertEquals(309, image.count());
        cycle().submit(batch(320, "newest"), () -> {});
        assertEquals(List.of(event(300), event(310), event(320)), askedMeanwhile(() -> cycle().members("k", null, 10)));
    }

    @Test
    void u4_noImageIsPrunedWhileItsRowIsWritten() throws Exception { // U4, W2
        cycle().submit(batch(300, "old"), () -> {});
        askedMeanwhile(() -> {
            cycle().submit(batch(310, "new"), () -> {}); // takes the images away that the first one writes
            return true;
        });
        write();
        RowImage image = Objects.requireNonNull(cycle().image("k", Long.MAX_VALUE, event(1000)));
        assertEquals(309, image.count());
        assertNull(cycle().image("k", 305, event(1000)));
    }

    @Test
    void w4_nothingIsWrittenBehindAWriteThatFailed() { // W4
        cycle().submit(batch(1, "one"), () -> {});
        write();
        try (StateDatabase other = StateDatabase.open(directory.resolve("state.db"))) {
            other.takeOver();
        }
        cycle().submit(batch(2, "two"), () -> {});
        write();
        assertThrows(WriteCycle.WriteException.class, () -> cycle().submit(batch(3, "three"), () -> {}));
        assertTrue(tasks.isEmpty());
        assertThrows(WriteCycle.WriteException.class, () -> cycle().await(), "who waits hears of it, too");
        assertArrayEquals(
                bytes("one"),
                Objects.requireNonNull(cycle().committed().row("k")).state());
    }
}
